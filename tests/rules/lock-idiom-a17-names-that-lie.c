/* IDIOMS A17: "lock" in a name that means something else: a reference count (frr's route_lock_node), a
 * card transaction (OpenSC's sc_lock), a record lock in a file, a lock file (git). Only what
 * reaches a lock is one.
 */
// mechanism: promises
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct route_node {
  unsigned lock; /* reference count */
  void *info;
  struct route_node *parent;
};

struct card {
  pthread_mutex_t mutex;
  int lock_count;
  bool transaction;
};

struct lock_file {
  int fd;
  char path[64];
};

struct route_node *route_lock_node(struct route_node *node) {
  node->lock++;
  return node;
}

void route_unlock_node(struct route_node *node) {
  if (--node->lock == 0)
    free(node);
}

/* Returned with its reference. */
struct route_node *route_node_match(struct route_node *node) {
  while (node && !node->info)
    node = node->parent;
  return node ? route_lock_node(node) : NULL;
}

/* Keeps a reference on one path only: a matter for another rule. */
bool route_node_mark(struct route_node *node, void *info) {
  route_lock_node(node);
  if (node->info)
    return false;
  node->info = info;
  return true;
}

/* A transaction that may be nested; the mutex inside is released at once. */
int sc_lock(struct card *card) {
  pthread_mutex_lock(&card->mutex);
  if (card->lock_count == 0)
    card->transaction = true;
  card->lock_count++;
  pthread_mutex_unlock(&card->mutex);
  return 0;
}

int sc_unlock(struct card *card) {
  pthread_mutex_lock(&card->mutex);
  if (--card->lock_count == 0)
    card->transaction = false;
  pthread_mutex_unlock(&card->mutex);
  return 0;
}

int card_select(struct card *card, int file) {
  if (sc_lock(card) < 0)
    return -1;
  sc_lock(card);
  sc_unlock(card);
  if (file < 0)
    return -2;
  sc_unlock(card);
  return file;
}

int hold_lock_file(struct lock_file *lock, const char *path) {
  snprintf(lock->path, sizeof lock->path, "%s.lock", path);
  lock->fd = open(lock->path, O_CREAT | O_EXCL | O_WRONLY, 0666);
  return lock->fd < 0 ? -1 : 0;
}

/* POSIX record locks belong to the process and go with the descriptor. */
int lock_range(int fd, off_t start, off_t length) {
  struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start,
                        .l_len = length};
  return fcntl(fd, F_SETLK, &range);
}

/* A name is believed in one thing only: that whoever calls from outside wants the lock. */
struct reader {
  pthread_mutex_t mutex;
  int cards;
};

void reader_lock(struct reader *reader) { pthread_mutex_lock(&reader->mutex); }

void reader_count(struct card *card, int *cards) {
  pthread_mutex_lock(&card->mutex);
  *cards += card->transaction;
  pthread_mutex_unlock(&card->mutex);
}

/* Under such a name there may be a real one all the same. */
int sc_lock_leaks(struct card *card) {
  pthread_mutex_lock(&card->mutex);
  if (card->lock_count == 255)
    return -1; // expect: lock-leak "card->mutex"
  card->lock_count++;
  pthread_mutex_unlock(&card->mutex);
  return 0;
}
