// A slip that the first round of a loop cannot reach: the way to it goes round twice.
#include <pthread.h>

enum { LEVEL, DEPTH, WIDTH, OPTIONS };

extern int apply_option(int option);
static pthread_mutex_t setup_lock = PTHREAD_MUTEX_INITIALIZER;
static int is_set[OPTIONS];

int set_up_leaks(void) {
  int result;
  pthread_mutex_lock(&setup_lock);
  for (int option = 0; option < OPTIONS; option++) {
    if (option == LEVEL || !is_set[option])
      continue;
    result = apply_option(option);
    if (result != 0)
      goto failed; // expect: lock-leak "'setup_lock' is still held"
  }
  result = apply_option(LEVEL);
  if (result < 0) {
    pthread_mutex_unlock(&setup_lock);
    goto failed;
  }
  pthread_mutex_unlock(&setup_lock);
  return 0;
failed:
  return result;
}

int set_up(void) {
  int result;
  pthread_mutex_lock(&setup_lock);
  for (int option = 0; option < OPTIONS; option++) {
    if (option == LEVEL || !is_set[option])
      continue;
    result = apply_option(option);
    if (result != 0)
      goto failed;
  }
  pthread_mutex_unlock(&setup_lock);
  return 0;
failed:
  pthread_mutex_unlock(&setup_lock);
  return result;
}

// No round ever stops here: what the loop counts says so.
int never_stops(void) {
  pthread_mutex_lock(&setup_lock);
  for (int option = 0; option < OPTIONS; option++)
    if (option > OPTIONS)
      return -1;
  pthread_mutex_unlock(&setup_lock);
  return 0;
}
