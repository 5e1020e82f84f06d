/* L-F26: the process ends while a lock is held: nobody is left to wait for it. */
// mechanism: noreturn
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <unistd.h>

static pthread_mutex_t config_lock = PTHREAD_MUTEX_INITIALIZER;
static int port;

noreturn static void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  exit(128);
}

/* No attribute says so, but it does not return either. */
static void give_up(int code) {
  fflush(stdout);
  _exit(code);
}

/* Ends the process for severe messages only. */
static void log_message(int level, const char *text) {
  fprintf(stderr, "%s\n", text);
  if (level >= 3)
    abort();
}

int config_port(const char *text) {
  pthread_mutex_lock(&config_lock);
  int value = text ? (int)strtol(text, NULL, 10) : 0;
  if (value <= 0)
    die("bad port: %s\n", text);
  if (value > 65535)
    give_up(2);
  if (value == port)
    log_message(3, "port in use");
  port = value;
  pthread_mutex_unlock(&config_lock);
  return value;
}

/* Nothing follows that could release. */
int config_require(const char *text) {
  pthread_mutex_lock(&config_lock);
  if (text) {
    port = (int)strtol(text, NULL, 10);
    pthread_mutex_unlock(&config_lock);
    return port;
  }
  die("no port\n");
}

int config_require_or_give_up(const char *text) {
  pthread_mutex_lock(&config_lock);
  if (!text) {
    give_up(3);
    return -1;
  }
  port = (int)strtol(text, NULL, 10);
  pthread_mutex_unlock(&config_lock);
  return port;
}

int config_port_exits(const char *text) {
  pthread_mutex_lock(&config_lock);
  if (!text) {
    perror("config");
    exit(1);
  }
  port = (int)strtol(text, NULL, 10);
  pthread_mutex_unlock(&config_lock);
  return port;
}

/* A message of low severity returns, and then the lock is forgotten. */
int config_port_only_warns(const char *text) {
  pthread_mutex_lock(&config_lock);
  if (!text) {
    log_message(1, "no port");
    return -1; // expect: lock-leak "config_lock"
  }
  port = (int)strtol(text, NULL, 10);
  pthread_mutex_unlock(&config_lock);
  return port;
}
