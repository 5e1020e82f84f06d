/* What names an element tells something of itself: an index is not in front of its array, a pointer
 * that was followed is not null, and a counter is one name in all rounds (PostgreSQL's LockBuffer,
 * ConditionalLockBuffer, pgstat_get_entry_ref_locked, GetBlockerStatusData).
 */
// mechanism: facts
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { FIRST_SHARD = 4, SHARDS = 16, REGISTRY = 2 };

struct padded {
  pthread_rwlock_t lock;
  char padding[128];
};

extern struct padded *locks;
extern int next_page(int after);
extern int page_of(const char *name);

/* Pages count from 1; negative ones are private and have no lock. */
void page_lock(int page, bool take) {
  if (page < 0)
    return;
  if (take)
    pthread_rwlock_wrlock(&locks[page - 1].lock);
  else
    pthread_rwlock_unlock(&locks[page - 1].lock);
}

/* Private pages are as good as locked. */
bool page_try(int page) {
  if (page < 0)
    return true;
  return pthread_rwlock_trywrlock(&locks[page - 1].lock) == 0;
}

bool page_try_told(int page, int *told) {
  if (!page_try(page))
    return false;
  if (told)
    *told = page;
  return true;
}

int touch(int page) {
  int told = 0;
  if (page_try_told(page, &told))
    page_lock(page, false);
  return told;
}

/* 0 is no page: its lock would be in front of the array. */
void sweep(const int *wanted, int count) {
  int page = 0;
  for (int i = 0; i < count; i++) {
    if (page && wanted[i] == page)
      continue;
    if (page)
      page_lock(page, false);
    page = next_page(wanted[i]);
    page_lock(page, true);
  }
  page_lock(page, false);
}

struct record {
  struct padded *home;
  int value;
};

bool record_lock(struct record *record, bool wait) {
  if (wait)
    return pthread_rwlock_wrlock(&record->home->lock) == 0;
  return pthread_rwlock_trywrlock(&record->home->lock) == 0;
}

extern struct record *find_record(int key);

/* NULL, or locked: the way to the lock went through the record. */
struct record *locked_record(int key, bool wait) {
  struct record *record = find_record(key);
  if (!record_lock(record, wait))
    return NULL;
  return record;
}

int read_record(int key, bool wait) {
  struct record *record = locked_record(key, wait);
  if (!record)
    return -1;
  int value = record->value;
  pthread_rwlock_unlock(&record->home->lock);
  return value;
}

/* Nothing behind an element that exists is NULL. */
int *locked_value(struct record *record) {
  struct record *found = record;
  pthread_rwlock_wrlock(&record->home->lock);
  if (!found) {
    pthread_rwlock_unlock(&record->home->lock);
    return NULL;
  }
  return &found[1].value;
}

/* One lock of the array on its own, and a row of others. */
int count_all(bool shards) {
  int sum = 0;
  pthread_rwlock_rdlock(&locks[REGISTRY].lock);
  if (shards) {
    for (int i = 0; i < SHARDS; i++)
      pthread_rwlock_rdlock(&locks[FIRST_SHARD + i].lock);
    sum++;
    for (int i = SHARDS; --i >= 0;)
      pthread_rwlock_unlock(&locks[FIRST_SHARD + i].lock);
  }
  pthread_rwlock_unlock(&locks[REGISTRY].lock);
  return sum;
}

int twice(bool shards) { return count_all(shards) + count_all(!shards); }

static struct padded rows[64];
static int dirty[64];

/* What was an index is no sentinel any more. */
void walk(const char *const *names, int count) {
  int row = -1;
  for (int i = 0; i < count; i++) {
    if (row >= 0)
      pthread_rwlock_unlock(&rows[0].lock);
    pthread_rwlock_wrlock(&rows[0].lock);
    row = page_of(names[i]);
    dirty[row]++;
  }
  if (row >= 0)
    pthread_rwlock_unlock(&rows[0].lock);
}

/* ---- the same with a slip */

bool page_try_forgets(int page, int *told) {
  if (!page_try(page))
    return false;
  if (!told)
    return false; // expect: lock-leak "locks"
  *told = page;
  page_lock(page, false);
  return true;
}

int count_all_leaks(bool shards) {
  pthread_rwlock_rdlock(&locks[REGISTRY].lock);
  if (shards) {
    for (int i = 0; i < SHARDS; i++)
      pthread_rwlock_rdlock(&locks[FIRST_SHARD + i].lock);
    for (int i = SHARDS; --i >= 0;)
      pthread_rwlock_unlock(&locks[FIRST_SHARD + i].lock);
    if (locks[FIRST_SHARD].padding[0])
      return -1; // expect: lock-leak "locks"
  }
  pthread_rwlock_unlock(&locks[REGISTRY].lock);
  return 0;
}

void walk_forgets(const char *const *names, int count) {
  int row = -1;
  for (int i = 0; i < count; i++) {
    if (row > 0)
      pthread_rwlock_unlock(&rows[0].lock);
    pthread_rwlock_wrlock(&rows[0].lock); // expect: lock-double "rows[0].lock"
    row = page_of(names[i]);
    dirty[row]++;
  }
  if (row >= 0)
    pthread_rwlock_unlock(&rows[0].lock);
}
