/* lifelines_svg.c - the lives of threads as SVG: one band a thread, from where it is created on the
 * left to what becomes of it on the right. What nobody joins ends in a red, dashed line. */
#include "report/inside.h"
#include "picture/lifelines.h"
#include "picture/picture.h"

enum {
  LINE = 18,
  GAP = 14,
  LEFT = 16,
  LEAST_WIDTH = 640,
  TRACK = 120, // the line between both columns
};

typedef struct {
  FILE *out;
  Arena *arena;
  uint32_t left, width; // of the left column; of all
} Canvas;

static void put_text(const Canvas *c, uint32_t x, uint32_t y, const char *class, const char *text) {
  picture_put_text(c->out, c->arena, (PicturePlace){x, y, class}, text);
}

static const char *creation_text(Arena *arena, const LifeEvent *event) {
  return arena_printf(arena, "created in %s", lifelines_place(arena, event));
}

static const char *end_text(Arena *arena, const LifeEvent *event) {
  return arena_printf(arena, "%s in %s", event->kind == LIFE_JOINED ? "joined" : "detached",
                      lifelines_place(arena, event));
}

static uint32_t creations(const ThreadLife *life) {
  uint32_t count = 0;
  while (count < life->event_count && life->events[count].kind == LIFE_CREATED)
    count++;
  return count;
}

/* The title, then two lines a creation on the left, and one an end on the right. */
static uint32_t height_of(const ThreadLife *life) {
  uint32_t left = creations(life) * 2, right = life->event_count - creations(life);
  right += right == 0 || lifelines_excuse(life);
  return (1 + (left > right ? left : right)) * LINE + GAP;
}

static void measure(Canvas *c, const Lifelines *all) {
  uint32_t right = LEAST_WIDTH / 3;
  c->left = LEAST_WIDTH / 3;
  for (uint32_t i = 0; i < all->count; i++)
    for (uint32_t k = 0; k < all->lives[i].event_count; k++) {
      const LifeEvent *event = &all->lives[i].events[k];
      if (event->kind == LIFE_CREATED)
        c->left = picture_wider(c->arena,
                                picture_wider(c->arena, c->left, creation_text(c->arena, event)),
                                event->often);
      else
        right = picture_wider(c->arena, right, end_text(c->arena, event));
    }
  c->width = LEFT + c->left + TRACK + right + LEFT;
}

static void draw_life(const Canvas *c, const ThreadLife *life, uint32_t top) {
  uint32_t y = top + LINE, track = LEFT + c->left, right = track + TRACK;
  bool lost = life->fate == FATE_NOBODY;
  put_text(c, LEFT, y, "title", lifelines_title(c->arena, life));
  fprintf(c->out, "  <line x1=\"%u\" y1=\"%u\" x2=\"%u\" y2=\"%u\" class=\"%s\"/>\n", track,
          y + LINE - 4, right - GAP / 2, y + LINE - 4, lost ? "lost" : "lives");
  uint32_t left_y = y, right_y = y;
  for (uint32_t i = 0; i < life->event_count; i++) {
    const LifeEvent *event = &life->events[i];
    if (event->kind == LIFE_CREATED) {
      put_text(c, LEFT, left_y += LINE, "event", creation_text(c->arena, event));
      put_text(c, LEFT, left_y += LINE, "often", event->often);
    } else {
      put_text(c, right, right_y += LINE, "event", end_text(c->arena, event));
    }
  }
  if (lifelines_excuse(life))
    put_text(c, right, right_y + LINE, "event", lifelines_excuse(life));
  if (lost)
    put_text(c, right, right_y + LINE, "nobody", "nobody joins or detaches it");
}

void lifelines_svg(FILE *out, const Lifelines *all) {
  Canvas c = {.out = out, .arena = arena_new()};
  uint32_t height = GAP + LINE;
  measure(&c, all);
  for (uint32_t i = 0; i < all->count; i++)
    height += height_of(&all->lives[i]);
  picture_begin_svg(out, c.width, height,
                    "  .often { fill: #777 } .nobody { fill: #c00; font-weight: bold }\n"
                    "  .lives { stroke: #286; stroke-width: 4 }\n"
                    "  .lost { stroke: #c00; stroke-width: 4; stroke-dasharray: 8 5 }");
  if (!all->count)
    put_text(&c, LEFT, GAP + LINE / 2, "often", "no threads");
  uint32_t top = GAP / 2;
  for (uint32_t i = 0; i < all->count; i++) {
    draw_life(&c, &all->lives[i], top);
    top += height_of(&all->lives[i]);
  }
  fputs("</svg>\n", out);
  arena_free(c.arena);
}
