/* T-F4, IDIOMS B20: handles in fields, arrays and lists, created in one file and joined in
 * another. `careless` and `leftover` are kept the same way, and nobody joins them. */
#include "manager.h"
#include <stdlib.h>

struct link *links;
struct leftover *leftovers;

void *run(void *given) { return given; }

int manager_start(struct manager *m) { return pthread_create(&m->thread, NULL, run, m); }

int careless_start(struct careless *c) {
  return pthread_create(&c->thread, NULL, run, c); // expect: thread-unjoined "nobody joins or detaches it"
}

int link_add(void) {
  struct link *link = calloc(1, sizeof *link);
  if (!link)
    return -1;
  if (pthread_create(&link->thread, NULL, run, NULL)) {
    free(link);
    return -1;
  }
  link->next = links;
  links = link;
  return 0;
}

int leftover_add(void) {
  struct leftover *leftover = calloc(1, sizeof *leftover);
  if (!leftover)
    return -1;
  if (pthread_create(&leftover->thread, NULL, run, NULL)) { // expect: thread-unjoined "nobody joins"
    free(leftover);
    return -1;
  }
  leftover->next = leftovers;
  leftovers = leftover;
  return 0;
}

int group_start(struct group *group, int count) {
  for (group->count = 0; group->count < count; group->count++)
    if (pthread_create(&group->members[group->count].id, NULL, run, NULL))
      return -1;
  return 0;
}
