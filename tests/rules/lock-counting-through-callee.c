/* A semaphore that a callee posts for who may wait is a signal, as it is when it is posted here. */
// run: --min-confidence possible
#include <pthread.h>
#include <semaphore.h>

struct gate {
  sem_t waiters;
  pthread_mutex_t lock;
  int waiting, word;
};

static void gate_wake(struct gate *gate) { sem_post(&gate->waiters); }
static void gate_open(struct gate *gate) { pthread_mutex_unlock(&gate->lock); }

int gate_leave(struct gate *gate, int woken) {
  gate->word = 0;
  if (gate->waiting && !woken)
    gate_wake(gate);
  return gate->word;
}

int gate_left(struct gate *gate) {
  int word = gate_leave(gate, 0);
  return gate->waiting ? word : -1;
}

int gate_leave_locked(struct gate *gate, int woken) {
  pthread_mutex_lock(&gate->lock);
  gate->word = 0;
  if (gate->waiting && woken != gate->word)
    gate_open(gate);
  return gate->word; // expect: lock-leak "'gate->lock'"
}
