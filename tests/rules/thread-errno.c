/* What a call has said is kept in errno, until something else is called. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void *run(void *argument) {
  free(argument);
  return NULL;
}

int breed(void) {
  pthread_t thread;
  int *number = malloc(sizeof *number);
  if (!number)
    return -1;
  errno = pthread_create(&thread, NULL, run, number);
  if (errno) {
    free(number);
    return -1;
  }
  pthread_detach(thread);
  return 0;
}

/* What is printed may set it. */
int breed_and_forget(void) {
  pthread_t thread;
  errno = pthread_create(&thread, NULL, run, NULL); // note: "its creation fails here"
  perror("pthread_create");
  if (errno)
    return -1; // expect: thread-unjoined "neither joined nor detached"
  pthread_detach(thread); // expect: thread-uncreated "its creation failed"
  return 0;
}

int main(void) {
  return breed() || breed_and_forget();
}
