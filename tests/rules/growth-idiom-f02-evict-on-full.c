/* G-F2, IDIOMS C30: a test of the size stands before the insertion and gets rid of something, or
 * refuses. A test that only complains bounds nothing, nor does one of another container. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 512 };

struct entry {
  int peer;
  struct entry *next;
};

static struct entry *slow, *slow_last, *recent, *refused, *noisy, *strangers;
static int slow_count, recent_count, refused_count, noisy_count;

static struct entry *entry_new(int peer) {
  struct entry *entry = calloc(1, sizeof *entry);
  if (!entry)
    abort();
  entry->peer = peer;
  return entry;
}

static void drop_oldest_slow(void) {
  struct entry *oldest = slow;
  slow = oldest->next;
  slow_count--;
  free(oldest);
}

static void note_slow(int peer) {
  if (slow_count >= MOST)
    drop_oldest_slow();
  struct entry *entry = entry_new(peer);
  if (slow)
    slow_last->next = entry;
  else
    slow = entry;
  slow_last = entry;
  slow_count++;
}

static int note_recent(int peer) {
  if (recent_count == MOST)
    return -1;
  struct entry *entry = entry_new(peer);
  entry->next = recent;
  recent = entry;
  recent_count++;
  return 0;
}

static void note_refused(int peer) {
  if (refused_count < MOST) {
    struct entry *entry = entry_new(peer);
    entry->next = refused;
    refused = entry;
    refused_count += 1;
  }
}

static void note_noisy(int peer) {
  if (noisy_count >= MOST)
    fprintf(stderr, "%d noisy peers\n", noisy_count);
  struct entry *entry = entry_new(peer);
  entry->next = noisy;
  noisy = entry; // expect: growth-unbounded "'noisy'"
  noisy_count++;
}

static void note_stranger(int peer) {
  if (recent_count >= MOST && recent->peer == peer)
    return;
  struct entry *entry = entry_new(peer);
  entry->next = strangers;
  strangers = entry; // expect: growth-unbounded "'strangers'"
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    note_slow(peer);
    if (note_recent(peer) < 0)
      note_refused(peer);
    note_noisy(peer);
    note_stranger(peer);
    close(peer);
  }
}
