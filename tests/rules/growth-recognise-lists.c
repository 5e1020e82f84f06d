/* Lists without any library, each way of insertion next to one that is removed from: in front, at the
 * end by a tail, at the end through a pointer to a pointer, sorted, with links both ways. */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct guest {
  int peer;
  struct guest *next, *previous;
};

struct node {
  int peer;
  struct node *next, *previous;
};

static struct guest *front, *tailed, *tailed_last, *walked, *sorted;
static struct node *front_kept, *tailed_kept, *tailed_kept_last, *walked_kept, *sorted_kept;
static struct {
  struct guest *first, *last;
} both;
static struct {
  struct node *first, *last;
} both_kept;

static struct guest *guest_new(int peer) {
  struct guest *guest = calloc(1, sizeof *guest);
  if (!guest)
    abort();
  guest->peer = peer;
  return guest;
}

static struct node *node_new(int peer) {
  struct node *node = calloc(1, sizeof *node);
  if (!node)
    abort();
  node->peer = peer;
  return node;
}

static void add_in_front(int peer) {
  struct guest *guest = guest_new(peer);
  struct node *kept = node_new(peer);
  guest->next = front;
  front = guest;
  kept->next = front_kept;
  front_kept = kept; // expect: growth-unbounded "'front_kept'"
}

static void add_at_tail(int peer) {
  struct guest *guest = guest_new(peer);
  struct node *kept = node_new(peer);
  if (tailed_last)
    tailed_last->next = guest;
  else
    tailed = guest;
  tailed_last = guest;
  if (!tailed_kept)
    tailed_kept = kept;
  else
    tailed_kept_last->next = kept; // expect: growth-unbounded "'tailed_kept"
  tailed_kept_last = kept;
}

static void add_by_walking(int peer) {
  struct guest **end = &walked;
  struct node *at = walked_kept, *kept = node_new(peer);
  while (*end)
    end = &(*end)->next;
  *end = guest_new(peer);
  if (!at) {
    walked_kept = kept;
    return;
  }
  while (at->next)
    at = at->next;
  at->next = kept; // expect: growth-unbounded "'walked_kept'"
}

static void add_sorted(int peer) {
  struct guest **place = &sorted;
  struct node **place_kept = &sorted_kept;
  struct guest *guest = guest_new(peer);
  struct node *kept = node_new(peer);
  while (*place && (*place)->peer < peer)
    place = &(*place)->next;
  guest->next = *place;
  *place = guest;
  while (*place_kept && (*place_kept)->peer < peer)
    place_kept = &(*place_kept)->next;
  kept->next = *place_kept;
  *place_kept = kept; // expect: growth-unbounded "'sorted_kept'"
}

static void add_both_ways(int peer) {
  struct guest *guest = guest_new(peer);
  struct node *kept = node_new(peer);
  guest->previous = both.last;
  if (both.last)
    both.last->next = guest;
  else
    both.first = guest;
  both.last = guest;
  kept->next = both_kept.first;
  if (kept->next)
    kept->next->previous = kept;
  else
    both_kept.last = kept;
  both_kept.first = kept; // expect: growth-unbounded "'both_kept"
}

static void remove_from_all(int peer) {
  struct guest *guest = front;
  front = guest->next;
  free(guest);
  guest = tailed;
  if (!(tailed = tailed->next))
    tailed_last = NULL;
  free(guest);
  for (struct guest **link = &walked; *link; link = &(*link)->next)
    if ((*link)->peer == peer) {
      guest = *link;
      *link = guest->next;
      free(guest);
      break;
    }
  for (struct guest *before = NULL, *at = sorted; at; before = at, at = at->next)
    if (at->peer == peer) {
      if (before)
        before->next = at->next;
      else
        sorted = at->next;
      free(at);
      break;
    }
  guest = both.first;
  if (guest->previous)
    guest->previous->next = guest->next;
  else
    both.first = guest->next;
  if (guest->next)
    guest->next->previous = guest->previous;
  else
    both.last = guest->previous;
  free(guest);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    add_in_front(peer);
    add_at_tail(peer);
    add_by_walking(peer);
    add_sorted(peer);
    add_both_ways(peer);
    remove_from_all(peer);
    close(peer);
  }
}
