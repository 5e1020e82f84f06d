/* A lock that the program chooses when it starts: who calls through such a table may hold one. */
// run: --min-confidence possible
// mechanism: race-tables
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct lock_functions {
  void *(*create)(void);
  int (*lock)(unsigned mode, void *lock);
  int (*unlock)(unsigned mode, void *lock);
};

static struct lock_functions locks;

void use_locks(const struct lock_functions *functions) { locks = *functions; }

struct work {
  void *lock;
  int left, done;
};

static void *take_part(void *argument) {
  struct work *work = argument;
  while (getchar() != EOF) {
    work->done++; // expect: lock-race "'work->done' is changed here by several threads at once"
    if (work->lock)
      locks.lock(0, work->lock);
    if (--work->left == 0)
      puts("the last one");
    if (work->lock)
      locks.unlock(0, work->lock);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[4];
  struct work work = {.lock = locks.create ? locks.create() : NULL, .left = 400};
  for (int i = 0; i < 4; i++)
    if (pthread_create(&threads[i], NULL, take_part, &work))
      abort();
  for (int i = 0; i < 4; i++)
    pthread_join(threads[i], NULL);
  printf("%d\n", work.done);
}
