// G-F4: an element is made only when none of those that are there is free. What is looked for by
// what it is, and not by the state it is in, may be new every time.
// mechanism: growth-reuse
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

struct slot {
  struct slot *next;
  void *owner;
  time_t used;
  unsigned address;
};

static struct slot *slots, *expiring, *first_free, *wanted, *sorted;

// The one that is free, whatever else is tested.
static struct slot *take_slot(void *owner, time_t now) {
  struct slot *free_one = NULL, *oldest = NULL;
  for (struct slot *slot = slots; slot; slot = slot->next)
    if (!slot->owner)
      free_one = slot;
    else if (!oldest || slot->used < oldest->used)
      oldest = slot;
  if (!free_one && oldest && now - oldest->used > 60)
    free_one = oldest;
  if (!free_one && (free_one = malloc(sizeof *free_one))) {
    free_one->next = slots;
    slots = free_one;
  }
  if (free_one) {
    free_one->owner = owner;
    free_one->used = now;
  }
  return free_one;
}

// One that has expired; the one that is asked for is returned at once.
static struct slot *result_of(unsigned address, time_t now) {
  struct slot *victim = NULL;
  for (struct slot *slot = expiring; slot; slot = slot->next)
    if (difftime(now, slot->used) > 30.0)
      victim = slot;
    else if (slot->address == address)
      return slot;
  if (!victim) {
    if (!(victim = malloc(sizeof *victim)))
      return NULL;
    victim->next = expiring;
    expiring = victim;
  }
  victim->address = address;
  victim->used = now;
  return victim;
}

// The walk ends at the first that is free.
static void take_first(void *owner) {
  struct slot *slot;
  for (slot = first_free; slot; slot = slot->next)
    if (!slot->owner)
      break;
  if (!slot) {
    if (!(slot = calloc(1, sizeof *slot)))
      return;
    slot->next = first_free;
    first_free = slot;
  }
  slot->owner = owner;
}

// Looked for by what it is.
static void note_wanted(unsigned address) {
  struct slot *slot;
  for (slot = wanted; slot; slot = slot->next)
    if (slot->address == address)
      break;
  if (!slot) {
    if (!(slot = calloc(1, sizeof *slot)))
      return;
    slot->address = address;
    slot->next = wanted;
    wanted = slot; // expect: growth-unbounded "'wanted' gets one more"
  }
}

// Kept in order: what is before the new one is not free.
static void note_sorted(unsigned address) {
  struct slot *before = NULL, *slot = calloc(1, sizeof *slot);
  if (!slot)
    return;
  slot->address = address;
  for (struct slot *at = sorted; at; at = at->next)
    if (at->address < address)
      before = at;
  if (!before) {
    slot->next = sorted;
    sorted = slot;
  } else {
    slot->next = before->next;
    before->next = slot; // expect: growth-unbounded "'sorted' gets"
  }
}

int main(void) {
  int listener = socket(AF_INET, SOCK_DGRAM, 0);
  char line[64] = "";
  while (recv(listener, line, sizeof line - 1, 0) >= 0) {
    time_t now = time(NULL);
    struct slot *slot = take_slot(&line, now);
    result_of((unsigned)strlen(line), now);
    take_first(line);
    note_wanted((unsigned char)line[0]);
    note_sorted((unsigned)strlen(line));
    if (slot)
      slot->owner = NULL;
  }
}
