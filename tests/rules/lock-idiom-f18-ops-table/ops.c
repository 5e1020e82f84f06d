/* rdma-core's completion queues: start_poll locks, end_poll unlocks, next_poll must not. */
#include "ops.h"

static void mutex_cq_lock(struct cq *cq) { pthread_mutex_lock(&cq->mutex); }
static void mutex_cq_unlock(struct cq *cq) { pthread_mutex_unlock(&cq->mutex); }
static int mutex_cq_poll(struct cq *cq) { return cq->produced - cq->consumed; }

const struct lock_ops mutex_ops = {
    .lock = mutex_cq_lock,
    .unlock = mutex_cq_unlock,
    .poll = mutex_cq_poll,
};
