/* lock-order: one thread takes the locks both ways, and there is never a second one of it: its
 * handle is one variable, and who starts another joins it first. */
// mechanism: order-one-thread
#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static pthread_t crawler;
static bool running;
static int value;

static void *crawl(void *unused) {
  pthread_mutex_lock(&left);
  pthread_mutex_lock(&right);
  value++;
  pthread_mutex_unlock(&left);
  usleep(10);
  pthread_mutex_lock(&left);
  value++;
  pthread_mutex_unlock(&right);
  pthread_mutex_unlock(&left);
  return unused;
}

static void stop(void) {
  if (running)
    pthread_join(crawler, NULL);
  running = false;
}

static void start(void) {
  stop();
  running = pthread_create(&crawler, NULL, crawl, NULL) == 0;
}

int main(int count, char **arguments) {
  for (int i = 0; i < count; i++)
    if (arguments[i][0] == 's')
      start();
  stop();
  return 0;
}
