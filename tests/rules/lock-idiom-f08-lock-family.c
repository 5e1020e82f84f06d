/* L-F8: all locks of an array in one loop, all released in another (PostgreSQL's
 * GetLockStatusData, redis' io_threads_mutex).
 */
// mechanism: families
#include <pthread.h>
#include <stdlib.h>

enum { PARTITIONS = 16, MAX_THREADS = 128 };

struct partition {
  pthread_mutex_t lock;
  int used;
};

static struct partition partitions[PARTITIONS];
static pthread_mutex_t io_threads_mutex[MAX_THREADS];
static int io_threads_count;

int count_all(void) {
  int sum = 0;
  for (int i = 0; i < PARTITIONS; i++)
    pthread_mutex_lock(&partitions[i].lock);
  for (int i = 0; i < PARTITIONS; i++)
    sum += partitions[i].used;
  for (int i = PARTITIONS; --i >= 0;)
    pthread_mutex_unlock(&partitions[i].lock);
  return sum;
}

/* The bound is a variable. */
void pause_threads(void) {
  for (int j = 1; j < io_threads_count; j++)
    pthread_mutex_lock(&io_threads_mutex[j]);
}

void resume_threads(void) {
  for (int j = 1; j < io_threads_count; j++)
    pthread_mutex_unlock(&io_threads_mutex[j]);
}

void stop_and_go(void (*between)(void)) {
  for (int j = 0; j < io_threads_count; j++)
    pthread_mutex_lock(&io_threads_mutex[j]);
  between();
  for (int j = 0; j < io_threads_count; j++)
    pthread_mutex_unlock(&io_threads_mutex[j]);
}

/* Through a pointer that walks. */
void clear_all(void) {
  for (struct partition *p = partitions; p < partitions + PARTITIONS; p++)
    pthread_mutex_lock(&p->lock);
  for (struct partition *p = partitions; p < partitions + PARTITIONS; p++) {
    p->used = 0;
    pthread_mutex_unlock(&p->lock);
  }
}

/* All or nothing: what was taken is rolled back. */
int try_all(void) {
  int i;
  for (i = 0; i < PARTITIONS; i++) {
    if (pthread_mutex_trylock(&partitions[i].lock) != 0)
      break;
  }
  if (i < PARTITIONS) {
    while (--i >= 0)
      pthread_mutex_unlock(&partitions[i].lock);
    return -1;
  }
  for (i = 0; i < PARTITIONS; i++) {
    partitions[i].used = 0;
    pthread_mutex_unlock(&partitions[i].lock);
  }
  return 0;
}

/* One at a time. */
void age_each(void) {
  for (int i = 0; i < PARTITIONS; i++) {
    pthread_mutex_lock(&partitions[i].lock);
    partitions[i].used /= 2;
    pthread_mutex_unlock(&partitions[i].lock);
  }
}

/* Returns between the two loops. */
int count_all_leaks(int *result) {
  for (int i = 0; i < PARTITIONS; i++)
    pthread_mutex_lock(&partitions[i].lock);
  if (!result)
    return -1; // expect: lock-leak "partitions"
  *result = 0;
  for (int i = 0; i < PARTITIONS; i++)
    *result += partitions[i].used;
  for (int i = 0; i < PARTITIONS; i++)
    pthread_mutex_unlock(&partitions[i].lock);
  return 0;
}

/* One element leaves its loop too early. */
int age_leaves_one(int limit) {
  for (int i = 0; i < PARTITIONS; i++) {
    pthread_mutex_lock(&partitions[i].lock);
    if (partitions[i].used > limit)
      return -1; // expect: lock-leak "partitions[i].lock"
    partitions[i].used /= 2;
    pthread_mutex_unlock(&partitions[i].lock);
  }
  return 0;
}
