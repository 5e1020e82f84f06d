/* What two callees give back is told of the innermost function, not of all that call it. */
// run: --min-confidence possible
#include <pthread.h>

struct stream {
  pthread_mutex_t lock;
  int asynchronous, closed;
};

/* Its caller holds the lock. */
static void stream_stop(struct stream *stream) {
  stream->closed = 1;
  pthread_mutex_unlock(&stream->lock);
}

static int stream_close(struct stream *stream) {
  if (stream->asynchronous)
    stream_stop(stream);
  return stream->closed;
}

int stream_read(struct stream *stream) {
  stream_close(stream);
  return stream_close(stream); // expect: lock-unheld "'stream->lock'"
}

int read_two(struct stream *stream) { return stream_read(stream) + stream_read(stream); }

int read_four(struct stream *stream) { return read_two(stream) + read_two(stream); }
