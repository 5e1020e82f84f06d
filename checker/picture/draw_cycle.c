/* draw_cycle.c - a cycle of calls: who calls whom on the left, back to the first one on a rail, and
 * beside it the stack that it fills. Levels are not drawn to scale: there are thousands. */
#include "picture/draw.h"
#include "picture/picture.h"
#include "report/words.h"

enum {
  BOX_LEFT = 46,
  BOX_WIDTH = 440,
  BOX_HEIGHT = 46,
  STEP = BOX_HEIGHT + 26,
  TOP = 14,
  RAIL = 16,
  NAME_COLUMNS = 52,
  PLACE_COLUMNS = 59,
  OTHERS = 4, // calls that close further cycles
  WELL_LEFT = 560,
  WELL_WIDTH = 110,
  WELL_LEAST = 264,
  LEVEL = 19,
  LEVELS = 4, // at the bottom, and at the top
  SAID = WELL_LEFT + WELL_WIDTH + 14,
  SAID_COLUMNS = 21,
};

static int other_count(const CallRounds *cycle) {
  return cycle->other_count < OTHERS ? (int)cycle->other_count : OTHERS;
}

static const char *place_text(Arena *arena, const RoundCall *call) {
  return picture_fit(arena, arena_printf(arena, "calls on at %s:%u", call->path, call->line),
                     PLACE_COLUMNS);
}

static void draw_call(const Canvas *c, const RoundCall *call, int y, const char *class) {
  draw_box(c, (Box){BOX_LEFT, y, BOX_WIDTH, BOX_HEIGHT}, 8, class);
  draw_text(c, BOX_LEFT + 14, y + 20, "name", picture_fit(c->arena, call->function, NAME_COLUMNS));
  draw_text(c, BOX_LEFT + 14, y + 37, "small", place_text(c->arena, call));
}

/* From the box at y back up to the first one. */
static void draw_return(const Canvas *c, int top, int y, bool is_other) {
  enum { ROUND = 10 };
  int from = y + BOX_HEIGHT / 2 + ROUND, to = top + BOX_HEIGHT / 2 - ROUND;
  draw_path(c, is_other ? "back other" : "back", "M%d,%d H%d q-%d,0 -%d,-%d V%d q0,-%d %d,-%d H%d",
            BOX_LEFT, from, RAIL + ROUND, ROUND, ROUND, ROUND, to + ROUND, ROUND, ROUND, ROUND,
            BOX_LEFT - 8);
}

static void draw_calls(const Canvas *c, const CallRounds *cycle, int top) {
  int y = top, last = top;
  const char *sure = confidence_word(cycle->confidence);
  for (uint32_t i = 0; i < cycle->count; i++, y += STEP) {
    draw_call(c, &cycle->calls[i], last = y,
              arena_printf(c->arena, i ? "box %s" : "box %s first", sure));
    if (i + 1 < cycle->count) {
      int middle = BOX_LEFT + BOX_WIDTH / 2;
      draw_path(c, "flow", "M%d,%d V%d", middle, y + BOX_HEIGHT, y + STEP - 8);
      draw_tip_down(c, middle, y + STEP - 1, "flow-head");
    }
  }
  draw_return(c, top, last, false);
  for (int i = 0; i < other_count(cycle); i++, y += STEP) {
    draw_call(c, &cycle->others[i], y, arena_printf(c->arena, "box %s other", sure));
    draw_return(c, top, y, true);
  }
  draw_tip_right(c, BOX_LEFT - 1, top + BOX_HEIGHT / 2 - 10, "back-head");
  if (cycle->other_count > OTHERS)
    draw_text(
        c, BOX_LEFT, y - 6, "small",
        arena_printf(c->arena, "and %u more calls that lead back", cycle->other_count - OTHERS));
}

static const char *root_text(Arena *arena, const CallRounds *cycle) {
  const char *whose = strcmp(cycle->root, "thread") ? "the stack of" : "a thread's stack in";
  return picture_fit(arena, arena_printf(arena, "%s %s", whose, cycle->begins), 34);
}

static const char *depth_text(Arena *arena, const CallRounds *cycle) {
  const char *least = picture_count(arena, cycle->rounds[0]);
  return cycle->rounds[0] == cycle->rounds[1]
             ? arena_printf(arena, "%s rounds", least)
             : arena_printf(arena, "%s to %s", least, picture_count(arena, cycle->rounds[1]));
}

static void draw_well(const Canvas *c, const CallRounds *cycle, int height) {
  int bottom = height - 44, top = TOP + 10;
  draw_box(c, (Box){WELL_LEFT, top, WELL_WIDTH, bottom - top}, 6, "well");
  for (int i = 0; i < LEVELS; i++) {
    draw_box(c, (Box){WELL_LEFT + 3, bottom - 2 - (i + 1) * LEVEL, WELL_WIDTH - 6, LEVEL}, 3,
             "level");
    draw_box(c, (Box){WELL_LEFT + 3, top + 2 + i * LEVEL, WELL_WIDTH - 6, LEVEL}, 3,
             i ? "level" : "level hot");
    draw_text(c, WELL_LEFT + 10, bottom - 7 - i * LEVEL, "small",
              arena_printf(c->arena, "round %d", i + 1));
  }
  int middle = (top + bottom) / 2;
  for (int i = -1; i <= 1; i++)
    draw_box(c, (Box){WELL_LEFT + WELL_WIDTH / 2 - 2, middle - 2 + i * 9, 4, 4}, 2, "most");
  draw_path(c, "limit", "M%d,%d H%d", WELL_LEFT - 12, top, WELL_LEFT + WELL_WIDTH + 8);
  draw_text(c, SAID, top + 5, "danger", cycle->endless ? "it cannot end;" : "the stack is full");
  draw_text(c, SAID, top + 22, "small", cycle->endless ? "the stack is full" : "at a depth of");
  draw_text(c, SAID, top + 40, "name",
            picture_fit(c->arena, depth_text(c->arena, cycle), SAID_COLUMNS));
  draw_text(c, SAID, bottom - 22, "small", cycle->count == 1 ? "a call takes" : "a round takes");
  draw_text(
      c, SAID, bottom - 5, "name",
      picture_fit(c->arena, picture_byte_range(c->arena, cycle->low, cycle->high), SAID_COLUMNS));
  draw_text(c, WELL_LEFT, bottom + 20, "small", root_text(c->arena, cycle));
  draw_text(c, WELL_LEFT, bottom + 37, "name", picture_bytes(c->arena, cycle->budget));
}

static const char *description(Arena *arena, const CallRounds *cycle) {
  const char *text = cycle->calls->function;
  for (uint32_t i = 1; i < cycle->count; i++)
    text = arena_printf(arena, "%s calls %s, which", text, cycle->calls[i].function);
  return arena_printf(arena, "%s calls %s again. A round takes %s of the stack: %s.", text,
                      cycle->calls->function, picture_byte_range(arena, cycle->low, cycle->high),
                      cycle->words);
}

void draw_cycle(Canvas *c, const CallRounds *cycle) {
  int boxes = ((int)cycle->count + other_count(cycle)) * STEP - (STEP - BOX_HEIGHT);
  boxes += cycle->other_count > OTHERS ? 20 : 0;
  int height = 2 * TOP + boxes > WELL_LEAST ? 2 * TOP + boxes : WELL_LEAST;
  draw_begin(c, height,
             arena_printf(c->arena, "The cycle of calls through %s", cycle->calls->function),
             description(c->arena, cycle));
  draw_calls(c, cycle, (height - boxes) / 2);
  draw_well(c, cycle, height);
  draw_end(c);
}
