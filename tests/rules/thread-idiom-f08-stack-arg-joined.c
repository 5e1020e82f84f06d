/* T-F8, IDIOMS B26: the address of a local is given to threads that end, or have taken what they
 * need, before the function returns: joined on every way, or a wait inside of that local. */
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

struct side {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  bool taken;
  int number;
};
struct meeting {
  pthread_barrier_t all;
  int number;
};

static void *work(void *given) { return given; }

int two_sides(int number) {
  struct side demotion, promotion;
  pthread_t first, second;
  memset(&demotion, 0, sizeof demotion);
  memset(&promotion, 0, sizeof promotion);
  demotion.number = promotion.number = number;
  if (pthread_create(&first, NULL, work, &demotion))
    return -1;
  if (pthread_create(&second, NULL, work, &promotion)) {
    pthread_join(first, NULL);
    return -1;
  }
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}

int first_is_left(int number) {
  struct side demotion, promotion;
  pthread_t first, second;
  demotion.number = promotion.number = number;
  if (pthread_create(&first, NULL, work, &demotion)) // expect: thread-stack-arg "'demotion'"
    return -1;
  pthread_detach(first);
  if (pthread_create(&second, NULL, work, &promotion))
    return -1;
  pthread_join(second, NULL);
  return 0;
}

int slots(int number) {
  struct {
    pthread_t id;
    struct side side;
  } threads[4];
  memset(threads, 0, sizeof threads);
  for (int i = 0; i < 4; i++) {
    threads[i].side.number = number + i;
    if (pthread_create(&threads[i].id, NULL, work, &threads[i].side))
      threads[i].id = 0;
  }
  for (int i = 0; i < 4; i++)
    if (threads[i].id)
      pthread_join(threads[i].id, NULL);
  return 0;
}

int taken_by_condition(int number) {
  struct side side = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, number};
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, &side))
    return -1;
  pthread_detach(thread);
  pthread_mutex_lock(&side.mutex);
  while (!side.taken)
    pthread_cond_wait(&side.changed, &side.mutex);
  pthread_mutex_unlock(&side.mutex);
  return 0;
}

int taken_by_barrier(int number) {
  struct meeting meeting = {.number = number};
  pthread_t thread;
  pthread_barrier_init(&meeting.all, NULL, 2);
  if (pthread_create(&thread, NULL, work, &meeting))
    return -1;
  pthread_detach(thread);
  pthread_barrier_wait(&meeting.all);
  pthread_barrier_destroy(&meeting.all);
  return 0;
}

int told_but_not_waited_for(int number) {
  struct side side = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, number};
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, &side)) // expect: thread-stack-arg "'side'"
    return -1;
  pthread_detach(thread);
  pthread_mutex_lock(&side.mutex);
  side.number++;
  pthread_cond_signal(&side.changed);
  pthread_mutex_unlock(&side.mutex);
  return 0; // note: "'side' is gone here"
}
