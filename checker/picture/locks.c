/* locks.c - see locks.h. */
#include "picture/locks.h"

#include "picture/draw.h"
#include "picture/picture.h"
#include "report/jsonic.h"

enum { SCHEMA = 1 };

static const char *ring_title(Arena *arena, const LockGraph *graph, const LockRing *ring) {
  const char *text = "";
  for (uint32_t i = 0; i < ring->count; i++)
    text = arena_printf(arena, "%s%s, ", text, graph->locks[ring->arrows[i].from].name);
  return arena_printf(arena, "%sand round again; %s", text, confidence_word(ring->confidence));
}

static const char *order_text(Arena *arena, const LockGraph *graph) {
  const char *text = "";
  for (uint32_t i = 0; i < graph->lock_count; i++)
    if (graph->locks[i].name)
      text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "", graph->locks[i].name);
  return text;
}

static const char *closing_text(Arena *arena, const LockGraph *graph) {
  if (!graph->arrow_count)
    return "no lock is taken while another one is held";
  const char *text = arena_printf(arena, "proposed order: %s", order_text(arena, graph));
  if (graph->against)
    text = arena_printf(arena, "%s; %u of %u ordered pairs go against it", text, graph->against,
                        graph->arrow_count);
  return graph->ring_count ? text : arena_printf(arena, "%s; no circle was found", text);
}

static const char *step_text(Arena *arena, const LockStep *step) {
  return arena_printf(arena, "%s (%s:%u)", step->function, step->path, step->line);
}

/* ---- DOT */

static void dot_lock(FILE *out, Arena *arena, const LockGraph *graph, uint32_t lock) {
  fputs("  ", out);
  picture_put_quoted(out, visible(arena, graph->locks[lock].key));
  fputs(" [label=", out);
  picture_put_quoted(
      out, arena_printf(arena, "%u. %s", lock + 1, visible(arena, graph->locks[lock].name)));
  fputs("];\n", out);
}

static void dot_arrow(FILE *out, Arena *arena, const LockGraph *graph, const LockArrow *arrow) {
  const char *label = "";
  for (uint32_t i = 0; i < arrow->step_count; i++)
    label = arena_printf(arena, "%s%s%s", label, i ? "\n" : "",
                         visible(arena, step_text(arena, &arrow->steps[i])));
  if (arrow->ways > 1)
    label = arena_printf(arena, "%s\nand %u more", label, arrow->ways - 1);
  fputs("  ", out);
  picture_put_quoted(out, visible(arena, graph->locks[arrow->from].key));
  fputs(" -> ", out);
  picture_put_quoted(out, visible(arena, graph->locks[arrow->to].key));
  fputs(" [label=", out);
  picture_put_quoted(out, label);
  if (arrow->on_circle)
    fputs(", color=red, penwidth=2", out);
  if (arrow->by_pointer || arrow->is_try)
    fputs(", style=dashed", out);
  if (arrow->against)
    fputs(", constraint=false", out);
  fputs("];\n", out);
}

void locks_dot(FILE *out, const LockGraph *graph) {
  Arena *arena = arena_new();
  fputs("digraph locks {\n  node [shape=box];\n  label=", out);
  picture_put_quoted(out, visible(arena, closing_text(arena, graph)));
  fputs(";\n", out);
  for (uint32_t i = 0; i < graph->lock_count; i++)
    if (graph->locks[i].name)
      dot_lock(out, arena, graph, i);
  for (uint32_t i = 0; i < graph->arrow_count; i++)
    dot_arrow(out, arena, graph, &graph->arrows[i]);
  fputs("}\n", out);
  arena_free(arena);
}

/* ---- SVG */

static const char *arrow_text(Arena *arena, const LockGraph *graph, const LockArrow *arrow) {
  const LockStep *last = &arrow->steps[arrow->step_count - 1];
  return arena_printf(
      arena, "%s, then %s: %s%s%s%s", graph->locks[arrow->from].name, graph->locks[arrow->to].name,
      step_text(arena, last), arrow->is_try ? ", tried only" : "",
      arrow->by_pointer ? ", by a pointer" : "", arrow->against ? ", against the order" : "");
}

void locks_svg(FILE *out, const LockGraph *graph) {
  Arena *arena = arena_new();
  Sheet sheet;
  sheet_begin(&sheet, arena);
  sheet_text(&sheet, "small", closing_text(arena, graph));
  for (uint32_t i = 0; i < graph->ring_count; i++) {
    sheet.canvas.top += 20;
    sheet_text(&sheet, "title", ring_title(arena, graph, &graph->rings[i]));
    draw_ring(sheet_picture(&sheet), graph, &graph->rings[i]);
  }
  sheet.canvas.top += 20;
  for (uint32_t i = 0; i < graph->arrow_count; i++)
    sheet_text(&sheet, "small", arrow_text(arena, graph, &graph->arrows[i]));
  sheet_end(&sheet, out);
  arena_free(arena);
}

/* ---- JSON */

static json_t *steps_value(Arena *arena, const LockArrow *arrow) {
  json_t *list = json_array();
  for (uint32_t i = 0; i < arrow->step_count; i++) {
    json_t *value = json_object();
    jsonic_put_text(arena, value, "function", arrow->steps[i].function);
    jsonic_put_text(arena, value, "path", arrow->steps[i].path);
    jsonic_put_number(value, "line", arrow->steps[i].line);
    jsonic_add(list, value);
  }
  return list;
}

static json_t *arrow_value(Arena *arena, const LockGraph *graph, const LockArrow *arrow) {
  json_t *value = json_object();
  jsonic_put_text(arena, value, "from", graph->locks[arrow->from].name);
  jsonic_put_text(arena, value, "to", graph->locks[arrow->to].name);
  jsonic_put_number(value, "ways", arrow->ways);
  if (*arrow->thread)
    jsonic_put_text(arena, value, "thread", arrow->thread);
  jsonic_put(value, "steps", steps_value(arena, arrow));
  jsonic_put(value, "by_pointer", json_boolean(arrow->by_pointer));
  jsonic_put(value, "try", json_boolean(arrow->is_try));
  jsonic_put(value, "read", json_boolean(arrow->is_read));
  jsonic_put(value, "on_circle", json_boolean(arrow->on_circle));
  jsonic_put(value, "against_order", json_boolean(arrow->against));
  return value;
}

static json_t *ring_value(Arena *arena, const LockGraph *graph, const LockRing *ring) {
  json_t *value = json_object(), *list = json_array();
  jsonic_put_text(arena, value, "confidence", confidence_word(ring->confidence));
  for (uint32_t i = 0; i < ring->count; i++)
    jsonic_add(list, arrow_value(arena, graph, &ring->arrows[i]));
  jsonic_put(value, "orders", list);
  return value;
}

void locks_json(FILE *out, const LockGraph *graph) {
  json_t *value = json_object(), *locks = json_array(), *orders = json_array(),
         *circles = json_array();
  Arena *arena = arena_new();
  jsonic_put_number(value, "schema", SCHEMA);
  for (uint32_t i = 0; i < graph->lock_count; i++) {
    if (!graph->locks[i].name)
      continue;
    json_t *lock = json_object();
    jsonic_put_text(arena, lock, "name", graph->locks[i].name);
    jsonic_put_text(arena, lock, "key", graph->locks[i].key);
    jsonic_add(locks, lock);
  }
  for (uint32_t i = 0; i < graph->arrow_count; i++)
    jsonic_add(orders, arrow_value(arena, graph, &graph->arrows[i]));
  for (uint32_t i = 0; i < graph->ring_count; i++)
    jsonic_add(circles, ring_value(arena, graph, &graph->rings[i]));
  jsonic_put(value, "proposed_order", locks);
  jsonic_put(value, "orders", orders);
  jsonic_put_number(value, "against_order", graph->against);
  jsonic_put(value, "circles", circles);
  jsonic_write(out, value, JSON_INDENT(2));
  arena_free(arena);
}
