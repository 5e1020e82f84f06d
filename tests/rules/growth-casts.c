/* growth-unbounded: callbacks get a pointer to the first member of what they are about, and the list
 * links what that is a part of. One list is taken from again, one is not. */
// mechanism: growth-casts
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
  int socket;
};

struct owned {
  struct request request;
  struct owned *next;
};

struct counted {
  struct request request;
  struct counted *next;
};

typedef void Done(struct request *);

static struct owned *spare;
static struct counted *ended;

static struct request *owned_new(void) {
  struct owned *owned = spare;
  if (owned)
    spare = owned->next;
  else
    owned = calloc(1, sizeof *owned);
  return (struct request *)owned;
}

static void owned_done(struct request *request) {
  struct owned *owned = (struct owned *)request;
  owned->next = spare;
  spare = owned;
}

static struct request *counted_new(void) {
  struct counted *counted = calloc(1, sizeof *counted);
  return (struct request *)counted;
}

static void counted_done(struct request *request) {
  struct counted *counted = (struct counted *)request;
  counted->next = ended;
  ended = counted; // expect: growth-unbounded "'ended'"
}

static void serve(struct request *request, int listener, Done *done) {
  if (!request)
    abort();
  request->socket = accept(listener, NULL, NULL);
  close(request->socket);
  done(request);
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    serve(owned_new(), listener, owned_done);
    serve(counted_new(), listener, counted_done);
  }
}
