/* Sizes are compared with what only the largest type without a sign holds. */
// mechanism: unsigned
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char *kept;

static void *take(int64_t size) {
  if (size < 0 || (uint64_t)size > SIZE_MAX - 4096)
    return NULL;
  return malloc((size_t)size);
}

int keeps(int64_t size) {
  pthread_mutex_lock(&mutex); // note: "acquired here"
  char *bytes = take(size);
  if (!bytes) {
    pthread_mutex_unlock(&mutex);
    return -1;
  }
  kept = bytes;
  return 0; // expect: lock-leak "'mutex' is still held"
}

int keeps_and_unlocks(size_t size) {
  pthread_mutex_lock(&mutex);
  if (size < SIZE_MAX - 4096) {
    kept = malloc(size + 4096);
    pthread_mutex_unlock(&mutex);
    return 0;
  }
  pthread_mutex_unlock(&mutex);
  return -1;
}

int counts(unsigned count) {
  if (count == 0 || count * sizeof(long) > SIZE_MAX - 64)
    return -1;
  pthread_mutex_lock(&mutex);
  kept = malloc(count * sizeof(long));
  if (count * sizeof(long) > SIZE_MAX - 64)
    return -1;
  pthread_mutex_unlock(&mutex);
  return 0;
}
