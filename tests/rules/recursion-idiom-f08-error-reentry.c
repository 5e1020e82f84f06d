/* R-F8, IDIOMS D47: an error on the way of reporting an error. A flag or a count lets it in once,
 * or the way ends the process. */
// run: --min-confidence info
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static int is_logging, times_dying;
static FILE *log_file;

void fail(const char *reason);

static FILE *open_log(void) {
  FILE *file = fopen("service.log", "a");
  if (!file)
    fail("no log");
  return file;
}

void log_line(const char *text) {
  if (is_logging)
    return;
  is_logging = 1;
  if (!log_file)
    log_file = open_log();
  if (log_file)
    fputs(text, log_file);
  is_logging = 0;
}

void fail(const char *reason) { log_line(reason); }

static int is_dying_again(void) { return ++times_dying > 2; }

static char *describe(int code);

void die(int code) {
  if (is_dying_again()) {
    fputs("recursion in die\n", stderr);
    exit(128);
  }
  fputs(describe(code), stderr);
  exit(1);
}

static char *describe(int code) {
  char *text = malloc(64);
  if (!text)
    die(code);
  snprintf(text, 64, "error %d\n", code);
  return text;
}

/* No flag: without memory the report of that needs memory. */
static char *describe_again(int code);

void complain(int code) {
  char *text = describe_again(code);
  fputs(text, stderr);
  free(text);
}

static char *describe_again(int code) {
  char *text = malloc(64);
  if (!text)
    complain(code); // expect: recursion-unbounded "nothing on the way counts the calls"
  else
    snprintf(text, 64, "error %d\n", code);
  return text;
}
