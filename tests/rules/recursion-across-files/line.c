#include "config.h"
#include <string.h>

int read_line(struct reader *reader, char *line, FILE *file) {
  line[strcspn(line, "\n")] = 0;
  if (!strncmp(line, "include ", 8))
    return include_file(reader, line + 8); // expect: recursion-unbounded "the nesting of what is read"
  if (!strcmp(line, "if")) {
    reader->conditions++;
    return feof(file);
  }
  return 0;
}
