// A loop that waits for the outside is what the program lives by, but its end is not the end.
#include <poll.h>
#include <stdio.h>

static int bound(void) { return 3; }   // runs: once init
static void serve_one(int fd) { (void)fd; } // runs: any run
static void after(void) {}             // runs: once run

static int wait_for(struct pollfd *fds) { return poll(fds, 1, -1); } // runs: any run

static int accept_all(int fd) { // runs: once init run
  struct pollfd fds = {fd, POLLIN, 0};
  while (wait_for(&fds) > 0)
    serve_one(fds.fd);
  return 0;
}

int main(void) { // runs: once init run
  int fd = bound();
  accept_all(fd);
  after();
  return 0;
}
