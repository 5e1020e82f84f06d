/* T-F2, IDIOMS B23: attributes that are made elsewhere, as the program begins. */
#include "attributes.h"

pthread_attr_t session_attributes, worker_attributes;

void attributes_set_up(void) {
  pthread_attr_init(&session_attributes);
  pthread_attr_setdetachstate(&session_attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_init(&worker_attributes);
  pthread_attr_setstacksize(&worker_attributes, 65536);
}

void prepare(pthread_attr_t *attributes, size_t stack, int detached) {
  pthread_attr_init(attributes);
  pthread_attr_setstacksize(attributes, stack);
  if (detached)
    pthread_attr_setdetachstate(attributes, PTHREAD_CREATE_DETACHED);
}

int create_detached_(pthread_t *thread, void *(*entry)(void *), void *given) {
  pthread_attr_t attributes;
  prepare(&attributes, 65536, 1);
  int error = pthread_create(thread, &attributes, entry, given);
  pthread_attr_destroy(&attributes);
  return error;
}

void *work(void *given) { return given; }
