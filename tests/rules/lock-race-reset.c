/* A sum that threads change with a lock is set anew without it, by one who has just taken it to read
 * the sum.
 */
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long requests, answers, latest;

static void *serve(void *argument) {
  for (;;) {
    pthread_mutex_lock(&lock);
    requests++;
    answers++;
    latest = requests;
    pthread_mutex_unlock(&lock);
  }
  return argument;
}

static void print_rate(void) {
  pthread_mutex_lock(&lock);
  long now = requests;
  pthread_mutex_unlock(&lock);
  requests = 0; // expect: lock-race@likely "'requests' is set anew here without 'lock'"
  if (now > 1000)
    write(1, "!", 1);
}

static void print_answers(void) {
  pthread_mutex_lock(&lock);
  long now = answers;
  answers = 0;
  pthread_mutex_unlock(&lock);
  if (now > 1000)
    write(1, "?", 1);
}

/* Nobody makes a new value of this one's old one. */
static void forget_latest(void) {
  pthread_mutex_lock(&lock);
  long now = latest;
  pthread_mutex_unlock(&lock);
  latest = 0;
  if (now > 1000)
    write(1, "#", 1);
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 3; i++)
    pthread_create(&threads[i], NULL, serve, NULL);
  for (;;) {
    sleep(1);
    print_rate();
    print_answers();
    forget_latest();
  }
}
