/* message.h - the three ways to say that something is wrong (docs/architecture.md, "Errors").
 *
 * One broken unit is none of them: it is data (unit status), and the run goes on.
 */
#ifndef BASE_MESSAGE_H
#define BASE_MESSAGE_H

#include <stdnoreturn.h>

enum {
  EXIT_CLEAN = 0,      // nothing at or above --fail-on
  EXIT_FINDINGS = 1,   // something at or above --fail-on
  EXIT_USAGE = 2,      // usage, configuration or input
  EXIT_INCOMPLETE = 3, // no finding, but not everything was analysed
  EXIT_INTERNAL = 4,   // our fault, the database, or an output that cannot be written
};

/* Our fault: prints file and line, aborts. */
#define bug(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
noreturn void bug_at(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The user's or the machine's fault: prints "overstay: error: ..." and exits with `code`. */
noreturn void die(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Odd but harmless: stderr, control characters escaped. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Information that --quiet silences. */
void inform(const char *format, ...) __attribute__((format(printf, 1, 2)));
void message_set_quiet(void);

#endif
