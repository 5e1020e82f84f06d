/* A try that failed gave nothing to release; unless the code asked for more than success, because
 * then it may know that it holds the lock all the same.
 */
// mechanism: tries
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct cell {
  pthread_mutex_t lock;
  int value;
  bool dirty;
};

extern void cell_wait(struct cell *cell);
extern void wait_for_all(void);

/* A robust mutex comes locked from a thread that died. */
int cell_recover(struct cell *cell) {
  int error = pthread_mutex_trylock(&cell->lock);
  if (error == EOWNERDEAD) {
    cell->value = 0;
    pthread_mutex_consistent(&cell->lock);
  } else if (error) {
    return error;
  }
  cell->dirty = false;
  pthread_mutex_unlock(&cell->lock);
  return 0;
}

int cell_recover_in_one_test(struct cell *cell) {
  int error = pthread_mutex_trylock(&cell->lock);
  if (error && error != EOWNERDEAD)
    return error;
  pthread_mutex_unlock(&cell->lock);
  return 0;
}

int cell_recover_by_case(struct cell *cell) {
  switch (pthread_mutex_trylock(&cell->lock)) {
  case EOWNERDEAD:
    cell->value = 0;
    break;
  case 0:
    break;
  default:
    return -1;
  }
  pthread_mutex_unlock(&cell->lock);
  return 0;
}

/* Busy is the only failure that can be, so who goes on has the lock. */
int cell_count(struct cell *cell) {
  if (pthread_mutex_trylock(&cell->lock) == EBUSY)
    return -1;
  int value = cell->value;
  pthread_mutex_unlock(&cell->lock);
  return value;
}

/* The try only shows that somebody holds it: the caller, who wants it released. */
void cell_finish(struct cell *cell) {
  if (pthread_mutex_trylock(&cell->lock) == 0)
    abort();
  cell->dirty = true;
  pthread_mutex_unlock(&cell->lock);
}

void cell_finish_asserted(struct cell *cell) {
  int error = pthread_mutex_trylock(&cell->lock);
  assert(error != 0);
  cell->dirty = error > 0;
  pthread_mutex_unlock(&cell->lock);
}

/* Free for sure, before it is destroyed: nobody asks what the try said. */
void cell_destroy(struct cell *cell) {
  pthread_mutex_trylock(&cell->lock);
  pthread_mutex_unlock(&cell->lock);
  pthread_mutex_destroy(&cell->lock);
}

/* Taken after all, where nobody sees it: by this object, by any. */
int cell_take(struct cell *cell) {
  if (pthread_mutex_trylock(&cell->lock) != 0)
    cell_wait(cell);
  int value = cell->value;
  pthread_mutex_unlock(&cell->lock);
  return value;
}

int cell_take_by_any(struct cell *cell) {
  if (pthread_mutex_trylock(&cell->lock) != 0)
    wait_for_all();
  int value = cell->value;
  pthread_mutex_unlock(&cell->lock);
  return value;
}

/* Taken after all, under another name. */
int cell_take_alias(struct cell *cell, struct cell *alias) {
  if (pthread_mutex_trylock(&cell->lock) != 0) {
    pthread_mutex_lock(&alias->lock);
    cell = alias;
  }
  int value = cell->value;
  pthread_mutex_unlock(&cell->lock);
  return value;
}

/* In the next round it may have worked. */
int cell_take_in_rounds(struct cell *cell) {
  int error = EBUSY;
  for (int i = 0; error && i < 3; i++)
    error = pthread_mutex_trylock(&cell->lock);
  if (error)
    return -1;
  pthread_mutex_unlock(&cell->lock);
  return 0;
}

/* The twins. */
int cell_read_releases_always(struct cell *cell) {
  int value = 0;
  int error = pthread_mutex_trylock(&cell->lock);
  if (!error)
    value = cell->value;
  pthread_mutex_unlock(&cell->lock); // expect: lock-unheld "cell->lock"
  return value;
}

int cell_set_releases_on_error(struct cell *cell, int value) {
  bool taken = pthread_mutex_trylock(&cell->lock) == 0;
  if (!taken)
    goto out;
  if (value < 0) {
    pthread_mutex_unlock(&cell->lock);
    return -1;
  }
  cell->value = value;
out:
  pthread_mutex_unlock(&cell->lock); // expect: lock-unheld "cell->lock"
  return taken ? 0 : -1;
}
