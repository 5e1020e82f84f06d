/* A function that is handed to whoever keeps it is called there, in whatever is held. */
// run: --min-confidence possible
// mechanism: handed-on
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t out = PTHREAD_MUTEX_INITIALIZER;
static int entries[10], count;

static struct {
  void (*changed)(int);
  void (*removed)(int);
} observers[4];
static int observer_count;

static void observe(void (*changed)(int), void (*removed)(int)) {
  if (observer_count == 4)
    return;
  observers[observer_count].changed = changed;
  observers[observer_count++].removed = removed;
}

static int size(void) {
  pthread_mutex_lock(&table);
  int now = count;
  pthread_mutex_unlock(&table);
  return now;
}

static void add(int entry) {
  pthread_mutex_lock(&table);
  if (count < 10)
    entries[count++] = entry;
  for (int i = 0; i < observer_count; i++)
    observers[i].changed(entry);
  pthread_mutex_unlock(&table);
}

/* The right way: nothing is held where others are called. */
static void remove_last(void) {
  pthread_mutex_lock(&table);
  int entry = count ? entries[--count] : 0;
  pthread_mutex_unlock(&table);
  for (int i = 0; i < observer_count; i++)
    observers[i].removed(entry);
}

static void tell(int entry) {
  pthread_mutex_lock(&out); // expect: lock-order "'out' is acquired here while 'table' is held"
  printf("new: %d\n", entry);
  pthread_mutex_unlock(&out);
}

static void tell_removed(int entry) {
  pthread_mutex_lock(&out);
  printf("old: %d, left: %d\n", entry, size());
  pthread_mutex_unlock(&out);
}

static void *report(void *rounds) {
  for (int i = 0; i < *(int *)rounds; i++) {
    pthread_mutex_lock(&out);
    printf("%d\n", size());
    pthread_mutex_unlock(&out);
    sleep(1);
  }
  return NULL;
}

int main(void) {
  pthread_t reporter;
  int rounds = 100;
  observe(tell, tell_removed);
  if (pthread_create(&reporter, NULL, report, &rounds))
    return 1;
  for (int i = 0; i < 10; i++)
    add(i);
  remove_last();
  pthread_join(reporter, NULL);
}
