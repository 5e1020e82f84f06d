/* Linked with the client, which needs client_wait. */
#include "queue.h"

void client_wait(struct queue *queue);
void client_note(struct queue *queue);

void client_wait(struct queue *queue) {
  pthread_mutex_lock(&queue->mutex);
  queue->length++;
  pthread_mutex_unlock(&queue->mutex);
}

void client_note(struct queue *queue) { queue->length++; }

void queue_done(struct queue *queue) { queue->length++; }

void queue_failed(struct queue *queue) { pthread_mutex_unlock(&queue->mutex); }
