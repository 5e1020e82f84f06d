/* queue.c - see queue.h. */
#include "queue.h"

void queue_init(struct queue *queue) {
  *queue = (struct queue){.closed = false};
  pthread_mutex_init(&queue->lock, NULL);
  pthread_cond_init(&queue->filled, NULL);
  pthread_cond_init(&queue->emptied, NULL);
}

/* Called with the lock held. */
static void put_locked(struct queue *queue, int item) {
  queue->items[(queue->head + queue->count++) % QUEUE_LIMIT] = item;
  pthread_cond_signal(&queue->filled);
}

bool queue_push(struct queue *queue, int item) {
  pthread_mutex_lock(&queue->lock);
  while (queue->count == QUEUE_LIMIT && !queue->closed)
    pthread_cond_wait(&queue->emptied, &queue->lock);
  bool open = !queue->closed;
  if (open)
    put_locked(queue, item);
  pthread_mutex_unlock(&queue->lock);
  return open;
}

bool queue_try_push(struct queue *queue, int item) {
  if (pthread_mutex_trylock(&queue->lock) != 0)
    return false;
  bool room = !queue->closed && queue->count < QUEUE_LIMIT;
  if (room)
    put_locked(queue, item);
  pthread_mutex_unlock(&queue->lock);
  return room;
}

int queue_pop(struct queue *queue) {
  int item = -1;
  pthread_mutex_lock(&queue->lock);
  while (queue->count == 0) {
    if (queue->closed)
      goto out;
    pthread_cond_wait(&queue->filled, &queue->lock);
  }
  item = queue->items[queue->head];
  queue->head = (queue->head + 1) % QUEUE_LIMIT;
  queue->count--;
  pthread_cond_signal(&queue->emptied);
out:
  pthread_mutex_unlock(&queue->lock);
  return item;
}

/* Planted: the second release of a queue that was closed before. */
void queue_close(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  if (queue->closed)
    pthread_mutex_unlock(&queue->lock);
  queue->closed = true;
  pthread_cond_broadcast(&queue->filled);
  pthread_cond_broadcast(&queue->emptied);
  pthread_mutex_unlock(&queue->lock);
}

/* Its correct twin: the lock is given back around each callback and taken again. */
unsigned queue_drain(struct queue *queue, void (*drop)(int)) {
  unsigned dropped = 0;
  pthread_mutex_lock(&queue->lock);
  while (queue->count > 0) {
    int item = queue->items[queue->head];
    queue->head = (queue->head + 1) % QUEUE_LIMIT;
    queue->count--;
    pthread_mutex_unlock(&queue->lock);
    drop(item);
    dropped++;
    pthread_mutex_lock(&queue->lock);
  }
  pthread_mutex_unlock(&queue->lock);
  return dropped;
}
