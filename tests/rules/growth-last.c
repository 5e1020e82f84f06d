/* The last element of a queue, by a head that is laid over the entry of that element. */
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

struct ban {
  TAILQ_ENTRY(ban) list;
  int connection;
};
TAILQ_HEAD(ban_list, ban);

static struct ban_list bans = TAILQ_HEAD_INITIALIZER(bans);
static struct ban_list seen = TAILQ_HEAD_INITIALIZER(seen);

static struct ban *made(int connection) {
  struct ban *ban = calloc(1, sizeof *ban);
  if (!ban)
    abort();
  ban->connection = connection;
  return ban;
}

static void ban(int connection) {
  struct ban *ban = made(connection);
  TAILQ_INSERT_HEAD(&bans, ban, list);
}

static void drop_oldest(void) {
  struct ban *last = TAILQ_LAST(&bans, ban_list);
  if (last && last != TAILQ_FIRST(&bans)) {
    TAILQ_REMOVE(&bans, last, list);
    free(last);
  }
}

/* The oldest of these is only looked at. */
static void see(int connection) {
  struct ban *ban = made(connection);
  TAILQ_INSERT_HEAD(&seen, ban, list); // expect: growth-unbounded "nothing takes any out"
}

static int oldest(void) {
  struct ban *last = TAILQ_LAST(&seen, ban_list);
  return last ? last->connection : -1;
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    ban(connection);
    see(connection);
    if (oldest() > 3)
      drop_oldest();
  }
}
