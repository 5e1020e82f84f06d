#include <pthread.h>
struct pool {
  pthread_t workers[4];
  int count;
};
void *work(void *given);
void *leaves(void *given);
int launch(pthread_t *thread, void *(*entry)(void *), void *given);
void pool_start(struct pool *pool);
void pool_stop(struct pool *pool);
