// What runs in a process that was made for it runs once there.
// mechanism: once-guards
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct job {
  pid_t child;
};

static void by_result(void) {}     // runs: once run "makes a process for by_result"
static void by_variable(void) {}   // runs: once run
static void by_field(void) {}      // runs: once run
static void by_switch(void) {}     // runs: once run
static void by_parent_test(void) {} // runs: once run
static void by_wrapper(void) {}    // runs: once run "fork_or_die"
static void inner(void) {}         // runs: any run "any in the loop"
static void step(void) {}          // runs: bounded run
static void in_parent(void) {}     // runs: any run
static void if_it_fails(void) {}   // runs: any run
static void after(void) {}         // runs: any run
static void by_other_number(void) {} // runs: any run
static void by_forkless(void) {}   // runs: any run

static pid_t fork_or_die(void) { // runs: any run
  pid_t pid = fork();
  if (pid < 0)
    abort();
  return pid;
}

static int fork_a_job(void) { // runs: any run
  return fork() < 0 ? -1 : 1;
}

static void child(void) { // runs: once run "makes a process for child"
  for (int i = 0; i < 4; i++)
    step();
  while (getppid() != 1)
    inner();
}

static void serve(struct job *job, int number) { // runs: any run
  if (fork() == 0) {
    by_result();
    _exit(0);
  }
  pid_t pid = fork();
  if (pid < 0)
    if_it_fails();
  else if (!pid) {
    by_variable();
    child();
    exit(0);
  } else
    in_parent();
  if ((job->child = fork()) == 0) {
    by_field();
    exit(1);
  }
  switch (fork()) {
  case -1:
    if_it_fails();
    break;
  case 0:
    by_switch();
    exit(0);
  default:
    in_parent();
  }
  pid_t other = fork();
  if (other > 0) {
    in_parent();
  } else {
    by_parent_test();
    _exit(0);
  }
  pid = fork_or_die();
  if (pid == 0) {
    by_wrapper();
    _exit(0);
  }
  if (number == 0)
    by_other_number();
  if (fork_a_job() == 0)
    by_forkless();
  after();
}

int main(void) { // runs: once init run
  struct job job;
  while (wait(NULL) != -2)
    serve(&job, wait(NULL));
}
