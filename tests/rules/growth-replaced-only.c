/* What is only taken out to make place for its own successor, or is swallowed by its new neighbour, or
 * goes back in at once, leaves as many as there were. What else empties the container is a command. */
// run: --min-confidence info
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1000 };

struct group {
  char name[32];
  long first, last;
  struct group *next;
};

static struct group *groups, *capped, *ranges, *by_use;
static int capped_count;

static struct group *group_new(const char *name, long number) {
  struct group *group = calloc(1, sizeof *group);
  if (!group)
    abort();
  strncpy(group->name, name, sizeof group->name - 1);
  group->first = group->last = number;
  return group;
}

static struct group *take_by_name(struct group **link, const char *name) {
  for (; *link; link = &(*link)->next)
    if (strcmp((*link)->name, name) == 0) {
      struct group *group = *link;
      *link = group->next;
      return group;
    }
  return NULL;
}

static void group_add(const char *name, long number) {
  struct group *group = group_new(name, number);
  free(take_by_name(&groups, name));
  group->next = groups;
  groups = group; // expect: growth-unbounded@info "'groups'"
}

static void capped_add(const char *name, long number) {
  struct group *group = group_new(name, number), *old = take_by_name(&capped, name);
  if (old)
    capped_count--;
  free(old);
  group->next = capped;
  capped = group;
  if (++capped_count > MOST) {
    struct group **last = &capped;
    while ((*last)->next)
      last = &(*last)->next;
    free(*last);
    *last = NULL;
    capped_count--;
  }
}

static void range_add(const char *name, long number) {
  struct group *range = group_new(name, number), **place = &ranges;
  while (*place && (*place)->last < number)
    place = &(*place)->next;
  range->next = *place;
  *place = range; // expect: growth-unbounded@likely "'ranges'"
  while (range->next && range->next->first <= range->last + 1) {
    struct group *swallowed = range->next;
    range->last = swallowed->last;
    range->next = swallowed->next;
    free(swallowed);
  }
}

static void use(const char *name, long number) {
  struct group *group = take_by_name(&by_use, name);
  if (!group)
    group = group_new(name, number);
  group->next = by_use;
  by_use = group; // expect: growth-unbounded@possible "'by_use'"
}

static void groups_clear(void) {
  while (groups) {
    struct group *next = groups->next;
    free(groups);
    groups = next;
  }
}

int main(void) {
  char name[32];
  long number;
  for (;;) {
    if (scanf("%31s %ld", name, &number) != 2)
      continue;
    if (strcmp(name, "clear") == 0)
      groups_clear();
    group_add(name, number);
    capped_add(name, number);
    range_add(name, number);
    use(name, number);
  }
}
