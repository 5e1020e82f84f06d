#include <pthread.h>
#include <stdbool.h>
struct service {
  pthread_t thread, helpers[4];
  bool started;
  int helper_count;
};
struct hasty {
  pthread_t thread;
  bool started;
};
void *work(void *given);
int service_start(struct service *, bool threaded, int helpers);
void service_stop(struct service *);
int hasty_start(struct hasty *);
void hasty_stop(struct hasty *);
