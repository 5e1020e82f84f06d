#include <pthread.h>
#include <stdatomic.h>
struct manager {
  pthread_t thread;
  atomic_bool stop;
};
struct careless {
  pthread_t thread;
  atomic_bool stop;
};
struct link {
  struct link *next;
  pthread_t thread;
};
struct leftover {
  struct leftover *next;
  pthread_t thread;
};
struct group {
  struct member {
    pthread_t id;
    int number;
  } members[8];
  int count;
};
extern struct link *links;
extern struct leftover *leftovers;
void *run(void *given);
int manager_start(struct manager *);
void manager_stop(struct manager *);
int careless_start(struct careless *);
void careless_stop(struct careless *);
int link_add(void);
void link_join_all(void);
int leftover_add(void);
void leftover_free_all(void);
int group_start(struct group *, int count);
void group_stop(struct group *);
void end_thread(pthread_t thread);
