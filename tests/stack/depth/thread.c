// In a thread with a stack of its own, and through a table of functions.
// cycle: on_number on_list
// base: work
// stack: 192K
// thread: work
#include "level.h"

#include <pthread.h>
#include <string.h>

volatile long *level;

typedef int Handler(const char *text, char *out);
static Handler on_number, on_list;
static Handler *volatile handlers[] = {on_number, on_list};

static int on_number(const char *text, char *out) {
  char copy[64];
  strncpy(copy, text, sizeof copy - 1);
  copy[63] = 0;
  ++*level;
  return handlers[1](copy, out) + copy[1];
}

static int on_list(const char *text, char *out) {
  char joined[300];
  strncpy(joined, text, sizeof joined - 1);
  joined[299] = 0;
  ++*level;
  int found = handlers[0](joined, out);
  out[0] = joined[2];
  return found;
}

static void *work(void *argument) {
  char out[16];
  on_number(argument, out);
  return NULL;
}

int main(int count, char **arguments) {
  pthread_attr_t attributes;
  pthread_t thread;
  (void)count;
  level = level_begin(arguments[1]);
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 192 * 1024);
  if (pthread_create(&thread, &attributes, work, "text"))
    return 1;
  pthread_join(thread, NULL);
  return 0;
}
