/* pool.c - see pool.h. One loop around ppoll; nothing here blocks but that call. */
#include "worker/pool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/guard.h"
#include "base/message.h"
#include "worker/wire.h"

enum {
  NO_ITEM = -1,
  MESSAGE_ROOM = 4096,
  READ_SIZE = 256 * 1024,
  HELD_BYTES = 256 << 20, // results that wait for an earlier one
  ATTEMPTS = 2,
};

static const double look_seconds = 2;
static const double last_deadline = 20; // times the deadline: the end whatever it does

typedef enum { ITEM_WAITING, ITEM_RUNNING, ITEM_AGAIN, ITEM_FINISHED } ItemState;

typedef struct {
  ItemState state;
  bool alone;        // its next attempt is made while no other worker runs
  uint32_t attempts; // made so far
  WorkStatus status;
  char *reason; // of memory_resize, NULL when there is none
  void *bytes;  // of memory_resize
  size_t count;
} Item;

typedef struct {
  WorkerProcess process;
  bool running; // there is a process
  int64_t item;
  double started;                 // by the clock
  double allowed;                 // seconds that the item may take: the deadline, or less
  double looked;                  // when it was last asked whether it computes
  double cpu_then;                // what it had computed by then
  double cpu_before;              // of the process, when the item was begun
  ByteWriter input;               // bytes of an answer that is not complete
  char message[MESSAGE_ROOM + 1]; // the end of what it wrote to stderr
  size_t message_length;
} Worker;

typedef struct {
  const Pool *pool;
  Item *items;
  Worker *workers;
  struct pollfd *files; // two for each worker
  uint32_t worker_count;
  uint32_t next;      // item to begin
  uint32_t delivered; // items handed over
  uint32_t finished;  // items with a result
  size_t held;        // bytes of results not handed over
} Supervisor;

/* ---- signals */

static volatile sig_atomic_t caught;

static void catch_signal(int number) { caught = number; }

static const int caught_signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { CAUGHT_COUNT = sizeof caught_signals / sizeof *caught_signals };

typedef struct {
  sigset_t before; // the mask outside, and during ppoll
  struct sigaction actions[CAUGHT_COUNT];
} Signals;

/* Blocked except inside ppoll, so that a signal between a test and the wait is not lost. */
static void signals_take(Signals *signals) {
  caught = 0;
  sigset_t set;
  sigemptyset(&set);
  for (size_t i = 0; i < CAUGHT_COUNT; i++) {
    sigaddset(&set, caught_signals[i]);
    sigaction(caught_signals[i], NULL, &signals->actions[i]);
    struct sigaction action = {.sa_handler = catch_signal};
    if (signals->actions[i].sa_handler != SIG_IGN) // `nohup overstay check`
      sigaction(caught_signals[i], &action, NULL);
  }
  sigprocmask(SIG_BLOCK, &set, &signals->before);
}

static void signals_give_back(Signals *signals) {
  sigprocmask(SIG_SETMASK, &signals->before, NULL);
  for (size_t i = 0; i < CAUGHT_COUNT; i++)
    sigaction(caught_signals[i], &signals->actions[i], NULL);
}

/* ---- helpers */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static char *copy_text(const char *text) {
  size_t size = strlen(text) + 1;
  return memcpy(memory_resize(NULL, size), text, size);
}

static void finish(Supervisor *s, uint32_t number, WorkStatus status, const char *reason) {
  Item *item = &s->items[number];
  item->state = ITEM_FINISHED;
  item->status = status;
  item->reason = reason ? copy_text(reason) : NULL;
  s->finished++;
}

/* The first attempt failed: once more; the second: that is its result. */
static void fail(Supervisor *s, uint32_t number, WorkStatus status, const char *reason,
                 bool again) {
  Item *item = &s->items[number];
  if (again && item->attempts < ATTEMPTS && guard_on("retry")) {
    item->state = ITEM_AGAIN;
    item->alone = status != WORK_CHANGED;
  } else {
    finish(s, number, status, reason);
  }
}

/* Hands over what is complete in the order of items. */
static void deliver(Supervisor *s) {
  while (s->delivered < s->pool->item_count) {
    Item *item = &s->items[s->delivered];
    if (item->state != ITEM_FINISHED)
      return;
    WorkResult result = {item->status, item->bytes, item->count, item->reason};
    s->pool->done(s->pool->task.context, s->delivered, &result);
    s->held -= item->count;
    memory_free(item->bytes);
    memory_free(item->reason);
    *item = (Item){.state = ITEM_FINISHED};
    s->delivered++;
  }
}

/* ---- the life of a worker */

static void start(Supervisor *s, Worker *worker) {
  if (!worker_start(&worker->process, &s->pool->task))
    die(EXIT_INTERNAL, "cannot start a worker process: %s", strerror(errno));
  worker->running = true;
  worker->item = NO_ITEM;
  worker->cpu_before = 0;
  worker->input.count = 0;
  worker->message_length = 0;
}

/* Ends it whatever it does, waits, and says how it ended. */
static int reap(Worker *worker, struct rusage *used) {
  int status = 0;
  close(worker->process.requests);
  close(worker->process.answers);
  kill(worker->process.pid, SIGKILL); // without effect when it is dead already
  while (wait4(worker->process.pid, &status, 0, used) < 0 && errno == EINTR)
    continue;
  worker->running = false;
  return status;
}

static void read_messages(Worker *worker) {
  char text[MESSAGE_ROOM];
  for (;;) {
    ssize_t got = read(worker->process.messages, text, sizeof text);
    if (got <= 0)
      return;
    size_t length = (size_t)got;
    size_t keep = worker->message_length;
    if (keep + length > MESSAGE_ROOM) {
      size_t drop = keep + length - MESSAGE_ROOM;
      keep -= drop < keep ? drop : keep;
      memmove(worker->message, worker->message + worker->message_length - keep, keep);
    }
    size_t take = length > MESSAGE_ROOM - keep ? MESSAGE_ROOM - keep : length;
    memcpy(worker->message + keep, text + length - take, take);
    worker->message_length = keep + take;
    worker->message[worker->message_length] = 0;
  }
}

/* ---- how a worker ended */

static double cpu_of(const struct rusage *used) {
  return (double)used->ru_utime.tv_sec + (double)used->ru_stime.tv_sec +
         (double)(used->ru_utime.tv_usec + used->ru_stime.tv_usec) / 1e6;
}

/* An allocation that failed ends LLVM and us with a message; a parser that grew slowly up to the
 * limit may just have crashed. */
static bool ran_out_of_memory(const Supervisor *s, const Worker *worker,
                              const struct rusage *used) {
  static const char *const signs[] = {"out of memory", "bad_alloc", "Cannot allocate memory",
                                      "std::length_error"};
  for (size_t i = 0; worker->message_length && i < sizeof signs / sizeof *signs; i++)
    if (strstr(worker->message, signs[i]))
      return true;
  return (uint64_t)used->ru_maxrss * 1024 > s->pool->task.memory_bytes / 4 * 3;
}

static const char *describe_death(Arena *arena, int status) {
  if (WIFSIGNALED(status))
    return arena_printf(arena, "the parser crashed (%s)", strsignal(WTERMSIG(status)));
  return arena_printf(arena, "the parser ended itself (exit code %d)", WEXITSTATUS(status));
}

static void fail_item(Supervisor *s, const Worker *worker, int status, const struct rusage *used,
                      bool late) {
  uint32_t number = (uint32_t)worker->item;
  double deadline = s->pool->task.deadline_seconds;
  if (late && worker->allowed < deadline) {
    finish(s, number, WORK_LEFT, NULL);
    return;
  }
  Arena *arena = arena_new();
  bool busy = cpu_of(used) - worker->cpu_before > deadline / 2;
  if (late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
    // One that computed all the time would do it again; one that waited may have been starved.
    fail(s, number, WORK_TIMEOUT, arena_printf(arena, "no result after %g s", deadline),
         late && !busy);
  else if (ran_out_of_memory(s, worker, used))
    fail(s, number, WORK_MEMORY,
         arena_printf(arena, "more than %llu MB of memory needed",
                      (unsigned long long)(s->pool->task.memory_bytes >> 20)),
         true);
  else
    fail(s, number, WORK_CRASHED, describe_death(arena, status), true);
  arena_free(arena);
}

/* The worker is dead, or has to be. */
static void bury(Supervisor *s, Worker *worker, bool late) {
  struct rusage used;
  memset(&used, 0, sizeof used);
  int status = reap(worker, &used);
  read_messages(worker);
  close(worker->process.messages);
  if (WIFEXITED(status) && WEXITSTATUS(status) == WORKER_UNFIT)
    die(EXIT_INTERNAL, "%s", worker->message_length ? worker->message : "a worker cannot work");
  if (!guard_on("isolation"))
    die(EXIT_INTERNAL, "%s", describe_death(arena_new(), status));
  if (worker->item != NO_ITEM) // else something outside ended it: the next item gets a new one
    fail_item(s, worker, status, &used, late);
  worker->item = NO_ITEM;
}

/* ---- answers */

static void take_record(Supervisor *s, Worker *worker, const Record *record) {
  uint32_t number = (uint32_t)worker->item;
  worker->item = NO_ITEM;
  worker->cpu_before = record->head.cpu_seconds;
  worker->message_length = 0;
  if (record->head.kind == ANSWER_CHANGED) {
    fail(s, number, WORK_CHANGED, "the source changed while it was read", true);
    return;
  }
  Item *item = &s->items[number];
  item->count = record->count;
  item->bytes = memory_resize(NULL, record->count);
  if (record->count)
    memcpy(item->bytes, record->bytes, record->count);
  s->held += record->count;
  finish(s, number, WORK_DONE, NULL);
}

/* False when the worker is gone, or sends what it should not. */
static bool read_answer(Supervisor *s, Worker *worker) {
  static uint8_t buffer[READ_SIZE];
  for (;;) {
    ssize_t got = read(worker->process.answers, buffer, sizeof buffer);
    if (got < 0)
      return errno == EAGAIN || errno == EINTR;
    if (!got)
      return false;
    bytes_put_raw(&worker->input, buffer, (size_t)got);
    Record record;
    WireState state = wire_parse(worker->input.at, worker->input.count, &record);
    if (state == WIRE_PART)
      continue;
    if (state == WIRE_DAMAGED || worker->item == NO_ITEM ||
        record.head.item != (uint32_t)worker->item || record.taken != worker->input.count)
      return false;
    take_record(s, worker, &record);
    worker->input.count = 0;
    return true;
  }
}

/* ---- giving out work */

static bool any_busy(const Supervisor *s) {
  for (uint32_t i = 0; i < s->worker_count; i++)
    if (s->workers[i].running && s->workers[i].item != NO_ITEM)
      return true;
  return false;
}

/* When the time is up, what nobody works on is left. */
static void leave_rest(Supervisor *s) {
  if (s->pool->until <= 0 || now() < s->pool->until)
    return;
  for (uint32_t i = s->delivered; i < s->pool->item_count; i++)
    if (s->items[i].state == ITEM_WAITING || s->items[i].state == ITEM_AGAIN)
      finish(s, i, WORK_LEFT, NULL);
  s->next = s->pool->item_count;
}

/* The item to do next, or NO_ITEM: one to be tried again when its time has come, else the next. */
static int64_t choose(const Supervisor *s) {
  bool full = s->held > HELD_BYTES;
  bool busy = any_busy(s);
  bool more = s->next < s->pool->item_count && !full;
  for (uint32_t i = s->delivered; i < s->next; i++)
    if (s->items[i].state == ITEM_AGAIN && (!s->items[i].alone || (!busy && !more)))
      return i;
  return more ? (int64_t)s->next : NO_ITEM;
}

static bool runs_alone(const Supervisor *s) {
  for (uint32_t i = 0; i < s->worker_count; i++) {
    const Worker *worker = &s->workers[i];
    if (worker->running && worker->item != NO_ITEM && s->items[worker->item].alone)
      return true;
  }
  return false;
}

static void give(Supervisor *s, Worker *worker, uint32_t number) {
  Item *item = &s->items[number];
  item->state = ITEM_RUNNING;
  item->attempts++;
  if (number == s->next)
    s->next++;
  worker->item = number;
  worker->started = worker->looked = now();
  worker->allowed = s->pool->task.deadline_seconds;
  if (s->pool->until > 0 && s->pool->until - worker->started < worker->allowed)
    worker->allowed = s->pool->until - worker->started;
  worker->cpu_then = worker->cpu_before;
  if (s->pool->started)
    s->pool->started(s->pool->task.context, number);
  worker_request(&worker->process, number, item->attempts); // a dead one is seen by its answers
}

static void give_work(Supervisor *s) {
  for (uint32_t i = 0; i < s->worker_count && !runs_alone(s); i++) {
    Worker *worker = &s->workers[i];
    if (worker->running && worker->item != NO_ITEM)
      continue;
    int64_t number = choose(s);
    if (number == NO_ITEM)
      return;
    if (worker->running && s->items[number].alone)
      bury(s, worker, false); // what others left behind shall not count against it
    if (!worker->running)
      start(s, worker);
    give(s, worker, (uint32_t)number);
  }
}

/* ---- waiting */

/* When this worker has to be looked at again. */
static double next_look(const Worker *worker) {
  double deadline = worker->started + worker->allowed;
  double look = worker->looked + look_seconds;
  return deadline > look ? deadline : look;
}

/* Until somebody has to be looked at, and a second at most. */
static struct timespec patience(const Supervisor *s) {
  double wait = 1, time = now();
  for (uint32_t i = 0; i < s->worker_count; i++) {
    const Worker *worker = &s->workers[i];
    if (!worker->running || worker->item == NO_ITEM)
      continue;
    double left = next_look(worker) - time;
    wait = left < wait ? left : wait;
  }
  wait = wait < 0.001 ? 0.001 : wait;
  return (struct timespec){(time_t)wait, (long)((wait - (double)(time_t)wait) * 1e9)};
}

static double cpu_so_far(pid_t pid) {
  clockid_t clock;
  struct timespec used;
  if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &used))
    return 0;
  return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

/* Past what it was allowed, and waiting for something. One that computes is only short of
 * processors as long as its CPU time is less, too, so that a busy machine loses no unit. (Of the
 * deadline worker/sandbox.h sees to that as well.) */
static bool is_late(Worker *worker) {
  double time = now();
  if (worker->item == NO_ITEM || time < next_look(worker) || !guard_on("deadline"))
    return false;
  double cpu = cpu_so_far(worker->process.pid);
  bool computes = cpu > worker->cpu_then && cpu - worker->cpu_before <= worker->allowed;
  worker->looked = time;
  worker->cpu_then = cpu;
  return !computes || time - worker->started > worker->allowed * last_deadline;
}

static void wait_for_workers(Supervisor *s, const Signals *signals) {
  for (uint32_t i = 0; i < s->worker_count; i++) {
    bool running = s->workers[i].running; // ppoll passes over negative numbers
    s->files[2 * i] = (struct pollfd){running ? s->workers[i].process.answers : -1, POLLIN, 0};
    s->files[2 * i + 1] = (struct pollfd){running ? s->workers[i].process.messages : -1, POLLIN, 0};
  }
  struct timespec time = patience(s);
  if (ppoll(s->files, 2 * s->worker_count, &time, &signals->before) < 0 && errno != EINTR)
    die(EXIT_INTERNAL, "ppoll: %s", strerror(errno));
}

static void look_at(Supervisor *s, uint32_t number) {
  Worker *worker = &s->workers[number];
  if (!worker->running)
    return;
  if (s->files[2 * number + 1].revents)
    read_messages(worker);
  if (s->files[2 * number].revents && !read_answer(s, worker)) {
    bury(s, worker, false);
    return;
  }
  if (is_late(worker))
    bury(s, worker, true);
}

static void end_workers(Supervisor *s) {
  for (uint32_t i = 0; i < s->worker_count; i++) {
    Worker *worker = &s->workers[i];
    if (worker->running && guard_on("reap")) {
      struct rusage used;
      reap(worker, &used);
      close(worker->process.messages);
    }
    bytes_free(&worker->input);
  }
  for (uint32_t i = s->delivered; i < s->pool->item_count; i++) {
    memory_free(s->items[i].bytes);
    memory_free(s->items[i].reason);
  }
}

int pool_run(const Pool *pool) {
  if (!pool->item_count)
    return 0;
  Arena *arena = arena_new();
  uint32_t workers = pool->workers ? pool->workers : 1;
  workers = workers < pool->item_count ? workers : pool->item_count;
  Supervisor s = {.pool = pool,
                  .items = arena_new_array(arena, Item, pool->item_count),
                  .workers = arena_new_array(arena, Worker, workers),
                  .files = arena_new_array(arena, struct pollfd, 2 * (size_t)workers),
                  .worker_count = workers};
  Signals signals;
  signals_take(&signals);
  while (s.delivered < pool->item_count && !caught) {
    leave_rest(&s);
    give_work(&s);
    if (any_busy(&s))
      wait_for_workers(&s, &signals);
    for (uint32_t i = 0; i < workers && any_busy(&s); i++)
      look_at(&s, i);
    deliver(&s);
    if (pool->tick)
      pool->tick(pool->task.context, s.finished);
  }
  int signal_number = caught;
  end_workers(&s);
  signals_give_back(&signals);
  arena_free(arena);
  return signal_number;
}
