/* Threads that are joined or detached twice. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>

static void *work(void *argument) { return argument; }

int twice(int failed) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL))
    return -1;
  if (failed)
    pthread_join(thread, NULL); // note: "joined here"
  pthread_join(thread, NULL);   // expect: thread-double-join "it was joined before"
  return 0;
}

int detached_and_joined(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL))
    return -1;
  pthread_detach(thread); // note: "detached here"
  return pthread_join(thread, NULL); // expect: thread-double-join "it is detached"
}

int created_detached_and_joined(void) {
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  if (pthread_create(&thread, &attributes, work, NULL)) // note: "created detached here"
    return -1;
  return pthread_join(thread, NULL); // expect: thread-double-join "it is detached"
}

int joined_or_detached(int wait) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL))
    return -1;
  if (wait)
    pthread_join(thread, NULL);
  else
    pthread_detach(thread);
  return 0;
}

/* The second thread of the same handle. */
int joined_and_started_again(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL))
    return -1;
  pthread_join(thread, NULL);
  if (pthread_create(&thread, NULL, work, NULL))
    return -1;
  pthread_join(thread, NULL);
  return 0;
}

/* The time is up: it cannot be joined, and is left to itself. */
int joined_in_time(const struct timespec *until) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL))
    return -1;
  if (pthread_timedjoin_np(thread, NULL, until))
    pthread_detach(thread);
  return 0;
}

enum command { COMMAND_STOP, COMMAND_END, COMMAND_OTHER };
enum command next_command(void);

/* Who gives the commands says it once. */
void by_command(pthread_t *thread) {
  for (enum command command = next_command(); command != COMMAND_END; command = next_command())
    switch (command) {
    case COMMAND_STOP:
      pthread_join(*thread, NULL);
      break;
    default:
      break;
    }
}

void in_every_round(pthread_t *thread) {
  for (enum command command = next_command(); command != COMMAND_END; command = next_command())
    pthread_join(*thread, NULL); // expect: thread-double-join "it was joined before"
}
