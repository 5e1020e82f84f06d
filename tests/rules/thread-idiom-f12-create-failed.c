/* T-F12: what was not created is not joined; of a pool that is made in part, that part is. */
#include <pthread.h>
#include <stdlib.h>

enum { COUNT = 4 };

static void *work(void *given) { return given; }

int in_part(void) {
  pthread_t threads[COUNT];
  int made, result = 0;
  for (made = 0; made < COUNT; made++)
    if (pthread_create(&threads[made], NULL, work, NULL)) {
      result = -1;
      break;
    }
  while (made-- > 0)
    pthread_join(threads[made], NULL);
  return result;
}

int taken_back(void) {
  pthread_t threads[COUNT];
  for (int i = 0; i < COUNT; i++)
    if (pthread_create(&threads[i], NULL, work, NULL)) {
      for (int k = 0; k < i; k++)
        pthread_join(threads[k], NULL);
      return -1;
    }
  for (int i = 0; i < COUNT; i++)
    pthread_join(threads[i], NULL);
  return 0;
}

int marked(void) {
  pthread_t threads[COUNT];
  int made[COUNT] = {0};
  for (int i = 0; i < COUNT; i++)
    made[i] = !pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < COUNT; i++)
    if (made[i])
      pthread_join(threads[i], NULL);
  return 0;
}

int result_kept(void) {
  pthread_t thread;
  int error = pthread_create(&thread, NULL, work, NULL);
  if (!error)
    pthread_join(thread, NULL);
  return error;
}

int here_instead(void) {
  pthread_t thread;
  int threaded = pthread_create(&thread, NULL, work, NULL) == 0;
  if (!threaded)
    work(NULL);
  else
    pthread_join(thread, NULL);
  return 0;
}

int all_the_same(void) {
  pthread_t thread;
  int error = pthread_create(&thread, NULL, work, NULL); // note: "its creation fails here"
  work(NULL);
  pthread_join(thread, NULL); // expect: thread-uncreated "its creation failed"
  return error;
}

int rest_of_the_pool(void) {
  pthread_t threads[COUNT];
  for (int i = 0; i < COUNT; i++)
    if (pthread_create(&threads[i], NULL, work, NULL))
      return -1; // expect: thread-unjoined "'threads[i]'"
  for (int i = 0; i < COUNT; i++)
    pthread_join(threads[i], NULL);
  return 0;
}
