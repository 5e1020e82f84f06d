/* lock-order: one function pauses and resumes, as its argument says; resuming takes no lock that
 * pausing has taken. */
// mechanism: order-held
#include <pthread.h>

enum what { PAUSE, RESUME };
static pthread_mutex_t mover = PTHREAD_MUTEX_INITIALIZER, crawler = PTHREAD_MUTEX_INITIALIZER;
static int value;

static void mover_pause(void) { pthread_mutex_lock(&mover); }
static void mover_resume(void) { pthread_mutex_unlock(&mover); }
static void crawler_pause(void) { pthread_mutex_lock(&crawler); }
static void crawler_resume(void) { pthread_mutex_unlock(&crawler); }

static void all(enum what what) {
  switch (what) {
  case PAUSE:
    mover_pause();
    crawler_pause();
    break;
  case RESUME:
    crawler_resume();
    mover_resume();
    break;
  }
}

static void *grow(void *unused) {
  all(PAUSE);
  value++;
  all(RESUME);
  return unused;
}

static void *move(void *unused) {
  pthread_mutex_lock(&mover);
  pthread_mutex_lock(&crawler);
  value--;
  pthread_mutex_unlock(&crawler);
  pthread_mutex_unlock(&mover);
  return unused;
}

int main(void) {
  pthread_t growing, moving;
  if (pthread_create(&growing, NULL, grow, NULL))
    return 1;
  if (!pthread_create(&moving, NULL, move, NULL))
    pthread_join(moving, NULL);
  pthread_join(growing, NULL);
  return 0;
}
