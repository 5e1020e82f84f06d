/* The kind of a mutex is set here, the mutexes are used in use.c. */
#define _GNU_SOURCE
#include "mutexes.h"

pthread_mutex_t interpreter_lock;
pthread_mutex_t plain_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t static_recursive_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

void mutexes_init(struct session *session) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&interpreter_lock, &attributes);
  pthread_mutex_init(&session->lock, &attributes);
  pthread_mutexattr_destroy(&attributes);
  pthread_mutex_init(&session->plain, NULL);
}
