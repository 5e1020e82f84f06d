/* L-F2: the lock is held exactly when the result says success (uv_mutex_trylock,
 * moduleTryAcquireGIL, pgstat_lock_entry).
 */
// mechanism: cases
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct module {
  pthread_mutex_t gil;
  int calls;
};

/* 0 or a negative error code. */
int module_trylock(struct module *module) {
  int error = pthread_mutex_trylock(&module->gil);
  if (error) {
    if (error != EBUSY && error != EAGAIN)
      abort();
    return -EBUSY;
  }
  return 0;
}

/* True with the lock, false without. */
bool module_acquire(struct module *module, bool wait) {
  if (wait) {
    pthread_mutex_lock(&module->gil);
    return true;
  }
  return pthread_mutex_trylock(&module->gil) == 0;
}

/* Checks under the lock, and keeps it only if the check went well. */
int module_begin(struct module *module) {
  pthread_mutex_lock(&module->gil);
  if (module->calls > 1000) {
    pthread_mutex_unlock(&module->gil);
    return -1;
  }
  module->calls++;
  return 0;
}

void module_end(struct module *module) { pthread_mutex_unlock(&module->gil); }

int call_if_free(struct module *module) {
  if (module_trylock(module) < 0)
    return 0;
  module->calls++;
  module_end(module);
  return 1;
}

int call_acquired(struct module *module, bool wait) {
  bool acquired = module_acquire(module, wait);
  if (!acquired)
    return 0;
  module->calls++;
  module_end(module);
  return 1;
}

int call_between_begin_and_end(struct module *module, int (*work)(void)) {
  int result = module_begin(module);
  if (result != 0)
    return result;
  result = work();
  module_end(module);
  return result;
}

/* Returns the error of the work without ending. */
int call_leaks_after_success(struct module *module, int (*work)(void)) {
  if (module_begin(module) != 0)
    return -1;
  if (work() < 0)
    return -2; // expect: lock-leak "module->gil"
  module_end(module);
  return 0;
}

/* The test is the wrong way round. */
void call_tests_result_backwards(struct module *module, int *busy) {
  if (module_trylock(module) == 0)
    return; // expect: lock-leak "module->gil"
  ++*busy;
}

/* Ends although begin failed. */
void call_ends_in_any_case(struct module *module) {
  if (module_begin(module) == 0)
    module->calls++;
  module_end(module); // expect: lock-unheld "module->gil"
}

/* Holds when it says failure: the other way round from what every caller expects. */
int module_begin_fails_locked(struct module *module, int *slot) {
  pthread_mutex_lock(&module->gil);
  if (module->calls > 1000)
    return -ENOSPC; // expect: lock-leak "module->gil"
  *slot = module->calls++;
  pthread_mutex_unlock(&module->gil);
  return 0;
}
