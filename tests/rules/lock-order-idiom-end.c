/* Who never returns ends the process: nobody is left who could wait for the lock. */
// mechanism: waits-end
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t data = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void print(const char *text) {
  pthread_mutex_lock(&output);
  puts(text);
  pthread_mutex_unlock(&output);
}

static _Noreturn void die(const char *text) {
  print(text);
  abort();
}

/* Returns, if all is well. */
static void check(int value) {
  if (value < 0)
    die("overflow");
}

static void *counts(void *unused) {
  pthread_mutex_lock(&data);
  check(++count);
  pthread_mutex_unlock(&data);
  return unused;
}

static void *shows(void *unused) {
  pthread_mutex_lock(&output);
  pthread_mutex_lock(&data);
  printf("%d\n", count);
  pthread_mutex_unlock(&data);
  pthread_mutex_unlock(&output);
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, counts, NULL);
  pthread_create(&b, NULL, shows, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return 0;
}
