/* log.h - messages to stderr or a file, from any thread. */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>

bool log_open(const char *path);
void log_close(void);
void log_set_threads(bool running); // before the first thread starts and after the last one ended
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_fatal(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
