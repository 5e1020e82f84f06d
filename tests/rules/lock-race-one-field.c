// The lock guards little else, so that it is held nearly everywhere may be chance; that two threads
// change a number at once, one of them without it, is none.
#include <pthread.h>

struct counted {
  pthread_mutex_t lock;
  int now, most;
};
static struct counted here = {PTHREAD_MUTEX_INITIALIZER, 0, 0};
static struct counted there = {PTHREAD_MUTEX_INITIALIZER, 0, 0};

void enter(void) {
  pthread_mutex_lock(&here.lock);
  here.now++; // note: "changed here as well"
  if (here.now > here.most)
    here.most = here.now;
  pthread_mutex_unlock(&here.lock);
}

void leave(void) {
  pthread_mutex_lock(&here.lock);
  here.now--; // note: "changed here as well"
  pthread_mutex_unlock(&here.lock);
}

int how_many(void) {
  pthread_mutex_lock(&here.lock);
  int now = here.now;
  pthread_mutex_unlock(&here.lock);
  return now;
}

void enter_group(int people) {
  here.now += people; // expect: lock-race "'here.now' is changed here by several threads at once"
}

/* The twin: those without the lock run before there are threads, and after them. */
static int total;

void add(int people) {
  pthread_mutex_lock(&there.lock);
  total += people;
  pthread_mutex_unlock(&there.lock);
}

void take_off(int people) {
  pthread_mutex_lock(&there.lock);
  total -= people;
  pthread_mutex_unlock(&there.lock);
}

int all(void) {
  pthread_mutex_lock(&there.lock);
  int result = total;
  pthread_mutex_unlock(&there.lock);
  return result;
}

static void *visit(void *argument) {
  enter();
  enter_group(3);
  leave();
  add(how_many());
  take_off(all());
  return argument;
}

int main(void) {
  pthread_t threads[4];
  int count = 0;
  total += 10;
  for (; count < 4; count++)
    if (pthread_create(&threads[count], NULL, visit, NULL)) // note: "are created here"
      break;
  while (count--)
    pthread_join(threads[count], NULL);
  total += 1;
  return total;
}
