/* L-F18: the lock is taken and released through function pointers in a struct. */
// mechanism: slots
#include "ops.h"

int cq_drain(struct cq *cq) {
  int count = 0;
  cq->ops->lock(cq);
  while (cq->ops->poll(cq) > 0) {
    cq->consumed++;
    count++;
  }
  cq->ops->unlock(cq);
  return count;
}

/* Taken by name, released through the table. */
int cq_take(struct cq *cq) {
  pthread_mutex_lock(&cq->mutex);
  if (cq->produced == cq->consumed) {
    cq->ops->unlock(cq);
    return -1;
  }
  int entry = cq->consumed++;
  pthread_mutex_unlock(&cq->mutex);
  return entry;
}

int cq_drain_leaks(struct cq *cq) {
  cq->ops->lock(cq);
  if (cq->ops->poll(cq) < 0)
    return -1; // expect-miss: lock-leak "cq->mutex"
  int count = cq->produced - cq->consumed;
  cq->consumed = cq->produced;
  cq->ops->unlock(cq);
  return count;
}

void cq_reset_locks_twice(struct cq *cq) {
  cq->ops->lock(cq);
  cq->consumed = 0;
  cq->ops->lock(cq); // expect: lock-double "cq->mutex"
  cq->produced = 0;
  cq->ops->unlock(cq);
}
