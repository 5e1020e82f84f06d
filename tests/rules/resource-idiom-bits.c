// `~flags & BIT` says of one bit the opposite of `flags & BIT`.
#include <unistd.h>

enum { JOB_TERMINAL = 4, JOB_QUIET = 2, JOB_BOTH = 6 };

int start_job(int flags, int fails) {
  int log = -1;
  if (!(flags & JOB_TERMINAL) && (log = dup(1)) < 0)
    return -1;
  if (fails) {
    if (~flags & JOB_TERMINAL)
      close(log);
    return -1;
  }
  if (log >= 0)
    close(log);
  return 0;
}

// Another bit.
int start_quiet(int flags, int fails) {
  int log = -1;
  if (!(flags & JOB_TERMINAL) && (log = dup(1)) < 0)
    return -1;
  if (fails) {
    if (~flags & JOB_QUIET)
      close(log);
    return -1; // expect: resource-leak "the descriptor 'log' is not closed"
  }
  close(log);
  return 0;
}

// Both bits are set, or one of them is not.
int start_both(int flags, int fails) {
  int log = -1;
  if (!(flags & JOB_BOTH) && (log = dup(1)) < 0)
    return -1;
  if (fails) {
    if (!(~flags & JOB_BOTH))
      close(log);
    return -1; // expect: resource-leak "the descriptor 'log' is not closed"
  }
  close(log);
  return 0;
}
