/* Threads that nobody joins or detaches. */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct job {
  pthread_t thread;
  int number;
};

struct session {
  pthread_t thread;
};

static void *work(void *argument) { return argument; }

/* ---- a handle that only one function knows */

int forgets(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL)) // expect: thread-unjoined "'forgets' neither joins"
    return -1;
  return 0; // note: "the only handle is gone here"
}

int joins(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL))
    return -1;
  pthread_join(thread, NULL);
  return 0;
}

int leaves_early(int failed) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL)) // note: "created here"
    return -1;
  if (failed)
    return 1; // expect: thread-unjoined "neither joined nor detached when 'leaves_early' returns"
  pthread_join(thread, NULL);
  return 0; // note: "this path joins it"
}

int second_fails(void) {
  pthread_t reader, writer;
  if (pthread_create(&reader, NULL, work, NULL)) // note: "created here"
    return -1;
  if (pthread_create(&writer, NULL, work, NULL))
    return -1; // expect: thread-unjoined "'reader' is neither joined"
  pthread_join(writer, NULL);
  pthread_join(reader, NULL);
  return 0;
}

int second_fails_and_first_is_joined(void) {
  pthread_t reader, writer;
  if (pthread_create(&reader, NULL, work, NULL))
    return -1;
  if (pthread_create(&writer, NULL, work, NULL)) {
    pthread_join(reader, NULL);
    return -1;
  }
  pthread_join(writer, NULL);
  pthread_join(reader, NULL);
  return 0;
}

/* ---- detached on purpose */

int detaches(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL))
    return -1;
  pthread_detach(thread);
  return 0;
}

int created_detached(void) {
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  int error = pthread_create(&thread, &attributes, work, NULL);
  pthread_attr_destroy(&attributes);
  return error;
}

int created_joinable(void) {
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_JOINABLE);
  int error = pthread_create(&thread, &attributes, work, NULL); // expect: thread-unjoined
  pthread_attr_destroy(&attributes);
  return error;
}

int created_with_room(size_t size) {
  pthread_t thread;
  pthread_attr_t attributes;
  size_t least;
  pthread_attr_init(&attributes);
  pthread_attr_getstacksize(&attributes, &least);
  pthread_attr_setstacksize(&attributes, size < least ? least : size);
  int error = pthread_create(&thread, &attributes, work, NULL); // expect: thread-unjoined
  pthread_attr_destroy(&attributes);
  return error;
}

int created_detached_with_room(size_t size) {
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, size);
  int error = pthread_create(&thread, &attributes, work, NULL);
  pthread_attr_destroy(&attributes);
  return error;
}

static void *detaches_itself(void *argument) {
  pthread_detach(pthread_self());
  while (work(argument))
    continue;
  return NULL;
}

int left_to_itself(void) {
  pthread_t thread;
  return pthread_create(&thread, NULL, detaches_itself, NULL);
}

/* ---- arrays */

int pool(void) {
  pthread_t threads[8];
  for (int i = 0; i < 8; i++)
    if (pthread_create(&threads[i], NULL, work, NULL))
      abort();
  for (int i = 0; i < 8; i++)
    pthread_join(threads[i], NULL);
  return 0;
}

int pool_that_is_left(void) {
  pthread_t threads[8];
  for (int i = 0; i < 8; i++)
    if (pthread_create(&threads[i], NULL, work, NULL)) // expect: thread-unjoined "'threads[i]'"
      abort();
  return 0;
}

int pool_that_is_part_made(int count) {
  pthread_t threads[8];
  int created = 0;
  for (; created < count; created++)
    if (pthread_create(&threads[created], NULL, work, NULL))
      break;
  for (int i = 0; i < created; i++)
    pthread_join(threads[i], NULL);
  return created == count;
}

/* ---- wrappers */

static int launch(pthread_t *thread, void *argument) {
  return pthread_create(thread, NULL, work, argument);
}

static void wait_for(pthread_t thread) { pthread_join(thread, NULL); }

int through_wrappers(void) {
  pthread_t thread;
  if (launch(&thread, NULL))
    return -1;
  wait_for(thread);
  return 0;
}

int through_half_of_them(void) {
  pthread_t thread;
  if (launch(&thread, NULL)) // expect: thread-unjoined "'through_half_of_them' neither joins"
    return -1;
  return 0;
}

static pthread_t launched(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL))
    abort();
  return thread;
}

void takes_the_result(void) {
  pthread_t thread = launched();
  pthread_join(thread, NULL);
}

void drops_the_result(void) {
  launched(); // expect: thread-unjoined
}

/* ---- flags */

int flagged(bool wanted) {
  pthread_t thread;
  bool started = false;
  if (wanted) {
    if (pthread_create(&thread, NULL, work, NULL))
      return -1;
    started = true;
  }
  if (started)
    pthread_join(thread, NULL);
  return 0;
}

/* ---- a handle in a field: judged by the whole program */

int job_start(struct job *job) {
  return pthread_create(&job->thread, NULL, work, job); // expect: thread-unjoined "nobody joins"
}

int session_start(struct session *session) {
  return pthread_create(&session->thread, NULL, work, session);
}

void session_stop(struct session *session) { pthread_join(session->thread, NULL); }

static pthread_t kept[4];

void kept_start(void) {
  pthread_t thread;
  for (int i = 0; i < 4; i++) {
    if (pthread_create(&thread, NULL, work, NULL))
      abort();
    kept[i] = thread;
  }
}

void kept_stop(void) {
  for (int i = 0; i < 4; i++)
    pthread_join(kept[i], NULL);
}

/* The process ends with main, and with it the thread. */
int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  return 0;
}
