/* Numbers that threads change without any lock. What decides something, or is read as the result of
 * their work, has to be right; statistics may be a little wrong. */
// run: --min-confidence possible
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static long made;
static int users;
static long served;
static unsigned told;
static long rounds[5];
int next_client(void);

static void *make(void *unused) {
  for (int i = 0; i < 100000; i++)
    made++; // expect: lock-race "'made' is changed here by several threads at once"
  return unused;
}

static void *serve(void *client) {
  if (users >= 10)
    return NULL;
  users++; // expect: lock-race "'users' is changed here by several threads at once"
  sleep(1);
  served++;
  if (!(told & 2))
    puts("the first one");
  told |= 2;
  users--;
  return client;
}

static void *go_round(void *own) {
  for (int i = 0; i < 100000; i++)
    ++*(long *)own;
  return NULL;
}

static void work(void) {
  pthread_t makers[5], walkers[5];
  for (int i = 0; i < 5; i++) {
    pthread_create(&makers[i], NULL, make, NULL);
    pthread_create(&walkers[i], NULL, go_round, &rounds[i]);
  }
  for (int i = 0; i < 5; i++) {
    pthread_join(makers[i], NULL);
    pthread_join(walkers[i], NULL);
  }
  printf("%ld %ld\n", made, rounds[0] + rounds[4]);
}

int main(void) {
  work();
  for (;;) {
    pthread_t thread;
    int client = next_client();
    printf("%ld so far\n", served);
    if (client && !pthread_create(&thread, NULL, serve, NULL)) // expect: thread-unbounded "a detached thread is created here again and again"
      pthread_detach(thread);
  }
}
