/* lock-order: two locks of one class, in the order of the arguments. The same two in both orders
 * are a deadlock, whichever may be one. */
// run: --only lock-order --min-confidence possible
#include <pthread.h>
#include <stddef.h>

struct shelf {
  pthread_mutex_t lock;
  int id, books;
};

static struct shelf left, right, top, bottom, old, new, shelves[8];

/* ---- by their names */
static void move_book(struct shelf *from, struct shelf *to) {
  pthread_mutex_lock(&from->lock); // note: "'move_book' takes one"
  pthread_mutex_lock(&to->lock);   // expect: lock-order@likely "a second 'shelf.lock' is acquired here"
  from->books--;
  to->books++;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

/* Called the same way by everybody. */
static void copy_book(struct shelf *from, struct shelf *to) {
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&to->lock);
  to->books = from->books;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

/* ---- by their numbers, two calls further up */
static void swap_shelves(int one, int other) {
  pthread_mutex_lock(&shelves[one].lock);
  pthread_mutex_lock(&shelves[other].lock); // expect: lock-order@likely "the same two"
  int books = shelves[one].books;
  shelves[one].books = shelves[other].books;
  shelves[other].books = books;
  pthread_mutex_unlock(&shelves[other].lock);
  pthread_mutex_unlock(&shelves[one].lock);
}

static void swap_by(int number, int with) { swap_shelves(number, with); }

/* ---- a function that calls it both ways */
static void merge(struct shelf *into, struct shelf *from) {
  pthread_mutex_lock(&into->lock);
  pthread_mutex_lock(&from->lock); // expect: lock-order@likely "the same two"
  into->books += from->books;
  pthread_mutex_unlock(&from->lock);
  pthread_mutex_unlock(&into->lock);
}

static void merge_both(struct shelf *a, struct shelf *b) {
  merge(a, b); // note: "'merge_both' gives the two"
  merge(b, a); // note: "'merge_both' gives them the other way round"
}

/* ---- one of the arms is wrong */
static void compare_in_vain(struct shelf *a, struct shelf *b) {
  if (a->id < b->id) {
    pthread_mutex_lock(&a->lock);
    pthread_mutex_lock(&b->lock); // expect: lock-order@likely "which 'shelf.lock' comes first is asked"
  } else {
    pthread_mutex_lock(&a->lock);
    pthread_mutex_lock(&b->lock);
  }
  a->books = b->books;
  pthread_mutex_unlock(&b->lock);
  pthread_mutex_unlock(&a->lock);
}

/* ---- any two */
static void give(struct shelf *from, struct shelf *to) {
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&to->lock); // expect: lock-order@possible "in whichever order the arguments come"
  from->books--;
  to->books++;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

static struct shelf *any(int *seed) { return &shelves[(*seed)++ % 8]; }

/* ---- a callee takes the second */
static void take_in(struct shelf *shelf) {
  pthread_mutex_lock(&shelf->lock);
  shelf->books++;
  pthread_mutex_unlock(&shelf->lock);
}

static void hand_over(struct shelf *from, struct shelf *to) {
  pthread_mutex_lock(&from->lock);
  from->books--;
  take_in(to); // expect: lock-order@likely "the same two"
  pthread_mutex_unlock(&from->lock);
}

/* ---- the argument of a thread says which two */
struct errand {
  struct shelf *from, *to;
};

static void *runs_errand(void *argument) {
  struct errand *errand = argument;
  pthread_mutex_lock(&errand->from->lock);
  pthread_mutex_lock(&errand->to->lock); // expect: lock-order@possible "in whichever order"
  errand->from->books--;
  errand->to->books++;
  pthread_mutex_unlock(&errand->to->lock);
  pthread_mutex_unlock(&errand->from->lock);
  return NULL;
}

static void *worker(void *unused) {
  int seed = 0;
  move_book(&left, &right); // note: "'worker' gives them the other way round"
  copy_book(&top, &bottom);
  swap_by(1, 2);
  merge_both(any(&seed), any(&seed));
  compare_in_vain(any(&seed), any(&seed));
  give(any(&seed), any(&seed));
  hand_over(&old, &new);
  return unused;
}

static void *other_worker(void *unused) {
  int seed = 4;
  move_book(&right, &left); // note: "'other_worker' gives the two"
  copy_book(&top, &bottom);
  swap_by(2, 1);
  merge_both(any(&seed), any(&seed));
  compare_in_vain(any(&seed), any(&seed));
  give(any(&seed), any(&seed));
  hand_over(&new, &old);
  return unused;
}

int main(void) {
  static struct errand errands[2] = {{&left, &right}, {&right, &left}};
  pthread_t one, two, runners[2];
  for (int i = 0; i < 2; i++)
    if (pthread_create(&runners[i], NULL, runs_errand, &errands[i]))
      return 1;
  if (pthread_create(&one, NULL, worker, NULL))
    return 1;
  if (pthread_create(&two, NULL, other_worker, NULL))
    return 1;
  for (int i = 0; i < 2; i++)
    pthread_join(runners[i], NULL);
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  return 0;
}
