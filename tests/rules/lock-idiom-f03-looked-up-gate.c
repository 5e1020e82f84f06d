/* L-F3: whether a lock is taken is asked again and again of an element that the loop counts up to.
 * What the first round learns of `places[0]` and the others of `places[i]` are one thing. */
// mechanism: rounds
#include <pthread.h>
#include <stddef.h>
#include <string.h>

struct entry {
  struct entry *next;
  const char *key, *value;
};
struct table {
  struct entry *first;
};

static pthread_rwlock_t shared_lock = PTHREAD_RWLOCK_INITIALIZER;
static struct table shared;
void count_lookup(int *rounds);

const char *look_up(struct table *own, const char *key) {
  struct table *places[2] = {own, &shared};
  const char *found = NULL;
  for (int i = 0; !found && i < 2; i++) {
    if (!places[i])
      continue;
    if (places[i] == &shared)
      pthread_rwlock_rdlock(&shared_lock);
    for (struct entry *entry = places[i]->first; entry; entry = entry->next)
      if (!strcmp(entry->key, key)) {
        found = entry->value;
        break;
      }
    if (places[i] == &shared)
      pthread_rwlock_unlock(&shared_lock);
  }
  return found;
}

/* The counter lives in memory, for its address is taken. */
const char *look_up_counted(struct table *own, const char *key) {
  struct table *places[2] = {own, &shared};
  const char *found = NULL;
  int i;
  count_lookup(&i);
  for (i = 0; !found && i < 2; i++) {
    if (!places[i])
      continue;
    if (places[i] == &shared)
      pthread_rwlock_rdlock(&shared_lock);
    for (struct entry *entry = places[i]->first; entry; entry = entry->next)
      if (!strcmp(entry->key, key)) {
        found = entry->value;
        break;
      }
    if (places[i] == &shared)
      pthread_rwlock_unlock(&shared_lock);
  }
  return found;
}

/* The lock is held all the time but for one element. */
const char *look_up_in_order(struct table *own, const char *key) {
  struct table *places[2] = {&shared, own};
  const char *found = NULL;
  int i;
  count_lookup(&i);
  pthread_rwlock_wrlock(&shared_lock);
  for (i = 0; !found && i < 2; i++) {
    if (!places[i])
      continue;
    if (places[i] == own)
      pthread_rwlock_unlock(&shared_lock);
    for (struct entry *entry = places[i]->first; entry; entry = entry->next)
      if (!strcmp(entry->key, key)) {
        found = entry->value;
        break;
      }
    if (places[i] == own)
      pthread_rwlock_wrlock(&shared_lock);
  }
  pthread_rwlock_unlock(&shared_lock);
  return found;
}

/* The twin asks another question the second time. */
const char *look_up_badly(struct table *own, const char *key) {
  struct table *places[2] = {own, &shared};
  const char *found = NULL;
  for (int i = 0; !found && i < 2; i++) {
    if (!places[i])
      continue;
    if (places[i] == &shared)
      pthread_rwlock_rdlock(&shared_lock);
    for (struct entry *entry = places[i]->first; entry; entry = entry->next)
      if (!strcmp(entry->key, key)) {
        found = entry->value;
        break;
      }
    if (places[i] == own)
      pthread_rwlock_unlock(&shared_lock); // expect: lock-unheld "'shared_lock' is released here"
  }
  return found;
}
