/* A thread for each connection: with nothing that limits them, and with all that may. */
// mechanism: throttle
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 64 };

static void *talk(void *argument) {
  int *connection = argument;
  close(*connection);
  free(connection);
  return NULL;
}

static int *boxed(int connection) {
  int *box = malloc(sizeof *box);
  if (box)
    *box = connection;
  return box;
}

static void start_detached(void *(*entry)(void *), void *argument) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, entry, argument) == 0) // expect: thread-unbounded "again and"
    pthread_detach(thread);
}

/* ---- nothing limits them */

static void serve_all(int listener) {
  for (;;) { // note: "goes round any number of times"
    int connection = accept(listener, NULL, NULL);
    if (connection < 0)
      continue;
    start_detached(talk, boxed(connection));
  }
}

static void *talk_alone(void *argument) {
  pthread_detach(pthread_self());
  return talk(argument);
}

static bool stopped;

static void serve_until_stopped(int listener) {
  pthread_t thread;
  while (!stopped) {
    int connection = accept(listener, NULL, NULL);
    if (connection == -1) {
      stopped = true;
      break;
    }
    pthread_create(&thread, NULL, talk_alone, boxed(connection)); // expect: thread-unbounded "detached"
  }
}

/* ---- a counter, which the thread lowers */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t free_place = PTHREAD_COND_INITIALIZER;
static int running;

static void *talk_counted(void *argument) {
  talk_alone(argument);
  pthread_mutex_lock(&lock);
  running--;
  pthread_cond_signal(&free_place);
  pthread_mutex_unlock(&lock);
  return NULL;
}

static void serve_some(int listener) {
  pthread_t thread;
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    pthread_mutex_lock(&lock);
    bool full = running >= MOST;
    if (!full)
      running++;
    pthread_mutex_unlock(&lock);
    if (full) {
      close(connection);
      continue;
    }
    pthread_create(&thread, NULL, talk_counted, boxed(connection));
  }
}

static bool is_full(void) {
  pthread_mutex_lock(&lock);
  bool full = running >= MOST;
  pthread_mutex_unlock(&lock);
  return full;
}

static void serve_if_not_full(int listener) {
  pthread_t thread;
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    if (is_full()) {
      close(connection);
      continue;
    }
    pthread_create(&thread, NULL, talk_counted, boxed(connection));
  }
}

static void serve_when_free(int listener) {
  pthread_t thread;
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    pthread_mutex_lock(&lock);
    while (running >= MOST)
      pthread_cond_wait(&free_place, &lock);
    running++;
    pthread_mutex_unlock(&lock);
    pthread_create(&thread, NULL, talk_counted, boxed(connection));
  }
}

/* ---- a semaphore */

static sem_t places;

static void *talk_and_post(void *argument) {
  talk_alone(argument);
  sem_post(&places);
  return NULL;
}

static void serve_with_places(int listener) {
  pthread_t thread;
  for (;;) {
    sem_wait(&places);
    int connection = accept(listener, NULL, NULL);
    pthread_create(&thread, NULL, talk_and_post, boxed(connection));
  }
}

/* ---- one at a time */

static bool saving;

static void *save(void *argument) {
  pthread_detach(pthread_self());
  saving = false;
  return argument;
}

static void save_unless_saving(void) {
  pthread_t thread;
  if (saving)
    return;
  saving = true;
  if (pthread_create(&thread, NULL, save, NULL))
    saving = false;
}

static void save_often(void) {
  for (;;) {
    sleep(1);
    save_unless_saving();
  }
}

/* ---- a pool: as many as there are processors */

static void *work(void *argument) {
  pthread_detach(pthread_self());
  for (;;)
    sleep(1);
  return argument;
}

static void start_pool(int count) {
  pthread_t thread;
  for (int i = 0; i < count; i++)
    pthread_create(&thread, NULL, work, NULL);
}

int main(int count, char **arguments) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  (void)arguments;
  sem_init(&places, 0, MOST);
  start_pool(count);
  switch (count) {
  case 1:
    serve_all(listener);
    break;
  case 2:
    serve_until_stopped(listener);
    break;
  case 3:
    serve_some(listener);
    break;
  case 4:
    serve_if_not_full(listener);
    break;
  case 5:
    serve_when_free(listener);
    break;
  case 6:
    serve_with_places(listener);
    break;
  default:
    save_often();
  }
  return 0;
}
