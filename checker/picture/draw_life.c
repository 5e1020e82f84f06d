/* draw_life.c - the life of a thread: who creates it above, the thread as a bar, and below what
 * becomes of it. What nobody joins or detaches ends in a dashed line and a cross. */
#include "picture/draw.h"
#include "picture/lifelines.h"
#include "picture/picture.h"

enum {
  LINE = 16, // of what is said of an event
  WORDS = 3, // lines of that
  SHOWN = 5, // creations, and ends
  LEFT = 20,
  TEXT = LEFT + 20,
  BAR = 36, // height
  BAR_WIDTH = 560,
  ENDS = 420, // where the ends stand
  COLUMNS = 112,
  END_COLUMNS = 58,
  NAME_COLUMNS = 64,
  BEHIND = 6, // further bars of a thread that is created often
};

static uint32_t creations_of(const ThreadLife *life) {
  uint32_t count = 0;
  while (count < life->event_count && life->events[count].kind == LIFE_CREATED)
    count++;
  return count;
}

static uint32_t shown(uint32_t count) { return count < SHOWN ? count : SHOWN; }

static bool is_often(const ThreadLife *life) {
  for (uint32_t i = 0; i < creations_of(life); i++)
    if (strncmp(life->events[i].often, "once", strlen("once")))
      return true;
  return creations_of(life) > 1;
}

/* What is said of an event below its name: the place, and how often, which may take two lines. */
static uint32_t words_of(const Canvas *c, const LifeEvent *event, uint32_t columns,
                         const char **lines) {
  lines[0] =
      picture_fit(c->arena, arena_printf(c->arena, "%s:%u", event->path, event->line), columns);
  return 1 + picture_wrap(c->arena, event->often, columns, lines + 1, WORDS - 1);
}

static int height_of_event(const Canvas *c, const LifeEvent *event, uint32_t columns) {
  const char *lines[WORDS];
  return 26 + (int)words_of(c, event, columns, lines) * LINE;
}

static void draw_mark(const Canvas *c, int x, int y) {
  fprintf(c->out, "<circle cx=\"%d\" cy=\"%d\" r=\"5\" class=\"mark\"/>\n", x, y);
}

/* Returns where the next one is. */
static int draw_event(const Canvas *c, const LifeEvent *event, Box at, uint32_t columns) {
  static const char *const verbs[] = {"created in", "joined in", "detached in"};
  const char *lines[WORDS];
  uint32_t count = words_of(c, event, columns, lines);
  draw_mark(c, at.x, at.y - 4);
  draw_text(c, at.x + TEXT - LEFT, at.y, "name",
            picture_fit(c->arena,
                        arena_printf(c->arena, "%s %s", verbs[event->kind], event->function),
                        columns - 8));
  for (uint32_t i = 0; i < count; i++)
    draw_text(c, at.x + TEXT - LEFT, at.y + 17 + (int)i * LINE, "small", lines[i]);
  return at.y + height_of_event(c, event, columns);
}

static void draw_more(const Canvas *c, uint32_t count, int x, int y) {
  if (count > SHOWN)
    draw_text(c, x, y, "small", arena_printf(c->arena, "and %u more", count - SHOWN));
}

/* Returns where the bar is. */
static int draw_creations(const Canvas *c, const ThreadLife *life, bool is_measured_only) {
  uint32_t count = creations_of(life);
  int y = 20;
  for (uint32_t i = 0; i < shown(count); i++)
    y += height_of_event(c, &life->events[i], COLUMNS);
  int bar = y + (count > SHOWN ? 16 : 0) - 12;
  if (is_measured_only)
    return bar;
  draw_path(c, "hair", "M%d,%d V%d", LEFT, 16, bar);
  y = 20;
  for (uint32_t i = 0; i < shown(count); i++)
    y = draw_event(c, &life->events[i], (Box){.x = LEFT, .y = y}, COLUMNS);
  draw_more(c, count, TEXT, bar - 6);
  return bar;
}

static void draw_thread(const Canvas *c, const ThreadLife *life, int y) {
  int width = life->fate == FATE_NOBODY ? BAR_WIDTH - 60 : BAR_WIDTH;
  for (int i = is_often(life) ? 2 : 0; i >= 0; i--)
    draw_box(c, (Box){LEFT - 6 + i * BEHIND, y + i * BEHIND, width, BAR}, 9, "lives");
  draw_text(c, TEXT, y + 23, "name",
            picture_fit(c->arena, lifelines_title(c->arena, life),
                        life->fate == FATE_NOBODY ? NAME_COLUMNS - 8 : NAME_COLUMNS - 2));
}

static void draw_lost(const Canvas *c, int y) {
  int from = LEFT - 6 + BAR_WIDTH - 48, to = DRAW_WIDTH - 40, middle = y + BAR / 2;
  draw_path(c, "lost", "M%d,%d H%d", from, middle, to - 14);
  draw_path(c, "cross", "M%d,%d l14,14 m0,-14 l-14,14", to - 7, middle - 7);
  draw_text_at_end(c, DRAW_WIDTH - 20, y + BAR + 22, "danger", "nobody joins or detaches it");
}

/* Returns where the picture ends. */
static int draw_ends(const Canvas *c, const ThreadLife *life, int y, bool is_measured_only) {
  uint32_t first = creations_of(life), count = life->event_count - first;
  const char *excuse = lifelines_excuse(life);
  int start = y + BAR + 40, end = start + (excuse ? 30 : 0), last = start;
  for (uint32_t i = 0; i < shown(count); i++) {
    last = end;
    end += height_of_event(c, &life->events[first + i], END_COLUMNS);
  }
  if (is_measured_only)
    return end + (count > SHOWN ? 16 : 0);
  if (count || excuse)
    draw_path(c, "hair", "M%d,%d V%d", ENDS, y + BAR, last - 4);
  if (excuse) {
    draw_mark(c, ENDS, start - 4);
    draw_text(c, ENDS + TEXT - LEFT, start, "name", excuse);
  }
  int at = start + (excuse ? 30 : 0);
  for (uint32_t i = 0; i < shown(count); i++)
    at = draw_event(c, &life->events[first + i], (Box){.x = ENDS, .y = at}, END_COLUMNS);
  draw_more(c, count, ENDS + TEXT - LEFT, at);
  return end;
}

static const char *description(Arena *arena, const ThreadLife *life) {
  const char *text = lifelines_title(arena, life);
  static const char *const verbs[] = {"Created", "Joined", "Detached"};
  for (uint32_t i = 0; i < life->event_count; i++)
    text = arena_printf(arena, "%s. %s in %s %s", text, verbs[life->events[i].kind],
                        lifelines_place(arena, &life->events[i]), life->events[i].often);
  const char *excuse = lifelines_excuse(life);
  return arena_printf(arena, "%s. %s.", text,
                      life->fate == FATE_NOBODY ? "Nobody joins or detaches it"
                      : excuse                  ? excuse
                                                : "It is taken care of");
}

void draw_life(Canvas *c, const ThreadLife *life) {
  int bar = draw_creations(c, life, true);
  bool is_lost = life->fate == FATE_NOBODY;
  draw_begin(c, is_lost ? bar + BAR + 36 : draw_ends(c, life, bar, true),
             arena_printf(c->arena, "The life of the thread in %s", life->handle),
             description(c->arena, life));
  draw_creations(c, life, false);
  draw_thread(c, life, bar);
  if (is_lost)
    draw_lost(c, bar);
  else
    draw_ends(c, life, bar, false);
  draw_end(c);
}
