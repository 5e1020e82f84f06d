/* phase.c - see phase.h */
#include "run/phase.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/guard.h"

static void note(const char *path, const char *name) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  FILE *file = fopen(path, "ae");
  if (!file)
    return;
  fprintf(file, "%s %lld.%09ld\n", name, (long long)now.tv_sec, now.tv_nsec);
  fclose(file);
}

static void kill_after(long long nanoseconds) {
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
  struct itimerspec when = {
      .it_value = {(time_t)(nanoseconds / 1000000000), (long)(nanoseconds % 1000000000)}};
  timer_t timer;
  if (!nanoseconds || timer_create(CLOCK_MONOTONIC, &event, &timer) ||
      timer_settime(timer, 0, &when, NULL))
    raise(SIGKILL);
}

void phase_begin(const char *name) {
  const char *path = test_hook("OVERSTAY_TEST_PHASES");
  const char *kill = test_hook("OVERSTAY_TEST_KILL");
  size_t length = strlen(name);
  if (path)
    note(path, name);
  if (kill && !strncmp(kill, name, length) && kill[length] == ':')
    kill_after(strtoll(kill + length + 1, NULL, 10));
}
