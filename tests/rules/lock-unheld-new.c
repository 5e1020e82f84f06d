/* A lock that was made in the function is held by nobody, so it is not the caller's to give back. */
// mechanism: escaped-lifetimes
#include <pthread.h>
#include <stdlib.h>

struct queue {
  pthread_mutex_t lock;
  int length;
};

void queue_take(struct queue *q); /* somewhere else */

static struct queue *queue_new(void) {
  struct queue *q = malloc(sizeof *q);
  if (!q)
    return NULL;
  pthread_mutex_init(&q->lock, NULL);
  q->length = 0;
  return q;
}

static void fill(struct queue *q) {
  pthread_mutex_lock(&q->lock);
  q->length++;
  pthread_mutex_unlock(&q->lock);
}

int taken(void) {
  pthread_mutex_t lock;
  pthread_mutex_init(&lock, NULL);
  pthread_mutex_lock(&lock);
  pthread_mutex_unlock(&lock);
  return pthread_mutex_destroy(&lock);
}

int taken_elsewhere(void) {
  struct queue q = {.length = 0};
  pthread_mutex_init(&q.lock, NULL);
  queue_take(&q); // may return with the lock
  q.length++;
  pthread_mutex_unlock(&q.lock);
  return q.length;
}

int made_on_one_way(struct queue *q, int is_new) {
  if (is_new)
    pthread_mutex_init(&q->lock, NULL);
  if (!is_new)
    pthread_mutex_unlock(&q->lock); // the caller's
  return q->length;
}

int only_made(void) {
  pthread_mutex_t lock;
  pthread_mutex_init(&lock, NULL); // note: initialised here
  pthread_mutex_unlock(&lock); // expect: lock-unheld "'lock' is released here, but nobody has taken it"
  return pthread_mutex_destroy(&lock);
}

int only_made_in_record(void) {
  struct queue q = {.length = 0};
  pthread_mutex_init(&q.lock, NULL);
  if (q.length > 3)
    return 0;
  pthread_mutex_unlock(&q.lock); // expect: lock-unheld "'q.lock' is released here, but nobody has taken it"
  return q.length;
}

int filled(void) {
  struct queue *q = queue_new();
  if (!q)
    return -1;
  fill(q);
  pthread_mutex_destroy(&q->lock);
  free(q);
  return 0;
}
