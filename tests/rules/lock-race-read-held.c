// A lock that is held for reading keeps nobody away who reads as well: what it protects is changed.
#include <pthread.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int value, reads, changes;

static void *read_value(void *argument) {
  int sum = 0;
  for (int i = 0; i < 1000; i++) {
    pthread_rwlock_rdlock(&lock);
    sum += value;
    reads++; // expect: lock-race "'reads' is changed here by several threads at once"
    pthread_rwlock_unlock(&lock);
    pthread_rwlock_wrlock(&lock);
    changes++;
    pthread_rwlock_unlock(&lock);
  }
  return sum ? argument : NULL;
}

static void *write_value(void *argument) {
  for (int i = 0; i < 1000; i++) {
    pthread_rwlock_wrlock(&lock);
    value++;
    reads = 0;
    changes = 0;
    pthread_rwlock_unlock(&lock);
  }
  return argument;
}

int main(void) {
  pthread_t threads[4];
  for (int i = 0; i < 3; i++)
    pthread_create(&threads[i], NULL, read_value, NULL);
  pthread_create(&threads[3], NULL, write_value, NULL);
  for (int i = 0; i < 4; i++)
    pthread_join(threads[i], NULL);
  return reads + changes;
}
