// The stack that a thread asks for through its attributes.
#include "parts.h"

#include <pthread.h>
#include <stddef.h>

static void *work(void *argument) {
  fill(argument);
  return argument;
}
static void *same_in_large(void *argument) {
  fill(argument);
  return argument;
}
static void *as_configured(void *argument) {
  fill(argument);
  return argument;
}
static void *started(void *argument) {
  fill(argument);
  return argument;
}

int starts_small(pthread_t *thread) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 * 1024);
  int error = pthread_create(thread, &attributes, work, NULL); // expect: stack-budget "and has 65,536"
  pthread_attr_destroy(&attributes);
  return error;
}

int starts_large(pthread_t *thread) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 1024 * 1024);
  int error = pthread_create(thread, &attributes, same_in_large, NULL);
  pthread_attr_destroy(&attributes);
  return error;
}

/* Nobody here knows. */
int starts_configured(pthread_t *thread, size_t size) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, size);
  return pthread_create(thread, &attributes, as_configured, NULL);
}

struct pool {
  pthread_attr_t small, changing;
  pthread_t threads[2];
};

static void *in_pool(void *argument) {
  fill(argument);
  return argument;
}
static void *in_changing(void *argument) {
  fill(argument);
  return argument;
}

/* Set here, and used there. */
void pool_prepare(struct pool *pool) {
  pthread_attr_init(&pool->small);
  pthread_attr_setstacksize(&pool->small, 96 * 1024);
  pthread_attr_init(&pool->changing);
  pthread_attr_setstacksize(&pool->changing, 96 * 1024);
}

void pool_grow(struct pool *pool) { pthread_attr_setstacksize(&pool->changing, 1024 * 1024); }

int pool_start(struct pool *pool) {
  return pthread_create(&pool->threads[0], &pool->small, in_pool, NULL) || // expect: stack-budget "in 'in_pool', and has 98,304"
         pthread_create(&pool->threads[1], &pool->changing, in_changing, NULL);
}

void pool_stop(struct pool *pool) {
  pthread_join(pool->threads[0], NULL);
  pthread_join(pool->threads[1], NULL);
}

int starts_by_wrapper(pthread_t *thread) {
  return start_small_thread(thread, started, NULL); // expect: stack-budget "in 'started', and has 131,072"
}
