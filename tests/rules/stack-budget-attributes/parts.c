#include "parts.h"

void fill(void *to) {
  char buffer[200000]; // note: "'fill' takes"
  use(buffer);
  use(to);
}

int start_small_thread(pthread_t *thread, void *(*run)(void *), void *argument) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 128 * 1024);
  int error = pthread_create(thread, &attributes, run, argument);
  pthread_attr_destroy(&attributes);
  return error;
}
