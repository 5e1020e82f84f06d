/* R-F7: what looks like a tail call and is none: something is added to its result, or the callee has
 * the address of a local, so that the frame has to stay. */
#include <stdio.h>

int line_of_token(FILE *file) {
  int c = fgetc(file);
  if (c == '\n')
    return 1 + line_of_token(file); // expect: recursion-unbounded "the nesting of what is read"
  return c == EOF ? -1 : 0;
}

static int skip(FILE *file, int *line) {
  int next = *line + 1;
  int c = fgetc(file);
  if (c == '\n')
    return skip(file, &next); // expect: recursion-unbounded "the nesting of what is read"
  *line = next;
  return c;
}

int first_of(FILE *file) {
  int line = 0;
  return skip(file, &line);
}
