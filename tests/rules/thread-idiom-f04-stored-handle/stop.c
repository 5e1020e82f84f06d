#include "manager.h"
#include <stdlib.h>

void end_thread(pthread_t thread) {
  pthread_cancel(thread);
  pthread_join(thread, NULL);
}

void manager_stop(struct manager *m) {
  m->stop = 1;
  end_thread(m->thread);
}

void careless_stop(struct careless *c) { c->stop = 1; }

void link_join_all(void) {
  while (links) {
    struct link *link = links;
    links = link->next;
    pthread_join(link->thread, NULL);
    free(link);
  }
}

void leftover_free_all(void) {
  while (leftovers) {
    struct leftover *leftover = leftovers;
    leftovers = leftover->next;
    free(leftover);
  }
}

void group_stop(struct group *group) {
  for (int i = 0; i < group->count; i++)
    pthread_join(group->members[i].id, NULL);
}
