/* The program lives by threads without an end: main waits for ever, on purpose. */
#include <pthread.h>

void step(void);

static void *serve(void *argument) {
  for (;;)
    step();
  return argument;
}

int main(void) {
  pthread_t servers[4];
  for (int i = 0; i < 4; i++)
    if (pthread_create(&servers[i], NULL, serve, NULL))
      return 1;
  for (int i = 0; i < 4; i++)
    pthread_join(servers[i], NULL);
  return 0;
}
