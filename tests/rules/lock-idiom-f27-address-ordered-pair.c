/* L-F27: two locks in the order of their addresses, or one if they are the same; released by the
 * same tests (PostgreSQL's BufferAlloc).
 */
// mechanism: relations
#include <pthread.h>
#include <stdint.h>

struct bucket {
  pthread_mutex_t lock;
  int used;
};

struct partition {
  pthread_rwlock_t lock;
  unsigned count;
};

void buckets_lock(struct bucket *a, struct bucket *b) {
  if (a == b) {
    pthread_mutex_lock(&a->lock);
  } else if ((uintptr_t)a < (uintptr_t)b) {
    pthread_mutex_lock(&a->lock);
    pthread_mutex_lock(&b->lock);
  } else {
    pthread_mutex_lock(&b->lock);
    pthread_mutex_lock(&a->lock);
  }
}

void bucket_move(struct bucket *from, struct bucket *to) {
  if (from < to) {
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock);
  } else if (from > to) {
    pthread_mutex_lock(&to->lock);
    pthread_mutex_lock(&from->lock);
  } else {
    pthread_mutex_lock(&from->lock);
  }
  from->used--;
  to->used++;
  if (from != to)
    pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

/* Only the second lock is conditional, before and after. */
unsigned partition_sum(struct partition *old, struct partition *new) {
  pthread_rwlock_rdlock(&old->lock);
  if (new != old)
    pthread_rwlock_rdlock(&new->lock);
  unsigned sum = old->count;
  if (new != old) {
    sum += new->count;
    pthread_rwlock_unlock(&new->lock);
  }
  pthread_rwlock_unlock(&old->lock);
  return sum;
}

/* Released in two arms, as they were taken. */
void partition_swap(struct partition *old, struct partition *new) {
  if (old < new) {
    pthread_rwlock_wrlock(&old->lock);
    pthread_rwlock_wrlock(&new->lock);
  } else if (old > new) {
    pthread_rwlock_wrlock(&new->lock);
    pthread_rwlock_wrlock(&old->lock);
  } else {
    pthread_rwlock_wrlock(&new->lock);
  }
  unsigned count = old->count;
  old->count = new->count;
  new->count = count;
  if (old < new) {
    pthread_rwlock_unlock(&new->lock);
    pthread_rwlock_unlock(&old->lock);
  } else if (old > new) {
    pthread_rwlock_unlock(&old->lock);
    pthread_rwlock_unlock(&new->lock);
  } else {
    pthread_rwlock_unlock(&new->lock);
  }
}

/* The case of equality takes one lock, and both are released. */
void bucket_move_same_releases_twice(struct bucket *from, struct bucket *to) {
  pthread_mutex_lock(&from->lock);
  if (to != from)
    pthread_mutex_lock(&to->lock);
  from->used--;
  to->used++;
  pthread_mutex_unlock(&from->lock);
  pthread_mutex_unlock(&to->lock); // expect: lock-unheld "to->lock"
}

/* The second lock is released in one order only. */
void bucket_move_leaks(struct bucket *from, struct bucket *to) {
  if (from < to) {
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock);
  } else if (from > to) {
    pthread_mutex_lock(&to->lock);
    pthread_mutex_lock(&from->lock);
  } else {
    pthread_mutex_lock(&from->lock);
  }
  from->used--;
  to->used++;
  if (from < to)
    pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
} // expect: lock-leak "to->lock"
