/* IDIOMS C30: the insertion is followed, or preceded, by a loop that trims to a limit: of elements, of
 * bytes, of one that the configuration sets. The last one trims something else. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct entry {
  size_t size;
  char *text;
  struct entry *newer, *older;
};

struct log {
  struct entry *newest, *oldest;
  size_t count, bytes;
};

static struct log slow, cached, tail, trail;
static size_t most_bytes = 1 << 20;

static struct entry *log_put(struct log *log, const char *text) {
  struct entry *entry = calloc(1, sizeof *entry);
  if (!entry)
    abort();
  entry->text = strdup(text);
  entry->size = strlen(text);
  entry->older = log->newest;
  if (log->newest)
    log->newest->newer = entry;
  else
    log->oldest = entry;
  log->newest = entry;
  log->count++;
  log->bytes += entry->size;
  return entry;
}

static void log_drop_oldest(struct log *log) {
  struct entry *entry = log->oldest;
  log->oldest = entry->newer;
  if (log->oldest)
    log->oldest->older = NULL;
  else
    log->newest = NULL;
  log->count--;
  log->bytes -= entry->size;
  free(entry->text);
  free(entry);
}

static void slow_add(const char *text) {
  log_put(&slow, text);
  while (slow.count > 128)
    log_drop_oldest(&slow);
}

static void cached_add(const char *text) {
  while (cached.oldest && cached.bytes + strlen(text) > most_bytes)
    log_drop_oldest(&cached);
  log_put(&cached, text);
}

static void tail_add(const char *text) {
  log_put(&tail, text);
  if (tail.count > 10)
    log_drop_oldest(&tail);
}

static void trail_add(const char *text) {
  log_put(&trail, text); // expect: growth-unbounded "'trail"
  while (cached.count > 128)
    log_drop_oldest(&cached);
}

int main(void) {
  char text[256] = "";
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    if (read(peer, text, sizeof text - 1) > 0) {
      slow_add(text);
      cached_add(text);
      tail_add(text);
      trail_add(text);
    }
    close(peer);
  }
}
