/* rescue.c - see rescue.h */
#include "cli/rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/guard.h"
#include "base/message.h"

static struct {
  pid_t waiting; // 0: nobody
  int call;      // what is written there calls it, its end sends it home
  bool on;
} spare;

static void wait_for_call(int call, pid_t parent) {
  char word;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(0);
  ssize_t got;
  while ((got = read(call, &word, 1)) < 0 && errno == EINTR)
    continue;
  if (got != 1)
    _exit(0);
  close(call);
  spare.on = true;
}

void rescue_prepare(void) {
  int ends[2];
  pid_t parent = getpid();
  if (!guard_on("rescue") || pipe2(ends, O_CLOEXEC))
    return;
  pid_t pid = fork();
  if (!pid) {
    close(ends[1]);
    wait_for_call(ends[0], parent);
    return;
  }
  close(ends[0]);
  if (pid < 0) {
    close(ends[1]);
    return;
  }
  spare.waiting = pid;
  spare.call = ends[1];
}

bool rescue_is_on(void) { return spare.on; }

static int end_of(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    continue;
  return status;
}

void rescue(const char *why) {
  if (!spare.waiting)
    return;
  warn("%s", why);
  inform("going on without it: the results of this run are not kept");
  if (write(spare.call, "", 1) != 1)
    return;
  int status = end_of(spare.waiting);
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

void rescue_no_more(void) {
  if (!spare.waiting)
    return;
  close(spare.call);
  end_of(spare.waiting);
  spare.waiting = 0;
}
