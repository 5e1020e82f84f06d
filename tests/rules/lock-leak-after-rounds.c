/* A way that goes through a loop which is known to be entered: one round of it stands for any
 * number, so the way behind it can be walked again.
 */
#include <pthread.h>
#include <stdbool.h>

enum { CLASSES = 64, SHELVES = 4 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int chunks[CLASSES];

int sum_leaks(int limit) {
  int sum = 0;
  pthread_mutex_lock(&mutex);
  for (int i = 0; i < CLASSES; i++)
    sum += chunks[i];
  if (sum > limit && chunks[0])
    return limit; // expect: lock-leak "mutex"
  pthread_mutex_unlock(&mutex);
  return sum;
}

int sum(int limit) {
  int sum = 0;
  pthread_mutex_lock(&mutex);
  for (int i = 0; i < CLASSES; i++)
    sum += chunks[i];
  if (sum > limit && chunks[0]) {
    pthread_mutex_unlock(&mutex);
    return limit;
  }
  pthread_mutex_unlock(&mutex);
  return sum;
}

/* Two loops, one in the other, and one behind them. */
int table_leaks(int table[CLASSES][CLASSES]) {
  int best = 0;
  pthread_mutex_lock(&mutex);
  for (int i = 0; i < CLASSES; i++)
    for (int k = 0; k < CLASSES; k++)
      best += table[i][k];
  for (int i = CLASSES; i > 0; i--)
    best -= chunks[i - 1];
  if (best < 0 && table[0][0])
    return best; // expect: lock-leak "mutex"
  pthread_mutex_unlock(&mutex);
  return best;
}

/* Every round takes and gives back a lock of its own; the inner loop is in between. */
struct shelf {
  pthread_mutex_t mutex;
  int spans[SHELVES];
};

int count_shelves(struct shelf *shelves) {
  int used = 0;
  for (int i = 0; i < CLASSES; i++) {
    bool found = false;
    pthread_mutex_lock(&shelves[i].mutex);
    for (int k = 0; k < SHELVES; k++)
      if (shelves[i].spans[k])
        found = true;
    if (found)
      for (int k = 0; k < SHELVES; k++)
        used += shelves[i].spans[k];
    pthread_mutex_unlock(&shelves[i].mutex);
  }
  return used;
}

/* The loop is over a constant: what is set in its first round is set behind it. */
int first_of(int *first) {
  bool taken = false;
  for (int i = 0; i < SHELVES; i++) {
    if (!taken)
      pthread_mutex_lock(&mutex);
    taken = true;
    *first += chunks[i];
  }
  if (taken)
    pthread_mutex_unlock(&mutex);
  return *first;
}
