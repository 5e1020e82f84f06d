/* IDIOMS A18: the thread starts with the lock held, because the library that starts it has taken it
 * (frr: every thread holds the RCU read lock when its function is called).
 */
// mechanism: entry
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct frr_thread {
  void *(*function)(void *);
  void *argument;
};

static pthread_rwlock_t rcu = PTHREAD_RWLOCK_INITIALIZER;
static bool stopping;
static long beats;

static void rcu_read_lock(void) { pthread_rwlock_rdlock(&rcu); }
static void rcu_read_unlock(void) { pthread_rwlock_unlock(&rcu); }

/* Takes the lock for the thread's function, which may give it back for a while. */
static void *thread_inner(void *argument) {
  struct frr_thread *thread = argument;
  rcu_read_lock();
  void *result = thread->function(thread->argument);
  rcu_read_unlock();
  return result;
}

/* Gives up what it started with while it waits. */
static void *keepalive(void *argument) {
  void (*wait)(void) = (void (*)(void))argument;
  while (!stopping) {
    rcu_read_unlock();
    wait();
    rcu_read_lock();
    beats++;
  }
  return NULL;
}

int keepalive_start(struct frr_thread *thread, pthread_t *id, void (*wait)(void)) {
  thread->function = keepalive;
  thread->argument = (void *)wait;
  return pthread_create(id, NULL, thread_inner, thread);
}

/* A thread that the library did not start holds nothing. */
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;

static void *sweeper(void *argument) {
  long *table = argument;
  while (!stopping) {
    pthread_mutex_lock(&table_lock);
    if (*table == 0)
      break; // expect: lock-leak "table_lock"
    --*table;
    pthread_mutex_unlock(&table_lock);
  }
  return NULL;
}

int sweeper_start(long *table, pthread_t *id) {
  return pthread_create(id, NULL, sweeper, table);
}
