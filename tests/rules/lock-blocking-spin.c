/* lock-blocking: a spin lock is never meant for waiting, however many of its sections wait. The same
 * with a mutex is the program's own business. */
// mechanism: spinning
// run: --only lock-blocking
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

static pthread_spinlock_t spin;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int rounds;

static void *spins(void *unused) {
  for (;;) {
    pthread_spin_lock(&spin);
    rounds++;
    usleep(1000); // expect: lock-blocking@likely "the spin lock 'spin' is held while this sleeps"
    pthread_spin_unlock(&spin);
  }
  return unused;
}

static void *spins_too(void *unused) {
  for (;;) {
    pthread_spin_lock(&spin);
    rounds--;
    sleep(1); // expect: lock-blocking@likely "the spin lock 'spin' is held while this sleeps for 1 second"
    pthread_spin_unlock(&spin);
  }
  return unused;
}

static void *takes_turns(void *unused) {
  for (;;) {
    pthread_mutex_lock(&turn);
    usleep(1000);
    pthread_mutex_unlock(&turn);
  }
  return unused;
}

int main(void) {
  pthread_t threads[4];
  if (pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE))
    return 1;
  if (pthread_create(&threads[0], NULL, spins, NULL))
    return 1;
  if (pthread_create(&threads[1], NULL, spins_too, NULL))
    return 1;
  if (pthread_create(&threads[2], NULL, takes_turns, NULL))
    return 1;
  if (pthread_create(&threads[3], NULL, takes_turns, NULL))
    return 1;
  for (int i = 0; i < 4; i++)
    pthread_join(threads[i], NULL);
  return 0;
}
