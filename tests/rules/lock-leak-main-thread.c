/* main's thread ends, and the process goes on: who wants the lock then waits for ever. */
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *serve(void *unused) {
  for (;;) {
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    sleep(1);
  }
  return unused;
}

int main(int count, char **words) {
  pthread_t thread;
  (void)words;
  if (pthread_create(&thread, NULL, serve, NULL))
    return 1;
  pthread_detach(thread);
  pthread_mutex_lock(&lock);
  if (count > 1)
    pthread_exit(NULL); // expect: lock-leak "'lock' is still held when 'main'"
  pthread_mutex_unlock(&lock);
  pthread_exit(NULL);
}
