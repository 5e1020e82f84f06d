/* IDIOMS A6: taken and released under one and the same condition (rsyslog's getStatsLineCEE,
 * rdma-core's hns driver, httpd's lua_vmprep).
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef HAS_THREADS
#define HAS_THREADS 1
#endif

struct qp {
  pthread_spinlock_t sq_lock, rq_lock;
  int state;
  unsigned flags;
};

struct stats {
  pthread_mutex_t lock;
  char *json;
};

enum { QP_STATE = 1, STATE_ERROR = 6 };

/* A comparison kept in a variable. */
int qp_modify(struct qp *qp, unsigned mask, int state, int (*command)(struct qp *)) {
  bool flag = false;
  if ((mask & QP_STATE) && state == STATE_ERROR) {
    pthread_spin_lock(&qp->sq_lock);
    pthread_spin_lock(&qp->rq_lock);
    flag = true;
  }
  int result = command(qp);
  if (flag) {
    pthread_spin_unlock(&qp->rq_lock);
    pthread_spin_unlock(&qp->sq_lock);
  }
  if (!result)
    qp->state = state;
  return result;
}

/* The condition is written out both times. */
int qp_reset(struct qp *qp, unsigned mask) {
  if (mask & QP_STATE)
    pthread_spin_lock(&qp->sq_lock);
  qp->flags = 0;
  if (mask & QP_STATE)
    pthread_spin_unlock(&qp->sq_lock);
  return 0;
}

/* Under the complement: `if (!c) ... else` and `if (c)`. */
int qp_flags(struct qp *qp, const unsigned *known) {
  unsigned flags;
  if (known == NULL) {
    pthread_spin_lock(&qp->rq_lock);
    flags = qp->flags;
  } else {
    flags = *known;
  }
  if (!known)
    pthread_spin_unlock(&qp->rq_lock);
  return (int)flags;
}

/* A compile-time condition on both sides. */
char *stats_line(struct stats *stats) {
  char *line = NULL;
  bool locked = false;
  if (asprintf(&line, "{ \"name\": ") < 0)
    return NULL;
#if HAS_THREADS
  pthread_mutex_lock(&stats->lock);
  locked = true;
#endif
  if (!stats->json) {
    free(line);
    line = NULL;
    goto finalize;
  }
  snprintf(line, 8, "%.7s", stats->json);
finalize:
#if HAS_THREADS
  if (locked)
    pthread_mutex_unlock(&stats->lock);
#endif
  return line;
}

/* A jump before the lock comes to the release that asks nothing. */
char *stats_line_asks_nothing(struct stats *stats) {
  char *line = NULL;
  if (asprintf(&line, "{ \"name\": ") < 0) {
    line = NULL;
    goto finalize;
  }
  pthread_mutex_lock(&stats->lock);
  if (stats->json)
    snprintf(line, 8, "%.7s", stats->json);
finalize:
  pthread_mutex_unlock(&stats->lock); // expect: lock-unheld "stats->lock"
  return line;
}

/* The variable of the condition is changed in between. */
int qp_reset_changes_mask(struct qp *qp, unsigned mask) {
  if (mask & QP_STATE)
    pthread_spin_lock(&qp->sq_lock);
  if (qp->state == STATE_ERROR)
    mask &= ~(unsigned)QP_STATE;
  qp->flags = mask;
  if (mask & QP_STATE)
    pthread_spin_unlock(&qp->sq_lock);
  return 0; // expect-miss: lock-leak "qp->sq_lock"
}
