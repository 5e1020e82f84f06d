/* request.c - see request.h. */
#include "request.h"

#include "cache.h"
#include "housekeeper.h"
#include "json.h"
#include "stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_LIMIT = 4096, KEY_LIMIT = 128 };

struct request {
  char method[16], key[KEY_LIMIT], value[LINE_LIMIT];
};

static bool request_read(const char *line, struct request *request) {
  memset(request, 0, sizeof *request);
  return json_valid(line, strlen(line)) &&
         json_string(line, "method", request->method, sizeof request->method) &&
         json_string(line, "key", request->key, sizeof request->key);
}

static void answer_get(struct session *session, const struct request *request) {
  if (cache_is_known_miss(request->key)) {
    session_send(session, "missing\n");
    return;
  }
  char *value = cache_get(request->key);
  stats_add(value ? COUNT_HITS : COUNT_MISSES, 1);
  if (!value)
    cache_note_miss(request->key);
  session_send(session, value ? value : "missing\n");
  free(value);
}

static void answer_put(struct session *session, struct request *request, const char *line) {
  if (!json_string(line, "value", request->value, sizeof request->value)) {
    session_send(session, "no value\n");
    return;
  }
  int error = cache_put(request->key, request->value);
  if (error != 0)
    error = cache_replace(request->key, request->value);
  session_send(session, error ? "failed\n" : "stored\n");
}

/* Correct: the entry comes locked, or not at all. */
static void answer_touch(struct session *session, const struct request *request) {
  struct cache_entry *entry = cache_lock_entry(request->key);
  if (!entry) {
    session_send(session, "missing\n");
    return;
  }
  entry->used = time(NULL);
  cache_unlock_entry(request->key);
  session_send(session, "touched\n");
}

static void answer_stats(struct session *session) {
  char text[512];
  stats_format(text, sizeof text);
  session_send(session, text);
  housekeeper_report_later();
}

static void answer(struct session *session, const char *line) {
  struct request request;
  stats_add(COUNT_REQUESTS, 1);
  if (!request_read(line, &request)) {
    stats_add(COUNT_ERRORS, 1);
    session_send(session, "bad request\n");
  } else if (strcmp(request.method, "get") == 0) {
    answer_get(session, &request);
  } else if (strcmp(request.method, "put") == 0) {
    answer_put(session, &request, line);
  } else if (strcmp(request.method, "touch") == 0) {
    answer_touch(session, &request);
  } else if (strcmp(request.method, "stats") == 0) {
    answer_stats(session);
  } else {
    session_send(session, "unknown method\n");
  }
}

void request_serve(struct session *session) {
  char line[LINE_LIMIT];
  size_t used = 0;
  for (;;) {
    ssize_t got = read(session->socket, line + used, sizeof line - 1 - used);
    if (got <= 0)
      return;
    used += (size_t)got;
    line[used] = '\0';
    char *end;
    while ((end = strchr(line, '\n'))) {
      *end = '\0';
      answer(session, line);
      used -= (size_t)(end + 1 - line);
      memmove(line, end + 1, used + 1);
    }
    if (used == sizeof line - 1)
      return;
  }
}
