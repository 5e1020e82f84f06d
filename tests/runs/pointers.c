// What becomes of function pointers: wrappers, callbacks, tables, slots, comparisons.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

typedef void *entry(void *);
struct task {
  void (*run)(struct task *);
  void (*done)(struct task *);
};
struct operations {
  int (*open)(void);
  int (*close)(void);
};
void register_somewhere(void (*)(void));
int (*pick(int))(void);

static entry *kept_entry;
static volatile int stop;

static void *first(void *given) { return given; }  // runs: once run "starts a thread on first"
static void *second(void *given) { return given; } // runs: bounded run
static void *third(void *given) { return given; }  // runs: any run "any in the loop"
static void *kept(void *given) { return given; }   // runs: once run "through pointers.c:kept_entry"
static void *chosen(void *given) { return given; } // runs: once run
static void *other(void *given) { return given; }  // runs: once run
static void now(void) {}                           // runs: once init
static void in_each_round(void) {}                 // runs: counted init
static void unknown(void) {}                       // runs: any run "hands on unknown"
static void compared(void) {}                      // runs: never
static void unused(void) {}                        // runs: never
static void handed_out(void) {}                    // runs: any run
static void run_task(struct task *task) { (void)task; }  // runs: any run
static void task_done(struct task *task) { (void)task; } // runs: any run "stored for others"
static int open_it(void) { return 0; }  // runs: once init "through struct operations"
static int close_it(void) { return 0; } // runs: once teardown
static int by_key(const void *a, const void *b) { return a < b; } // runs: any init
static void in_local(void) {} // runs: bounded init

static struct operations operations = {open_it, close_it};
static struct task task = {run_task, task_done};

static void start_detached(entry *run, void *given) { // runs: any init run
  pthread_t thread;
  if (!pthread_create(&thread, NULL, run, given))
    pthread_detach(thread);
}
static void start(entry *run) { start_detached(run, NULL); } // runs: any init run

static void call_now(void (*what)(void)) { what(); } // runs: once init
static void call_each(void (*what)(void), int count) { // runs: once init
  for (int i = 0; i < count; i++)
    what();
}
static void (*hand_out(void))(void) { return handed_out; } // runs: once init

static void start_kept(void) { // runs: once init
  pthread_t thread;
  pthread_create(&thread, NULL, kept_entry, NULL);
}

static void use_local(int which) { // runs: once init
  void (*what)(void) = in_local;
  if (which)
    what = in_local;
  what();
  what();
}

int main(int argc, char **argv) { // runs: once init run teardown
  pthread_t thread;
  start(first);
  start(second);
  start_detached(second, argv);
  kept_entry = kept;
  start_kept();
  pthread_create(&thread, NULL, argc > 1 ? chosen : other, NULL);
  call_now(now);
  call_each(in_each_round, argc);
  register_somewhere(unknown);
  hand_out();
  use_local(argc);
  qsort(argv, (size_t)argc, sizeof *argv, by_key);
  if (pick(argc) == (int (*)(void))compared)
    return 1;
  operations.open();
  while (!stop) {
    task.run(&task);
    start(third);
  }
  operations.close();
  return 0;
}
