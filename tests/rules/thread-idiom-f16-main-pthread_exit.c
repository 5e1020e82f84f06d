/* T-F16: main ends with pthread_exit, so that the others live on. Then its locals are gone while
 * they run: the other side of T-F9. */
#include <pthread.h>
#include <stdlib.h>

struct settings {
  int port;
};

static struct settings kept;

static void *serve(void *given) { return given; }

int main(int count, char **arguments) {
  struct settings settings = {count};
  pthread_t thread, other;
  kept.port = arguments[0] != NULL;
  if (pthread_create(&thread, NULL, serve, &kept))
    exit(1);
  if (pthread_create(&other, NULL, serve, &settings)) // expect: thread-stack-arg "'settings'"
    exit(1);
  pthread_detach(other);
  pthread_exit(NULL);
}
