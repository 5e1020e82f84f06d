/* The call back comes out of a library: what qsort compares, what a walk over files visits.
 *
 * Known gap: a call that a library makes closes no cycle. */
#define _XOPEN_SOURCE 500
// flags: -D_GNU_SOURCE
#include <ftw.h>
#include <stdlib.h>
#include <string.h>

struct value {
  int kind;
  size_t count;
  struct value *items;
};

static int compare_values(const void *left, const void *right);

static void sort_items(struct value *value) {
  qsort(value->items, value->count, sizeof(*value->items), compare_values); // expect-miss: recursion-unbounded
}

static int compare_values(const void *left, const void *right) {
  struct value *a = (struct value *)left, *b = (struct value *)right;
  if (a->kind == 2)
    sort_items(a);
  if (b->kind == 2)
    sort_items(b);
  return (int)a->count - (int)b->count;
}

void sort_value(struct value *value) { sort_items(value); }

static int compare_kinds(const void *left, const void *right) {
  return ((const struct value *)left)->kind - ((const struct value *)right)->kind;
}

void sort_kinds(struct value *value) {
  qsort(value->items, value->count, sizeof(*value->items), compare_kinds);
}

static int levels;

static int visit(const char *path, const struct stat *status, int type, struct FTW *where) {
  int result = 0;
  (void)status;
  if (type == FTW_SL && levels < 4) {
    levels++;
    result = nftw(path, visit, 16, 0);
    levels--;
  }
  return result || where->level > 100;
}

int walk(const char *path) { return nftw(path, visit, 16, FTW_PHYS); }
