/* lock-order: the function takes two locks of one class as it is told, and who calls it has asked
 * which comes first. */
// mechanism: pair-callers
// run: --min-confidence possible
#include <pthread.h>
#include <stddef.h>

struct seat {
  pthread_mutex_t lock;
  int row, taken;
};

static void lock_both(struct seat *low, struct seat *high) {
  pthread_mutex_lock(&low->lock);
  pthread_mutex_lock(&high->lock);
}

static void unlock_both(struct seat *low, struct seat *high) {
  pthread_mutex_unlock(&high->lock);
  pthread_mutex_unlock(&low->lock);
}

static void exchange(struct seat *a, struct seat *b) {
  if (a->row < b->row)
    lock_both(a, b);
  else
    lock_both(b, a);
  int taken = a->taken;
  a->taken = b->taken;
  b->taken = taken;
  if (a->row < b->row)
    unlock_both(a, b);
  else
    unlock_both(b, a);
}

static struct seat seats[40];

static void *guest(void *argument) {
  unsigned *seed = argument;
  exchange(&seats[seed[0] % 40], &seats[seed[1] % 40]);
  return NULL;
}

int main(void) {
  static unsigned seeds[2][2];
  pthread_t one, two;
  if (pthread_create(&one, NULL, guest, seeds[0]))
    return 1;
  if (pthread_create(&two, NULL, guest, seeds[1]))
    return 1;
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  return 0;
}
