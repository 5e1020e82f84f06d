/* progress.c - see progress.h */
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/options.h"
#include "report/words.h"

static const double rewrite_seconds = 0.1, log_seconds = 30;
enum { DEFAULT_WIDTH = 80, LONGEST_LINE = 512 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

Progress progress_begin(int when, bool quiet, uint32_t total) {
  const char *terminal = getenv("TERM");
  Progress p = {.total = total, .started = now()};
  p.last = p.started;
  p.terminal = isatty(STDERR_FILENO) && !(terminal && !strcmp(terminal, "dumb"));
  p.off = when == WHEN_NEVER || (quiet && when != WHEN_ALWAYS);
  if (when == WHEN_ALWAYS && !p.terminal)
    p.last -= log_seconds; // the first line at once
  return p;
}

static size_t screen_width(void) {
  struct winsize size;
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
    return DEFAULT_WIDTH;
  return size.ws_col;
}

/* The name as it can be shown: what a hostile one could do to a terminal is taken out. */
static void put_name(char *to, size_t room, const char *name) {
  ByteWriter out = {0};
  visible_put(&out, name, strlen(name), 0);
  snprintf(to, room, "%.*s", (int)out.count, (const char *)out.at);
  bytes_free(&out);
}

static void put_eta(const Progress *p, double time, uint32_t finished, char *to, size_t room) {
  double passed = time - p->started;
  to[0] = 0;
  if (finished && passed > 1 && finished < p->total)
    snprintf(to, room, "  eta %.0fs", passed / finished * (p->total - finished));
}

void progress_show(Progress *p, uint32_t finished, const char *name) {
  double time = now();
  if (p->off || time - p->last < (p->terminal ? rewrite_seconds : log_seconds))
    return;
  char line[LONGEST_LINE], eta[32], shown[LONGEST_LINE / 2];
  put_eta(p, time, finished, eta, sizeof eta);
  put_name(shown, sizeof shown, name);
  snprintf(line, sizeof line, "[%u/%u] %s%s", finished, p->total, shown, eta);
  p->last = time;
  if (!p->terminal) {
    fprintf(stderr, "overstay: %s\n", line);
    return;
  }
  size_t width = screen_width() - 1;
  if (width < sizeof line)
    line[width] = 0;
  fprintf(stderr, "\r\033[K%s", line);
  fflush(stderr);
  p->on_screen = true;
}

void progress_clear(Progress *p) {
  if (p->on_screen)
    fputs("\r\033[K", stderr);
  p->on_screen = false;
}
