/* draw_ring.c - a circle of locks: a column for each thread, with the lock that it holds above and
 * the one that it waits for below, from where an arrow leads to who holds that one. */
#include "picture/draw.h"
#include "picture/picture.h"

enum {
  TOP = 16,
  GAP = 44,
  HEAD = 30,
  BOX_HEIGHT = 46,
  LINE = 16,
  CALLS = 6, // lines between the two boxes
  LETTER = 8,
};

typedef struct {
  Canvas *canvas;
  const LockGraph *graph;
  const LockRing *ring;
  int width, held, wanted; // of a column; where its boxes begin
  uint32_t columns;        // of letters
} Ring;

static int left_of(const Ring *r, uint32_t i) { return 4 + (int)i * (r->width + GAP); }

static const char *fit(const Ring *r, const char *text) {
  return picture_fit(r->canvas->arena, text, r->columns);
}

static const char *place_text(const Ring *r, const LockStep *step) {
  return fit(r, arena_printf(r->canvas->arena, "%s %s:%u", step->function, step->path, step->line));
}

static void draw_lock(const Ring *r, uint32_t i, bool wanted) {
  const Canvas *c = r->canvas;
  const LockArrow *arrow = &r->ring->arrows[i];
  int x = left_of(r, i), y = wanted ? r->wanted : r->held;
  const char *name = r->graph->locks[wanted ? arrow->to : arrow->from].name;
  const LockStep *step = &arrow->steps[wanted ? arrow->step_count - 1 : 0];
  draw_box(c, (Box){x, y, r->width, BOX_HEIGHT}, 8, wanted ? "box other" : "box first");
  draw_text(c, x + 10, y + 20, wanted ? "danger" : "name",
            fit(r, arena_printf(c->arena, "%s %s", wanted ? "waits for" : "holds", name)));
  draw_text(c, x + 10, y + 37, "small", place_text(r, step));
}

/* The calls between the two; the middle of many is left out. */
static void draw_calls(const Ring *r, uint32_t i) {
  const Canvas *c = r->canvas;
  const LockArrow *arrow = &r->ring->arrows[i];
  uint32_t calls = arrow->step_count - 2, shown = calls > CALLS ? CALLS - 1 : calls;
  int y = r->held + BOX_HEIGHT + 18;
  for (uint32_t k = 0; k < shown; k++, y += LINE)
    draw_text(c, left_of(r, i) + 24, y, "small", place_text(r, &arrow->steps[k + 1]));
  if (calls > shown)
    draw_text(c, left_of(r, i) + 24, y, "small",
              arena_printf(c->arena, "and %u more calls", calls - shown));
  int x = left_of(r, i) + 12;
  draw_path(c, "flow", "M%d,%d V%d", x, r->held + BOX_HEIGHT, r->wanted - 8);
  draw_tip_down(c, x, r->wanted - 1, "flow-head");
}

/* To the next thread's lock, or back to the first one's. */
static void draw_way(const Ring *r, uint32_t i) {
  const Canvas *c = r->canvas;
  bool last = i + 1 == r->ring->count;
  int from = r->wanted + BOX_HEIGHT / 2, to = r->held + BOX_HEIGHT / 2;
  if (!last) {
    int start = left_of(r, i) + r->width, x = start + GAP / 2 - 4, end = left_of(r, i + 1);
    draw_path(c, "back", "M%d,%d H%d V%d H%d", start, from, x, to, end - 8);
    draw_tip_right(c, end - 1, to, "back-head");
    return;
  }
  int start = left_of(r, i) + r->width / 2, bottom = r->wanted + BOX_HEIGHT + 18,
      end = left_of(r, 0) + r->width - 14;
  draw_path(c, "back", "M%d,%d V%d H%d V%d", start, r->wanted + BOX_HEIGHT, bottom, end,
            r->wanted + BOX_HEIGHT + 4);
  draw_path(c, "back", "M%d,%d V%d", end, r->wanted - 1, r->held + BOX_HEIGHT + 8);
  draw_path(c, "back-head", "M%d,%d l-5,8 h10 z", end, r->held + BOX_HEIGHT + 1);
}

static const char *description(const Ring *r) {
  Arena *arena = r->canvas->arena;
  const char *text = "";
  for (uint32_t i = 0; i < r->ring->count; i++) {
    const LockArrow *arrow = &r->ring->arrows[i];
    text = arena_printf(arena, "%s%s holds %s and waits for %s. ", text, arrow->thread,
                        r->graph->locks[arrow->from].name, r->graph->locks[arrow->to].name);
  }
  return text;
}

void draw_ring(Canvas *c, const LockGraph *graph, const LockRing *ring) {
  uint32_t lines = 0;
  for (uint32_t i = 0; i < ring->count; i++)
    if (ring->arrows[i].step_count - 2 > lines)
      lines = ring->arrows[i].step_count - 2;
  lines = lines > CALLS ? CALLS : lines;
  int count = (int)ring->count;
  Ring r = {.canvas = c, .graph = graph, .ring = ring};
  r.width = (DRAW_WIDTH - 8 - (count - 1) * GAP) / count;
  r.columns = (uint32_t)(r.width - 32) / LETTER;
  r.held = TOP + HEAD;
  r.wanted = r.held + BOX_HEIGHT + 24 + (int)lines * LINE + 12;
  draw_begin(c, r.wanted + BOX_HEIGHT + 30, "Locks that are taken in a circle", description(&r));
  for (uint32_t i = 0; i < ring->count; i++) {
    draw_text(c, left_of(&r, i), TOP + 12, "name", fit(&r, ring->arrows[i].thread));
    draw_way(&r, i);
    draw_lock(&r, i, false);
    draw_lock(&r, i, true);
    draw_calls(&r, i);
  }
  draw_end(c);
}
