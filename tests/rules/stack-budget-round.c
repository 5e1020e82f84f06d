// In the second round the first thread of the first one is overwritten, and so is the second, which
// is asked for its stack before its creation is met: that it is unknown then must not be a size.
#include <pthread.h>

static void *reader(void *argument) { return argument; }
static void *writer(void *argument) { return argument; }

int main(void) {
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_JOINABLE);
  for (;;) {
    if (pthread_create(&thread, &attributes, reader, NULL)) // expect: thread-overwritten "'thread' is overwritten here"
      return 1;
    if (pthread_create(&thread, NULL, writer, NULL)) // expect: thread-overwritten "'thread' is overwritten here"
      return 1;
  }
}
