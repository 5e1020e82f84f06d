#include <pthread.h>
struct session {
  pthread_t thread;
  int references;
};
struct call {
  pthread_t thread;
  int references;
};
void *talk(void *given);
struct session *session_new(void);
void session_free(struct session *);
struct call *call_new(void);
void call_free(struct call *);
