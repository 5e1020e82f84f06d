/* log.c - see log.h. The lock is taken only while threads run: a start-up message needs none. */
#include "log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *log_file;
static bool threads_running;

static void enter(void) {
  if (threads_running)
    pthread_mutex_lock(&log_lock);
}

static void leave(void) {
  if (threads_running)
    pthread_mutex_unlock(&log_lock);
}

void log_set_threads(bool running) { threads_running = running; }

bool log_open(const char *path) {
  FILE *opened = fopen(path, "a");
  if (!opened)
    return false;
  enter();
  if (log_file)
    fclose(log_file);
  log_file = opened;
  leave();
  return true;
}

void log_close(void) {
  enter();
  if (log_file) {
    fclose(log_file);
    log_file = NULL;
  }
  leave();
}

static void write_line(const char *level, const char *format, va_list arguments) {
  FILE *out = log_file ? log_file : stderr;
  struct tm now;
  time_t seconds = time(NULL);
  char stamp[32];
  strftime(stamp, sizeof stamp, "%FT%T", localtime_r(&seconds, &now));
  fprintf(out, "%s %s ", stamp, level);
  vfprintf(out, format, arguments);
  fputc('\n', out);
  fflush(out);
}

void log_info(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  enter();
  write_line("info", format, arguments);
  leave();
  va_end(arguments);
}

/* Ends the process with the lock held, which is fine: nobody is left to wait for it. */
void log_fatal(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  enter();
  write_line("fatal", format, arguments);
  va_end(arguments);
  exit(1);
}
