/* Threads that are created while a lock is held may wait for it before they begin, and a lock that is
 * known by a pointer to it only may be the right one: neither is certain. */
// run: --min-confidence possible
#include <pthread.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int ready;

static void *begin(void *arg) {
  pthread_mutex_lock(&gate); // not before main has done its part
  pthread_mutex_unlock(&gate);
  ready++; // expect: lock-race@possible "'ready' is changed here by several threads at once"
  return arg;
}

/* ---- a lock that is chosen */

static pthread_mutex_t fast = PTHREAD_MUTEX_INITIALIZER, slow = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t *chosen = &fast;
static long sent;

static void choose(int is_slow) {
  chosen = is_slow ? &slow : &fast;
}

static void *send_some(void *arg) {
  pthread_mutex_lock(chosen);
  sent++;
  pthread_mutex_unlock(chosen);
  return arg;
}

static void send_fast(void) {
  pthread_mutex_lock(&fast);
  sent++;
  pthread_mutex_unlock(&fast);
}

int main(int argc, char **argv) {
  pthread_t first, second;
  (void)argv;
  choose(argc > 5);
  pthread_create(&second, NULL, send_some, NULL);
  pthread_mutex_lock(&gate);
  pthread_create(&first, NULL, begin, NULL);
  ready++;
  pthread_mutex_unlock(&gate);
  send_fast();
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return ready + (int)sent;
}
