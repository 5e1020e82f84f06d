/* Handles that are joined though no thread was created. */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static void *work(void *argument) { return argument; }

int only_says_so(void) {
  pthread_t thread;
  int error = pthread_create(&thread, NULL, work, NULL); // note: "its creation fails here"
  if (error)
    fprintf(stderr, "no thread\n");
  pthread_join(thread, NULL); // expect: thread-uncreated "its creation failed"
  return 0;
}

int common_exit(int wanted) {
  pthread_t reader, writer;
  int result = -1;
  if (pthread_create(&reader, NULL, work, NULL))
    return -1;
  if (pthread_create(&writer, NULL, work, NULL)) // note: "its creation fails here"
    goto out;
  result = wanted;
out:
  pthread_join(reader, NULL);
  pthread_join(writer, NULL); // expect: thread-uncreated "'writer'"
  return result;
}

int weaker_condition(bool wanted) {
  pthread_t thread;
  if (wanted && pthread_create(&thread, NULL, work, NULL))
    return -1;
  pthread_join(thread, NULL); // expect: thread-uncreated "on this path it was never created"
  return 0;
}

int same_condition(bool wanted) {
  pthread_t thread;
  if (wanted && pthread_create(&thread, NULL, work, NULL))
    return -1;
  if (wanted)
    pthread_join(thread, NULL);
  return 0;
}

int ladder(void) {
  pthread_t reader, writer;
  int result = -1;
  if (pthread_create(&reader, NULL, work, NULL))
    return result;
  if (pthread_create(&writer, NULL, work, NULL))
    goto join_reader;
  pthread_join(writer, NULL);
  result = 0;
join_reader:
  pthread_join(reader, NULL);
  return result;
}

struct reader {
  pthread_t thread;
  bool running, told;
};

/* One from before may run: the flag says so. */
int begin_again(struct reader *reader) {
  int error = pthread_create(&reader->thread, NULL, work, reader);
  if (!error)
    reader->running = true;
  if (error && reader->running)
    pthread_join(reader->thread, NULL);
  return error;
}

int begin_too_soon(struct reader *reader) {
  reader->running = true;
  int error = pthread_create(&reader->thread, NULL, work, NULL); // note: "its creation fails here"
  if (error && reader->running)
    pthread_join(reader->thread, NULL); // expect: thread-uncreated "'reader->thread'"
  return error;
}
