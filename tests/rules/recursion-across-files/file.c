/* A configuration file that includes others, over three files: read_file, read_line, include_file.
 * The second way round counts the includes. */
#include "config.h"

int read_file(struct reader *reader, const char *name) {
  char line[512];
  int errors = 0;
  FILE *file = fopen(name, "r");
  if (!file)
    return 1;
  while (fgets(line, sizeof(line), file))
    errors += read_line(reader, line, file); // note: "'read_file' calls 'read_line' here"
  fclose(file);
  return errors;
}

int read_counted_file(struct reader *reader, const char *name) {
  char line[512];
  int errors = 0;
  FILE *file = fopen(name, "r");
  if (!file)
    return 1;
  while (fgets(line, sizeof(line), file))
    errors += include_counted(reader, line);
  fclose(file);
  return errors;
}
