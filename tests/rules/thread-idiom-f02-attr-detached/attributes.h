#include <pthread.h>
extern pthread_attr_t session_attributes, worker_attributes;
void attributes_set_up(void);
void prepare(pthread_attr_t *attributes, size_t stack, int detached);
void *work(void *given);
#define create_detached(thread, entry, given) \
  create_detached_(thread, entry, given)
int create_detached_(pthread_t *thread, void *(*entry)(void *), void *given);
