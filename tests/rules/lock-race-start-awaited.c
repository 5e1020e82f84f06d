/* A thread whose creator waits until it has begun: what it does before it says so is over then,
 * whatever else it does meanwhile. */
// run: --min-confidence possible
// mechanism: start-awaited
#include <pthread.h>
#include <stdlib.h>

struct gate {
  pthread_mutex_t mutex;
  pthread_cond_t opened;
  int is_open;
};

static int next_option; // which of them is read next
static int served;      // by whom, is told at the end
static int early;
static struct gate gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};

static int read_option(int count) {
  if (next_option >= count)
    return -1;
  return next_option++;
}

static void open_gate(void) {
  pthread_mutex_lock(&gate.mutex);
  gate.is_open = 1;
  pthread_cond_signal(&gate.opened);
  pthread_mutex_unlock(&gate.mutex);
}

static void wait_for_gate(void) {
  pthread_mutex_lock(&gate.mutex);
  while (!gate.is_open)
    pthread_cond_wait(&gate.opened, &gate.mutex);
  gate.is_open = 0;
  pthread_mutex_unlock(&gate.mutex);
}

static void *serve(void *arg) {
  while (read_option(3) >= 0)
    early++;
  open_gate();
  served++; // note: changed here as well
  return arg;
}

static void run(int count) {
  pthread_t thread;
  pthread_create(&thread, NULL, serve, NULL);
  early++; // expect: lock-race "'early' is changed here by several threads at once"
  wait_for_gate();
  while (read_option(count) >= 0)
    served++; // expect: lock-race "'served' is changed here by several threads at once"
  pthread_join(thread, NULL);
}

int main(int argc, char **argv) {
  for (int i = 0; i < argc; i++)
    run(atoi(argv[i]));
  return served + early + next_option;
}
