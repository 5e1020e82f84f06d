/* A spinlock of one's own: taken by a test-and-set, given back by a plain store of zero to its word,
 * as macros of older PostgreSQL do.
 */
// mechanism: cleared
#include <stdbool.h>

typedef unsigned char slock_t;

int tas(volatile slock_t *lock);
int s_lock(volatile slock_t *lock, const char *file, int line, const char *function);
#define take_spin(lock) (tas(lock) ? s_lock((lock), __FILE__, __LINE__, __func__) : 0)
#define give_spin(lock)                                                                            \
  do {                                                                                             \
    __asm__ __volatile__("" ::: "memory");                                                         \
    *(lock) = 0;                                                                                   \
  } while (0)

struct barrier {
  volatile slock_t mutex;
  int phase, participants;
};

int barrier_phase(struct barrier *barrier) {
  take_spin(&barrier->mutex);
  int phase = barrier->phase;
  give_spin(&barrier->mutex);
  return phase;
}

bool barrier_detach(struct barrier *barrier) {
  take_spin(&barrier->mutex);
  if (barrier->participants > 1) {
    barrier->participants--;
    give_spin(&barrier->mutex);
    return false;
  }
  barrier->phase++;
  give_spin(&barrier->mutex);
  return true;
}

bool barrier_detach_leaks(struct barrier *barrier) {
  take_spin(&barrier->mutex);
  if (barrier->phase < 0)
    return false; // expect: lock-leak "barrier->mutex"
  if (barrier->participants > 1) {
    barrier->participants--;
    give_spin(&barrier->mutex);
    return false;
  }
  give_spin(&barrier->mutex);
  return true;
}

/* Another field that becomes zero is no release. */
void barrier_reset_leaks(struct barrier *barrier, bool quick) {
  take_spin(&barrier->mutex);
  barrier->phase = 0;
  if (quick)
    return; // expect: lock-leak "barrier->mutex"
  barrier->participants = 0;
  give_spin(&barrier->mutex);
}

/* Nothing is held when the word is set up. */
void barrier_init(struct barrier *barrier) {
  barrier->mutex = 0;
  barrier->phase = barrier->participants = 0;
}
