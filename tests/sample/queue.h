/* queue.h - a bounded queue of file descriptors between the listener and the workers. */
#ifndef QUEUE_H
#define QUEUE_H

#include <pthread.h>
#include <stdbool.h>

enum { QUEUE_LIMIT = 64 };

struct queue {
  pthread_mutex_t lock;
  pthread_cond_t filled, emptied;
  int items[QUEUE_LIMIT];
  unsigned head, count;
  bool closed;
};

void queue_init(struct queue *queue);
bool queue_push(struct queue *queue, int item); // false: closed
bool queue_try_push(struct queue *queue, int item);
int queue_pop(struct queue *queue); // -1: closed and empty
void queue_close(struct queue *queue);
unsigned queue_drain(struct queue *queue, void (*drop)(int));

#endif
