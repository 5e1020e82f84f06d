// The life of a server: before its loop, in it, after it; and what runs beside it.
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static volatile sig_atomic_t stop;
static int verbose, ready;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t started = PTHREAD_COND_INITIALIZER;

static void set_up(void) {}          // runs: once init
static void per_request(void) {}     // runs: any run "any in the loop"
static void clean_up(void) {}        // runs: once teardown
static void both_ends(void) {}       // runs: bounded init teardown
static void log_line(void) {}        // runs: any init run
static void usage(void) { exit(2); } // runs: once init
static void at_end(void) {}          // runs: once teardown "main registers at_end for the end"
static void step_of_worker(void) {}  // runs: any run "starts a thread on worker"

__attribute__((constructor))
static void early(void) { // runs: once init "is a constructor"
  verbose = 1;
}
__attribute__((destructor))
static void late(void) {} // runs: once teardown "is a destructor"

static void on_signal(int number) { // runs: any run "hands on on_signal, to be called"
  (void)number;
  stop = 1;
}
static void on_child(int number) { // runs: any run "handles a signal"
  (void)number;
}

static void *connection(void *given) { return given; } // runs: any run "starts a thread on connection"
static void *pool_member(void *given) { return given; } // runs: counted run "counted in the loop"
static void *worker(void *given) { // runs: once run "starts a thread on worker"
  for (;;)
    step_of_worker();
  return given;
}

// Waiting for the worker to be there is not what the program lives by.
static void wait_until_started(void) { // runs: once init
  pthread_mutex_lock(&mutex);
  while (!ready)
    pthread_cond_wait(&started, &mutex);
  pthread_mutex_unlock(&mutex);
}

static void start_threads(int count) { // runs: once init
  pthread_t thread;
  pthread_create(&thread, NULL, worker, NULL);
  for (int i = 0; i < count; i++)
    pthread_create(&thread, NULL, pool_member, NULL);
  wait_until_started();
}

static void serve(int listener) { // runs: once init run teardown
  both_ends();
  while (!stop) {
    pthread_t thread;
    int *given = malloc(sizeof *given);
    *given = accept(listener, NULL, NULL);
    if (!pthread_create(&thread, NULL, connection, given))
      pthread_detach(thread);
    per_request();
    log_line();
  }
  both_ends();
}

int main(int argc, char **argv) { // runs: once init run teardown
  struct sigaction action = {.sa_handler = on_child};
  (void)argv;
  if (argc < 2)
    usage();
  sigaction(SIGCHLD, &action, NULL);
  signal(SIGTERM, on_signal);
  atexit(at_end);
  set_up();
  log_line();
  start_threads(argc);
  serve(0);
  clean_up();
  return 0;
}
