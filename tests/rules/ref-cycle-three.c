// ref-cycle: a circle of three, which no function closes for three objects at once; and one whose
// third field does not own.
// run: --min-confidence possible --disable recursion-unbounded
#include <stdlib.h>

struct node;
struct route;
struct table;

struct node {
  int count;
  struct route *route;
};
struct route {
  int count;
  struct table *table;
};
struct table {
  int count;
  struct node *home;
};

static void route_unref(struct route *route);
static void table_unref(struct table *table);

void node_unref(struct node *node) {
  if (--node->count > 0)
    return;
  if (node->route)
    route_unref(node->route);
  free(node);
}

static void route_unref(struct route *route) {
  if (--route->count > 0)
    return;
  if (route->table)
    table_unref(route->table);
  free(route);
}

static void table_unref(struct table *table) {
  if (--table->count > 0)
    return;
  if (table->home)
    node_unref(table->home);
  free(table);
}

void node_set_route(struct node *node, struct route *route) {
  route->count++;
  node->route = route; // expect: ref-cycle@possible "'struct node.route', 'struct route.table' and 'struct table.home'"
}

void route_set_table(struct route *route, struct table *table) {
  table->count++;
  route->table = table;
}

void table_set_home(struct table *table, struct node *node) {
  node->count++;
  table->home = node;
}

/* ---- the last one is weak */

struct reader;
struct cache;
struct pool;

struct reader {
  int count;
  struct cache *cache;
};
struct cache {
  int count;
  struct pool *pool;
};
struct pool {
  int count;
  struct reader *reader;
};

static void pool_unref(struct pool *pool) {
  if (--pool->count == 0)
    free(pool);
}

static void cache_unref(struct cache *cache) {
  if (--cache->count > 0)
    return;
  if (cache->pool)
    pool_unref(cache->pool);
  free(cache);
}

void reader_unref(struct reader *reader) {
  if (--reader->count > 0)
    return;
  if (reader->cache)
    cache_unref(reader->cache);
  free(reader);
}

void reader_set_cache(struct reader *reader, struct cache *cache) {
  cache->count++;
  reader->cache = cache;
}

void cache_set_pool(struct cache *cache, struct pool *pool) {
  pool->count++;
  cache->pool = pool;
}

void pool_set_reader(struct pool *pool, struct reader *reader) {
  pool->reader = reader;
}

void reader_keep(struct reader *reader) { reader->count++; }
