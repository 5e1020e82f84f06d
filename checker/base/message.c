/* message.c - see message.h. Text from an analysed tree may hold escape sequences, so
 * every control character is shown as \xNN before it reaches a terminal. */
#include "base/message.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static bool quiet;

static void put_escaped(const char *text) {
  for (const unsigned char *c = (const unsigned char *)text; *c; c++)
    if ((*c < 0x20 && *c != '\n' && *c != '\t') || *c == 0x7f)
      fprintf(stderr, "\\x%02x", *c);
    else
      fputc(*c, stderr);
}

static void say(const char *kind, const char *format, va_list arguments) {
  char buffer[4096];
  vsnprintf(buffer, sizeof buffer, format, arguments);
  fputs("overstay: ", stderr);
  fputs(kind, stderr);
  put_escaped(buffer);
  fputc('\n', stderr);
}

noreturn void bug_at(const char *file, int line, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "%s:%d: ", file, line);
  say("internal error: ", format, arguments);
  va_end(arguments);
  abort();
}

noreturn void die(int code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  say("error: ", format, arguments);
  va_end(arguments);
  exit(code);
}

void warn(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  say("warning: ", format, arguments);
  va_end(arguments);
}

void inform(const char *format, ...) {
  if (quiet)
    return;
  va_list arguments;
  va_start(arguments, format);
  say("", format, arguments);
  va_end(arguments);
}

void message_set_quiet(void) { quiet = true; }
