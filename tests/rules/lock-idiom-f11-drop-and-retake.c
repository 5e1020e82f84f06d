/* L-F11: a function releases its caller's lock and takes it back (SimpleLruReadPage,
 * mongoc_topology_scan_once), or goes hand over hand.
 */
// mechanism: entry
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

struct page {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  bool reading;
  int fd;
  char data[512];
};

struct node {
  pthread_mutex_t lock;
  int key;
  struct node *next;
};

/* Entered and left with page->lock held; not held while reading. */
static int page_read(struct page *page) {
  page->reading = true;
  pthread_mutex_unlock(&page->lock);
  ssize_t got = read(page->fd, page->data, sizeof page->data);
  pthread_mutex_lock(&page->lock);
  page->reading = false;
  pthread_cond_broadcast(&page->changed);
  return got < 0 ? -errno : 0;
}

int page_load(struct page *page) {
  pthread_mutex_lock(&page->lock);
  int error = page_read(page);
  pthread_mutex_unlock(&page->lock);
  return error;
}

int page_load_retrying(struct page *page, int attempts) {
  int error;
  pthread_mutex_lock(&page->lock);
  do {
    error = page_read(page);
  } while (error == -EINTR && attempts-- > 0);
  pthread_mutex_unlock(&page->lock);
  return error;
}

/* Drops it for a blocking call inside its own loop. */
void page_flush_loop(struct page *page, const bool *stop) {
  pthread_mutex_lock(&page->lock);
  while (!*stop) {
    while (page->reading)
      pthread_cond_wait(&page->changed, &page->lock);
    pthread_mutex_unlock(&page->lock);
    fsync(page->fd);
    pthread_mutex_lock(&page->lock);
  }
  pthread_mutex_unlock(&page->lock);
}

/* Hand over hand along a list. */
struct node *list_find(struct node *head, int key) {
  struct node *node = head;
  pthread_mutex_lock(&node->lock);
  while (node->next && node->key != key) {
    struct node *next = node->next;
    pthread_mutex_lock(&next->lock);
    pthread_mutex_unlock(&node->lock);
    node = next;
  }
  bool found = node->key == key;
  pthread_mutex_unlock(&node->lock);
  return found ? node : NULL;
}

/* The error path does not take it back, so the caller releases what is not held. */
static int page_read_forgets_to_retake(struct page *page) {
  pthread_mutex_unlock(&page->lock);
  ssize_t got = read(page->fd, page->data, sizeof page->data);
  if (got < 0)
    return -errno;
  pthread_mutex_lock(&page->lock);
  return 0;
}

int page_load_after_forgetful_read(struct page *page) {
  pthread_mutex_lock(&page->lock);
  int error = page_read_forgets_to_retake(page);
  pthread_mutex_unlock(&page->lock); // expect: lock-unheld "page->lock"
  return error;
}

/* Takes it back twice. */
void page_flush_retakes_twice(struct page *page) {
  pthread_mutex_lock(&page->lock);
  if (page->fd >= 0) {
    pthread_mutex_unlock(&page->lock);
    fsync(page->fd);
    pthread_mutex_lock(&page->lock);
  }
  pthread_mutex_lock(&page->lock); // expect: lock-double "page->lock"
  page->reading = false;
  pthread_mutex_unlock(&page->lock);
}

/* Hand over hand that keeps the last hand. */
int list_sum_keeps_last(struct node *head, int limit) {
  int sum = 0;
  struct node *node = head;
  pthread_mutex_lock(&node->lock);
  while (node->next) {
    struct node *next = node->next;
    sum += node->key;
    if (sum > limit)
      return -1; // expect: lock-leak "lock"
    pthread_mutex_lock(&next->lock);
    pthread_mutex_unlock(&node->lock);
    node = next;
  }
  pthread_mutex_unlock(&node->lock);
  return sum;
}
