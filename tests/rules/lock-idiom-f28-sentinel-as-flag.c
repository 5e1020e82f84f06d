/* L-F28: an index or pointer with a value that cannot be says whether the lock is held
 * (PostgreSQL's AsyncNotifyFreezeXids: slotno >= 0).
 */
// mechanism: facts
#include <pthread.h>
#include <stddef.h>

enum { PAGES = 64 };

struct pages {
  pthread_mutex_t lock;
  int numbers[PAGES];
  int dirty[PAGES];
};

static struct pages pages = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Never negative. */
static int page_slot(int number) {
  for (int i = 0; i < PAGES; i++) {
    if (pages.numbers[i] == number)
      return i;
  }
  return 0;
}

/* Negative until the first page was looked up; then the lock is held from page to page. */
int freeze(const int *numbers, int count) {
  int slot = -1;
  int frozen = 0;
  int current = -1;
  for (int i = 0; i < count; i++) {
    if (numbers[i] == current)
      continue;
    if (slot >= 0) {
      pages.dirty[slot] = 1;
      pthread_mutex_unlock(&pages.lock);
    }
    pthread_mutex_lock(&pages.lock);
    slot = page_slot(numbers[i]);
    current = numbers[i];
    frozen++;
  }
  if (slot >= 0) {
    pages.dirty[slot] = 1;
    pthread_mutex_unlock(&pages.lock);
  }
  return frozen;
}

/* A pointer that is NULL while nothing is held. */
int mark(int number, int force) {
  int *slot = NULL;
  if (force || number > 0) {
    pthread_mutex_lock(&pages.lock);
    slot = &pages.dirty[page_slot(number)];
  }
  if (slot) {
    *slot = 1;
    pthread_mutex_unlock(&pages.lock);
  }
  return slot != NULL;
}

/* A descriptor that stays -1 when nothing was done. */
int mark_first(const int *numbers, int count) {
  int slot = -1;
  for (int i = 0; i < count && slot < 0; i++) {
    if (numbers[i] < 0)
      continue;
    pthread_mutex_lock(&pages.lock);
    slot = page_slot(numbers[i]);
  }
  if (slot < 0)
    return -1;
  pages.dirty[slot] = 1;
  pthread_mutex_unlock(&pages.lock);
  return slot;
}

/* The sentinel is set back without the release. */
int mark_leaks(int number, int force) {
  int slot = -1;
  if (force || number > 0) {
    pthread_mutex_lock(&pages.lock);
    slot = page_slot(number);
  }
  if (number > 1000)
    slot = -1;
  if (slot >= 0) {
    pages.dirty[slot] = 1;
    pthread_mutex_unlock(&pages.lock);
  }
  return 0; // expect: lock-leak "pages.lock"
}

/* Tested for > 0: slot 0 stays locked. */
int mark_misses_slot_zero(int number) {
  int slot = -1;
  if (number > 0) {
    pthread_mutex_lock(&pages.lock);
    slot = page_slot(number);
  }
  if (slot > 0) {
    pages.dirty[slot] = 1;
    pthread_mutex_unlock(&pages.lock);
  }
  return 0; // expect: lock-leak "pages.lock"
}
