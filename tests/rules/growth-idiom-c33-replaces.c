/* IDIOMS C33: an insertion that puts the new in the place of the old grows nothing: a slot chosen by
 * a remainder, an entry that is updated, a pointer to the latest. What is reached through the latest
 * is kept, though, when each points to the one before. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SLOTS = 1009 };

struct user {
  unsigned id;
  char *name;
  struct user *before;
};

static struct user *by_id[SLOTS];
static struct user *latest;
static struct user *trail;

static struct user *user_new(unsigned id, const char *name) {
  struct user *user = calloc(1, sizeof *user);
  if (!user)
    abort();
  user->id = id;
  user->name = strdup(name);
  return user;
}

static void user_free(struct user *user) {
  if (user)
    free(user->name);
  free(user);
}

static void user_cache(unsigned id, const char *name) {
  struct user *old = by_id[id % SLOTS];
  by_id[id % SLOTS] = user_new(id, name);
  user_free(old);
}

static void user_latest(unsigned id, const char *name) {
  if (latest && latest->id == id) {
    free(latest->name);
    latest->name = strdup(name);
    return;
  }
  user_free(latest);
  latest = user_new(id, name);
}

static void user_trail(unsigned id, const char *name) {
  struct user *user = user_new(id, name);
  user->before = trail;
  trail = user; // expect: growth-unbounded "'trail'"
}

int main(void) {
  char name[64] = "";
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    if (read(peer, name, sizeof name - 1) > 0) {
      user_cache((unsigned)peer, name);
      user_latest((unsigned)peer, name);
      user_trail((unsigned)peer, name);
    }
    close(peer);
  }
}
