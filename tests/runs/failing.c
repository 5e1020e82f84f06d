// A loop that ends only when waiting fails, and not even then when somebody interrupted it, is what
// the program lives by; one that ends when its input does is none.
#include <errno.h>
#include <sys/select.h>
#include <unistd.h>

static void set_up(void) {}    // runs: once init
static void answer(void) {}    // runs: any run
static void copy(void) {}      // runs: any init
static void give_up(void) {}   // runs: once teardown

static void read_settings(int fd) { // runs: once init
  char text[64];
  for (;;) {
    long n = read(fd, text, sizeof text);
    if (n < 0 && errno != EINTR)
      return;
    if (n == 0)
      break;
    copy();
  }
}

static int serve(int fd) { // runs: once init run teardown
  for (;;) {
    fd_set set;
    int ready = 0;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    ready = select(fd + 1, &set, NULL, NULL, NULL);
    if (ready < 0) {
      if (errno != EINTR && errno != EAGAIN) {
        give_up();
        return -1;
      }
    }
    answer();
  }
}

int main(void) { // runs: once init run
  set_up();
  read_settings(3);
  return serve(0);
}
