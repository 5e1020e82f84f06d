/* A queue that two programs share. Each program brings its own `queue_done` and `queue_failed`. */
#include <pthread.h>
#include <stdbool.h>

struct queue {
  pthread_mutex_t mutex;
  int length;
};

bool queue_take(struct queue *queue);
void queue_drain(struct queue *queue);
void queue_serve(struct queue *queue);
void queue_done(struct queue *queue);
void queue_failed(struct queue *queue);
/* In the client it gives the mutex back. */
void queue_report(struct queue *queue, int value);
