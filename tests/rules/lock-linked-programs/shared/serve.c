/* Linked with the server only: nobody else calls queue_serve. The definition of queue_done that
 * stands in the nearest folder is the client's. */
// mechanism: linkage
#include "queue.h"

bool queue_take(struct queue *queue) {
  pthread_mutex_lock(&queue->mutex);
  queue->length--;
  queue_done(queue);
  return queue->length > 0;
}

/* The server's queue_failed gives nothing back; the client's would. */
void queue_drain(struct queue *queue) {
  pthread_mutex_lock(&queue->mutex);
  if (queue->length < 0) {
    queue_failed(queue);
    return; // expect: lock-leak "queue->mutex"
  }
  queue->length = 0;
  pthread_mutex_unlock(&queue->mutex);
}

void queue_serve(struct queue *queue) {
  while (queue_take(queue))
    queue_drain(queue);
}
