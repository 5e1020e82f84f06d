/* What functions that call each other in a circle do to a lock is found by going round until nothing
 * changes: it may be more than any way through the circle does, and is no basis for a claim. Nor is
 * what a callee may have left in a local. */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct stream {
  pthread_mutex_t lock;
  int open, full, sequence;
};

bool write_out(struct stream *stream);

static int stream_flush(struct stream *stream);

/* The next file; who comes here by way of a flush gives up the lock of the writer. */
static int stream_next(struct stream *stream) {
  if (stream->open && stream_flush(stream))
    return -1;
  if (stream->sequence)
    pthread_mutex_unlock(&stream->lock);
  stream->open = 0;
  return 0;
}

static int stream_flush(struct stream *stream) {
  if (!write_out(stream))
    return -1;
  return stream->full ? stream_next(stream) : 0;
}

int stream_write(struct stream *stream) {
  pthread_mutex_lock(&stream->lock);
  int result = stream_flush(stream);
  pthread_mutex_unlock(&stream->lock);
  return result;
}

/* ---- the twin without a circle */

struct queue {
  pthread_mutex_t lock;
  int full;
};

static int queue_rest(struct queue *queue) {
  pthread_mutex_unlock(&queue->lock); // note: "released"
  return queue->full;
}

int queue_put(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  int result = queue_rest(queue);
  pthread_mutex_unlock(&queue->lock); // expect: lock-unheld "it is not held"
  return result;
}

/* ---- a lock that a callee finds, or does not */

struct message {
  pthread_mutex_t lock;
  int value;
};

int log_error(int kind);

static int find_lock(struct message *message, int kind, pthread_mutex_t **lock) {
  if (kind != 1)
    return log_error(kind);
  *lock = &message->lock;
  return 0;
}

int message_value(struct message *message, int kind) {
  pthread_mutex_t *lock = NULL;
  int result = find_lock(message, kind, &lock);
  if (result)
    goto done;
  pthread_mutex_lock(lock);
  result = message->value;
done:
  if (lock)
    pthread_mutex_unlock(lock);
  return result;
}

/* Its twin knows the lock by itself. */
int message_reset(struct message *message, int kind) {
  int result = log_error(kind);
  if (result)
    goto done;
  pthread_mutex_lock(&message->lock);
  message->value = 0;
done:
  pthread_mutex_unlock(&message->lock); // expect: lock-unheld "it is not held"
  return result;
}
