/* A queue of what callers wait for: each element lies on the stack of the one who waits. */
// mechanism: growth-on-stack
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

struct work {
  struct work *next;
  void (*run)(void *);
  void *data;
  int done;
};

struct queue {
  struct work *head, **tail;
  pthread_mutex_t lock;
  pthread_cond_t changed;
};

void step(void *data);
struct queue *queue_of_worker(void); // another program's part takes them out
struct queue *queue_of_nobody(void);

static struct queue *jobs, *forgotten;

static void put(struct queue *queue, struct work *work) {
  work->next = NULL;
  *queue->tail = work;
  queue->tail = &work->next;
}

static void run_and_wait(struct queue *queue, void *data) {
  struct work work = {.run = step, .data = data};
  pthread_mutex_lock(&queue->lock);
  put(queue, &work);
  pthread_cond_broadcast(&queue->changed);
  while (!work.done)
    pthread_cond_wait(&queue->changed, &queue->lock);
  pthread_mutex_unlock(&queue->lock);
}

static void run_some_time(struct queue *queue, void *data) {
  struct work *work = malloc(sizeof *work);
  if (!work)
    return;
  *work = (struct work){.run = step, .data = data};
  pthread_mutex_lock(&queue->lock);
  put(queue, work);
  pthread_mutex_unlock(&queue->lock);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0), fd;
  jobs = queue_of_worker();
  forgotten = queue_of_nobody();
  while ((fd = accept(listener, NULL, NULL)) >= 0) {
    run_and_wait(jobs, &fd);
    run_some_time(forgotten, &fd); // expect: growth-unbounded "'forgotten' gets one more element"
  }
  return 0;
}
