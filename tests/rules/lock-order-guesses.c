// What is called through a pointer that may be one of several functions hangs on the object. A way
// through two of them and back through two more is hardly ever one that a program can go: it is told
// at info only. One such call is a doubt, and no more.
// run: --min-confidence possible
// mechanism: order-guesses
#include <pthread.h>

struct device;
struct driver {
  void (*flush)(struct device *);
  void (*notify)(struct device *);
  void (*write)(struct device *);
  void (*report)(struct device *);
  void (*end)(struct device *);
};
struct device {
  const struct driver *driver;
  struct device *next;
};

static pthread_mutex_t cache = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t journal = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t users = PTHREAD_MUTEX_INITIALIZER;
static int cached, shown, noted, count;

static void disk_end(struct device *d) {
  (void)d;
  pthread_mutex_lock(&users);
  count--;
  pthread_mutex_unlock(&users);
}
static void net_end(struct device *d) { (void)d; }

static void disk_report(struct device *d) {
  (void)d;
  pthread_mutex_lock(&output);
  shown++;
  pthread_mutex_unlock(&output);
}
static void net_report(struct device *d) { (void)d; }

static void disk_write(struct device *d) {
  (void)d;
  pthread_mutex_lock(&cache);
  cached++;
  pthread_mutex_unlock(&cache);
}
static void net_write(struct device *d) { (void)d; }

static void disk_flush(struct device *d) { d->next->driver->report(d->next); }
static void net_flush(struct device *d) { (void)d; }
static void disk_notify(struct device *d) { d->next->driver->write(d->next); }
static void net_notify(struct device *d) { (void)d; }

static const struct driver disk = {disk_flush, disk_notify, disk_write, disk_report, disk_end};
static const struct driver net = {net_flush, net_notify, net_write, net_report, net_end};

static void empty_cache(struct device *d) {
  pthread_mutex_lock(&cache);
  cached = 0;
  d->driver->flush(d);
  pthread_mutex_unlock(&cache);
}

static void show(struct device *d) {
  pthread_mutex_lock(&output);
  shown = 0;
  d->driver->notify(d);
  pthread_mutex_unlock(&output);
}

static void drop(struct device *d) {
  pthread_mutex_lock(&journal);
  noted++;
  d->driver->end(d);
  pthread_mutex_unlock(&journal);
}

static void add_user(void) {
  pthread_mutex_lock(&users);
  count++;
  pthread_mutex_lock(&journal); // expect: lock-order@possible "'journal' is acquired here while 'users'"
  noted++;
  pthread_mutex_unlock(&journal);
  pthread_mutex_unlock(&users);
}

static void *work(void *given) {
  show(given);
  add_user();
  return given;
}

int main(int argc, char **argv) {
  struct device second = {&disk, 0}, first = {argc > 1 ? &net : &disk, &second};
  pthread_t thread;
  (void)argv;
  if (pthread_create(&thread, NULL, work, &first))
    return 1;
  empty_cache(&first);
  drop(&first);
  pthread_join(thread, NULL);
  return 0;
}
