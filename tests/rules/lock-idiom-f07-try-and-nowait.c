/* L-F7: wait or try by an argument, and the result is looked at more than once (PostgreSQL's
 * pgstat_lock_entry, ConditionalLockBuffer).
 */
// mechanism: facts
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

struct entry {
  pthread_rwlock_t lock;
  long value;
  bool pending;
};

bool entry_lock(struct entry *entry, bool nowait) {
  if (!nowait)
    pthread_rwlock_wrlock(&entry->lock);
  else if (pthread_rwlock_trywrlock(&entry->lock) != 0)
    return false;
  return true;
}

bool entry_flush(struct entry *entry, bool nowait) {
  if (!entry_lock(entry, nowait))
    return false;
  entry->value = 0;
  pthread_rwlock_unlock(&entry->lock);
  return true;
}

/* The result is tested twice. */
long entry_read(struct entry *entry) {
  long value = -1;
  int error = pthread_rwlock_tryrdlock(&entry->lock);
  if (error == 0)
    value = entry->value;
  entry->pending = error != 0;
  if (error == 0)
    pthread_rwlock_unlock(&entry->lock);
  return value;
}

/* The test goes through two negations and a copy. */
long entry_read_negated(struct entry *entry) {
  long value = -1;
  int error = pthread_rwlock_tryrdlock(&entry->lock);
  bool failed = !!error;
  bool taken = !failed;
  if (taken)
    value = entry->value;
  if (failed)
    return -1;
  pthread_rwlock_unlock(&entry->lock);
  return value;
}

/* Tries first to count how often it had to wait. */
static long waits;

void entry_add(struct entry *entry, long delta) {
  if (pthread_rwlock_trywrlock(&entry->lock) == EBUSY) {
    waits++;
    pthread_rwlock_wrlock(&entry->lock);
  }
  entry->value += delta;
  pthread_rwlock_unlock(&entry->lock);
}

/* Tries until it works. */
void entry_spin(struct entry *entry) {
  while (pthread_rwlock_trywrlock(&entry->lock) != 0)
    waits++;
  entry->value = 0;
  pthread_rwlock_unlock(&entry->lock);
}

/* The nowait path returns success without the lock being given back. */
bool entry_flush_leaks(struct entry *entry, bool nowait) {
  if (!nowait)
    pthread_rwlock_wrlock(&entry->lock);
  else if (pthread_rwlock_trywrlock(&entry->lock) != 0)
    return false;
  if (entry->value == 0)
    return false; // expect: lock-leak "entry->lock"
  entry->value = 0;
  pthread_rwlock_unlock(&entry->lock);
  return true;
}

/* Releases under the opposite test. */
long entry_read_releases_when_failed(struct entry *entry) {
  long value = -1;
  int error = pthread_rwlock_tryrdlock(&entry->lock);
  if (error == 0)
    value = entry->value;
  if (error)
    pthread_rwlock_unlock(&entry->lock); // expect: lock-unheld "entry->lock"
  return value;
}
