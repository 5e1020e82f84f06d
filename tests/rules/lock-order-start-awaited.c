/* lock-order: a thread takes the lock while it begins, before it wakes its creator, and never again:
 * whoever joins it later may hold that lock. */
// mechanism: start-awaited
#include <pthread.h>
#include <unistd.h>

struct barrier {
  pthread_mutex_t mutex;
  pthread_cond_t ready;
  pthread_t thread, other;
  int port, left;
};

static struct barrier barrier = {.mutex = PTHREAD_MUTEX_INITIALIZER,
                                 .ready = PTHREAD_COND_INITIALIZER};

static void *listen_to(void *unused) {
  pthread_mutex_lock(&barrier.mutex);
  barrier.port = 80;
  pthread_cond_signal(&barrier.ready);
  pthread_mutex_unlock(&barrier.mutex);
  while (read(0, &barrier.left, 1) > 0)
    continue;
  return unused;
}

static void *count_down(void *unused) {
  pthread_mutex_lock(&barrier.mutex);
  pthread_cond_signal(&barrier.ready);
  pthread_mutex_unlock(&barrier.mutex);
  pthread_mutex_lock(&barrier.mutex);
  barrier.left--;
  pthread_mutex_unlock(&barrier.mutex);
  return unused;
}

static int begin(void) {
  pthread_mutex_lock(&barrier.mutex);
  if (pthread_create(&barrier.thread, NULL, listen_to, NULL)) {
    pthread_mutex_unlock(&barrier.mutex);
    return -1;
  }
  while (!barrier.port)
    pthread_cond_wait(&barrier.ready, &barrier.mutex);
  if (pthread_create(&barrier.other, NULL, count_down, NULL)) {
    pthread_mutex_unlock(&barrier.mutex);
    pthread_join(barrier.thread, NULL);
    return -1;
  }
  while (!barrier.left)
    pthread_cond_wait(&barrier.ready, &barrier.mutex);
  pthread_mutex_unlock(&barrier.mutex);
  return 0;
}

static void end(void) {
  pthread_mutex_lock(&barrier.mutex);
  pthread_join(barrier.thread, NULL);
  pthread_join(barrier.other, NULL); // expect: lock-order "the thread of 'count_down' is joined here"
  pthread_mutex_unlock(&barrier.mutex);
}

int main(void) {
  if (begin())
    return 1;
  end();
  return 0;
}
