#include "../shared/queue.h"

void client_wait(struct queue *queue);

static void report_gives_back(struct queue *queue) {
  pthread_mutex_lock(&queue->mutex);
  queue_report(queue, queue->length);
}

int main(void) {
  static struct queue queue = {.mutex = PTHREAD_MUTEX_INITIALIZER};
  client_wait(&queue);
  queue_done(&queue);
  report_gives_back(&queue);
  return 0;
}
