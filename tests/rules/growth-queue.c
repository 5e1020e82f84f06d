/* Producers and consumers. With a capacity the producer waits. Without one, the consumer still takes
 * out what comes in: how far it lags behind is not told by the code, so that is silent. A consumer that
 * reads on and frees nothing leaves a queue that only grows. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CAPACITY = 128 };

struct job {
  int peer;
  struct job *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t came = PTHREAD_COND_INITIALIZER, left = PTHREAD_COND_INITIALIZER;
static struct job *bounded, *endless, *log_first, **log_end = &log_first, *log_read;
static int bounded_count;

static struct job *job_new(int peer, struct job *next) {
  struct job *job = malloc(sizeof *job);
  if (!job)
    abort();
  job->peer = peer;
  job->next = next;
  return job;
}

static void produce(int peer) {
  pthread_mutex_lock(&lock);
  while (bounded_count >= CAPACITY)
    pthread_cond_wait(&left, &lock);
  bounded = job_new(peer, bounded);
  bounded_count++;
  endless = job_new(peer, endless);
  *log_end = job_new(peer, NULL); // expect-miss: growth-unbounded "log_"
  log_end = &(*log_end)->next;
  pthread_cond_broadcast(&came);
  pthread_mutex_unlock(&lock);
}

static int take(struct job **head) {
  struct job *job = *head;
  int peer = job->peer;
  *head = job->next;
  free(job);
  return peer;
}

static void consume_log(void) {
  struct job *next = log_read ? log_read->next : log_first;
  if (next) {
    write(next->peer, "!", 1);
    log_read = next;
  }
}

static void *consume(void *given) {
  for (;;) {
    pthread_mutex_lock(&lock);
    while (!bounded || !endless)
      pthread_cond_wait(&came, &lock);
    int first = take(&bounded), second = take(&endless);
    bounded_count--;
    pthread_cond_signal(&left);
    consume_log();
    pthread_mutex_unlock(&lock);
    write(first, "?", 1);
    close(second);
  }
  return given;
}

int main(void) {
  pthread_t consumer;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (pthread_create(&consumer, NULL, consume, NULL))
    return 1;
  pthread_detach(consumer);
  for (;;)
    produce(accept(listener, NULL, NULL));
}
