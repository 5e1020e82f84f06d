/* G-F6, IDIOMS C34: removed by what is called for each: the walk unlinks what its callback tells it
 * to, or the callback unlinks by itself. The third walk only counts. */
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct lease {
  time_t until;
  struct lease *next;
};

typedef bool (*Judge)(struct lease *lease, void *given);

static struct lease *leases, *grants, *offers;

static void lease_add(struct lease **list, time_t until) {
  struct lease *lease = malloc(sizeof *lease);
  if (!lease)
    abort();
  lease->until = until;
  lease->next = *list;
  *list = lease;
}

static void each_drop(struct lease **list, Judge judge, void *given) {
  while (*list) {
    struct lease *lease = *list;
    if (judge(lease, given)) {
      *list = lease->next;
      free(lease);
    } else {
      list = &lease->next;
    }
  }
}

static void each_link(struct lease **list, void (*call)(struct lease **link)) {
  for (struct lease **link = list, *next; *link; link = *link == next ? link : &(*link)->next) {
    next = (*link)->next;
    call(link);
  }
}

static void each(struct lease *list, Judge judge, void *given) {
  for (; list; list = list->next)
    judge(list, given);
}

static bool is_over(struct lease *lease, void *given) { return lease->until < *(time_t *)given; }

static void unlink_old(struct lease **link) {
  struct lease *lease = *link;
  if (lease->until < time(NULL)) {
    *link = lease->next;
    free(lease);
  }
}

int main(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    time_t now = time(NULL);
    lease_add(&leases, now + 60);
    lease_add(&grants, now + 60);
    lease_add(&offers, now + 60); // expect-miss: growth-unbounded "'offers'"
    each_drop(&leases, is_over, &now);
    each_link(&grants, unlink_old);
    each(offers, is_over, &now);
    close(peer);
  }
}
