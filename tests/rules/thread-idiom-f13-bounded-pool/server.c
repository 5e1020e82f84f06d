#include "limits.h"
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

void on_client_bounded(void) {
  pthread_mutex_lock(&mutex);
  if (running < MOST) {
    pthread_t thread;
    if (!pthread_create(&thread, NULL, counted, NULL)) {
      pthread_detach(thread);
      running++;
    }
  }
  pthread_mutex_unlock(&mutex);
}

void on_client_waiting(void) {
  pthread_t thread;
  pthread_mutex_lock(&mutex);
  while (running >= MOST)
    pthread_cond_wait(&changed, &mutex);
  running++;
  pthread_mutex_unlock(&mutex);
  if (!pthread_create(&thread, NULL, counted, NULL))
    pthread_detach(thread);
}

void on_client_counted_only(void) {
  pthread_t thread;
  if (!pthread_create(&thread, NULL, uncounted, NULL)) { // expect: thread-unbounded
    pthread_detach(thread);
    started++;
  }
}

static void serve(int listener, void (*on_client)(void)) {
  int client;
  while ((client = accept(listener, NULL, NULL)) >= 0) {
    on_client();
    close(client);
  }
}

static void serve_counted_only(int listener) {
  int client;
  while ((client = accept(listener, NULL, NULL)) >= 0) {
    on_client_counted_only();
    close(client);
  }
}

int main(int count, char **arguments) {
  (void)arguments;
  if (count > 3)
    serve_counted_only(0);
  else
    serve(0, count > 2 ? on_client_waiting : on_client_bounded);
  return 0;
}
