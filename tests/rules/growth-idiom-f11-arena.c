/* G-F11, IDIOMS C35: what lies in an arena goes with it: the list of a request is in the request's
 * arena, which is emptied after it. What comes from the heap stays. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct chunk {
  struct chunk *next;
  size_t used;
  char bytes[4000];
};

struct arena {
  struct chunk *chunks;
};

struct header {
  char *text;
  struct header *next;
};

struct server {
  struct arena passing;
  struct header *headers; /* of the request at hand, in `passing` */
  struct header *agents;
};

static struct server server;

static void *arena_get(struct arena *arena, size_t size) {
  if (!arena->chunks || sizeof arena->chunks->bytes - arena->chunks->used < size) {
    struct chunk *chunk = calloc(1, sizeof *chunk);
    if (!chunk)
      abort();
    chunk->next = arena->chunks;
    arena->chunks = chunk;
  }
  void *got = arena->chunks->bytes + arena->chunks->used;
  arena->chunks->used += size;
  return got;
}

static void arena_empty(struct arena *arena) {
  while (arena->chunks) {
    struct chunk *next = arena->chunks->next;
    free(arena->chunks);
    arena->chunks = next;
  }
}

static void header_add(const char *text) {
  struct header *header = arena_get(&server.passing, sizeof *header);
  header->text = arena_get(&server.passing, 64);
  memcpy(header->text, text, 64);
  header->next = server.headers;
  server.headers = header;
}

static void agent_add(const char *text) {
  struct header *agent = malloc(sizeof *agent);
  if (!agent)
    abort();
  agent->text = strndup(text, 64);
  agent->next = server.agents;
  server.agents = agent; // expect: growth-unbounded "agents'"
}

int main(void) {
  char text[64];
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    while (read(peer, text, sizeof text) == sizeof text)
      header_add(text);
    agent_add(text);
    close(peer);
    server.headers = NULL;
    arena_empty(&server.passing);
  }
}
