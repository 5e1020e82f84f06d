/* Three that only a reader can judge, so they are told at info: a queue that another thread drains, but
 * that nothing keeps from getting long meanwhile; a list that is freed with its owner only, when nobody
 * knows how long that lives; a text that grows with one input. Next to each the one that has a limit. */
// run: --min-confidence info
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 100 };

struct packet {
  long number;
  struct packet *next;
};

struct peer {
  int socket;
  int gap_count, known_count;
  struct packet *gaps, *known;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct packet *endless, *limited;
static int limited_count;

static void put(struct packet **head, long number) {
  struct packet *packet = malloc(sizeof *packet);
  if (!packet)
    abort();
  packet->number = number;
  packet->next = *head;
  *head = packet;
}

static void drop(struct packet **head) {
  struct packet *packet = *head;
  *head = packet->next;
  free(packet);
}

static void *drain(void *given) {
  for (;;) {
    pthread_mutex_lock(&lock);
    if (endless)
      drop(&endless);
    if (limited) {
      drop(&limited);
      limited_count--;
    }
    pthread_mutex_unlock(&lock);
    usleep(1000);
  }
  return given;
}

static void hand_over(long number) {
  pthread_mutex_lock(&lock);
  put(&endless, number); // expect-miss: growth-unbounded@info "'endless'"
  if (limited_count < MOST) {
    put(&limited, number);
    limited_count++;
  }
  pthread_mutex_unlock(&lock);
}

static void note_gap(struct peer *peer, long number) {
  put(&peer->gaps, number); // expect: growth-unbounded@info "gaps"
  peer->gap_count++;
  if (peer->known_count == MOST)
    return;
  put(&peer->known, number);
  peer->known_count++;
}

static size_t line_read(int socket, size_t most) {
  char *line = NULL, byte;
  size_t length = 0, room = 0;
  while (read(socket, &byte, 1) == 1 && byte != '\n') {
    if (most && length == most)
      break;
    if (length == room)
      line = realloc(line, room = room ? 2 * room : 64);
    if (!line)
      abort();
    line[length++] = byte;
  }
  free(line);
  return length;
}

static size_t line_read_on(int socket) {
  char *line = NULL, byte;
  size_t length = 0, room = 0;
  while (read(socket, &byte, 1) == 1 && byte != '\n') {
    if (length == room)
      line = realloc(line, room = room ? 2 * room : 64);
    if (!line)
      abort();
    line[length++] = byte; // expect-miss: growth-unbounded@info "'line'"
  }
  free(line);
  return length;
}

static void *talk(void *given) {
  struct peer *peer = given;
  for (long number = 0; line_read(peer->socket, MOST) + line_read_on(peer->socket) > 0; number++) {
    note_gap(peer, number);
    hand_over(number);
  }
  while (peer->gaps)
    drop(&peer->gaps);
  while (peer->known)
    drop(&peer->known);
  close(peer->socket);
  free(peer);
  return NULL;
}

int main(void) {
  pthread_t drainer;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (pthread_create(&drainer, NULL, drain, NULL))
    return 1; // expect: resource-leak@info "'listener'"
  pthread_detach(drainer);
  for (;;) {
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer)
      return 1;
    peer->socket = accept(listener, NULL, NULL);
    talk(peer);
  }
}
