/* R-F13: the call of itself stands where no caller's arguments lead. */
#include <stdbool.h>
#include <stdio.h>

enum mode { MODE_FLAT, MODE_DEEP };

#define WITH_NESTING 0

int parse_flat(FILE *file) {
  int count = 0, c;
  while ((c = fgetc(file)) != EOF)
    if (c == '(' && WITH_NESTING)
      count += parse_flat(file);
    else
      count++;
  return count;
}

/* Every call says MODE_FLAT. */
static int read_items(FILE *file, enum mode mode) {
  int count = 0, c;
  while ((c = fgetc(file)) != EOF && c != ')')
    if (c == '(' && mode == MODE_DEEP)
      count += read_items(file, mode);
    else
      count++;
  return count;
}

int items_of(FILE *file) { return read_items(file, MODE_FLAT) + read_items(file, MODE_FLAT); }

/* One of the callers says MODE_DEEP. */
static int read_groups(FILE *file, enum mode mode) {
  int count = 0, c;
  while ((c = fgetc(file)) != EOF && c != ')')
    if (c == '(' && mode == MODE_DEEP)
      count += read_groups(file, mode); // expect: recursion-unbounded "the nesting of what is read"
    else
      count++;
  return count;
}

int groups_of(FILE *file, bool deep) {
  return read_groups(file, MODE_FLAT) + (deep ? read_groups(file, MODE_DEEP) : 0);
}
