/* Compiled once for each program. What it calls exists in one of them only, and that tells which
 * of the two is linked there. */
// command: -DSERVER
// command: -DCLIENT
#include "queue.h"

#ifdef SERVER
void server_begin(struct queue *queue);

void queue_report(struct queue *queue, int value) {
  if (value < 0)
    server_begin(queue);
  queue->length += value;
}
#else
void client_note(struct queue *queue);

void queue_report(struct queue *queue, int value) {
  client_note(queue);
  queue->length -= value;
  pthread_mutex_unlock(&queue->mutex);
}
#endif
