#include "../shared/queue.h"

void server_begin(struct queue *queue);

static void report_keeps(struct queue *queue) {
  pthread_mutex_lock(&queue->mutex);
  queue_report(queue, queue->length);
  if (queue->length > 5)
    return; // expect: lock-leak "queue->mutex"
  pthread_mutex_unlock(&queue->mutex);
}

int main(void) {
  static struct queue queue = {.mutex = PTHREAD_MUTEX_INITIALIZER};
  server_begin(&queue);
  queue_serve(&queue);
  report_keeps(&queue);
  return 0;
}
