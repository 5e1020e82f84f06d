/* L-F3: a local variable remembers whether the lock was taken (open-mpi, fluent-bit
 * prepare_destroy_conn_safe, robinhood).
 */
// mechanism: facts
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct stream {
  pthread_mutex_t mutex;
  bool shared;
  int open_count;
  struct stream *next;
};

struct job {
  bool exclusive;
  int state;
};

static pthread_mutex_t jobs_lock = PTHREAD_MUTEX_INITIALIZER;

int run_remembers_lock(struct job *job) {
  int lock_is_set = 0;
  int result = 0;
  if (job->exclusive) {
    pthread_mutex_lock(&jobs_lock);
    lock_is_set = 1;
  }
  if (job->state < 0) {
    result = -1;
    goto cleanup;
  }
  job->state++;
cleanup:
  if (lock_is_set)
    pthread_mutex_unlock(&jobs_lock);
  return result;
}

/* The flag is set before the lock is taken: at the join both paths hold nothing. */
int run_decides_first(struct job *job, bool force) {
  bool need_lock;
  if (job->exclusive || force)
    need_lock = true;
  else
    need_lock = false;
  job->state = 0;
  if (need_lock)
    pthread_mutex_lock(&jobs_lock);
  job->state++;
  if (need_lock)
    pthread_mutex_unlock(&jobs_lock);
  return job->state;
}

/* The flag is the result of a try. */
void close_if_possible(struct stream *stream) {
  bool locked = pthread_mutex_trylock(&stream->mutex) == 0;
  stream->open_count--;
  if (locked)
    pthread_mutex_unlock(&stream->mutex);
}

/* Released in the middle, and the flag says so. */
int run_clears_flag(struct job *job, int (*slow)(struct job *)) {
  bool locked = true;
  int result = 0;
  pthread_mutex_lock(&jobs_lock);
  if (job->state == 1) {
    pthread_mutex_unlock(&jobs_lock);
    locked = false;
    result = slow(job);
  } else {
    job->state = 1;
  }
  if (!locked)
    pthread_mutex_lock(&jobs_lock);
  job->state = 0;
  pthread_mutex_unlock(&jobs_lock);
  return result;
}

/* A parameter plays the flag. */
void stream_touch(struct stream *stream, bool already_locked) {
  if (!already_locked)
    pthread_mutex_lock(&stream->mutex);
  stream->open_count++;
  if (!already_locked)
    pthread_mutex_unlock(&stream->mutex);
}

/* A pointer to the lock, or NULL, plays the flag. */
int stream_count(struct stream *stream) {
  pthread_mutex_t *held = NULL;
  if (stream->shared) {
    held = &stream->mutex;
    pthread_mutex_lock(held);
  }
  int count = stream->open_count;
  if (held)
    pthread_mutex_unlock(held);
  return count;
}

/* Set on one of the two paths that lock. */
int run_forgets_to_set_flag(struct job *job, bool force) {
  bool locked = false;
  if (job->exclusive) {
    pthread_mutex_lock(&jobs_lock);
    locked = true;
  } else if (force) {
    pthread_mutex_lock(&jobs_lock);
  }
  job->state++;
  if (locked)
    pthread_mutex_unlock(&jobs_lock);
  return job->state; // expect: lock-leak "jobs_lock"
}

/* The flag is cleared, the lock is not released. */
int run_clears_flag_only(struct job *job) {
  bool locked = true;
  pthread_mutex_lock(&jobs_lock);
  if (job->state < 0)
    locked = false;
  job->state++;
  if (locked)
    pthread_mutex_unlock(&jobs_lock);
  return 0; // expect: lock-leak "jobs_lock"
}
