/* lifelines.c - the lives of threads as DOT, SVG and JSON, see lifelines.h. */
#include "picture/lifelines.h"

#include "picture/draw.h"
#include "picture/picture.h"
#include "report/jsonic.h"

enum { SCHEMA = 1 };

static const char *const event_words[] = {"created", "joined", "detached"};
static const char *const fate_words[] = {"nobody", "joined", "detached"};

const char *lifelines_title(Arena *arena, const ThreadLife *life) {
  const char *text = life->handle;
  if (*life->owner)
    text = arena_printf(arena, "%s in %s", text, life->owner);
  for (uint32_t i = 0; i < life->entry_count; i++)
    text = arena_printf(arena, "%s%s%s", text, i ? ", " : " runs ", life->entries[i]);
  return text;
}

const char *lifelines_place(Arena *arena, const LifeEvent *event) {
  return arena_printf(arena, "%s (%s:%u)", event->function, event->path, event->line);
}

const char *lifelines_excuse(const ThreadLife *life) {
  return life->detaches_itself    ? "detaches itself"
         : life->created_detached ? "created detached"
                                  : NULL;
}

/* ---- DOT */

static void put_edge(FILE *out, const char *from, const char *to, const char *label,
                     const char *more) {
  fputs("  ", out);
  picture_put_quoted(out, from);
  fputs(" -> ", out);
  picture_put_quoted(out, to);
  fputs(" [label=", out);
  picture_put_quoted(out, label);
  fprintf(out, "%s];\n", more);
}

static void dot_life(FILE *out, Arena *arena, const ThreadLife *life, uint32_t number) {
  const char *node = arena_printf(arena, "thread %u", number);
  fputs("  ", out);
  picture_put_quoted(out, node);
  fputs(" [shape=box, style=rounded, label=", out);
  picture_put_quoted(out, visible(arena, lifelines_title(arena, life)));
  fputs("];\n", out);
  for (uint32_t i = 0; i < life->event_count; i++) {
    const LifeEvent *event = &life->events[i];
    const char *place = visible(arena, lifelines_place(arena, event));
    if (event->kind == LIFE_CREATED)
      put_edge(out, place, node, arena_printf(arena, "creates %s", visible(arena, event->often)),
               "");
    else
      put_edge(out, node, place, event->kind == LIFE_JOINED ? "joined" : "detached", "");
  }
  if (life->fate == FATE_NOBODY)
    put_edge(out, node, "nobody", "joins or detaches it", ", color=red, style=dashed");
  else if (lifelines_excuse(life))
    put_edge(out, node, node, lifelines_excuse(life), "");
}

void lifelines_dot(FILE *out, const Lifelines *all) {
  bool lost = false;
  fputs("digraph threads {\n  rankdir=LR;\n  node [shape=plaintext];\n", out);
  Arena *arena = arena_new();
  for (uint32_t i = 0; i < all->count; i++) {
    dot_life(out, arena, &all->lives[i], i + 1);
    lost |= all->lives[i].fate == FATE_NOBODY;
    arena_reset(arena);
  }
  if (lost)
    fputs("  \"nobody\" [fontcolor=red];\n", out);
  fputs("}\n", out);
  arena_free(arena);
}

/* ---- SVG */

void lifelines_svg(FILE *out, const Lifelines *all) {
  Arena *arena = arena_new();
  Sheet sheet;
  sheet_begin(&sheet, arena);
  if (!all->count)
    sheet_text(&sheet, "small", "no threads");
  for (uint32_t i = 0; i < all->count; i++)
    draw_life(sheet_picture(&sheet), &all->lives[i]);
  sheet_end(&sheet, out);
  arena_free(arena);
}

/* ---- JSON */

static json_t *event_value(Arena *arena, const LifeEvent *event) {
  json_t *value = json_object();
  jsonic_put_text(arena, value, "kind", event_words[event->kind]);
  jsonic_put_text(arena, value, "function", event->function);
  jsonic_put_text(arena, value, "path", event->path);
  jsonic_put_number(value, "line", event->line);
  if (event->kind == LIFE_CREATED)
    jsonic_put_text(arena, value, "often", event->often);
  return value;
}

static json_t *life_value(Arena *arena, const ThreadLife *life) {
  json_t *value = json_object(), *runs = json_array(), *events = json_array();
  jsonic_put_text(arena, value, "handle", life->handle);
  if (*life->owner)
    jsonic_put_text(arena, value, "known_only_to", life->owner);
  for (uint32_t i = 0; i < life->entry_count; i++)
    jsonic_add(runs, jsonic_text(arena, life->entries[i]));
  jsonic_put(value, "runs", runs);
  for (uint32_t i = 0; i < life->event_count; i++)
    jsonic_add(events, event_value(arena, &life->events[i]));
  jsonic_put(value, "events", events);
  jsonic_put(value, "created_detached", json_boolean(life->created_detached));
  jsonic_put(value, "detaches_itself", json_boolean(life->detaches_itself));
  jsonic_put_text(arena, value, "fate", fate_words[life->fate]);
  return value;
}

void lifelines_json(FILE *out, const Lifelines *all) {
  json_t *value = json_object(), *list = json_array();
  Arena *arena = arena_new();
  jsonic_put_number(value, "schema", SCHEMA);
  for (uint32_t i = 0; i < all->count; i++)
    jsonic_add(list, life_value(arena, &all->lives[i]));
  jsonic_put(value, "threads", list);
  jsonic_write(out, value, JSON_INDENT(2));
  arena_free(arena);
}
