/* T-F5, IDIOMS B24: wrappers that create and join, with the mode as an argument, the handle behind
 * a parameter, or the handle as the result. */
#include "shim.h"
#include <stdio.h>
#include <stdlib.h>

void shim_create(shim_thread *thread, const char *name, shim_entry *entry, void *given, int mode) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  if (mode == SHIM_DETACHED)
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  int error = pthread_create(&thread->thread, &attributes, entry, given);
  if (error) {
    fprintf(stderr, "%s: %d\n", name, error);
    abort();
  }
  pthread_attr_destroy(&attributes);
}

int shim_try_create(shim_thread **result, shim_entry *entry, void *given) {
  shim_thread *thread = malloc(sizeof *thread);
  if (!thread)
    return -1;
  if (pthread_create(&thread->thread, NULL, entry, given)) {
    free(thread);
    return -1;
  }
  *result = thread;
  return 0;
}

shim_thread *shim_new(shim_entry *entry, void *given) {
  shim_thread *thread = malloc(sizeof *thread);
  if (thread && pthread_create(&thread->thread, NULL, entry, given)) {
    free(thread);
    return NULL;
  }
  return thread;
}

void shim_join(shim_thread *thread) { pthread_join(thread->thread, NULL); }

void shim_free(shim_thread *thread) {
  shim_join(thread);
  free(thread);
}

void *work(void *given) { return given; }
