// A lock of the global's own record guards it, however few uses there are; that two threads change a
// number at once, one of them without it, is no matter of statistics.
#include <pthread.h>

struct counted {
  pthread_mutex_t lock;
  int now, most;
};
static struct counted here = {PTHREAD_MUTEX_INITIALIZER, 0, 0};
static struct counted there = {PTHREAD_MUTEX_INITIALIZER, 0, 0};

void enter(void) {
  pthread_mutex_lock(&here.lock);
  here.now++;
  if (here.now > here.most)
    here.most = here.now;
  pthread_mutex_unlock(&here.lock);
}

void leave(void) {
  pthread_mutex_lock(&here.lock);
  here.now--;
  pthread_mutex_unlock(&here.lock);
}

int how_many(void) {
  pthread_mutex_lock(&here.lock);
  int now = here.now;
  pthread_mutex_unlock(&here.lock);
  return now;
}

void enter_group(int people) {
  here.now += people; // expect: lock-race@certain "'here.now' is written here without 'struct counted.lock', which guards it elsewhere"
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
