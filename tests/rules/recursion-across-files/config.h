#include <stdio.h>

struct reader {
  int includes, conditions;
};

int read_file(struct reader *reader, const char *name);
int read_line(struct reader *reader, char *line, FILE *file);
int include_file(struct reader *reader, const char *name);
int include_counted(struct reader *reader, const char *name);
int read_counted_file(struct reader *reader, const char *name);
