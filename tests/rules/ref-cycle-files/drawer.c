#include "desk.h"

#include <stdlib.h>

struct drawer {
  struct desk *owner;
  int count;
};

struct drawer *drawer_new(struct desk *desk) {
  struct drawer *drawer = malloc(sizeof *drawer);
  if (!drawer)
    abort();
  drawer->count = 1;
  drawer->owner = desk_ref(desk); // expect: ref-cycle@likely "'struct drawer.owner' and 'struct desk.drawer'"
  return drawer;
}

struct drawer *drawer_ref(struct drawer *drawer) {
  drawer->count++;
  return drawer;
}

static void drawer_close(struct drawer *drawer) { desk_unref(drawer->owner); }

void drawer_unref(struct drawer *drawer) {
  if (--drawer->count)
    return;
  drawer_close(drawer);
  free(drawer);
}
