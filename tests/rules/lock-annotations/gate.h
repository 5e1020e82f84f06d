#include "annotations.h"
#include <pthread.h>

/* A lock of the program's own, and one that is made of atomic operations. */
struct CAPABILITY("mutex") door {
  pthread_mutex_t mutex;
  const char *where;
};
struct CAPABILITY("mutex") latch {
  int word;
};
struct house {
  struct door door;
  struct latch latch;
  int guests;
};

void door_open(struct door *door) ACQUIRE(door);
void door_close(struct door *door) RELEASE(door);
void latch_take(struct latch *latch) ACQUIRE(latch);
int latch_try(struct latch *latch) TRY_ACQUIRE(1, latch);
void latch_give(struct latch *latch) RELEASE(latch);
void house_enter(struct house *) ACQUIRE(*nothing_here);
struct house *house_find(struct house *all, int number) ACQUIRE(all->door);
int house_join(struct house *house, int fails) ACQUIRE(house->door);
void house_greet(struct house *house) REQUIRES(house->door);
void house_air(struct house *house) __releases(&house->door) __acquires(&house->door);
void house_swap(struct house *from, struct house *to) ACQUIRE(to->latch) RELEASE(from->latch) NO_CHECK;
void house_mess(struct house *house, int all) NO_CHECK;
