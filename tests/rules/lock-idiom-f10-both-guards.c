// L-F10: a lock is taken and given back under the same two conditions, one of which needs the
// other. Who did not have to take it is one of two: they must not be joined before the second test.
#include <pthread.h>

struct pool {
  pthread_mutex_t lock, names;
  int size, named;
};

struct easy {
  struct pool *pool;
  int state, done, count, tries, result;
};

int Curl_share_lock(struct easy *easy, int data, int access);
int Curl_share_unlock(struct easy *easy, int data);
void forget(int *entry);

void forget_entry(struct easy *easy, int *entry) {
  if (easy && easy->pool)
    pthread_mutex_lock(&easy->pool->lock);
  forget(entry);
  if (easy && easy->pool)
    pthread_mutex_unlock(&easy->pool->lock);
}

// The model names a field of a record that it does not know.
void forget_shared(struct easy *easy, int *entry) {
  if (easy && easy->pool)
    Curl_share_lock(easy, 3, 2);
  forget(entry);
  if (easy && easy->pool)
    Curl_share_unlock(easy, 3);
}

// What a callee leaves as it was is what it was.
int finish(struct easy *easy, int *entry) {
  int result = easy->result;
  easy->tries = 0;
  if (easy->pool)
    pthread_mutex_lock(&easy->pool->names);
  if (entry)
    forget_entry(easy, entry);
  easy->done = 1;
  easy->count = 0;
  if (easy->pool)
    pthread_mutex_unlock(&easy->pool->names);
  return result;
}

int finish_twice(struct easy *easy, int *entry) {
  int result = finish(easy, entry);
  return result ? finish(easy, entry) : 0;
}

// Another condition at the end than at the beginning.
void forget_other(struct easy *easy, int *entry) {
  if (easy && easy->pool)
    pthread_mutex_lock(&easy->pool->lock);
  forget(entry);
  if (easy && easy->state)
    pthread_mutex_unlock(&easy->pool->lock);
} // expect: lock-leak "'easy->pool->lock' is still held when 'forget_other' returns here"

// Not tested at the end.
void forget_always(struct easy *easy, int *entry) {
  if (easy && easy->state)
    pthread_mutex_lock(&easy->pool->lock);
  forget(entry);
  if (easy)
    pthread_mutex_unlock(&easy->pool->lock); // expect: lock-unheld "'easy->pool->lock' is released"
}
