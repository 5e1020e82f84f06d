/* lock-order: circles of two and three locks, each beside the same code in one order. */
// run: --only lock-order
#include <pthread.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER, two = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t three = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER, index_lock = PTHREAD_RWLOCK_INITIALIZER;
static int value;

/* Two locks, both ways. */
static void forward(void) {
  pthread_mutex_lock(&first);  // note: "takes 'first'"
  pthread_mutex_lock(&second); // note: "takes 'second' while it holds 'first'"
  value++;
  pthread_mutex_unlock(&second);
  pthread_mutex_unlock(&first);
}

static void backward(void) {
  pthread_mutex_lock(&second); // note: "takes 'second'"
  pthread_mutex_lock(&first);  // expect: lock-order@likely "'first' is acquired here while 'second' is held"
  value--;
  pthread_mutex_unlock(&first);
  pthread_mutex_unlock(&second);
}

/* One order everywhere. */
static void nested(void) {
  pthread_mutex_lock(&outer);
  pthread_mutex_lock(&inner);
  value++;
  pthread_mutex_unlock(&inner);
  pthread_mutex_unlock(&outer);
}

static void nested_elsewhere(void) {
  pthread_mutex_lock(&outer);
  pthread_mutex_lock(&inner);
  value--;
  pthread_mutex_unlock(&outer);
  pthread_mutex_unlock(&inner);
}

/* One after the other is no order. */
static void in_turn(void) {
  pthread_mutex_lock(&inner);
  value++;
  pthread_mutex_unlock(&inner);
  pthread_mutex_lock(&outer);
  value++;
  pthread_mutex_unlock(&outer);
}

/* Three of them, each pair in one order. */
static void one_two(void) {
  pthread_mutex_lock(&one);
  pthread_mutex_lock(&two); // expect: lock-order@likely "'two' is acquired here while 'one' is held, and the way back leads over other locks"
  value++;
  pthread_mutex_unlock(&two);
  pthread_mutex_unlock(&one);
}

static void two_three(void) {
  pthread_mutex_lock(&two);
  pthread_mutex_lock(&three); // note: "takes 'three' while it holds 'two'"
  value++;
  pthread_mutex_unlock(&three);
  pthread_mutex_unlock(&two);
}

static void three_one(void) {
  pthread_mutex_lock(&three);
  pthread_mutex_lock(&one); // note: "takes 'one' while it holds 'three'"
  value++;
  pthread_mutex_unlock(&one);
  pthread_mutex_unlock(&three);
}

/* A writer among readers. */
static void look_up(void) {
  pthread_rwlock_rdlock(&table);
  pthread_rwlock_rdlock(&index_lock); // expect: lock-order@likely "'index_lock' is acquired here while 'table' is held"
  value++;
  pthread_rwlock_unlock(&index_lock);
  pthread_rwlock_unlock(&table);
}

static void rebuild(void) {
  pthread_rwlock_wrlock(&index_lock);
  pthread_rwlock_wrlock(&table); // note: "takes 'table' while it holds 'index_lock'"
  value = 0;
  pthread_rwlock_unlock(&table);
  pthread_rwlock_unlock(&index_lock);
}

static void *worker(void *unused) {
  forward();
  nested();
  one_two();
  look_up();
  return unused;
}

static void *other_worker(void *unused) {
  three_one();
  return unused;
}

int main(void) {
  pthread_t thread, other;
  if (pthread_create(&thread, NULL, worker, NULL))
    return 1;
  if (pthread_create(&other, NULL, other_worker, NULL))
    return 1;
  backward();
  nested_elsewhere();
  in_turn();
  two_three();
  rebuild();
  pthread_join(thread, NULL);
  pthread_join(other, NULL);
  return 0;
}
