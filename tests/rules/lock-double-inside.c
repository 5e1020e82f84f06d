// What a function does inside is told of the lock that it is about: of an array's locks, the number
// says which one.
// mechanism: inside-elements
#include <pthread.h>

enum { JOURNAL, ACCOUNTS, LOCKS };

struct slot {
  pthread_mutex_t lock;
  int users;
};

static struct slot slots[LOCKS];
static int entries, balance;

static int settle(void) {
  pthread_mutex_lock(&slots[JOURNAL].lock);
  int before = entries++;
  pthread_mutex_unlock(&slots[JOURNAL].lock);
  pthread_mutex_lock(&slots[ACCOUNTS].lock); // note: "acquired here"
  int sum = balance + before;
  pthread_mutex_unlock(&slots[ACCOUNTS].lock);
  return sum;
}

int pay(int sum) {
  pthread_mutex_lock(&slots[ACCOUNTS].lock); // note: "acquired here"
  balance -= sum;
  int left = settle(); // expect: lock-double "is acquired here, but it is already held"
  pthread_mutex_unlock(&slots[ACCOUNTS].lock);
  return left;
}

int enter(void) {
  pthread_mutex_lock(&slots[LOCKS - 1].lock);
  slots[LOCKS - 1].users++;
  pthread_mutex_unlock(&slots[LOCKS - 1].lock);
  pthread_mutex_lock(&slots[JOURNAL].lock);
  int number = entries;
  pthread_mutex_unlock(&slots[JOURNAL].lock);
  return number;
}
