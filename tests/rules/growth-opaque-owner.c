/* A list of an object that is put into through a variable, and is emptied by a callback that gets
 * the object as `void *`: what is in it is taken away as a whole, or one by one (QEMU's
 * `co_schedule_bh_cb` and `thread_pool_completion_bh`).
 */
// mechanism: growth-objects
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

struct task {
  struct {
    struct task *next;
  } scheduled;
  struct {
    struct task *next;
  } waiting;
  struct {
    struct task *next;
  } lost;
  int number;
};

struct context {
  struct {
    struct task *first;
  } scheduled;
  struct {
    struct task *first;
  } waiting;
  struct {
    struct task *first;
  } lost;
  bool ready;
};

struct worker {
  struct context *context;
};

typedef void Callback(void *);

extern void run_later(Callback *, void *);
extern void run_task(struct task *);

/* The list is taken away. */
static void run_scheduled(void *opaque) {
  struct context *context = opaque;
  struct task *first = __atomic_exchange_n(&context->scheduled.first, NULL, __ATOMIC_SEQ_CST);
  while (first) {
    struct task *task = first;
    first = task->scheduled.next;
    run_task(task);
  }
}

/* Or one is. */
static void run_waiting(void *opaque) {
  struct context *context = opaque;
  struct task *task = context->waiting.first;
  if (!task)
    return;
  context->waiting.first = task->waiting.next;
  run_task(task);
}

struct context *context_new(void) {
  struct context *context = calloc(1, sizeof *context);
  if (!context)
    abort();
  run_later(run_scheduled, context);
  run_later(run_waiting, context);
  return context;
}

void context_schedule(struct context *context, struct task *task) {
  struct task *before;
  do {
    before = task->scheduled.next = context->scheduled.first;
  } while (!__atomic_compare_exchange_n(&context->scheduled.first, &before, task, false,
                                        __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
}

void context_wait(struct context *context, struct task *task) {
  task->waiting.next = context->waiting.first;
  context->waiting.first = task;
}

void context_lose(struct context *context, struct task *task) {
  task->lost.next = context->lost.first;
  context->lost.first = task; // expect: growth-unbounded "'context->lost'"
}

/* By another name of one. */
void worker_schedule(struct worker *worker, struct task *task) {
  context_schedule(worker->context, task);
  context_wait(worker->context, task);
  context_lose(worker->context, task);
}

static struct context *context;

static struct task *task_new(int number) {
  struct task *task = calloc(1, sizeof *task);
  if (!task)
    abort();
  task->number = number;
  return task;
}

int main(void) {
  int number;
  context = context_new();
  for (;;) {
    if (read(0, &number, sizeof number) <= 0)
      continue;
    context_schedule(context, task_new(number));
    context_wait(context, task_new(number));
    context_lose(context, task_new(number));
  }
}
