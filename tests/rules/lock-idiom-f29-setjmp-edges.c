/* L-F29: setjmp returns twice, and the second time only from calls between it and the end of its
 * region. Locks taken after the region, or outside of it, are not in doubt (PG_TRY in
 * DropSubscription).
 */
// mechanism: noreturn
#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

struct subscription {
  pthread_mutex_t lock;
  bool enabled;
  int workers;
};

static sigjmp_buf *exception_stack;

#define TRY                                                                                        \
  do {                                                                                             \
    sigjmp_buf *save_exception_stack = exception_stack;                                            \
    sigjmp_buf local_sigjmp_buf;                                                                   \
    bool do_rethrow = false;                                                                       \
    if (sigsetjmp(local_sigjmp_buf, 0) == 0) {                                                     \
      exception_stack = &local_sigjmp_buf
#define FINALLY                                                                                    \
  }                                                                                                \
  else do_rethrow = true;                                                                          \
  {                                                                                                \
    exception_stack = save_exception_stack
#define END_TRY                                                                                    \
  }                                                                                                \
  if (do_rethrow)                                                                                  \
    rethrow();                                                                                     \
  exception_stack = save_exception_stack;                                                          \
  }                                                                                                \
  while (0)

__attribute__((noreturn)) static void rethrow(void) { siglongjmp(*exception_stack, 1); }

extern void stop_workers(int count);

void subscription_drop(struct subscription *subscription) {
  TRY;
  stop_workers(subscription->workers);
  FINALLY;
  subscription->enabled = false;
  END_TRY;
  pthread_mutex_lock(&subscription->lock);
  subscription->workers = 0;
  pthread_mutex_unlock(&subscription->lock);
}

/* Held around the region, released after it on both ways. */
void subscription_stop(struct subscription *subscription) {
  pthread_mutex_lock(&subscription->lock);
  TRY;
  stop_workers(subscription->workers);
  FINALLY;
  subscription->enabled = false;
  pthread_mutex_unlock(&subscription->lock);
  END_TRY;
}

/* Released where the exception goes on, which never comes back, and at the end of the other way. */
void subscription_refresh(struct subscription *subscription) {
  pthread_mutex_lock(&subscription->lock);
  TRY;
  stop_workers(subscription->workers);
  FINALLY;
  if (do_rethrow)
    pthread_mutex_unlock(&subscription->lock);
  END_TRY;
  subscription->workers = 0;
  pthread_mutex_unlock(&subscription->lock);
}

/* A handler that jumps to the end. */
int subscription_check(struct subscription *subscription) {
  sigjmp_buf here;
  int result = -1;
  pthread_mutex_lock(&subscription->lock);
  if (sigsetjmp(here, 0) != 0)
    goto out;
  exception_stack = &here;
  stop_workers(0);
  result = subscription->workers;
out:
  exception_stack = NULL;
  pthread_mutex_unlock(&subscription->lock);
  return result;
}

/* After the region, an ordinary leak is a leak. */
int subscription_drop_leaks(struct subscription *subscription) {
  TRY;
  stop_workers(subscription->workers);
  FINALLY;
  subscription->enabled = false;
  END_TRY;
  pthread_mutex_lock(&subscription->lock);
  if (subscription->workers == 0)
    return -1; // expect: lock-leak "subscription->lock"
  subscription->workers = 0;
  pthread_mutex_unlock(&subscription->lock);
  return 0;
}
