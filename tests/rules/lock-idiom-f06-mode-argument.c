/* L-F6: an argument says what to do with the lock (PostgreSQL's LockBuffer, SICleanupQueue). */
// mechanism: cases
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

enum { BUFFER_LOCK_UNLOCK, BUFFER_LOCK_SHARE, BUFFER_LOCK_EXCLUSIVE };

struct buffer {
  pthread_rwlock_t content_lock;
  unsigned flags;
  char *page;
};

static pthread_mutex_t write_lock = PTHREAD_MUTEX_INITIALIZER;
static int message_count, message_limit = 4096;

void lock_buffer(struct buffer *buffer, int mode) {
  if (mode == BUFFER_LOCK_UNLOCK)
    pthread_rwlock_unlock(&buffer->content_lock);
  else if (mode == BUFFER_LOCK_SHARE)
    pthread_rwlock_rdlock(&buffer->content_lock);
  else if (mode == BUFFER_LOCK_EXCLUSIVE)
    pthread_rwlock_wrlock(&buffer->content_lock);
  else
    abort();
}

/* The same by a switch. */
void lock_buffer_by_switch(struct buffer *buffer, int mode) {
  switch (mode) {
  case BUFFER_LOCK_UNLOCK:
    pthread_rwlock_unlock(&buffer->content_lock);
    break;
  case BUFFER_LOCK_SHARE:
    pthread_rwlock_rdlock(&buffer->content_lock);
    break;
  default:
    pthread_rwlock_wrlock(&buffer->content_lock);
  }
}

char page_byte(struct buffer *buffer, size_t offset) {
  lock_buffer(buffer, BUFFER_LOCK_SHARE);
  char byte = buffer->page[offset];
  lock_buffer(buffer, BUFFER_LOCK_UNLOCK);
  return byte;
}

void page_set(struct buffer *buffer, size_t offset, char byte) {
  lock_buffer_by_switch(buffer, BUFFER_LOCK_EXCLUSIVE);
  buffer->page[offset] = byte;
  lock_buffer_by_switch(buffer, BUFFER_LOCK_UNLOCK);
}

/* Drops a share lock to take the stronger one. */
void page_fill(struct buffer *buffer, char *page) {
  lock_buffer(buffer, BUFFER_LOCK_SHARE);
  if (!buffer->page) {
    lock_buffer(buffer, BUFFER_LOCK_UNLOCK);
    lock_buffer(buffer, BUFFER_LOCK_EXCLUSIVE);
    buffer->page = page;
  }
  lock_buffer(buffer, BUFFER_LOCK_UNLOCK);
}

/* Whether the caller holds the lock is an argument. */
void clean_queue(bool caller_has_write_lock, int keep) {
  if (!caller_has_write_lock)
    pthread_mutex_lock(&write_lock);
  if (message_count > keep)
    message_count = keep;
  if (!caller_has_write_lock)
    pthread_mutex_unlock(&write_lock);
}

void send_message(void) {
  pthread_mutex_lock(&write_lock);
  if (message_count >= message_limit)
    clean_queue(true, message_limit / 2);
  message_count++;
  pthread_mutex_unlock(&write_lock);
}

void trim(void) { clean_queue(false, 16); }

/* One path leaves without the UNLOCK call. */
int page_check_leaks(struct buffer *buffer) {
  lock_buffer(buffer, BUFFER_LOCK_SHARE);
  if (!buffer->page)
    return -1; // expect: lock-leak "buffer->content_lock"
  int ok = buffer->page[0] == 'P';
  lock_buffer(buffer, BUFFER_LOCK_UNLOCK);
  return ok;
}

/* Tells the callee that it does not hold what it holds. */
void send_message_says_false(void) {
  pthread_mutex_lock(&write_lock);
  if (message_count >= message_limit)
    clean_queue(false, message_limit / 2); // expect: lock-double "write_lock"
  message_count++;
  pthread_mutex_unlock(&write_lock);
}

/* Takes the stronger mode on top of the weaker. */
void page_fill_upgrades_in_place(struct buffer *buffer, char *page) {
  lock_buffer(buffer, BUFFER_LOCK_SHARE);
  if (!buffer->page) {
    lock_buffer(buffer, BUFFER_LOCK_EXCLUSIVE); // expect: lock-double "buffer->content_lock"
    buffer->page = page;
  }
  lock_buffer(buffer, BUFFER_LOCK_UNLOCK);
}
