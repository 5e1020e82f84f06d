/* draw_chain.c - the deepest chain of calls on a stack, a row a function: each bar begins where
 * that of its caller ends, so that the eye sees the stack fill up. Functions that take little are
 * one row. What a build takes at least is dark, what it may take besides is light. */
#include "picture/draw.h"
#include "picture/picture.h"

enum {
  ROW = 26,
  TOP = 30,
  SHOWN = 14, // frames: those that take most
  NAME_COLUMNS = 38,
  BARS = 320,
  BARS_WIDTH = 340,
  BYTES_COLUMNS = 27,
  FARTHEST = 4, // a stack that is larger than so many chains is not drawn to its end
};

typedef struct {
  Canvas *c;
  const StackChain *chain;
  uint64_t scale; // bytes of the whole width
  uint64_t low, high;
  int y;
} Fall;

/* How many frames of the chain take more. */
static uint32_t rank(const StackChain *chain, uint32_t frame) {
  uint32_t larger = 0;
  for (uint32_t i = 0; i < chain->frame_count; i++)
    larger += chain->frames[i].high > chain->frames[frame].high ||
              (chain->frames[i].high == chain->frames[frame].high && i < frame);
  return larger;
}

static bool is_shown(const StackChain *chain, uint32_t frame) {
  return !frame || rank(chain, frame) < SHOWN;
}

static int x_of(const Fall *fall, uint64_t bytes) {
  uint64_t most = bytes < fall->scale ? bytes : fall->scale;
  return BARS + (int)((double)most / (double)fall->scale * (double)BARS_WIDTH);
}

/* What lies beyond the end of the stack is drawn in another colour. */
static void draw_bar(const Fall *fall, uint64_t bytes, const char *class, const char *beyond) {
  int from = x_of(fall, fall->high), to = x_of(fall, fall->high + bytes),
      limit = x_of(fall, fall->chain->budget);
  to = to < from + 2 ? from + 2 : to;
  Box whole = {from, fall->y + 5, to - from, ROW - 10};
  bool all_beyond = limit <= from;
  draw_box(fall->c, whole, 3, all_beyond ? beyond : class);
  if (!all_beyond && limit < to && fall->high + bytes > fall->chain->budget)
    draw_box(fall->c, (Box){limit, whole.y, to - limit, whole.height}, 0, beyond);
}

static void draw_row(Fall *fall, const char *name, uint64_t low, uint64_t high) {
  draw_bar(fall, high, "most", "most hot");
  draw_bar(fall, low, "least", "least hot");
  draw_text(fall->c, 4, fall->y + 17, "frame", picture_fit(fall->c->arena, name, NAME_COLUMNS));
  draw_text_at_end(
      fall->c, DRAW_WIDTH - 4, fall->y + 17, "small",
      picture_fit(fall->c->arena, picture_byte_range(fall->c->arena, low, high), BYTES_COLUMNS));
  draw_path(fall->c, "hair", "M0,%d H%d", fall->y + ROW, DRAW_WIDTH);
  fall->low += low;
  fall->high += high;
  fall->y += ROW;
}

static void draw_rows(Fall *fall) {
  const StackChain *chain = fall->chain;
  for (uint32_t i = 0; i < chain->frame_count;) {
    const StackFrame *frame = &chain->frames[i];
    if (is_shown(chain, i)) {
      draw_row(fall,
               frame->grows ? arena_printf(fall->c->arena, "%s, and grows", frame->function)
                            : frame->function,
               frame->low, frame->high);
      i++;
      continue;
    }
    uint64_t low = 0, high = 0;
    uint32_t count = 0;
    for (; i < chain->frame_count && !is_shown(chain, i); i++, count++) {
      low += chain->frames[i].low;
      high += chain->frames[i].high;
    }
    draw_row(fall, arena_printf(fall->c->arena, "... %u more", count), low, high);
  }
}

static int row_count(const StackChain *chain) {
  int rows = 0;
  for (uint32_t i = 0; i < chain->frame_count; i++)
    rows += is_shown(chain, i) || !i || is_shown(chain, i - 1);
  return rows;
}

/* Where the stack ends, or that this is far away. */
static void draw_limit(Fall *fall, bool is_drawn) {
  Arena *arena = fall->c->arena;
  const StackChain *chain = fall->chain;
  const char *size = picture_bytes(arena, chain->budget);
  if (!is_drawn) {
    draw_text(fall->c, 4, 18, "small",
              arena_printf(arena, "%s, of a stack of %s",
                           picture_byte_range(arena, chain->low, chain->high), size));
    return;
  }
  int x = x_of(fall, chain->budget);
  draw_path(fall->c, "limit", "M%d,%d V%d", x, TOP - 6, fall->y + 4);
  const char *text = arena_printf(arena, "the stack ends: %s", size);
  if (x < BARS + BARS_WIDTH / 2)
    draw_text(fall->c, x - 4, TOP - 12, "danger", text);
  else
    draw_text_at_end(fall->c, x + 4, TOP - 12, "danger", text);
}

static const char *description(Arena *arena, const StackChain *chain) {
  const char *text = arena_printf(arena, "%s", chain->words);
  for (uint32_t i = 0; i < chain->frame_count && i < SHOWN; i++)
    text = arena_printf(arena, "%s; %s takes %s", text, chain->frames[i].function,
                        picture_byte_range(arena, chain->frames[i].low, chain->frames[i].high));
  return arena_printf(arena, "%s. Altogether %s.", text,
                      picture_byte_range(arena, chain->low, chain->high));
}

void draw_chain(Canvas *c, const StackChain *chain) {
  Fall fall = {.c = c, .chain = chain, .y = TOP};
  bool is_near = chain->budget / FARTHEST <= chain->high;
  fall.scale = is_near && chain->budget > chain->high ? chain->budget : chain->high;
  fall.scale = fall.scale ? fall.scale : 1;
  draw_begin(c, TOP + row_count(chain) * ROW + 10,
             arena_printf(c->arena, "The deepest chain of calls from %s", chain->frames->function),
             description(c->arena, chain));
  draw_rows(&fall);
  draw_limit(&fall, is_near);
  draw_end(c);
}
