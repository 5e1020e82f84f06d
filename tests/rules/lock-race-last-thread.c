/* A thread that ends the others, main included, puts in order what they leave: nobody is there any
 * more who could change it meanwhile. */
// mechanism: last-thread
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t writer, main_thread;
static long written, saved, interrupts;

static void *write_all(void *unused) {
  for (;;) {
    pthread_mutex_lock(&lock);
    written++;
    interrupts++;
    pthread_mutex_unlock(&lock);
  }
  return unused;
}

static void restore(void) {
  written -= saved;
  printf("%ld\n", written);
  exit(1);
}

static void *watch(void *unused) {
  sigset_t set;
  int number;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigwait(&set, &number);
  interrupts++; // expect: lock-race "'interrupts' is changed here by several threads at once"
  pthread_cancel(writer);
  pthread_join(writer, NULL);
  pthread_cancel(main_thread);
  pthread_join(main_thread, NULL);
  restore();
  return unused;
}

int main(void) {
  pthread_t watcher;
  main_thread = pthread_self();
  pthread_create(&writer, NULL, write_all, NULL);
  pthread_create(&watcher, NULL, watch, NULL);
  for (int i = 0; i < 100; i++) {
    pthread_mutex_lock(&lock);
    written += i;
    pthread_mutex_unlock(&lock);
  }
  pthread_join(writer, NULL);
  return 0;
}
