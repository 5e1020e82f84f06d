/* IDIOMS A14: the lock is not a plain variable or field (memcached's lru_locks[id], nfs-ganesha's
 * group ? &idmapper_group_lock : &idmapper_user_lock, a call inside as in libfabric).
 */
// mechanism: summaries
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { LRU_COUNT = 256 };

struct progress {
  pthread_mutex_t rdm_lock;
  int pending;
};

struct rdm {
  struct progress *progress;
  int id;
};

static pthread_mutex_t lru_locks[LRU_COUNT];
static int lru_sizes[LRU_COUNT];
static pthread_rwlock_t group_lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_rwlock_t user_lock = PTHREAD_RWLOCK_INITIALIZER;
static int groups, users;

int lru_size(unsigned id) {
  pthread_mutex_lock(&lru_locks[id]);
  int size = lru_sizes[id];
  pthread_mutex_unlock(&lru_locks[id]);
  return size;
}

/* Pointer arithmetic instead of an index. */
void lru_shrink(unsigned id) {
  pthread_mutex_lock(lru_locks + id);
  if (lru_sizes[id] == 0) {
    pthread_mutex_unlock(lru_locks + id);
    return;
  }
  lru_sizes[id]--;
  pthread_mutex_unlock(&lru_locks[id]);
}

/* Chosen by a condition, twice the same. */
int count_ids(bool group) {
  pthread_rwlock_rdlock(group ? &group_lock : &user_lock);
  int count = group ? groups : users;
  pthread_rwlock_unlock(group ? &group_lock : &user_lock);
  return count;
}

/* Chosen once. */
void add_id(bool group) {
  pthread_rwlock_t *lock = group ? &group_lock : &user_lock;
  pthread_rwlock_wrlock(lock);
  if (group)
    groups++;
  else
    users++;
  pthread_rwlock_unlock(lock);
}

static struct progress *rdm_progress(struct rdm *rdm) { return rdm->progress; }

int rdm_pending(struct rdm *rdm) {
  pthread_mutex_lock(&rdm_progress(rdm)->rdm_lock);
  int pending = rdm_progress(rdm)->pending;
  pthread_mutex_unlock(&rdm_progress(rdm)->rdm_lock);
  return pending;
}

/* In a struct that is passed by value of its pointer, behind a cast. */
int opaque_pending(void *opaque) {
  pthread_mutex_lock(&((struct progress *)opaque)->rdm_lock);
  struct progress *progress = opaque;
  int pending = progress->pending;
  pthread_mutex_unlock(&progress->rdm_lock);
  return pending;
}

int lru_size_leaks(unsigned id) {
  pthread_mutex_lock(&lru_locks[id]);
  if (lru_sizes[id] < 0)
    return -1; // expect: lock-leak "lru_locks[id]"
  int size = lru_sizes[id];
  pthread_mutex_unlock(&lru_locks[id]);
  return size;
}

/* The condition is the other way round the second time. */
int count_ids_releases_other(bool group) {
  pthread_rwlock_rdlock(group ? &group_lock : &user_lock);
  int count = group ? groups : users;
  pthread_rwlock_unlock(!group ? &group_lock : &user_lock); // expect-miss: lock-unheld
  return count;
}

int rdm_pending_leaks(struct rdm *rdm) {
  pthread_mutex_lock(&rdm_progress(rdm)->rdm_lock);
  int pending = rdm_progress(rdm)->pending;
  if (pending < 0)
    return -1; // expect: lock-leak "rdm_lock"
  pthread_mutex_unlock(&rdm_progress(rdm)->rdm_lock);
  return pending;
}

/* The index moves on between the two. */
void lru_shrink_next(unsigned id) {
  pthread_mutex_lock(&lru_locks[id]);
  lru_sizes[id]--;
  id++;
  pthread_mutex_unlock(&lru_locks[id]); // expect-miss: lock-unheld
}
