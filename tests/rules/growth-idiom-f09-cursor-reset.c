/* G-F9: an array that grows by realloc and is filled anew each round is as long as the longest
 * round. `history_count` never goes back. */
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct pollfd *waiting;
static size_t waiting_count, waiting_room;
static int *history;
static size_t history_count, history_room;
static int peers[32];

static void wait_for(int socket) {
  if (waiting_count == waiting_room) {
    waiting_room = waiting_room ? waiting_room * 2 : 16;
    waiting = realloc(waiting, waiting_room * sizeof *waiting);
    if (!waiting)
      abort();
  }
  waiting[waiting_count].fd = socket;
  waiting[waiting_count].events = POLLIN;
  waiting_count++;
}

static void remember(int socket) {
  if (history_count == history_room) {
    history_room = history_room ? history_room * 2 : 16;
    history = realloc(history, history_room * sizeof *history);
    if (!history)
      abort();
  }
  history[history_count++] = socket; // expect: growth-unbounded "'history'"
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    waiting_count = 0;
    wait_for(listener);
    for (int i = 0; i < 32; i++)
      if (peers[i] > 0)
        wait_for(peers[i]);
    if (poll(waiting, waiting_count, -1) < 0)
      continue;
    int peer = accept(listener, NULL, NULL);
    if (peer < 0)
      continue;
    remember(peer);
    close(peers[peer % 32]);
    peers[peer % 32] = peer;
  }
}
