/* L-F2, L-F6: a look-up that keeps its part of a table locked, unless it found nothing and a flag
 * asks to unlock then. What is found is computed from the node inside it, so it is not null. */
// mechanism: facts
#include <pthread.h>
#include <stddef.h>

struct node {
  struct node *left, *right;
};
struct entry {
  int key;
  struct node node;
};
struct part {
  pthread_rwlock_t lock;
  struct node *root, *cached;
};
struct latch {
  struct part *part;
};
enum { GET_READ = 0, GET_WRITE = 1, UNLOCK_ON_MISS = 2 };
#define entry_of(n) ((struct entry *)((char *)(n)-offsetof(struct entry, node)))

static struct part parts[8];
struct node *node_find(struct node *root);
void entry_hold(struct entry *entry);
int entry_is_free(struct entry *entry);

static struct entry *entry_get(int key, struct latch *latch, unsigned flags) {
  struct entry *entry = NULL;
  struct part *part = &parts[key & 7];
  latch->part = part;
  if (flags & GET_WRITE)
    pthread_rwlock_wrlock(&part->lock);
  else
    pthread_rwlock_rdlock(&part->lock);
  struct node *node = part->cached;
  if (node && entry_of(node)->key == key)
    goto found;
  node = node_find(part->root);
  if (!node) {
    if (flags & UNLOCK_ON_MISS)
      pthread_rwlock_unlock(&part->lock);
    goto out;
  }
found:
  entry = entry_of(node);
out:
  return entry;
}

static inline void latch_end(struct latch *latch) { pthread_rwlock_unlock(&latch->part->lock); }

struct entry *entry_ref(int key) {
  struct latch latch;
  struct entry *entry = entry_get(key, &latch, GET_READ | UNLOCK_ON_MISS);
  if (entry) {
    entry_hold(entry);
    latch_end(&latch);
  }
  return entry;
}

/* What the callers do with a lock that they cannot name is release it. */
static int entry_latch(struct entry *entry, struct latch *latch) {
  struct part *part = &parts[entry->key & 7];
  latch->part = part;
  pthread_rwlock_wrlock(&part->lock);
  return 1;
}

struct entry *entry_reap(struct entry **candidates, int count) {
  struct latch latch;
  for (int i = 0; i < count; i++) {
    struct entry *entry = candidates[i];
    if (!entry_latch(entry, &latch))
      continue;
    if (entry_is_free(entry)) {
      latch_end(&latch);
      return entry;
    }
    latch_end(&latch);
  }
  return NULL;
}

/* The twin keeps it when it found nothing. */
struct entry *entry_find(int key) {
  struct part *part = &parts[key & 7];
  pthread_rwlock_rdlock(&part->lock);
  struct node *node = node_find(part->root);
  if (!node)
    return NULL; // expect: lock-leak "is still held when 'entry_find' returns here"
  struct entry *entry = entry_of(node);
  pthread_rwlock_unlock(&part->lock);
  return entry;
}
