/* draw_contents.c - a container: on the left who puts something in, on the right who takes
 * something out. Where nobody does, there is nothing but a dashed line. */
#include <string.h>

#include "picture/draw.h"
#include "picture/picture.h"

enum {
  SHOWN = 6, // sites of a side
  SIDE = 300,
  STEP = 56,
  HEIGHT = 44,
  TOP = 14,
  MIDDLE = 345, // left end of the container
  MIDDLE_WIDTH = 170,
  RIGHT = DRAW_WIDTH - SIDE - 4,
  BUS = 20, // from a side's boxes to the line that joins them
  NAME_COLUMNS = 34,
  PLACE_COLUMNS = 39,
  LEAST = 170,
};

typedef struct {
  const ContentSite *at[SHOWN];
  int count;
  uint32_t all;
} Side;

static Side side_of(const Contents *contents, bool inserts) {
  Side side = {.count = 0};
  for (uint32_t i = 0; i < contents->site_count; i++) {
    if ((contents->sites[i].kind == SITE_INSERTS) != inserts)
      continue;
    side.all++;
    if (side.count < SHOWN)
      side.at[side.count++] = &contents->sites[i];
  }
  return side;
}

static int side_height(const Side *side) {
  return side->count * STEP + (side->all > SHOWN ? 16 : 0);
}

/* Returns the middle of its boxes. */
static int draw_side(const Canvas *c, const Side *side, int x, int height) {
  static const char *const verbs[] = {"puts in", "takes out", "empties it"};
  int y = (height - side_height(side)) / 2 + (STEP - HEIGHT) / 2;
  int first = y + HEIGHT / 2, last = first + (side->count - 1) * STEP;
  int bus = x < MIDDLE ? x + SIDE + BUS : x - BUS, edge = x < MIDDLE ? x + SIDE : x;
  for (int i = 0; i < side->count; i++, y += STEP) {
    const ContentSite *site = side->at[i];
    const char *place =
        arena_printf(c->arena, "%s, %s:%u", verbs[site->kind], site->path, site->line);
    draw_box(c, (Box){x, y, SIDE, HEIGHT}, 8, "box");
    draw_text(c, x + 12, y + 18, "name", picture_fit(c->arena, site->function, NAME_COLUMNS));
    draw_text(c, x + 12, y + 35, "small", picture_fit(c->arena, place, PLACE_COLUMNS));
    draw_path(c, "flow", "M%d,%d H%d", edge, y + HEIGHT / 2, bus);
  }
  if (last > first)
    draw_path(c, "flow", "M%d,%d V%d", bus, first, last);
  if (side->all > SHOWN)
    draw_text(c, x + 12, y + 6, "small", arena_printf(c->arena, "and %u more", side->all - SHOWN));
  return (first + last) / 2;
}

static void draw_container(const Canvas *c, const Contents *contents, int height, bool grows) {
  enum { ELEMENT = 16, ELEMENTS = 5 };
  int top = height / 2 - 62;
  draw_box(c, (Box){MIDDLE, top, MIDDLE_WIDTH, 124}, 8, "well");
  draw_text(c, MIDDLE + 10, top + 20, "name", picture_fit(c->arena, contents->name, 19));
  for (int i = 0; i < ELEMENTS; i++)
    draw_box(c, (Box){MIDDLE + 10, top + 30 + i * ELEMENT, MIDDLE_WIDTH - 20, ELEMENT - 3}, 3,
             grows && !i ? "level hot" : "level");
  draw_text(c, MIDDLE + 10, top + 120, "small", grows ? "one more each time" : "...");
}

static const char *description(Arena *arena, const Contents *contents) {
  static const char *const verbs[] = {"puts something in", "takes something out", "empties it"};
  const char *text = contents->name;
  for (uint32_t i = 0; i < contents->site_count; i++)
    text = arena_printf(arena, "%s. %s (%s:%u) %s, %s", text, contents->sites[i].function,
                        contents->sites[i].path, contents->sites[i].line,
                        verbs[contents->sites[i].kind], contents->sites[i].often);
  return arena_printf(arena, "%s.", text);
}

void draw_contents(Canvas *c, const Contents *contents) {
  Side in = side_of(contents, true), out = side_of(contents, false);
  int left = side_height(&in), right = side_height(&out);
  int height = (left > right ? left : right) + 2 * TOP;
  height = height < LEAST ? LEAST : height;
  draw_begin(c, height,
             arena_printf(c->arena, "What comes into %s, and what leaves it", contents->name),
             description(c->arena, contents));
  draw_container(c, contents, height, !out.count);
  if (in.count) {
    int y = draw_side(c, &in, 4, height);
    draw_path(c, "flow", "M%d,%d H%d", 4 + SIDE + BUS, y, MIDDLE - 8);
    draw_tip_right(c, MIDDLE - 1, y, "flow-head");
  }
  if (out.count) {
    int y = draw_side(c, &out, RIGHT, height);
    draw_path(c, "flow", "M%d,%d H%d", MIDDLE + MIDDLE_WIDTH, y, RIGHT - BUS);
  } else {
    int from = MIDDLE + MIDDLE_WIDTH + 8, to = DRAW_WIDTH - 60;
    draw_path(c, "lost", "M%d,%d H%d", from, height / 2, to - 14);
    draw_path(c, "cross", "M%d,%d l14,14 m0,-14 l-14,14", to - 7, height / 2 - 7);
    draw_text_at_end(c, DRAW_WIDTH - 20, height / 2 + 30, "danger", "nothing takes any out");
  }
  draw_end(c);
}
