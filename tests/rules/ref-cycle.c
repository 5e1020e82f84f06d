// ref-cycle: a parent and a child that hold references to each other, next to the pair with a weak
// way back.
#include <stdlib.h>

struct child;

struct parent {
  int references;
  struct child *child;
};

struct child {
  int references;
  struct parent *parent;
};

static struct parent *parent_ref(struct parent *parent) {
  parent->references++;
  return parent;
}

static void child_unref(struct child *child);

static void parent_unref(struct parent *parent) {
  if (--parent->references > 0)
    return;
  if (parent->child)
    child_unref(parent->child);
  free(parent);
}

static struct child *child_ref(struct child *child) {
  child->references++;
  return child;
}

static void child_unref(struct child *child) {
  if (--child->references > 0)
    return;
  parent_unref(child->parent);
  free(child);
}

struct parent *parent_new(void) {
  struct parent *parent = calloc(1, sizeof *parent);
  if (!parent)
    abort();
  parent->references = 1;
  return parent;
}

struct child *child_new(void) {
  struct child *child = calloc(1, sizeof *child);
  if (!child)
    abort();
  child->references = 1;
  return child;
}

void parent_adopt(struct parent *parent, struct child *child) {
  parent->child = child_ref(child);
  child->parent = parent_ref(parent); // expect: ref-cycle "'struct child.parent' and 'struct parent.child' refer to each other"
}

/* ---- the way back is weak */

struct window {
  int references;
  struct pane *pane;
};

struct pane {
  int references;
  struct window *window; // which has it
};

static struct pane *pane_ref(struct pane *pane) {
  pane->references++;
  return pane;
}

static void pane_unref(struct pane *pane) {
  if (--pane->references == 0)
    free(pane);
}

void window_unref(struct window *window) {
  if (--window->references > 0)
    return;
  if (window->pane)
    pane_unref(window->pane);
  free(window);
}

void window_ref(struct window *window) { window->references++; }

void window_show(struct window *window, struct pane *pane) {
  window->pane = pane_ref(pane);
  pane->window = window;
}
