/* cycles.c - see cycles.h. */
#include "picture/cycles.h"

#include "picture/draw.h"
#include "picture/picture.h"
#include "report/jsonic.h"

enum { SCHEMA = 1 };

/* "parse_value: a round takes 96 to 240 bytes; likely" */
static const char *title_of(Arena *arena, const CallRounds *cycle) {
  return arena_printf(
      arena, "%s: a %s takes %s; %s", cycle->calls->function, cycle->count == 1 ? "call" : "round",
      picture_byte_range(arena, cycle->low, cycle->high), confidence_word(cycle->confidence));
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

void cycles_svg(FILE *out, const CallCycles *all) {
  Arena *arena = arena_new();
  Sheet sheet;
  sheet_begin(&sheet, arena);
  sheet_text(&sheet, "small", closing_text(arena, all));
  for (uint32_t i = 0; i < all->count; i++) {
    const CallRounds *cycle = &all->cycles[i];
    sheet.canvas.top += 20;
    sheet_text(&sheet, "title", title_of(arena, cycle));
    sheet_text(&sheet, "small", stack_text(arena, cycle));
    sheet_text(&sheet, "small", depth_text(arena, cycle));
    draw_cycle(sheet_picture(&sheet), cycle);
  }
  sheet_end(&sheet, out);
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
