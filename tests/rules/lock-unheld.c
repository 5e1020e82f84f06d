/* lock-unheld: a lock is released that this thread does not hold. */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <threads.h>

struct queue {
  pthread_mutex_t lock;
  pthread_rwlock_t watchers_lock;
  pthread_spinlock_t stamp_lock;
  mtx_t name_lock;
  int items[256];
  unsigned head, tail;
  bool closed;
};

static pthread_mutex_t stats_lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long pushes, pops;

/* Twice: on the error path and again at the common end. */
int push_releases_twice(struct queue *queue, int item) {
  int result = 0;
  pthread_mutex_lock(&queue->lock);
  if (queue->closed) {
    pthread_mutex_unlock(&queue->lock); // note: ""
    result = -EPIPE;
  } else {
    queue->items[queue->tail++ % 256] = item;
  }
  pthread_mutex_unlock(&queue->lock); // expect: lock-unheld "queue->lock"
  return result;
}

int push(struct queue *queue, int item) {
  int result = 0;
  pthread_mutex_lock(&queue->lock);
  if (queue->closed)
    result = -EPIPE;
  else
    queue->items[queue->tail++ % 256] = item;
  pthread_mutex_unlock(&queue->lock);
  return result;
}

/* A goto into a ladder that releases what was released. */
int pop_jumps_into_release(struct queue *queue, int *item) {
  int result = -EAGAIN;
  pthread_mutex_lock(&queue->lock);
  if (queue->head == queue->tail)
    goto unlock;
  *item = queue->items[queue->head++ % 256];
  pthread_mutex_unlock(&queue->lock);
  if (*item < 0)
    goto unlock;
  return 0;
unlock:
  pthread_mutex_unlock(&queue->lock); // expect: lock-unheld "queue->lock"
  return result;
}

int pop(struct queue *queue, int *item) {
  int result = -EAGAIN;
  pthread_mutex_lock(&queue->lock);
  if (queue->head == queue->tail)
    goto unlock;
  *item = queue->items[queue->head++ % 256];
  result = *item < 0 ? -EINVAL : 0;
unlock:
  pthread_mutex_unlock(&queue->lock);
  return result;
}

/* A release that comes before the acquire on one path. */
int close_checks_before_locking(struct queue *queue) {
  int result = -EALREADY;
  if (queue->closed)
    goto out;
  pthread_mutex_lock(&queue->lock);
  queue->closed = true;
  result = 0;
out:
  pthread_mutex_unlock(&queue->lock); // expect: lock-unheld "queue->lock"
  return result;
}

/* The wrong one of two locks. */
void count_push_releases_other(struct queue *queue, int item) {
  pthread_mutex_lock(&queue->lock);
  queue->items[queue->tail++ % 256] = item;
  pthread_mutex_unlock(&stats_lock); // expect-miss: lock-unheld "stats_lock"
}

void count_push(struct queue *queue, int item) {
  pthread_mutex_lock(&queue->lock);
  queue->items[queue->tail++ % 256] = item;
  pthread_mutex_lock(&stats_lock);
  pushes++;
  pthread_mutex_unlock(&stats_lock);
  pthread_mutex_unlock(&queue->lock);
}

/* The wrong instance of one type. */
void move_releases_wrong_instance(struct queue *from, struct queue *to) {
  pthread_mutex_lock(&from->lock);
  int item = from->items[from->head++ % 256];
  pthread_mutex_unlock(&from->lock);
  pthread_mutex_lock(&to->lock);
  to->items[to->tail++ % 256] = item;
  pthread_mutex_unlock(&from->lock); // expect: lock-unheld "from->lock"
}

void move(struct queue *from, struct queue *to) {
  pthread_mutex_lock(&from->lock);
  int item = from->items[from->head++ % 256];
  pthread_mutex_unlock(&from->lock);
  pthread_mutex_lock(&to->lock);
  to->items[to->tail++ % 256] = item;
  pthread_mutex_unlock(&to->lock);
}

/* A try that failed gave nothing to release. */
void try_releases_either_way(struct queue *queue) {
  if (pthread_mutex_trylock(&queue->lock) == 0)
    queue->closed = true;
  pthread_mutex_unlock(&queue->lock); // expect: lock-unheld "queue->lock"
}

int try_releases_in_wrong_arm(struct queue *queue) {
  if (pthread_mutex_trylock(&queue->lock) != 0) {
    pthread_mutex_unlock(&queue->lock); // expect: lock-unheld "queue->lock"
    return -EBUSY;
  }
  queue->closed = true;
  pthread_mutex_unlock(&queue->lock);
  return 0;
}

int try_close(struct queue *queue) {
  if (pthread_mutex_trylock(&queue->lock) != 0)
    return -EBUSY;
  queue->closed = true;
  pthread_mutex_unlock(&queue->lock);
  return 0;
}

/* Through a callee that has released already. */
static void queue_fail(struct queue *queue) {
  queue->closed = true;
  pthread_mutex_unlock(&queue->lock);
}

int check_callee_released(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  if (queue->head > queue->tail)
    queue_fail(queue);
  pthread_mutex_unlock(&queue->lock); // expect: lock-unheld "queue->lock"
  return queue->closed ? -EIO : 0;
}

int check(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  if (queue->head > queue->tail) {
    queue_fail(queue);
    return -EIO;
  }
  pthread_mutex_unlock(&queue->lock);
  return 0;
}

/* Calls the releasing callee without the lock. */
void fail_calls_unlocked(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  bool broken = queue->head > queue->tail;
  pthread_mutex_unlock(&queue->lock);
  if (broken)
    queue_fail(queue); // expect: lock-unheld "queue->lock"
}

/* Read-write, spin, C11. */
int watch_releases_twice(struct queue *queue, bool wait) {
  pthread_rwlock_rdlock(&queue->watchers_lock);
  unsigned pending = queue->tail - queue->head;
  pthread_rwlock_unlock(&queue->watchers_lock);
  if (pending && wait)
    return 1;
  pthread_rwlock_unlock(&queue->watchers_lock); // expect: lock-unheld "queue->watchers_lock"
  return 0;
}

void stamp_releases_twice(struct queue *queue) {
  pthread_spin_lock(&queue->stamp_lock);
  queue->head = queue->tail;
  pthread_spin_unlock(&queue->stamp_lock);
  pthread_spin_unlock(&queue->stamp_lock); // expect: lock-unheld "queue->stamp_lock"
}

void name_releases_twice(struct queue *queue) {
  mtx_lock(&queue->name_lock);
  if (queue->closed)
    mtx_unlock(&queue->name_lock);
  queue->closed = true;
  mtx_unlock(&queue->name_lock); // expect: lock-unheld "queue->name_lock"
}

/* In a loop: the second round releases what the first one released. */
int drain_releases_in_loop(struct queue *queue) {
  int sum = 0;
  pthread_mutex_lock(&queue->lock);
  do {
    sum += queue->items[queue->head++ % 256];
    pthread_mutex_unlock(&queue->lock); // expect: lock-unheld "queue->lock"
  } while (queue->head != queue->tail);
  return sum;
}

int drain(struct queue *queue) {
  int sum = 0;
  pthread_mutex_lock(&queue->lock);
  while (queue->head != queue->tail) {
    sum += queue->items[queue->head++ % 256];
    pthread_mutex_unlock(&queue->lock);
    pthread_mutex_lock(&queue->lock);
  }
  pthread_mutex_unlock(&queue->lock);
  return sum;
}

/* After the wait the mutex is held: one release, not two. */
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;

int wait_releases_before_waiting(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  while (queue->head == queue->tail)
    pthread_cond_wait(&filled, &queue->lock);
  int item = queue->items[queue->head++ % 256];
  pthread_mutex_unlock(&queue->lock);
  if (item == 0)
    pthread_mutex_unlock(&queue->lock); // expect: lock-unheld "queue->lock"
  return item;
}

/* Functions that release what their caller holds are no defect. */
void queue_unlock(struct queue *queue) { pthread_mutex_unlock(&queue->lock); }

void stats_add_and_release(bool push_happened) {
  if (push_happened)
    pushes++;
  else
    pops++;
  pthread_mutex_unlock(&stats_lock);
}

/* Drops the caller's lock and takes it back. */
void queue_yield(struct queue *queue) {
  pthread_mutex_unlock(&queue->lock);
  pthread_mutex_lock(&queue->lock);
}

/* Both releases are in callees, and the lock is the caller's: too little is known to blame one. */
static void queue_finish(struct queue *queue) {
  queue->closed = true;
  pthread_mutex_unlock(&queue->lock);
}

void queue_finish_rounds(struct queue *queue, int rounds) {
  for (int i = 0; i < rounds; i++)
    queue_finish(queue);
}

/* Here it is known who took it. */
void queue_finish_twice(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue_finish(queue);
  queue_finish(queue); // expect: lock-unheld "queue->lock"
}
