/* A.15: a lock that is recursive by hand: who holds it already only counts, and only the last one
 * out gives it back. */
// mechanism: nesting
#include <pthread.h>
#include <stddef.h>

struct pool {
  pthread_mutex_t mutex;
  pthread_t owner;
  int depth, users, closed;
};

static inline void pool_enter(struct pool *pool) {
  if (pthread_equal(pool->owner, pthread_self())) {
    pool->depth++;
    return;
  }
  pthread_mutex_lock(&pool->mutex);
  pool->owner = pthread_self();
}

static inline void pool_exit(struct pool *pool) {
  if (pool->depth) {
    pool->depth--;
    return;
  }
  pool->owner = 0;
  pthread_mutex_unlock(&pool->mutex);
}

void pool_add_user(struct pool *pool) {
  pool_enter(pool);
  pool->users++;
  pool_exit(pool);
}

void pool_forget_user(struct pool *pool) {
  pool_enter(pool);
  pool->users--;
  pool_exit(pool);
}

/* One after the other, and one inside the other. */
void pool_replace_user(struct pool *pool, int keep) {
  if (!keep)
    pool_forget_user(pool);
  pool_add_user(pool);
  pool_enter(pool);
  pool_forget_user(pool);
  pool_exit(pool);
}

/* The first reader in locks the writers out, the last one out lets them in. */
struct board {
  pthread_mutex_t count_lock, writers;
  int readers, notes;
};

static void board_read(struct board *board) {
  pthread_mutex_lock(&board->count_lock);
  if (++board->readers == 1)
    pthread_mutex_lock(&board->writers);
  pthread_mutex_unlock(&board->count_lock);
}

static void board_leave(struct board *board) {
  pthread_mutex_lock(&board->count_lock);
  if (--board->readers == 0)
    pthread_mutex_unlock(&board->writers);
  pthread_mutex_unlock(&board->count_lock);
}

int board_notes(struct board *board) {
  board_read(board);
  int notes = board->notes;
  board_leave(board);
  return notes;
}

/* The twins: on one way out it is not given back; and it is given back twice. */
int pool_close(struct pool *pool) {
  pool_enter(pool);
  if (pool->closed)
    return -1; // expect: lock-leak "'pool->mutex' is still held when 'pool_close' returns here"
  pool->closed = 1;
  pool_exit(pool);
  return 0;
}

void pool_open(struct pool *pool) {
  pool_enter(pool);
  pool->closed = 0;
  pool_exit(pool);
  pool_exit(pool); // expect: lock-unheld "'pool->mutex' is released here, but it is not held"
}

int board_first_note(struct board *board) {
  board_read(board);
  if (!board->notes)
    return -1; // expect: lock-leak "'board->writers' is still held"
  board_leave(board);
  return 0;
}
