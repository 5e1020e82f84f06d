/* lock-order: the thread that takes the locks the other way round was joined before, though others
 * still run. */
// mechanism: order-joins
#include <pthread.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static pthread_t writer, reader;
static int value;

static void *write_all(void *unused) {
  pthread_mutex_lock(&left);
  pthread_mutex_lock(&right);
  value++;
  pthread_mutex_unlock(&right);
  pthread_mutex_unlock(&left);
  return unused;
}

static void *read_all(void *unused) {
  pthread_mutex_lock(&left);
  value--;
  pthread_mutex_unlock(&left);
  return unused;
}

static void stop_writer(void) { pthread_join(writer, NULL); }

int main(void) {
  if (pthread_create(&writer, NULL, write_all, NULL))
    return 1;
  if (pthread_create(&reader, NULL, read_all, NULL))
    return 1;
  stop_writer();
  pthread_mutex_lock(&right);
  pthread_mutex_lock(&left);
  value = 0;
  pthread_mutex_unlock(&left);
  pthread_mutex_unlock(&right);
  pthread_join(reader, NULL);
  return 0;
}
