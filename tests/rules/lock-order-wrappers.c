/* lock-order through wrappers that take any lock, through a table of functions, and among objects. */
// run: --only lock-order --min-confidence possible
#include <pthread.h>

struct pool {
  pthread_mutex_t lock;
  int used;
};
struct cache {
  pthread_mutex_t guard;
  struct pool *pool;
};
struct driver {
  void (*flush)(struct cache *);
};

static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER, devices = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t drivers = PTHREAD_MUTEX_INITIALIZER;
static struct pool pool = {PTHREAD_MUTEX_INITIALIZER, 0};
static struct cache cache = {PTHREAD_MUTEX_INITIALIZER, &pool};
static int value;

static void take(pthread_mutex_t *lock) { pthread_mutex_lock(lock); }
static void drop(pthread_mutex_t *lock) { pthread_mutex_unlock(lock); }

static void by_wrappers(void) {
  take(&registry);
  take(&devices); // expect: lock-order@likely "'devices' is acquired here while 'registry' is held"
  value++;
  drop(&devices);
  drop(&registry);
}

static void by_wrappers_back(void) {
  take(&devices);
  take(&registry); // note: "takes 'registry' while it holds 'devices'"
  value++;
  drop(&registry);
  drop(&devices);
}

/* Through a pointer that nothing else is ever stored in. */
static void flush_all(struct cache *c) {
  pthread_mutex_lock(&drivers); // note: "takes 'drivers' while it holds 'cache.guard'"
  c->pool->used = 0;
  pthread_mutex_unlock(&drivers);
}

static const struct driver driver = {flush_all};

static void by_table(const struct driver *d, struct cache *c) {
  pthread_mutex_lock(&c->guard);
  d->flush(c); // note: "calls 'flush_all'"
  pthread_mutex_unlock(&c->guard);
}

static void by_table_back(struct cache *c) {
  pthread_mutex_lock(&drivers);
  pthread_mutex_lock(&c->guard); // expect: lock-order@likely "'cache.guard' is acquired here while 'drivers' is held"
  value++;
  pthread_mutex_unlock(&c->guard);
  pthread_mutex_unlock(&drivers);
}

/* Locks of objects: they may be those of different ones. */
static void of_objects(struct cache *c) {
  pthread_mutex_lock(&c->guard);
  pthread_mutex_lock(&c->pool->lock); // expect: lock-order@possible "'pool.lock' is acquired here while 'cache.guard' is held"
  value++;
  pthread_mutex_unlock(&c->pool->lock);
  pthread_mutex_unlock(&c->guard);
}

static void of_objects_back(struct pool *p, struct cache *c) {
  pthread_mutex_lock(&p->lock);
  pthread_mutex_lock(&c->guard); // note: "takes 'cache.guard' while it holds 'pool.lock'"
  value++;
  pthread_mutex_unlock(&c->guard);
  pthread_mutex_unlock(&p->lock);
}

static void *worker(void *unused) {
  by_wrappers();
  by_table(&driver, &cache);
  of_objects(&cache);
  return unused;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, worker, NULL))
    return 1;
  by_wrappers_back();
  by_table_back(&cache);
  of_objects_back(&pool, &cache);
  pthread_join(thread, NULL);
  return 0;
}
