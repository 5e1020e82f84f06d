// mechanism: lifetimes
// run: --min-confidence info
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct account {
  pthread_mutex_t lock, log_lock;
  pthread_rwlock_t names;
  sem_t done;
  bool has_log;
  int balance;
  struct account *next;
};

/* ---- destroyed while it is held */

void close_forgets_to_release(struct account *account) {
  pthread_mutex_lock(&account->lock); // note: "acquired here"
  account->balance = 0;
  pthread_mutex_destroy(&account->lock); // expect: lock-destroyed@likely "'account->lock' is destroyed while it is held"
}

int close_on_one_way(struct account *account) {
  pthread_rwlock_wrlock(&account->names);
  if (account->balance) {
    pthread_rwlock_destroy(&account->names); // expect: lock-destroyed "'account->names' is destroyed while it is held"
    return -1;
  }
  pthread_rwlock_unlock(&account->names);
  pthread_rwlock_destroy(&account->names);
  return 0;
}

static void account_clear(struct account *account) { pthread_mutex_destroy(&account->lock); }

void close_by_callee(struct account *account) {
  pthread_mutex_lock(&account->lock);
  account_clear(account); // expect: lock-destroyed@likely "'account->lock' is destroyed while it is held"
}

void close_after_release(struct account *account) {
  pthread_mutex_lock(&account->lock);
  account->balance = 0;
  pthread_mutex_unlock(&account->lock);
  account_clear(account);
}

static void account_release_and_clear(struct account *account) {
  pthread_mutex_unlock(&account->lock);
  pthread_mutex_destroy(&account->lock);
}

void close_hands_over(struct account *account) {
  pthread_mutex_lock(&account->lock);
  account_release_and_clear(account);
}

/* Whether the callee gives it back hangs on what only it knows to go together with the flag. */
static void account_flush(struct account *account) {
  if (account->has_log && account->balance)
    pthread_mutex_unlock(&account->lock);
}

void close_by_flush(struct account *account) {
  if (account->has_log)
    pthread_mutex_lock(&account->lock);
  account_flush(account);
  if (account->has_log)
    pthread_mutex_destroy(&account->lock); // expect: lock-destroyed@possible
}

/* ---- freed with it: L-F24 */

void free_held(struct account *account) {
  pthread_mutex_lock(&account->lock);
  free(account); // expect: lock-destroyed@info "'account->lock' is held while the memory it is in is freed"
}

void free_other(struct account *account) {
  pthread_mutex_lock(&account->lock);
  free(account->next);
  pthread_mutex_unlock(&account->lock);
}

/* ---- used after it */

void use_after_destroy(struct account *account) {
  pthread_mutex_destroy(&account->lock); // note: "destroyed here"
  pthread_mutex_lock(&account->lock); // expect: lock-destroyed@likely "'account->lock' is used after it was destroyed"
  pthread_mutex_unlock(&account->lock);
}

void use_after_callee(struct account *account) {
  account_clear(account); // note: "destroyed by 'account_clear', called here"
  pthread_mutex_lock(&account->lock); // expect: lock-destroyed "'account->lock' is used after it was destroyed"
  pthread_mutex_unlock(&account->lock);
}

static int account_balance(struct account *account) {
  pthread_mutex_lock(&account->lock);
  int balance = account->balance;
  pthread_mutex_unlock(&account->lock);
  return balance;
}

int used_by_callee(struct account *account) {
  account_clear(account);
  return account_balance(account); // expect: lock-destroyed "'account->lock' is used after it was destroyed"
}

void destroy_twice(struct account *account) {
  account_clear(account);
  pthread_mutex_destroy(&account->lock); // expect: lock-destroyed "'account->lock' is destroyed a second time"
}

/* ---- made anew, or not on every way */

void made_anew(struct account *account) {
  pthread_mutex_destroy(&account->lock);
  pthread_mutex_init(&account->lock, NULL);
  pthread_mutex_lock(&account->lock);
  pthread_mutex_unlock(&account->lock);
  pthread_mutex_destroy(&account->lock);
}

/* Somebody holds it still. */
void not_destroyed(struct account *account) {
  if (pthread_mutex_destroy(&account->lock) != 0) {
    pthread_mutex_lock(&account->lock);
    pthread_mutex_unlock(&account->lock);
  }
}

void destroyed_as_it_says(struct account *account) {
  int result = pthread_mutex_destroy(&account->lock);
  if (result == 0)
    pthread_mutex_lock(&account->lock); // expect: lock-destroyed "'account->lock' is used after it was destroyed"
}

static void account_open(struct account *account) {
  if (account->has_log)
    pthread_mutex_init(&account->log_lock, NULL);
  pthread_mutex_init(&account->lock, NULL);
}

static void account_close(struct account *account) {
  if (account->has_log)
    pthread_mutex_destroy(&account->log_lock);
  pthread_mutex_destroy(&account->lock);
}

void opened_again(struct account *account) {
  account_close(account);
  account_open(account);
  account->balance = account_balance(account);
  account_close(account);
}

void assigned_anew(struct account *account) {
  pthread_mutex_destroy(&account->lock);
  *account = (struct account){.lock = PTHREAD_MUTEX_INITIALIZER};
  pthread_mutex_lock(&account->lock);
  pthread_mutex_unlock(&account->lock);
}

void log_may_be_gone(struct account *account) {
  account_close(account);
  if (account->has_log)
    return;
  pthread_mutex_lock(&account->log_lock);
  pthread_mutex_unlock(&account->log_lock);
}

void all_of_them(struct account *accounts, int count) {
  for (int i = 0; i < count; i++) {
    pthread_mutex_lock(&accounts[i].lock);
    pthread_mutex_unlock(&accounts[i].lock);
    pthread_mutex_destroy(&accounts[i].lock);
  }
}

void list_of_them(struct account *account) {
  while (account) {
    struct account *next = account->next;
    account_clear(account);
    free(account);
    account = next;
  }
}

void a_new_one_each_round(int count) {
  for (int i = 0; i < count; i++) {
    pthread_mutex_t lock;
    pthread_mutex_init(&lock, NULL);
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    pthread_mutex_destroy(&lock);
  }
}

/* It comes and goes in the callee. */
static void with_log_lock(struct account *account) {
  pthread_mutex_init(&account->log_lock, NULL);
  pthread_mutex_lock(&account->log_lock);
  account->balance++;
  pthread_mutex_unlock(&account->log_lock);
  pthread_mutex_destroy(&account->log_lock);
}

void with_log_lock_twice(struct account *account) {
  with_log_lock(account);
  with_log_lock(account);
}

void with_log_lock_and_once_more(struct account *account) {
  with_log_lock(account);
  pthread_mutex_lock(&account->log_lock); // expect: lock-destroyed "'account->log_lock' is used after it was destroyed"
  pthread_mutex_unlock(&account->log_lock);
}

/* A semaphore that was waited for is nobody's. */
void wait_and_close(struct account *account) {
  while (sem_wait(&account->done))
    ;
  sem_destroy(&account->done);
}
