/* message.c - see message.h. Text from an analysed tree may hold escape sequences, so what acts on
 * a terminal or hides is shown by its number. */
#include "base/message.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static bool quiet;

static void put_escaped(const char *text) {
  uint32_t point;
  size_t length;
  for (size_t left = strlen(text); left; text += length, left -= length) {
    length = text_decode(text, left, &point);
    if (!length) {
      fprintf(stderr, "\\x%02x", (unsigned char)*text);
      length = 1;
    } else if (text_is_hidden(point) && point != '\n' && point != '\t') {
      fprintf(stderr, "<U+%04X>", point);
    } else {
      fwrite(text, 1, length, stderr);
    }
  }
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
