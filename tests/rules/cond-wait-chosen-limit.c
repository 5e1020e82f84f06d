/* Whether the wait has a limit of time is up to who calls the wrapper (librdkafka): with one it is a
 * sleep that can be cut short, and who called may call again. Without one it is none.
 */
// mechanism: chosen-limits
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

struct broker {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int version;
};

static int wait_ms(pthread_cond_t *condition, pthread_mutex_t *mutex, int milliseconds) {
  if (milliseconds == -1)
    return pthread_cond_wait(condition, mutex);
  struct timespec until = {.tv_sec = time(NULL) + milliseconds / 1000};
  return pthread_cond_timedwait(condition, mutex, &until);
}

static int wait_s(pthread_cond_t *condition, pthread_mutex_t *mutex, int seconds) {
  return wait_ms(condition, mutex, seconds * 1000);
}

void change(struct broker *broker) {
  pthread_mutex_lock(&broker->lock);
  broker->version++;
  pthread_cond_broadcast(&broker->changed);
  pthread_mutex_unlock(&broker->lock);
}

bool wait_for_change(struct broker *broker, int milliseconds) {
  pthread_mutex_lock(&broker->lock);
  bool changed = wait_ms(&broker->changed, &broker->lock, milliseconds) == 0;
  pthread_mutex_unlock(&broker->lock);
  return changed;
}

bool wait_for_another(struct broker *broker, int version, int seconds) {
  bool changed = true;
  pthread_mutex_lock(&broker->lock);
  if (broker->version == version)
    changed = wait_s(&broker->changed, &broker->lock, seconds) == 0;
  pthread_mutex_unlock(&broker->lock);
  return changed;
}

void wait_for_ever(struct broker *broker, int version) {
  pthread_mutex_lock(&broker->lock);
  if (broker->version == version)
    wait_ms(&broker->changed, &broker->lock, -1); // expect: cond-wait "'version' is tested once"
  pthread_mutex_unlock(&broker->lock);
}
