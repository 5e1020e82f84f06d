/* T-F9: the locals of main last as long as the process, when main ends it. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct settings {
  int port;
};

static void *serve(void *given) { return given; }

static void begin(int port) {
  struct settings settings = {port};
  pthread_t thread;
  if (pthread_create(&thread, NULL, serve, &settings)) // expect: thread-stack-arg "'settings'"
    exit(1);
  pthread_detach(thread);
}

int main(int count, char **arguments) {
  struct settings settings = {count};
  pthread_t thread;
  if (pthread_create(&thread, NULL, serve, &settings))
    exit(1);
  pthread_detach(thread);
  begin(arguments[0] != NULL);
  pause();
  return 0;
}
