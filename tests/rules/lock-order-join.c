/* lock-order: a thread is joined while a lock is held that it takes, here and by way of a callee;
 * beside those who give the lock back first. */
// run: --only lock-order --min-confidence possible
#include <pthread.h>
#include <stdbool.h>

struct service {
  pthread_mutex_t lock;
  pthread_t thread;
  bool stopping;
};

static pthread_mutex_t metrics = PTHREAD_MUTEX_INITIALIZER, state = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t counters = PTHREAD_MUTEX_INITIALIZER;
static pthread_t network, poller, logger;
static bool stopping;
static int value;

static void receive(void) {
  pthread_mutex_lock(&metrics); // note: "the thread takes 'metrics'"
  value++;
  pthread_mutex_unlock(&metrics);
}

static void *network_thread(void *unused) {
  while (!stopping)
    receive(); // note: "the thread: calls 'receive'"
  return unused;
}

static void stop_network(void) {
  pthread_mutex_lock(&metrics); // note: "'stop_network' takes 'metrics'"
  stopping = true;
  pthread_join(network, NULL); // expect: lock-order@likely "the thread of 'network_thread' is joined here while 'metrics' is held"
  value = 0;
  pthread_mutex_unlock(&metrics);
}

static void *poller_thread(void *unused) {
  pthread_mutex_lock(&state);
  value--;
  pthread_mutex_unlock(&state);
  return unused;
}

/* It gives the lock back before it waits. */
static void stop_poller(void) {
  pthread_mutex_lock(&state);
  stopping = true;
  pthread_mutex_unlock(&state);
  pthread_join(poller, NULL);
}

static void *logger_thread(void *unused) {
  pthread_mutex_lock(&counters);
  value--;
  pthread_mutex_unlock(&counters);
  return unused;
}

static void join_logger(void) {
  pthread_join(logger, NULL); // expect: lock-order@likely "the thread of 'logger_thread' is joined here while 'counters' is held"
}

static void stop_logger(void) {
  pthread_mutex_lock(&counters);
  join_logger(); // note: "calls 'join_logger'"
  pthread_mutex_unlock(&counters);
}

/* The thread does nothing with the lock that is held. */
static void *idle_thread(void *argument) {
  struct service *service = argument;
  return service->stopping ? NULL : service;
}

static void stop_idle(struct service *service) {
  pthread_mutex_lock(&service->lock);
  service->stopping = true;
  pthread_join(service->thread, NULL);
  pthread_mutex_unlock(&service->lock);
}

/* A thread that is cancelled may end where it waits for the lock. */
static pthread_mutex_t work = PTHREAD_MUTEX_INITIALIZER, turn = PTHREAD_MUTEX_INITIALIZER;
static pthread_t worker, player;

static void *worker_thread(void *unused) {
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
  pthread_mutex_lock(&work);
  value--;
  pthread_mutex_unlock(&work);
  return unused;
}

static void kill_worker(void) {
  pthread_mutex_lock(&work);
  pthread_cancel(worker);
  pthread_join(worker, NULL); // expect: lock-order@possible "the thread of 'worker_thread' is joined here while 'work' is held"
  pthread_mutex_unlock(&work);
}

/* Whom it calls meanwhile may give the lock back for it. */
static void *player_thread(void *unused) {
  pthread_mutex_lock(&turn);
  value++;
  pthread_mutex_unlock(&turn);
  return unused;
}

static void let_play(void) { pthread_mutex_unlock(&turn); }

static void play(void (*each)(void)) {
  pthread_mutex_lock(&turn);
  if (pthread_create(&player, NULL, player_thread, NULL))
    return;
  each();
  pthread_join(player, NULL); // expect: lock-order@possible "the thread of 'player_thread' is joined here while 'turn' is held"
}

int main(void) {
  static struct service idle = {.lock = PTHREAD_MUTEX_INITIALIZER};
  if (pthread_create(&network, NULL, network_thread, NULL) ||
      pthread_create(&poller, NULL, poller_thread, NULL) ||
      pthread_create(&logger, NULL, logger_thread, NULL) ||
      pthread_create(&worker, NULL, worker_thread, NULL) ||
      pthread_create(&idle.thread, NULL, idle_thread, &idle))
    return 1;
  stop_network();
  stop_poller();
  stop_logger();
  stop_idle(&idle);
  kill_worker();
  play(let_play);
  return 0;
}
