/* T-F10, IDIOMS B25: a flag, a count or the handle itself says whether there is a thread to join. */
#include "service.h"

void *work(void *given) { return given; }

int service_start(struct service *s, bool threaded, int helpers) {
  s->started = false;
  if (threaded) {
    if (pthread_create(&s->thread, NULL, work, s))
      return -1;
    s->started = true;
  }
  for (s->helper_count = 0; s->helper_count < helpers; s->helper_count++)
    if (pthread_create(&s->helpers[s->helper_count], NULL, work, s))
      break;
  return 0;
}

int hasty_start(struct hasty *h) {
  h->started = true; // before it is
  return pthread_create(&h->thread, NULL, work, h);
}

int at_once(bool threaded) {
  struct service service;
  if (service_start(&service, threaded, 2))
    return -1;
  service_stop(&service);
  return 0;
}

int hastily(void) {
  struct hasty hasty;
  if (hasty_start(&hasty))
    hasty_stop(&hasty); // expect: thread-uncreated
  else
    hasty_stop(&hasty);
  return 0;
}

int set_before(void) {
  struct hasty local;
  local.started = true;
  if (pthread_create(&local.thread, NULL, work, NULL))
    return -1;
  if (local.started)
    pthread_join(local.thread, NULL);
  return 0;
}

int common_exit(bool threaded) {
  struct hasty local;
  int result = -1;
  local.started = false;
  if (threaded) {
    if (pthread_create(&local.thread, NULL, work, NULL))
      goto out;
    local.started = true;
  }
  result = 0;
out:
  if (local.started)
    pthread_join(local.thread, NULL);
  return result;
}

/* The thread could change it, and does not. */
int given_with_the_flag(void) {
  struct hasty local;
  local.started = true;
  if (pthread_create(&local.thread, NULL, work, &local))
    return -1;
  if (local.started)
    pthread_join(local.thread, NULL);
  return 0;
}

static void *stop_itself(void *given) {
  struct hasty *hasty = given;
  hasty->started = false;
  return NULL;
}

int given_and_changed(void) {
  struct hasty local;
  local.started = true;
  if (pthread_create(&local.thread, NULL, stop_itself, &local)) // note: "created here"
    return -1;
  if (local.started)
    pthread_join(local.thread, NULL);
  return 0; // expect: thread-unjoined "'local.thread'"
}

int by_handle(bool threaded) {
  pthread_t thread = 0;
  if (threaded && pthread_create(&thread, NULL, work, NULL))
    thread = 0;
  if (thread)
    pthread_join(thread, NULL);
  return 0;
}

int by_number(bool first, bool second) {
  pthread_t threads[2];
  int count = 0;
  if (first && !pthread_create(&threads[count], NULL, work, NULL))
    count++;
  if (second && !pthread_create(&threads[count], NULL, work, NULL))
    count++;
  while (count > 0)
    pthread_join(threads[--count], NULL);
  return 0;
}

int flag_of_another(bool threaded, bool other) {
  pthread_t thread;
  if (threaded && pthread_create(&thread, NULL, work, NULL)) // note: "created here"
    return -1;
  if (threaded && other)
    pthread_join(thread, NULL);
  return 0; // expect: thread-unjoined "'thread' is neither joined"
}
