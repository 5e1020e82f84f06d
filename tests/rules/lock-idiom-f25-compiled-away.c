/* L-F25: a build that turns its locks into nothing (mosquitto's dummypthread.h). There is nothing
 * to find, but "clean" would be a lie: the remark locks-compiled-away says so.
 * The twin is the same code with its locks in place.
 */
// mechanism: compiled-away
// remark: locks-compiled-away
#include <pthread.h>
#include <stddef.h>

struct context {
  pthread_mutex_t state_mutex;
  int state;
};

#ifdef WITH_THREADING
#define context_lock(context) pthread_mutex_lock(&(context)->state_mutex)
#define context_unlock(context) pthread_mutex_unlock(&(context)->state_mutex)
#else
#define context_lock(context)
#define context_unlock(context)
#endif

int context_state(struct context *context) {
  int state;
  context_lock(context);
  state = context->state;
  context_unlock(context);
  return state;
}

int context_set_state_unbalanced(struct context *context, int state) {
  context_lock(context);
  if (state < 0)
    return -1;
  context->state = state;
  context_unlock(context);
  return 0;
}
