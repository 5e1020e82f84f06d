// In a thread with a stack of its own.
// levels: 2
// stack: 192K
// thread: work
#include "level.h"

#include <pthread.h>
#include <string.h>

volatile long *level;

static int on_list(const char *text, char *out);

static int on_number(const char *text, char *out) {
  char copy[64];
  if (*text != 't')
    return 0;
  strncpy(copy, text, sizeof copy - 1);
  copy[63] = 0;
  ++*level;
  return on_list(copy, out) + copy[1];
}

static int on_list(const char *text, char *out) {
  char joined[300];
  strncpy(joined, text, sizeof joined - 1);
  joined[299] = 0;
  ++*level;
  int found = on_number(joined, out);
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
