/* L-F16: locks that may be taken twice, because they were made so in another file (collectd's
 * perl plugin, civetweb).
 */
// mechanism: kinds
#include "mutexes.h"

int interpreter_call(int (*function)(void)) {
  pthread_mutex_lock(&interpreter_lock);
  int result = function();
  pthread_mutex_unlock(&interpreter_lock);
  return result;
}

int interpreter_eval(int (*function)(void)) {
  pthread_mutex_lock(&interpreter_lock);
  int result = interpreter_call(function);
  pthread_mutex_unlock(&interpreter_lock);
  return result;
}

void session_nest(struct session *session) {
  pthread_mutex_lock(&session->lock);
  session->depth++;
  pthread_mutex_lock(&session->lock);
  session->depth++;
  pthread_mutex_unlock(&session->lock);
  pthread_mutex_unlock(&session->lock);
}

void static_nest(void) {
  pthread_mutex_lock(&static_recursive_lock);
  pthread_mutex_lock(&static_recursive_lock);
  pthread_mutex_unlock(&static_recursive_lock);
  pthread_mutex_unlock(&static_recursive_lock);
}

/* The same with locks that were not made so. */
void session_nest_plain(struct session *session) {
  pthread_mutex_lock(&session->plain);
  session->depth++;
  pthread_mutex_lock(&session->plain); // expect: lock-double "session->plain"
  session->depth++;
  pthread_mutex_unlock(&session->plain);
}

static int plain_call(int (*function)(void)) {
  pthread_mutex_lock(&plain_lock);
  int result = function();
  pthread_mutex_unlock(&plain_lock);
  return result;
}

int plain_eval(int (*function)(void)) {
  pthread_mutex_lock(&plain_lock);
  int result = plain_call(function); // expect: lock-double "plain_lock"
  pthread_mutex_unlock(&plain_lock);
  return result;
}

/* Taken twice, given back once. */
int session_nest_leaks(struct session *session) {
  pthread_mutex_lock(&session->lock);
  pthread_mutex_lock(&session->lock);
  if (session->depth < 0) {
    pthread_mutex_unlock(&session->lock);
    return -1; // expect: lock-leak "session->lock"
  }
  session->depth++;
  pthread_mutex_unlock(&session->lock);
  pthread_mutex_unlock(&session->lock);
  return 0;
}
