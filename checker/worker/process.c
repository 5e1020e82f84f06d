/* process.c - the child side of a worker.
 *
 * Everything it works on was in memory when it was forked; a request is only a number. It ends
 * with _exit, because buffers and handlers of the parent are not its own. */
#include "worker/process.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/guard.h"
#include "base/message.h"
#include "worker/sandbox.h"
#include "worker/wire.h"

typedef struct {
  const WorkerTask *task;
  int requests, answers;
} Service;

static void *serve(void *argument) {
  const Service *service = argument;
  const WorkerTask *task = service->task;
  RecordHead head;
  while (wire_receive(service->requests, &head)) {
    sandbox_allow_cpu(task->deadline_seconds);
    ByteWriter result = {0};
    head.kind = task->work(task->context, head.item, head.attempt, &result);
    head.cpu_seconds = sandbox_cpu_seconds();
    if (!wire_send(service->answers, &head, result.at, result.count))
      break;
    bytes_free(&result);
  }
  _exit(0);
}

/* libclang must do its work on the thread that calls it: the threads that it makes itself have
 * small stacks. The memory of the stack is taken from the system only as it is used. */
static void serve_on_large_stack(Service *service) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  if (guard_on("stack"))
    pthread_attr_setstacksize(&attributes, SANDBOX_STACK);
  int error = pthread_create(&thread, &attributes, serve, service);
  if (error) {
    fprintf(stderr, "a worker cannot have a stack of 1 GiB: %s", strerror(error));
    _exit(WORKER_UNFIT);
  }
  pthread_join(thread, NULL);
  _exit(0);
}

static void set_signals(void) {
  static const int defaults[] = {SIGTERM, SIGHUP, SIGSEGV, SIGBUS,
                                 SIGABRT, SIGILL, SIGXCPU, SIGFPE};
  for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
    signal(defaults[i], SIG_DFL);
  signal(SIGINT, SIG_IGN); // the supervisor decides
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static noreturn void be_worker(const WorkerTask *task, int requests, int answers, int messages,
                               pid_t parent) {
  set_signals();
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  dup2(nothing, STDOUT_FILENO);
  dup2(messages, STDERR_FILENO);
  const int keep[] = {requests, answers};
  sandbox_enter(&(Sandbox){.memory_bytes = task->memory_bytes,
                           .keep_open = keep,
                           .keep_count = 2,
                           .output_folder = task->output_folder});
  if (getppid() != parent) // it ended before we asked to end with it
    _exit(0);
  setenv("LIBCLANG_NOTHREADS", "1", 1);
  setenv("LIBCLANG_DISABLE_CRASH_RECOVERY", "1", 1); // a crashed parser is not to be used again
  Service service = {task, requests, answers};
  serve_on_large_stack(&service);
  _exit(0);
}

static void close_pair(int pair[2]) {
  if (pair[0] >= 0)
    close(pair[0]);
  if (pair[1] >= 0)
    close(pair[1]);
}

bool worker_start(WorkerProcess *worker, const WorkerTask *task) {
  int requests[2] = {-1, -1}, answers[2] = {-1, -1}, messages[2] = {-1, -1};
  pid_t parent = getpid(), pid = -1;
  fflush(NULL);
  if (!pipe2(requests, O_CLOEXEC) && !pipe2(answers, O_CLOEXEC) && !pipe2(messages, O_CLOEXEC)) {
    fcntl(messages[1], F_SETFL, O_NONBLOCK); // a talkative worker loses words, not time
    pid = fork();
  }
  if (!pid)
    be_worker(task, requests[0], answers[1], messages[1], parent);
  if (pid < 0) {
    int error = errno;
    close_pair(requests), close_pair(answers), close_pair(messages);
    errno = error;
    return false;
  }
  close(requests[0]), close(answers[1]), close(messages[1]);
  fcntl(answers[0], F_SETFL, O_NONBLOCK);
  fcntl(messages[0], F_SETFL, O_NONBLOCK);
  *worker = (WorkerProcess){pid, requests[1], answers[0], messages[0]};
  return true;
}

bool worker_request(const WorkerProcess *worker, uint32_t item, uint32_t attempt) {
  RecordHead head = {.item = item, .attempt = attempt};
  return wire_send(worker->requests, &head, NULL, 0);
}
