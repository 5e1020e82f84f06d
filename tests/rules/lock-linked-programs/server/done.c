#include "../shared/queue.h"

void server_begin(struct queue *queue);

void server_begin(struct queue *queue) { queue->length = 10; }

void queue_done(struct queue *queue) { pthread_mutex_unlock(&queue->mutex); }

void queue_failed(struct queue *queue) { queue->length = 0; }
