// A server's loop that ends when waiting fails, unless a signal came in between, goes on as long as
// the process: what is put in for each round adds up. That a child of it has a loop without an end
// says nothing of that.
#include <errno.h>
#include <stdlib.h>
#include <sys/select.h>
#include <unistd.h>

struct name {
  long text;
  struct name *next;
};

static struct name *seen, *settings;

static void note_name(long text) {
  struct name *name = malloc(sizeof *name);
  if (!name)
    abort();
  name->text = text;
  name->next = seen;
  seen = name; // expect: growth-unbounded "'seen' gets one more element each time"
}

static void note_setting(long text) {
  struct name *name = malloc(sizeof *name);
  if (!name)
    abort();
  name->text = text;
  name->next = settings;
  settings = name;
}

// The file ends.
static int read_settings(int fd) {
  for (;;) {
    char text[64];
    long length = read(fd, text, sizeof text);
    if (length < 0 && errno != EINTR)
      return -1;
    if (length == 0)
      return 0;
    note_setting(length);
  }
}

static int serve(int fd) {
  for (;;) {
    int ready = 0;
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    ready = select(fd + 1, &set, NULL, NULL, NULL);
    if (ready < 0) {
      if (errno != EINTR && errno != EWOULDBLOCK)
        return -1;
    }
    note_name(ready);
  }
}

static void write_log(int fd) {
  for (;;) {
    char text[64];
    long length = read(fd, text, sizeof text);
    if (length > 0 && write(2, text, (size_t)length) < 0)
      _exit(1);
    pause();
  }
}

static void start_logger(int fd) {
  if (fork() == 0)
    write_log(fd);
}

int main(void) {
  if (read_settings(3))
    return 1;
  start_logger(4);
  return serve(0);
}
