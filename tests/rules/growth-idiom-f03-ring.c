/* G-F3: an index that starts over goes round a ring. A wheel of chains is none: its index starts
 * over, too, but what stood in the slot is kept behind the new. */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SLOTS = 64, WHEEL = 60 };

struct event {
  int peer;
  long at;
  struct event *next;
};

static struct event *latest[SLOTS];
static struct event *by_second[WHEEL];
static struct event *masked;
static unsigned latest_at, masked_at, second;

static struct event *event_new(int peer) {
  struct event *event = calloc(1, sizeof *event);
  if (!event)
    abort();
  event->peer = peer;
  return event;
}

static void keep_latest(int peer) {
  free(latest[latest_at]);
  latest[latest_at] = event_new(peer);
  latest_at = (latest_at + 1) % SLOTS;
}

static void keep_masked(int peer) {
  masked[masked_at & (SLOTS - 1)].peer = peer;
  masked_at++;
}

static void keep_by_second(int peer) {
  struct event *event = event_new(peer);
  event->next = by_second[second % WHEEL];
  by_second[second % WHEEL] = event; // expect: growth-unbounded "'by_second"
  second++;
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  masked = calloc(SLOTS, sizeof *masked);
  if (!masked)
    return 1;
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    keep_latest(peer);
    keep_masked(peer);
    keep_by_second(peer);
    close(peer);
  }
}
