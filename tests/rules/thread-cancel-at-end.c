/* What a thread holds that is cancelled at the end of the process does not matter any more, nor
 * when a crash is reported. */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static pthread_mutex_t input_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t output_lock = PTHREAD_MUTEX_INITIALIZER;
static char input[80], output[80];

static void *reader(void *argument) {
  for (;;) {
    pthread_mutex_lock(&input_lock); // note: "it acquires 'input_lock' here"
    read(0, input, sizeof input);    // note: "the thread may be cancelled here"
    pthread_mutex_unlock(&input_lock);
  }
  return argument;
}

static void *writer(void *argument) {
  for (;;) {
    pthread_mutex_lock(&output_lock);
    write(1, output, sizeof output);
    pthread_mutex_unlock(&output_lock);
  }
  return argument;
}

static int reset(void) {
  char command;
  return read(0, &command, 1) == 1 && command == 'r';
}

static volatile sig_atomic_t ended;
static void end(int number) { ended = number; }

static pthread_t crashing;

static void report_crash(int number) {
  if (pthread_cancel(crashing) == 0)
    pthread_join(crashing, NULL);
  ended = number;
}

int main(void) {
  pthread_t in, out;
  struct sigaction crash = {.sa_handler = report_crash};
  sigaction(SIGSEGV, &crash, NULL);
  signal(SIGTERM, end);
  if (pthread_create(&crashing, NULL, writer, NULL))
    return 1;
  struct pollfd ready = {.fd = 0, .events = POLLIN};
  if (pthread_create(&out, NULL, writer, NULL))
    return 1;
  while (!ended) {
    poll(&ready, 1, -1);
    if (pthread_create(&in, NULL, reader, NULL)) // note: "the thread is created here"
      break;
    while (!reset())
      continue;
    pthread_cancel(in); // expect: thread-cancel "may hold 'input_lock'"
    pthread_join(in, NULL);
  }
  pthread_cancel(out);
  pthread_join(out, NULL);
  return 0;
}
