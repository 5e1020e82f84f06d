/* L-F5: the condition around both sides is a call that reads and does not write, so that it
 * answers the same both times (PostgreSQL's IsInParallelMode, fluent-bit's
 * flb_stream_is_thread_safe).
 */
// mechanism: pure
// run: --min-confidence possible
#include <pthread.h>
#include <stdbool.h>

enum { STREAM_THREAD_SAFE = 1, STREAM_CLOSED = 2 };

struct stream {
  unsigned flags;
  int nested_level;
  pthread_mutex_t lock;
  int fd;
};

static int parallel_level;
static pthread_rwlock_t combo_lock = PTHREAD_RWLOCK_INITIALIZER;
static int combo_count;

bool in_parallel_mode(void) { return parallel_level > 0; }

void enter_parallel_mode(void) { ++parallel_level; }

void leave_parallel_mode(void) { parallel_level = 0; }

int stream_is_thread_safe(const struct stream *stream) {
  if (stream->flags & STREAM_THREAD_SAFE)
    return 1;
  return 0;
}

void add_combo(int delta) {
  if (in_parallel_mode())
    pthread_rwlock_wrlock(&combo_lock);
  combo_count += delta;
  if (in_parallel_mode())
    pthread_rwlock_unlock(&combo_lock);
}

int stream_release(struct stream *stream) {
  if (stream_is_thread_safe(stream))
    pthread_mutex_lock(&stream->lock);
  int fd = stream->fd;
  stream->fd = -1;
  if (stream_is_thread_safe(stream))
    pthread_mutex_unlock(&stream->lock);
  return fd;
}

/* Asked once more before an early exit. */
int stream_take(struct stream *stream) {
  if (stream_is_thread_safe(stream))
    pthread_mutex_lock(&stream->lock);
  if (stream->fd < 0) {
    if (stream_is_thread_safe(stream))
      pthread_mutex_unlock(&stream->lock);
    return -1;
  }
  int fd = stream->fd;
  if (stream_is_thread_safe(stream))
    pthread_mutex_unlock(&stream->lock);
  return fd;
}

/* What the getter reads is changed in between. */
void finish_parallel_unbalanced(void) {
  if (in_parallel_mode())
    pthread_rwlock_wrlock(&combo_lock);
  combo_count = 0;
  leave_parallel_mode();
  if (in_parallel_mode())
    pthread_rwlock_unlock(&combo_lock);
} // expect: lock-leak "combo_lock"

/* The early exit does not ask. */
int stream_take_leaks(struct stream *stream) {
  if (stream_is_thread_safe(stream))
    pthread_mutex_lock(&stream->lock);
  if (stream->fd < 0)
    return -1; // expect: lock-leak "stream->lock"
  int fd = stream->fd;
  if (stream_is_thread_safe(stream))
    pthread_mutex_unlock(&stream->lock);
  return fd;
}
