/* A.9: a scope guard made of a block (Asterisk's RAII_VAR and SCOPED_LOCK as clang sees them): the
 * cleanup attribute calls what the block pointer holds, so the statements of the block run at every
 * way out of the scope.
 */
// flags: -fblocks
// mechanism: cleanup
#include <pthread.h>
#include <stddef.h>

typedef void (^scope_end)(void);
static inline void run_scope_end(scope_end *end) { (*end)(); }

#define GUARDED(type, name, value, finish)                                                         \
  scope_end end_of_##name __attribute__((cleanup(run_scope_end), unused)) = NULL;                  \
  __block type name = value;                                                                       \
  end_of_##name = ^{                                                                               \
    { (void)finish(name); }                                                                        \
  }
#define SCOPED_MUTEX(name, mutex)                                                                  \
  GUARDED(pthread_mutex_t *, name, (pthread_mutex_lock((mutex)), (mutex)), pthread_mutex_unlock)
/* The names say cleanup as well: the attribute must still be found. */
typedef scope_end my_cleanup_end;
#define CLEANUP_MUTEX(name, mutex)                                                                 \
  my_cleanup_end cleanup_##name __attribute__((cleanup(run_scope_end), unused)) = NULL;            \
  __block pthread_mutex_t *name = (pthread_mutex_lock((mutex)), (mutex));                          \
  cleanup_##name = ^{                                                                              \
    pthread_mutex_unlock(name);                                                                    \
  }
#define FORGETFUL(name, mutex)                                                                     \
  GUARDED(pthread_mutex_t *, name, (pthread_mutex_lock((mutex)), (mutex)), look_at)

struct account {
  pthread_mutex_t lock;
  struct account *next;
  int balance, frozen;
};

static inline int look_at(pthread_mutex_t *mutex) { return mutex != NULL; }
static pthread_mutex_t accounts_lock = PTHREAD_MUTEX_INITIALIZER;
static struct account *accounts;

int account_withdraw(struct account *account, int amount) {
  SCOPED_MUTEX(locked, &account->lock);
  if (account->frozen)
    return -1;
  if (account->balance < amount)
    return -2;
  account->balance -= amount;
  return account->balance;
}

/* In an inner scope, left by every kind of jump. */
int accounts_total(int limit) {
  int total = 0;
  for (int round = 0; round < limit; round++) {
    SCOPED_MUTEX(locked, &accounts_lock);
    struct account *account = accounts;
    if (!account)
      break;
    if (account->frozen)
      continue;
    if (account->balance < 0)
      return -1;
    total += account->balance;
  }
  return total;
}

int account_balance(struct account *account) {
  CLEANUP_MUTEX(locked, &account->lock);
  return account->frozen ? 0 : account->balance;
}

/* The block stands in the declaration itself. */
void account_freeze(struct account *account) {
  pthread_mutex_lock(&account->lock);
  scope_end end __attribute__((cleanup(run_scope_end))) = ^{
    pthread_mutex_unlock(&account->lock);
  };
  if (account->frozen)
    return;
  account->frozen = 1;
}

/* The twins: a guard that does not release, and one that stands in an inner scope too many. */
int account_deposit(struct account *account, int amount) {
  FORGETFUL(locked, &account->lock);
  if (account->frozen) {
    pthread_mutex_unlock(&account->lock);
    return -1;
  }
  account->balance += amount;
  return account->balance; // expect: lock-leak "'account->lock' is still held"
}

int account_close(struct account *account) {
  {
    SCOPED_MUTEX(locked, &account->lock);
    account->frozen = 1;
  }
  pthread_mutex_unlock(&account->lock); // expect: lock-unheld "'account->lock' is released here"
  return 0;
}
