#include "desk.h"

#include <stdlib.h>

struct desk {
  unsigned count;
  struct drawer *drawer;
};

struct desk *desk_new(void) {
  struct desk *desk = calloc(1, sizeof *desk);
  if (!desk)
    abort();
  desk->count = 1;
  return desk;
}

struct desk *desk_ref(struct desk *desk) {
  desk->count += 1;
  return desk;
}

static void desk_destroy(struct desk *desk) {
  if (desk->drawer)
    drawer_unref(desk->drawer);
  free(desk);
}

void desk_unref(struct desk *desk) {
  desk->count -= 1;
  if (desk->count == 0)
    desk_destroy(desk);
}

void desk_fit(struct desk *desk) {
  desk->drawer = drawer_new(desk); // note: "'struct desk.drawer' gets a reference here"
}
