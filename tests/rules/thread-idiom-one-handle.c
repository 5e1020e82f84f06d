/* What a module starts with is registered, to be called by who has loaded it. A thread whose handle is
 * one variable is meant to be one; each of those whose handles are in objects is lost. */
// mechanism: one-handle
#include <pthread.h>
#include <stdlib.h>

struct reader {
  pthread_t thread;
  int number;
};

int module_registers_start(int (*start)(void));
int module_registers_reader(int (*start)(int number));
int accepts(int number);

static pthread_t connector;

static void *connects(void *unused) {
  (void)unused;
  while (accepts(0))
    ;
  return NULL;
}

static int starts(void) { return pthread_create(&connector, NULL, connects, NULL); }

static void *reads(void *given) {
  struct reader *reader = given;
  while (accepts(reader->number))
    ;
  return NULL;
}

static int starts_reader(int number) {
  struct reader *reader = malloc(sizeof *reader);
  if (!reader)
    return -1;
  reader->number = number;
  if (!pthread_create(&reader->thread, NULL, reads, reader)) // expect: thread-unjoined@likely "'reader->thread'"
    return 0;
  free(reader);
  return -1;
}

void module_loads(void) {
  module_registers_start(starts);
  module_registers_reader(starts_reader);
}
