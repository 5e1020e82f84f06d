/* lock-order: the mutex of the wait is nowhere taken under its own name, so it may be the lock that
 * is held, which goes by another. */
// mechanism: order-names
// run: --min-confidence possible
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

static pthread_mutex_t the_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t another_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t *big_lock;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;
static int left = 3;

static void choose(int own) { big_lock = own ? &the_lock : &another_lock; }

static void wait_for_all(void) {
  while (left)
    pthread_cond_wait(&done, &the_lock);
}

static void *worker(void *unused) {
  pthread_mutex_lock(big_lock);
  left--;
  pthread_cond_signal(&done);
  pthread_mutex_unlock(big_lock);
  return unused;
}

int main(void) {
  pthread_t threads[3];
  choose(getpid() % 2);
  for (int i = 0; i < 3; i++)
    if (pthread_create(&threads[i], NULL, worker, NULL))
      return 1;
  pthread_mutex_lock(big_lock);
  wait_for_all();
  pthread_mutex_unlock(big_lock);
  for (int i = 0; i < 3; i++)
    pthread_join(threads[i], NULL);
  return 0;
}
