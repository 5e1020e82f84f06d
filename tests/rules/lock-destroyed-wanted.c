/* A lock is destroyed by the function that has created the threads which take it, and has not
 * waited for their end. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t lock, other;
static pthread_mutex_t ready_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;
static long total, done;

static void add(long more) {
  pthread_mutex_lock(&lock);
  total += more;
  pthread_mutex_unlock(&lock);
}

static void *work(void *unused) {
  for (int i = 0; i < 1000; i++)
    add(i);
  return unused;
}

static void *work_and_say(void *unused) {
  add(1);
  pthread_mutex_lock(&ready_lock);
  done = 1;
  pthread_cond_signal(&ready);
  pthread_mutex_unlock(&ready_lock);
  return unused;
}

/* ---- too early */

int joined_too_late(void) {
  pthread_t threads[3];
  pthread_mutex_init(&lock, NULL);
  for (int i = 0; i < 3; i++)
    if (pthread_create(&threads[i], NULL, work, NULL)) // note: a thread that runs 'work' is created here
      abort();
  pthread_mutex_destroy(&lock); // expect: lock-destroyed "'lock' is destroyed while the thread of 'work', which takes it, is not joined"
  for (int i = 0; i < 3; i++)
    pthread_join(threads[i], NULL);
  return total > 0;
}

struct account {
  pthread_mutex_t lock;
  long money;
};

static void *pay(void *argument) {
  struct account *account = argument;
  pthread_mutex_lock(&account->lock); // note: the thread takes it
  account->money++;
  pthread_mutex_unlock(&account->lock);
  return NULL;
}

long pay_in(void) {
  pthread_t thread;
  struct account *account = calloc(1, sizeof *account);
  if (!account)
    return -1;
  pthread_mutex_init(&account->lock, NULL);
  if (pthread_create(&thread, NULL, pay, account)) {
    pthread_mutex_destroy(&account->lock); // there is no thread
    free(account);
    return -1;
  }
  pthread_mutex_destroy(&account->lock); // expect: lock-destroyed "'account->lock' is destroyed while the thread of 'pay'"
  pthread_join(thread, NULL);
  long money = account->money;
  free(account);
  return money;
}

/* ---- in time */

long paid_in_time(void) {
  pthread_t thread;
  struct account account = {.money = 1}, unused = {.money = 0};
  pthread_mutex_init(&account.lock, NULL);
  pthread_mutex_init(&unused.lock, NULL);
  if (pthread_create(&thread, NULL, pay, &account))
    abort();
  pthread_mutex_destroy(&unused.lock); // which the thread was not given
  pthread_join(thread, NULL);
  pthread_mutex_destroy(&account.lock);
  return account.money;
}

int joined_in_time(void) {
  pthread_t threads[3];
  pthread_mutex_init(&lock, NULL);
  pthread_mutex_init(&other, NULL);
  for (int i = 0; i < 3; i++)
    if (pthread_create(&threads[i], NULL, work, NULL))
      abort();
  pthread_mutex_destroy(&other); // which the threads do not take
  for (int i = 0; i < 3; i++)
    pthread_join(threads[i], NULL);
  pthread_mutex_destroy(&lock);
  return total > 0;
}

static void join_all(pthread_t *threads, int count) {
  for (int i = 0; i < count; i++)
    pthread_join(threads[i], NULL);
}

int joined_by_another(void) {
  pthread_t threads[2];
  pthread_mutex_init(&lock, NULL);
  for (int i = 0; i < 2; i++)
    if (pthread_create(&threads[i], NULL, work, NULL))
      abort();
  join_all(threads, 2);
  pthread_mutex_destroy(&lock);
  return total > 0;
}

/* Who waits until the work is done needs no join for that. */
int told_when_done(void) {
  pthread_t thread;
  pthread_mutex_init(&lock, NULL);
  if (pthread_create(&thread, NULL, work_and_say, NULL))
    abort();
  pthread_mutex_lock(&ready_lock);
  while (!done)
    pthread_cond_wait(&ready, &ready_lock);
  pthread_mutex_unlock(&ready_lock);
  pthread_mutex_destroy(&lock);
  return pthread_join(thread, NULL);
}
