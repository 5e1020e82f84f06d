/* A function that takes an entry out of a global container says nothing of why: who calls it does.
 * One that is called for what an insertion replaces, and by who empties the whole container, leaves
 * as many as there were; one that is called when there are too many does not. */
// run: --min-confidence info
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1000 };

struct group {
  char name[32];
  struct group *next;
};

struct groups {
  struct group *first;
  int count;
};

static struct groups cached, capped, left;

static struct group *group_find(const struct groups *all, const char *name) {
  for (struct group *group = all->first; group; group = group->next)
    if (strcmp(group->name, name) == 0)
      return group;
  return NULL;
}

static struct group *group_first(const struct groups *all) { return all->first; }

static void group_put(struct groups *all, const char *name) {
  struct group *group = calloc(1, sizeof *group);
  if (!group)
    abort();
  strncpy(group->name, name, sizeof group->name - 1);
  group->next = all->first;
  all->first = group;
  all->count++;
}

static void group_take(struct groups *all, const struct group *group) {
  struct group **link = &all->first;
  while (*link && *link != group)
    link = &(*link)->next;
  if (*link)
    *link = (*link)->next;
  all->count--;
}

static void cached_remove(struct group *group) {
  group_take(&cached, group);
  free(group);
}

static void capped_remove(struct group *group) {
  group_take(&capped, group);
  free(group);
}

static void left_remove(struct group *group) {
  group_take(&left, group);
  free(group);
}

static void cached_add(const char *name) {
  struct group *old = group_find(&cached, name);
  if (old)
    cached_remove(old);
  group_put(&cached, name); // expect: growth-unbounded@info "'cached'"
}

static void capped_add(const char *name) {
  struct group *old = group_find(&capped, name);
  if (old)
    capped_remove(old);
  if (capped.count > MOST)
    capped_remove(capped.first);
  group_put(&capped, name);
}

static void left_add(const char *name) {
  struct group *old = group_find(&left, name);
  if (old)
    left_remove(old);
  group_put(&left, name);
}

static void leave(const char *name) {
  struct group *group = group_find(&left, name);
  if (group)
    left_remove(group);
}

static void cached_clear(void) {
  for (struct group *group = group_first(&cached); group; group = group_first(&cached))
    cached_remove(group);
}

int main(void) {
  char name[32];
  for (;;) {
    if (scanf("%31s", name) != 1)
      continue;
    if (strcmp(name, "clear") == 0)
      cached_clear();
    cached_add(name);
    capped_add(name);
    if (name[0] == '-')
      leave(name + 1);
    else
      left_add(name);
  }
}
