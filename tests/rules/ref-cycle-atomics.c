// ref-cycle: counts that are changed by atomic operations, in three spellings.
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct link;

struct end {
  atomic_int users;
  struct link *link;
};

struct link {
  int users;
  struct end *back;
};

static void link_put(struct link *link);

static void end_get(struct end *end) {
  atomic_fetch_add_explicit(&end->users, 1, memory_order_relaxed);
}

static void end_put(struct end *end) {
  if (atomic_fetch_sub_explicit(&end->users, 1, memory_order_acq_rel) != 1)
    return;
  if (end->link)
    link_put(end->link);
  free(end);
}

static struct link *link_get(struct link *link) {
  __sync_add_and_fetch(&link->users, 1);
  return link;
}

static bool link_is_last(struct link *link) {
  return __atomic_sub_fetch(&link->users, 1, __ATOMIC_ACQ_REL) == 0;
}

static void link_put(struct link *link) {
  if (link_is_last(link)) {
    end_put(link->back);
    free(link);
  }
}

void end_connect(struct end *end, struct link *link) {
  end_get(end);
  link->back = end; // expect: ref-cycle "'struct link.back' and 'struct end.link'"
  end->link = link_get(link);
}

/* ---- the link does not own its end */

struct wire;

struct plug {
  atomic_int users;
  struct wire *wire;
};

struct wire {
  atomic_int users;
  struct plug *back;
};

static void wire_put(struct wire *wire) {
  if (atomic_fetch_sub(&wire->users, 1) == 1)
    free(wire);
}

void plug_put(struct plug *plug) {
  if (atomic_fetch_sub(&plug->users, 1) != 1)
    return;
  if (plug->wire)
    wire_put(plug->wire);
  free(plug);
}

void plug_connect(struct plug *plug, struct wire *wire) {
  atomic_fetch_add(&plug->users, 1);
  wire->back = plug;
  atomic_fetch_add(&wire->users, 1);
  plug->wire = wire;
  plug_put(plug);
}
