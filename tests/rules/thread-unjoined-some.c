/* Arrays of threads: how many were created and joined is not compared, but who returns before the
 * join of a round, or before all joins, leaves threads behind. */
#include <pthread.h>
#include <stdlib.h>

enum { THREADS = 8 };
void *run(void *given);
int has_failed(void);

int leaves_all(int count) {
  pthread_t threads[THREADS];
  for (int i = 0; i < count; i++)
    if (pthread_create(&threads[i], NULL, run, NULL)) // expect: thread-unjoined "'threads[i]'"
      abort();
  if (has_failed())
    return -1; // note: "the only handle is gone here"
  for (int i = 0; i < count; i++)
    pthread_join(threads[i], NULL);
  return 0;
}

int leaves_some(int count) {
  pthread_t threads[THREADS];
  for (int i = 0; i < count; i++)
    if (pthread_create(&threads[i], NULL, run, NULL)) // note: "created here"
      abort();
  for (int i = 0; i < count; i++) {
    if (has_failed())
      return -1; // expect: thread-unjoined "neither joined nor detached when 'leaves_some' returns here"
    pthread_join(threads[i], NULL);
  }
  return 0;
}

/* Joins as many as it created. */
int joins_created(int count) {
  pthread_t *threads = calloc((size_t)count, sizeof *threads);
  int created = 0, failed = 0;
  if (!threads)
    return -1;
  for (; created < count && !failed; created++)
    failed = pthread_create(&threads[created], NULL, run, NULL) != 0;
  if (failed)
    created--;
  while (created-- > 0) {
    pthread_join(threads[created], NULL);
    failed |= has_failed();
  }
  free(threads);
  return failed ? -1 : 0;
}

/* The ways out are behind the joins. */
int joins_all(void) {
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++)
    pthread_create(&threads[i], NULL, run, NULL);
  for (int i = 0; i < THREADS; i++)
    if (pthread_join(threads[i], NULL))
      abort();
  if (has_failed())
    return -1;
  return 0;
}
