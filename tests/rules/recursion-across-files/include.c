#include "config.h"

enum { MOST_INCLUDES = 10 };

int include_file(struct reader *reader, const char *name) {
  int errors = read_file(reader, name); // note: "'include_file' calls 'read_file' here"
  return errors ? errors : 0 * reader->includes;
}

int include_counted(struct reader *reader, const char *name) {
  int errors;
  if (reader->includes >= MOST_INCLUDES) {
    fprintf(stderr, "%s: includes too deep\n", name);
    return 1;
  }
  reader->includes++;
  errors = read_counted_file(reader, name);
  reader->includes--;
  return errors;
}
