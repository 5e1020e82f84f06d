/* L-F22: two locks of one class, and something that says in which order: their addresses, their
 * numbers, one that leads to the other, or one that nobody else knows yet.
 */
// mechanism: pair-orders
// run: --min-confidence possible
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

struct folder {
  pthread_mutex_t lock;
  struct folder *parent, *next, *mirror, *twin;
  int number, files;
};

static struct folder folders[16], *first;

/* ---- compared */
static void by_address(struct folder *a, struct folder *b) {
  if ((uintptr_t)a > (uintptr_t)b) {
    pthread_mutex_lock(&b->lock);
    pthread_mutex_lock(&a->lock);
  } else {
    pthread_mutex_lock(&a->lock);
    pthread_mutex_lock(&b->lock);
  }
  a->files = b->files;
  pthread_mutex_unlock(&b->lock);
  pthread_mutex_unlock(&a->lock);
}

static void by_number(struct folder *a, struct folder *b) {
  if (a->number < b->number) {
    pthread_mutex_lock(&a->lock);
    pthread_mutex_lock(&b->lock);
  } else {
    pthread_mutex_lock(&b->lock);
    pthread_mutex_lock(&a->lock);
  }
  a->files = b->files;
  pthread_mutex_unlock(&b->lock);
  pthread_mutex_unlock(&a->lock);
}

static void exchanged_before(struct folder *a, struct folder *b) {
  if (a > b) {
    struct folder *c = a;
    a = b;
    b = c;
  }
  pthread_mutex_lock(&a->lock);
  pthread_mutex_lock(&b->lock);
  a->files = b->files;
  pthread_mutex_unlock(&b->lock);
  pthread_mutex_unlock(&a->lock);
}

static void by_index(int i, int j) {
  if (i >= j)
    return;
  pthread_mutex_lock(&folders[i].lock);
  pthread_mutex_lock(&folders[j].lock);
  folders[i].files = folders[j].files;
  pthread_mutex_unlock(&folders[j].lock);
  pthread_mutex_unlock(&folders[i].lock);
}

static int comes_first(const struct folder *a, const struct folder *b) {
  return a->number < b->number || (a->number == b->number && a->files < b->files);
}

static void by_another_function(struct folder *a, struct folder *b) {
  if (!comes_first(a, b))
    return;
  pthread_mutex_lock(&a->lock);
  pthread_mutex_lock(&b->lock);
  a->files = b->files;
  pthread_mutex_unlock(&b->lock);
  pthread_mutex_unlock(&a->lock);
}

/* ---- one leads to the other */
static void child_and_parent(struct folder *child) {
  struct folder *parent = child->parent;
  pthread_mutex_lock(&parent->lock);
  pthread_mutex_lock(&child->lock);
  parent->files += child->files;
  pthread_mutex_unlock(&child->lock);
  pthread_mutex_unlock(&parent->lock);
}

static int hand_over_hand(void) {
  int files = 0;
  struct folder *folder = first;
  pthread_mutex_lock(&folder->lock);
  while (folder->next) {
    struct folder *next = folder->next;
    pthread_mutex_lock(&next->lock);
    files += next->files;
    pthread_mutex_unlock(&folder->lock);
    folder = next;
  }
  pthread_mutex_unlock(&folder->lock);
  return files;
}

static void both_of_one(struct folder *of) {
  pthread_mutex_lock(&of->mirror->lock);
  pthread_mutex_lock(&of->twin->lock);
  of->mirror->files = of->twin->files;
  pthread_mutex_unlock(&of->twin->lock);
  pthread_mutex_unlock(&of->mirror->lock);
}

/* ---- nobody else knows it */
static struct folder *copy(struct folder *from) {
  struct folder *made = calloc(1, sizeof *made);
  if (!made)
    return NULL;
  pthread_mutex_init(&made->lock, NULL);
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&made->lock);
  made->files = from->files;
  pthread_mutex_unlock(&made->lock);
  pthread_mutex_unlock(&from->lock);
  return made;
}

/* ---- tried */
static int try_both(struct folder *a, struct folder *b) {
  pthread_mutex_lock(&a->lock);
  if (pthread_mutex_trylock(&b->lock)) {
    pthread_mutex_unlock(&a->lock);
    return 0;
  }
  a->files = b->files;
  pthread_mutex_unlock(&b->lock);
  pthread_mutex_unlock(&a->lock);
  return 1;
}

static void *worker(void *argument) {
  int *seed = argument;
  struct folder *a = &folders[seed[0] % 16], *b = &folders[seed[1] % 16];
  by_address(a, b);
  by_number(a, b);
  exchanged_before(a, b);
  by_index(seed[2] % 16, seed[3] % 16);
  by_another_function(a, b);
  child_and_parent(a);
  both_of_one(b);
  try_both(a, b);
  free(copy(a));
  seed[0] = hand_over_hand();
  return NULL;
}

int main(void) {
  static int seeds[2][4];
  pthread_t one, two;
  if (pthread_create(&one, NULL, worker, seeds[0]))
    return 1;
  if (pthread_create(&two, NULL, worker, seeds[1]))
    return 1;
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  return 0;
}
