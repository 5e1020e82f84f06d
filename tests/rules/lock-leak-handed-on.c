/* Locks that a callee has taken and that are handed on to the caller: with what was read from the
 * locked object, or by the place that the caller has given for it. */
// mechanism: told-by-object
// mechanism: told-by-callee
// mechanism: handed
// run: --min-confidence possible
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct entry {
  pthread_rwlock_t lock;
  struct entry *next;
  struct record *key;
  long ends;
};
struct record {
  struct entry entry;
  int number;
};
struct node {
  pthread_rwlock_t lock;
  int kind;
};
struct zone {
  pthread_rwlock_t lock;
  struct zone *next;
  bool enabled;
};
struct zones {
  struct zone *first;
};

struct entry *find_entry(int number);
struct node *find_node(struct zone *zone);
struct zone *find_above(struct zone *zone);

static struct entry *locked_entry(int number) {
  struct entry *entry = find_entry(number);
  if (entry)
    pthread_rwlock_rdlock(&entry->lock);
  return entry;
}

/* The caller gives back record->entry.lock. */
static struct record *lookup(int number, long now) {
  struct entry *entry = locked_entry(number);
  if (!entry)
    return NULL;
  if (entry->ends < now) {
    pthread_rwlock_unlock(&entry->lock);
    return NULL;
  }
  return entry->key;
}

int number_of(int number, long now) {
  struct record *record = lookup(number, now);
  int found = 0;
  if (record) {
    found = record->number;
    pthread_rwlock_unlock(&record->entry.lock);
  }
  return found;
}

/* What is returned has nothing to do with the locked object. */
static struct record *lookup_elsewhere(int number, long now, struct record *other) {
  struct entry *entry = locked_entry(number); // note: "acquired by 'locked_entry'"
  if (!entry)
    return NULL;
  if (entry->ends < now) {
    pthread_rwlock_unlock(&entry->lock);
    return NULL;
  }
  return other->entry.key; // expect: lock-leak "'entry->lock' is still held"
}

struct record *elsewhere(int number, long now, struct record *other) {
  return lookup_elsewhere(number, now, other);
}

static struct node *locked_node(struct zone *zone) {
  struct node *node = find_node(zone);
  if (!node)
    return NULL;
  pthread_rwlock_rdlock(&node->lock);
  return node;
}

static struct zone *locked_above(struct zone *zone) {
  struct zone *above = find_above(zone);
  if (!above)
    return NULL;
  pthread_rwlock_rdlock(&above->lock);
  return above;
}

/* That no node is found is no failure: the zones are handed out by their places. */
static struct node *resolve(struct zones *zones, struct zone **above_out, struct zone **zone_out) {
  struct node *node = NULL;
  struct zone *zone, *above = NULL;
  for (zone = zones->first; zone; zone = zone->next) {
    pthread_rwlock_rdlock(&zone->lock);
    if (zone->enabled) {
      above = locked_above(zone);
      node = locked_node(zone);
      if (above || node)
        break;
    }
    pthread_rwlock_unlock(&zone->lock);
  }
  *zone_out = zone;
  *above_out = above;
  return node;
}

/* The places are its caller's. */
static int apply(struct zones *zones, struct zone **above_out, struct zone **zone_out) {
  int result = -1;
  struct node *node = resolve(zones, above_out, zone_out);
  if (!*above_out || node)
    result = node ? node->kind : 0;
  if (node)
    pthread_rwlock_unlock(&node->lock);
  return result;
}

int answer(struct zones *zones) {
  struct zone *above = NULL, *zone = NULL;
  int result = apply(zones, &above, &zone);
  if (above)
    pthread_rwlock_unlock(&above->lock);
  if (zone)
    pthread_rwlock_unlock(&zone->lock);
  return result;
}
