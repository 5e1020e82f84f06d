#include <pthread.h>

struct session {
  pthread_mutex_t lock;
  pthread_mutex_t plain;
  int depth;
};

extern pthread_mutex_t interpreter_lock, plain_lock, static_recursive_lock;
void mutexes_init(struct session *session);
