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

void complain(void);

/* What could not be created is only told of: the join does not know which. */
int only_told(int count) {
  pthread_t threads[COUNT];
  for (int i = 0; i < count; i++)
    if (pthread_create(&threads[i], NULL, work, NULL)) // note: "its creation fails here"
      complain();
  for (int i = 0; i < count; i++)
    pthread_join(threads[i], NULL); // expect: thread-uncreated "its creation failed"
  return 0;
}

/* The same, of elements that a list and a test choose. */
struct item {
  struct item *next;
  int wanted;
};

int only_told_of_some(const struct item *items, int count) {
  pthread_t threads[COUNT];
  int next = 0;
  for (const struct item *item = items; item; item = item->next) {
    if (!item->wanted)
      continue;
    if (pthread_create(&threads[next], NULL, work, NULL))
      complain();
    next++;
  }
  for (int i = 0; i < count; i++)
    pthread_join(threads[i], NULL); // expect: thread-uncreated "its creation failed"
  return 0;
}

struct job {
  pthread_t thread;
  int state;
};

int kept_beside(int count) {
  struct job jobs[COUNT];
  for (int i = 0; i < count; i++) {
    jobs[i].state = 0;
    if (pthread_create(&jobs[i].thread, NULL, work, NULL))
      jobs[i].state = -1;
  }
  for (int i = 0; i < count; i++)
    if (jobs[i].state != -1)
      pthread_join(jobs[i].thread, NULL);
  return 0;
}

/* The one that failed is counted, and taken back. */
int counted_too_far(int count) {
  pthread_t threads[COUNT];
  int made = 0, failed = 0;
  for (; made < count && !failed; made++)
    failed = pthread_create(&threads[made], NULL, work, NULL) != 0;
  if (failed)
    made--;
  while (made-- > 0)
    pthread_join(threads[made], NULL);
  return failed ? -1 : 0;
}

int emptied(int count) {
  pthread_t threads[COUNT];
  for (int i = 0; i < count; i++)
    if (pthread_create(&threads[i], NULL, work, NULL))
      threads[i] = 0;
  for (int i = 0; i < count; i++)
    if (threads[i])
      pthread_join(threads[i], NULL);
  return 0;
}
