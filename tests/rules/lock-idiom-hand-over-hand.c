/* Hand over hand: whoever holds a lock takes the next one and gives the first one back, so ways out
 * differ in which lock of a class they leave behind (PostgreSQL's dshash_seq_next,
 * _hash_readprev).
 */
// mechanism: exchange
#include <pthread.h>
#include <stddef.h>

enum { SHARDS = 32 };

struct shard {
  pthread_mutex_t lock;
};

struct item {
  struct item *next;
  int value;
};

struct map {
  struct shard shards[SHARDS];
  struct item **buckets;
  unsigned bucket_bits;
};

/* Begins with shard -1. */
struct scan {
  struct map *map;
  int shard;
  int bucket;
  int bucket_count;
  struct item *next;
};

/* Returns with the lock of the item's shard held, also when it says that there is none left. */
struct item *scan_next(struct scan *scan) {
  struct item *item;
  if (scan->shard == -1) {
    scan->shard = 0;
    pthread_mutex_lock(&scan->map->shards[scan->shard].lock);
    item = scan->map->buckets[scan->bucket];
  } else {
    item = scan->next;
  }
  while (!item) {
    int shard;
    if (++scan->bucket >= scan->bucket_count)
      return NULL;
    shard = scan->bucket >> (scan->map->bucket_bits - 5);
    if (shard != scan->shard) {
      pthread_mutex_lock(&scan->map->shards[shard].lock);
      pthread_mutex_unlock(&scan->map->shards[scan->shard].lock);
      scan->shard = shard;
    }
    item = scan->map->buckets[scan->bucket];
  }
  scan->next = item->next;
  return item;
}

void scan_end(struct scan *scan) {
  if (scan->shard >= 0)
    pthread_mutex_unlock(&scan->map->shards[scan->shard].lock);
}

int sum(struct map *map) {
  struct scan scan = {map, -1, 0, 1 << map->bucket_bits, NULL};
  struct item *item;
  int total = 0;
  while ((item = scan_next(&scan)))
    total += item->value;
  scan_end(&scan);
  return total;
}

struct node {
  pthread_mutex_t lock;
  struct node *child;
  int leaf;
};

/* Goes down one level, or stays. */
void descend(struct node **at, int force) {
  pthread_mutex_lock(&(*at)->lock);
  if ((*at)->child && (force || !(*at)->leaf)) {
    struct node *child = (*at)->child;
    pthread_mutex_lock(&child->lock);
    pthread_mutex_unlock(&(*at)->lock);
    *at = child;
  }
}

void visit(struct node *root) {
  struct node *at = root;
  descend(&at, 0);
  at->leaf++;
  pthread_mutex_unlock(&at->lock);
}

/* The next lock is taken, the one before it is forgotten on one way. */
int descend_forgets(struct node *node) {
  int depth = 0;
  pthread_mutex_lock(&node->lock);
  if (node->child) {
    pthread_mutex_lock(&node->child->lock);
    depth = node->child->leaf;
    pthread_mutex_unlock(&node->child->lock);
    if (depth > 100)
      return -1; // expect: lock-leak "node->lock"
  }
  pthread_mutex_unlock(&node->lock);
  return depth;
}
