/* T-F1, IDIOMS B27: workers that are made as the program begins and live as long as it does; one of
 * them is only ended when the program crashes. A worker for each request is another matter. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static atomic_bool stop;
static pthread_t flusher, background[3];

static void *flush(void *given) {
  while (!stop)
    sleep(1);
  return given;
}

static void *answer(void *given) {
  free(given);
  return NULL;
}

static int start_flusher(void) { return pthread_create(&flusher, NULL, flush, NULL); }

static int start_logger(void) {
  pthread_t logger;
  return pthread_create(&logger, NULL, flush, NULL);
}

static void start_background(void) {
  for (int i = 0; i < 3; i++)
    if (pthread_create(&background[i], NULL, flush, NULL))
      abort();
}

static void on_request(int client) {
  pthread_t thread;
  int *given = malloc(sizeof *given);
  if (!given)
    return;
  *given = client;
  if (pthread_create(&thread, NULL, answer, given)) // expect: thread-unjoined "'on_request' neither"
    free(given);
}

int main(void) {
  if (start_flusher() || start_logger())
    return 1;
  start_background();
  int client;
  while ((client = accept(0, NULL, NULL)) >= 0) // note: "this loop goes round any number of times"
    on_request(client); // note: "'on_request' is called here"
  stop = 1;
  return 0;
}
