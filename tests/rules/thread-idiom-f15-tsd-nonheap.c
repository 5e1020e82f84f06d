/* T-F15: what threads keep under a key without a destructor is a number, static, the caller's, or
 * freed by the thread itself as it ends. */
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>

struct request {
  int client;
};

static pthread_key_t numbers, names, requests, buffers, leaks;
static sem_t places;
static const char idle[] = "idle";

static void end_buffers(void) { free(pthread_getspecific(buffers)); }

static void handle(struct request *request) {
  pthread_setspecific(numbers, (void *)(intptr_t)request->client);
  pthread_setspecific(names, idle);
  pthread_setspecific(requests, request);
}

static void *serve(void *given) {
  handle(given);
  pthread_setspecific(buffers, malloc(100));
  pthread_setspecific(leaks, malloc(100));
  end_buffers();
  free(given);
  sem_post(&places);
  return NULL;
}

int main(void) {
  int client;
  sem_init(&places, 0, 50);
  pthread_key_create(&numbers, NULL);
  pthread_key_create(&names, NULL);
  pthread_key_create(&requests, NULL);
  pthread_key_create(&buffers, NULL);
  pthread_key_create(&leaks, NULL); // expect: thread-key-leak "'leaks'"
  while ((client = accept(0, NULL, NULL)) >= 0) {
    pthread_t thread;
    sem_wait(&places);
    struct request *request = malloc(sizeof *request);
    if (!request)
      continue;
    request->client = client;
    if (pthread_create(&thread, NULL, serve, request)) {
      free(request);
      continue;
    }
    pthread_detach(thread);
  }
  return 0;
}
