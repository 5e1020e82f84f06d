/* cycles.c - see cycles.h. In SVG a cycle is a column of boxes, a call each, with a rail on their
 * left on which calls go back up to the first one; how sure it is, is the colour. */
#include "picture/cycles.h"

#include <inttypes.h>

#include "report/jsonic.h"
#include "picture/picture.h"

enum {
  SCHEMA = 1,
  LINE = 18,
  GAP = 16,
  LEFT = 16,
  RAIL = 24, // what is left of it for its boxes
  BOX = 24,
  STEP = BOX + GAP,
  LEAST_WIDTH = 640,
  SHOWN = 6, // of the calls that close further cycles
};

static const char *bytes_text(Arena *arena, const CallRounds *cycle) {
  return cycle->low == cycle->high
             ? arena_printf(arena, "%" PRIu64 " bytes", cycle->low)
             : arena_printf(arena, "%" PRIu64 " to %" PRIu64 " bytes", cycle->low, cycle->high);
}

/* "parse_value: a round takes 96 to 240 bytes; likely" */
static const char *title_of(Arena *arena, const CallRounds *cycle) {
  return arena_printf(arena, "%s: a %s takes %s; %s", cycle->calls->function,
                      cycle->count == 1 ? "call" : "round", bytes_text(arena, cycle),
                      confidence_word(cycle->confidence));
}

static const char *stack_text(Arena *arena, const CallRounds *cycle) {
  return strcmp(cycle->root, "thread")
             ? cycle->words
             : arena_printf(arena, "%s (thread in %s)", cycle->words, cycle->begins);
}

static const char *depth_text(Arena *arena, const CallRounds *cycle) {
  const char *text = cycle->endless ? "every way through it calls on: it cannot end" : cycle->depth;
  if (*cycle->measure)
    text = arena_printf(arena, "%s; what moves is '%s'", text, cycle->measure);
  if (cycle->by_pointer)
    text = arena_printf(arena, "%s; called by a pointer", text);
  return cycle->tail ? arena_printf(arena, "%s; a loop when it is built with optimisation", text)
                     : text;
}

static const char *call_text(Arena *arena, const RoundCall *call) {
  return arena_printf(arena, "%s (%s:%u)", call->function, call->path, call->line);
}

/* What there is to say when there is no cycle, or not all of the program was looked at. */
static const char *closing_text(Arena *arena, const CallCycles *all) {
  const char *text =
      !all->recursive ? "no function calls itself, and no cycle of calls was found"
      : !all->count
          ? arena_printf(arena, "%u functions stand on cycles of calls, and all cycles are bounded",
                         all->recursive)
          : arena_printf(arena,
                         "%u functions stand on cycles of calls; those that nothing bounds "
                         "are shown",
                         all->recursive);
  if (all->too_large)
    text = arena_printf(arena, "%s; %u functions are too large and were not looked into", text,
                        all->too_large);
  return all->too_many ? arena_printf(arena,
                                      "%s; in %u groups of functions there are more cycles "
                                      "than were looked at",
                                      text, all->too_many)
                       : text;
}

/* ---- DOT */

static void dot_node(FILE *out, const char *node, const char *label, const char *more) {
  fputs("    ", out);
  picture_put_quoted(out, node);
  fputs(" [label=", out);
  picture_put_quoted(out, label);
  fprintf(out, "%s];\n", more);
}

static void dot_edge(FILE *out, const char *from, const char *to, const char *more) {
  fputs("    ", out);
  picture_put_quoted(out, from);
  fputs(" -> ", out);
  picture_put_quoted(out, to);
  fprintf(out, "%s;\n", more);
}

static void dot_cycle(FILE *out, Arena *arena, const CallRounds *cycle, uint32_t number) {
  fprintf(out, "  subgraph \"cluster %u\" {\n    label=", number);
  picture_put_quoted(out, arena_printf(arena, "%s\n%s\n%s", visible(arena, title_of(arena, cycle)),
                                       visible(arena, stack_text(arena, cycle)),
                                       visible(arena, depth_text(arena, cycle))));
  fputs(cycle->confidence == CONFIDENCE_LIKELY ? ";\n    color=red;\n" : ";\n", out);
  for (uint32_t i = 0; i < cycle->count; i++) {
    const char *node = arena_printf(arena, "%u.%u", number, i),
               *next = arena_printf(arena, "%u.%u", number, (i + 1) % cycle->count);
    dot_node(out, node, visible(arena, call_text(arena, &cycle->calls[i])), "");
    dot_edge(out, node, next, "");
  }
  for (uint32_t i = 0; i < cycle->other_count; i++) {
    const char *node = arena_printf(arena, "%u.other.%u", number, i);
    dot_node(out, node, visible(arena, call_text(arena, &cycle->others[i])), ", style=dashed");
    dot_edge(out, node, arena_printf(arena, "%u.0", number), " [style=dashed]");
  }
  fputs("  }\n", out);
}

void cycles_dot(FILE *out, const CallCycles *all) {
  Arena *arena = arena_new();
  fputs("digraph calls {\n  node [shape=box];\n  label=", out);
  picture_put_quoted(out, closing_text(arena, all));
  fputs(";\n", out);
  for (uint32_t i = 0; i < all->count; i++) {
    dot_cycle(out, arena, &all->cycles[i], i + 1);
    arena_reset(arena);
  }
  fputs("}\n", out);
  arena_free(arena);
}

/* ---- SVG */

static uint32_t shown_others(const CallRounds *cycle) {
  return cycle->other_count < SHOWN ? cycle->other_count : SHOWN;
}

static const char *rest_text(Arena *arena, const CallRounds *cycle) {
  return arena_printf(arena, "%u more calls lead back to %s", cycle->other_count - SHOWN,
                      cycle->calls->function);
}

static uint32_t height_of(const CallRounds *cycle) {
  uint32_t boxes = cycle->count + shown_others(cycle);
  return 3 * LINE + GAP / 2 + boxes * STEP + (cycle->other_count > SHOWN ? LINE : 0) + GAP;
}

/* The boxes of one cycle are equally wide. */
static uint32_t box_width(Arena *arena, const CallRounds *cycle) {
  uint32_t width = 0;
  for (uint32_t i = 0; i < cycle->count; i++)
    width = picture_wider(arena, width, call_text(arena, &cycle->calls[i]));
  for (uint32_t i = 0; i < shown_others(cycle); i++)
    width = picture_wider(arena, width, call_text(arena, &cycle->others[i]));
  return width + GAP;
}

static uint32_t width_of(Arena *arena, const CallCycles *all) {
  uint32_t width = picture_wider(arena, LEAST_WIDTH, closing_text(arena, all));
  for (uint32_t i = 0; i < all->count; i++) {
    const CallRounds *cycle = &all->cycles[i];
    uint32_t boxes = RAIL + box_width(arena, cycle);
    width = picture_wider(arena, width, title_of(arena, cycle));
    width = picture_wider(arena, width, stack_text(arena, cycle));
    width = picture_wider(arena, width, depth_text(arena, cycle));
    if (cycle->other_count > SHOWN)
      width = picture_wider(arena, width, rest_text(arena, cycle));
    width = boxes > width ? boxes : width;
  }
  return LEFT + width + LEFT;
}

static void put_line(FILE *out, PicturePlace from, uint32_t x, uint32_t y) {
  fprintf(out, "  <line x1=\"%u\" y1=\"%u\" x2=\"%u\" y2=\"%u\" class=\"%s\"/>\n", from.x, from.y,
          x, y, from.class);
}

typedef struct {
  FILE *out;
  Arena *arena;
  uint32_t width; // of its boxes
  const char *class;
} Column;

static void put_box(const Column *c, uint32_t y, const char *text, bool is_dashed) {
  fprintf(c->out, "  <rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" class=\"box %s%s\"/>\n",
          LEFT + RAIL, y, c->width, BOX, c->class, is_dashed ? " other" : "");
  picture_put_text(c->out, c->arena, (PicturePlace){LEFT + RAIL + GAP / 2, y + LINE - 2, "call"},
                   text);
}

/* A call that goes back up: from its box to the rail. */
static void put_return(const Column *c, uint32_t y) {
  put_line(c->out, (PicturePlace){LEFT + RAIL, y + BOX * 2 / 3, "back"}, LEFT, y + BOX * 2 / 3);
}

static void put_boxes(const Column *c, const CallRounds *cycle, uint32_t top) {
  uint32_t y = top, middle = LEFT + RAIL + c->width / 2, others = shown_others(cycle);
  for (uint32_t i = 0; i < cycle->count; i++, y += STEP) {
    put_box(c, y, call_text(c->arena, &cycle->calls[i]), false);
    if (i + 1 < cycle->count)
      put_line(c->out, (PicturePlace){middle, y + BOX, "on"}, middle, y + STEP - 2);
  }
  put_return(c, y - STEP);
  for (uint32_t i = 0; i < others; i++, y += STEP) {
    put_box(c, y, call_text(c->arena, &cycle->others[i]), true);
    put_return(c, y);
  }
  put_line(c->out, (PicturePlace){LEFT, y - STEP + BOX * 2 / 3, "back"}, LEFT, top + BOX / 3);
  put_line(c->out, (PicturePlace){LEFT, top + BOX / 3, "on"}, LEFT + RAIL - 2, top + BOX / 3);
  if (cycle->other_count > SHOWN)
    picture_put_text(c->out, c->arena, (PicturePlace){LEFT, y + LINE - 4, "words"},
                     rest_text(c->arena, cycle));
}

static void svg_cycle(FILE *out, Arena *arena, const CallRounds *cycle, uint32_t top) {
  uint32_t y = top + LINE;
  Column column = {out, arena, box_width(arena, cycle), confidence_word(cycle->confidence)};
  picture_put_text(out, arena, (PicturePlace){LEFT, y, "title"}, title_of(arena, cycle));
  picture_put_text(out, arena, (PicturePlace){LEFT, y += LINE, "words"}, stack_text(arena, cycle));
  picture_put_text(out, arena, (PicturePlace){LEFT, y += LINE, "words"}, depth_text(arena, cycle));
  put_boxes(&column, cycle, y + GAP / 2);
}

void cycles_svg(FILE *out, const CallCycles *all) {
  Arena *arena = arena_new();
  uint32_t height = GAP + LINE, width = width_of(arena, all), top = GAP + LINE;
  for (uint32_t i = 0; i < all->count; i++)
    height += height_of(&all->cycles[i]);
  picture_begin_svg(out, width, height,
                    "  .words { fill: #777 } .box { fill: #f7f7f7; stroke: #999 }\n"
                    "  .likely { stroke: #c00 } .possible { stroke: #d80 }\n"
                    "  .other { stroke-dasharray: 6 4 } .on, .back { stroke: #555 }\n"
                    "  .on { marker-end: url(#head) }");
  fputs(
      "  <defs><marker id=\"head\" orient=\"auto\" markerWidth=\"8\" markerHeight=\"8\" refX=\"6\" "
      "refY=\"4\"><path d=\"M0,1 L7,4 L0,7 z\" fill=\"#555\"/></marker></defs>\n",
      out);
  picture_put_text(out, arena, (PicturePlace){LEFT, GAP + LINE / 2, "words"},
                   closing_text(arena, all));
  for (uint32_t i = 0; i < all->count; i++) {
    svg_cycle(out, arena, &all->cycles[i], top);
    top += height_of(&all->cycles[i]);
  }
  fputs("</svg>\n", out);
  arena_free(arena);
}

/* ---- JSON */

static json_t *calls_value(Arena *arena, const RoundCall *calls, uint32_t count) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < count; i++) {
    json_t *value = json_object();
    jsonic_put_text(arena, value, "function", calls[i].function);
    jsonic_put_text(arena, value, "path", calls[i].path);
    jsonic_put_number(value, "line", calls[i].line);
    jsonic_add(list, value);
  }
  return list;
}

static json_t *cycle_value(Arena *arena, const CallRounds *cycle) {
  json_t *value = json_object();
  jsonic_put_text(arena, value, "confidence", confidence_word(cycle->confidence));
  jsonic_put(value, "calls", calls_value(arena, cycle->calls, cycle->count));
  jsonic_put(value, "also_back", calls_value(arena, cycle->others, cycle->other_count));
  jsonic_put_number(value, "low", cycle->low);
  jsonic_put_number(value, "high", cycle->high);
  jsonic_put_text(arena, value, "root", cycle->root);
  jsonic_put_text(arena, value, "root_function", cycle->begins);
  jsonic_put_number(value, "budget", cycle->budget);
  jsonic_put_number(value, "least_rounds", cycle->rounds[0]);
  jsonic_put_number(value, "most_rounds", cycle->rounds[1]);
  jsonic_put_text(arena, value, "depth", cycle->depth);
  if (*cycle->measure)
    jsonic_put_text(arena, value, "moves", cycle->measure);
  jsonic_put(value, "by_pointer", json_boolean(cycle->by_pointer));
  jsonic_put(value, "tail", json_boolean(cycle->tail));
  jsonic_put(value, "endless", json_boolean(cycle->endless));
  return value;
}

void cycles_json(FILE *out, const CallCycles *all) {
  json_t *value = json_object(), *list = json_array();
  Arena *arena = arena_new();
  jsonic_put_number(value, "schema", SCHEMA);
  jsonic_put_number(value, "functions_on_cycles", all->recursive);
  jsonic_put_number(value, "functions_too_large", all->too_large);
  jsonic_put_number(value, "groups_with_too_many", all->too_many);
  for (uint32_t i = 0; i < all->count; i++)
    jsonic_add(list, cycle_value(arena, &all->cycles[i]));
  jsonic_put(value, "cycles", list);
  jsonic_write(out, value, JSON_INDENT(2));
  arena_free(arena);
}
