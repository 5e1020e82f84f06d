/* Arrays: what is appended at a cursor and grows by realloc grows without end; an array of a fixed size
 * does not, whatever else is wrong with it; nor does a table by number that is made longer when needed:
 * it is as long as the highest number. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FIXED = 100 };

struct visit {
  int peer;
};

static int fixed[FIXED];
static int fixed_count;
static struct visit *ended;
static int ended_count, ended_room;
static struct {
  struct visit *items;
  size_t count, room;
} visits, stack;
static struct visit **by_peer;
static int peer_most;

static void fixed_add(int peer) {
  fixed[fixed_count++] = peer;
  if (fixed_count == FIXED)
    exit(1);
}

static void ended_add(int peer) {
  ended = realloc(ended, sizeof *ended * (size_t)(ended_count + 1));
  if (!ended)
    abort();
  ended[ended_count].peer = peer; // expect: growth-unbounded "'ended'"
  ended_count++;
  ended_room = ended_count;
}

static struct visit *visit_add(void) {
  if (visits.count == visits.room) {
    size_t room = visits.room ? visits.room * 3 / 2 : 8;
    struct visit *items = malloc(room * sizeof *items);
    if (!items)
      abort();
    if (visits.items)
      memcpy(items, visits.items, visits.count * sizeof *items);
    free(visits.items);
    visits.items = items;
    visits.room = room;
  }
  return &visits.items[visits.count++]; // expect: growth-unbounded "'visits"
}

static void stack_push(int peer) {
  if (stack.count == stack.room) {
    stack.room = stack.room ? stack.room * 2 : 8;
    stack.items = realloc(stack.items, stack.room * sizeof *stack.items);
    if (!stack.items)
      abort();
  }
  stack.items[stack.count++].peer = peer;
}

static int stack_pop(void) { return stack.items[--stack.count].peer; }

static void peer_set(int peer, struct visit *visit) {
  if (peer >= peer_most) {
    by_peer = realloc(by_peer, sizeof *by_peer * (size_t)(peer + 1));
    if (!by_peer)
      abort();
    memset(by_peer + peer_most, 0, sizeof *by_peer * (size_t)(peer + 1 - peer_most));
    peer_most = peer + 1;
  }
  by_peer[peer] = visit;
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    if (peer < 0)
      continue;
    fixed_add(peer);
    visit_add()->peer = peer;
    stack_push(peer);
    peer_set(peer, NULL);
    ended_add(stack_pop());
    close(peer);
  }
}
