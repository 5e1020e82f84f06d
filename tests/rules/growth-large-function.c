/* A function that is too large to be looked into may take out what others put in: that nothing does is
 * no more than possible then, and the message names it. */
// run: --min-confidence possible
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define FOUR(with, name) with(name##a) with(name##b) with(name##c) with(name##d)
#define SIXTEEN(with, name) FOUR(with, name##a) FOUR(with, name##b) FOUR(with, name##c) FOUR(with, name##d)
#define MANY(with, name)                                                                           \
  SIXTEEN(with, name##a) SIXTEEN(with, name##b) SIXTEEN(with, name##c) SIXTEEN(with, name##d)
#define ALL(with, name) MANY(with, name##a) MANY(with, name##b) MANY(with, name##c) MANY(with, name##d)
#define VERY_MANY(with) ALL(with, a) ALL(with, b) ALL(with, c) ALL(with, d)

#define DECLARE(name) int name = *bytes++;
#define TEST(name)                                                                                 \
  if (name > 7)                                                                                    \
    sum += name;

struct peer {
  int socket;
  struct peer *next;
};

struct friend {
  int socket;
  struct friend *next;
};

static struct peer *peers;
static struct friend *friends;

static long large(const char *bytes) {
  long sum = 0;
  VERY_MANY(DECLARE)
  VERY_MANY(TEST)
  if (peers && sum > 100) {
    struct peer *first = peers;
    peers = first->next;
    free(first);
  }
  return sum;
}

static void add(int socket) {
  struct peer *peer = calloc(1, sizeof *peer);
  struct friend *other = calloc(1, sizeof *other);
  if (!peer || !other)
    abort();
  peer->next = peers;
  peers = peer; // expect: growth-unbounded@possible "'peers'"
  other->next = friends;
  friends = other; // expect: growth-unbounded@likely "'friends'"
  peer->socket = other->socket = socket;
}

int main(void) {
  static char bytes[4096];
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    if (recv(connection, bytes, sizeof bytes, 0) > 0 && large(bytes) > 0)
      add(connection);
    close(connection);
  }
}
