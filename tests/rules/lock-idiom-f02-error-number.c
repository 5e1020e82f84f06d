/* L-F2: failure is told by errno, as the result or as its negative: it tells the ways out apart. */
// mechanism: errno
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

struct queue {
  pthread_spinlock_t lock;
  int first, count, fd;
};

/* A protocol over three functions of a table: start takes the lock unless it says why not. */
struct reader {
  int (*start)(struct queue *);
  int (*next)(struct queue *);
  void (*end)(struct queue *);
};

static int queue_start(struct queue *queue) {
  pthread_spin_lock(&queue->lock);
  if (!queue->count) {
    pthread_spin_unlock(&queue->lock);
    errno = ENOENT;
    return errno;
  }
  queue->count--;
  return 0;
}

static int queue_next(struct queue *queue) {
  if (!queue->count)
    return ENOENT;
  queue->first++;
  return 0;
}

static void queue_end(struct queue *queue) { pthread_spin_unlock(&queue->lock); }

const struct reader queue_reader = {queue_start, queue_next, queue_end};

static int queue_fill(struct queue *queue) {
  pthread_spin_lock(&queue->lock);
  int error = 0;
  if (read(queue->fd, &queue->first, sizeof queue->first) < 0)
    error = -errno;
  if (error < 0) {
    pthread_spin_unlock(&queue->lock);
    return error;
  }
  return error;
}

int queue_peek(struct queue *queue) {
  int error = queue_fill(queue);
  if (error < 0)
    return error;
  int first = queue->first;
  pthread_spin_unlock(&queue->lock);
  return first;
}

/* The twin keeps the lock where it fails. */
int queue_drain(struct queue *queue) {
  pthread_spin_lock(&queue->lock);
  if (read(queue->fd, &queue->first, sizeof queue->first) < 0)
    return -errno; // expect: lock-leak "'queue->lock' is still held"
  queue->count = 0;
  pthread_spin_unlock(&queue->lock);
  return 0;
}
