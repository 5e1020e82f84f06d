/* How many threads there are is decided by two tests, or counted by the loop itself. */
// mechanism: throttle
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct pool {
  int threads, queued;
  int least, most;
};

static void start(void *(*entry)(void *), void *argument) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, entry, argument) == 0) // expect: thread-unbounded "again and"
    pthread_detach(thread);
}

static void *work(void *argument) {
  close(*(int *)argument);
  return NULL;
}

static void *work_in_pool(void *argument) {
  sleep(1);
  return argument;
}

static void breed(struct pool *pool) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work_in_pool, pool) == 0) {
    pool->threads++;
    pthread_detach(thread);
  }
}

/* Both tests look at the number that is counted. */
static void herd(struct pool *pool) {
  for (;;) {
    if (pool->threads < pool->least || (pool->queued > 0 && pool->threads < pool->most)) {
      breed(pool);
      continue;
    }
    sleep(1);
  }
}

static void breed_others(struct pool *pool) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work_in_pool, pool) == 0) { // expect: thread-unbounded "again and"
    pool->threads++;
    pthread_detach(thread);
  }
}

/* What is queued is nothing that they change. */
static void herd_by_queue(struct pool *pool) {
  for (;;) { // note: "goes round any number of times"
    if (pool->threads < pool->least || pool->queued > 0) {
      breed_others(pool);
      continue;
    }
    sleep(1);
  }
}

static void start_few(void *(*entry)(void *), void *argument) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, entry, argument) == 0)
    pthread_detach(thread);
}

/* The loop counts what it has started. */
static void keep_pools(int wanted, int *number) {
  int pools = 0;
  for (;;) {
    if (pools < wanted) {
      start_few(work, number);
      pools++;
      continue;
    }
    sleep(1);
  }
}

/* Each round begins at nothing. */
static void serve_each(int listener, int *connections) {
  for (;;) {
    int count = 0;
    while (count < 4) {
      connections[count] = accept(listener, NULL, NULL);
      start(work, &connections[count]);
      count++;
    }
  }
}

int main(int count, char **arguments) {
  struct pool pool = {.least = 2, .most = 8}, other = pool;
  int connections[4], listener = socket(AF_INET, SOCK_STREAM, 0);
  pool.queued = other.queued = arguments[0] != NULL;
  switch (count) {
  case 1:
    herd(&pool);
    break;
  case 2:
    herd_by_queue(&other);
    break;
  case 3:
    keep_pools(count, connections);
    break;
  default:
    serve_each(listener, connections);
  }
  return 0;
}
