/* A call that changes a descriptor when it is given one, and opens one when it is given none. */
// mechanism: asked-to-open
// run: --min-confidence possible
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

int also_waits_for(int signals, int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  int changed = signalfd(signals, &set, 0);
  if (changed == -1)
    return -1;
  return 0;
}

int waits_for(int number) {
  struct signalfd_siginfo got;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  int fd = signalfd(-1, &set, 0); // note: "opened by 'signalfd' here"
  if (fd == -1)
    return -1;
  if (read(fd, &got, sizeof got) != sizeof got)
    return -1; // expect: resource-leak@likely "the descriptor 'fd' is not closed"
  close(fd);
  return 0;
}
