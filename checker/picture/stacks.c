/* stacks.c - see stacks.h. */
#include "picture/stacks.h"

#include "picture/draw.h"
#include "picture/picture.h"
#include "report/jsonic.h"

enum { SCHEMA = 1 };

/* "main (src/a.c)", "thread in work (src/b.c), created in start" */
static const char *title_of(Arena *arena, const StackChain *chain) {
  const StackFrame *first = chain->frames; // there is always one
  const char *text =
      arena_printf(arena, "%s%s (%s)", strcmp(chain->root, "thread") ? "" : "thread in ",
                   first->function, first->path);
  return *chain->created ? arena_printf(arena, "%s, created in %s", text, chain->created) : text;
}

static const char *frame_text(Arena *arena, const StackFrame *frame) {
  return arena_printf(arena, "%s: %s%s", frame->function,
                      picture_byte_range(arena, frame->low, frame->high),
                      frame->grows ? ", and grows" : "");
}

/* ---- DOT */

static void dot_chain(FILE *out, Arena *arena, const StackChain *chain, uint32_t number) {
  const char *above = arena_printf(arena, "stack %u", number);
  fputs("  ", out);
  picture_put_quoted(out, above);
  fputs(" [shape=box, style=rounded, label=", out);
  picture_put_quoted(out,
                     visible(arena, arena_printf(arena, "%s: %s; %s", title_of(arena, chain),
                                                 picture_byte_range(arena, chain->low, chain->high),
                                                 chain->words)));
  fputs(chain->low > chain->budget ? ", color=red];\n" : "];\n", out);
  for (uint32_t i = 0; i < chain->frame_count; i++) {
    const char *node = arena_printf(arena, "%u.%u", number, i);
    fputs("  ", out);
    picture_put_quoted(out, node);
    fputs(" [label=", out);
    picture_put_quoted(out, visible(arena, frame_text(arena, &chain->frames[i])));
    fputs("];\n  ", out);
    picture_put_quoted(out, above);
    fputs(" -> ", out);
    picture_put_quoted(out, node);
    fputs(";\n", out);
    above = node;
  }
}

void stacks_dot(FILE *out, const StackPicture *all) {
  fputs("digraph stacks {\n  node [shape=plaintext];\n", out);
  Arena *arena = arena_new();
  for (uint32_t i = 0; i < all->count; i++) {
    dot_chain(out, arena, &all->chains[i], i + 1);
    arena_reset(arena);
  }
  fputs("}\n", out);
  arena_free(arena);
}

/* ---- SVG */

void stacks_svg(FILE *out, const StackPicture *all) {
  Arena *arena = arena_new();
  Sheet sheet;
  sheet_begin(&sheet, arena);
  for (uint32_t i = 0; i < all->count; i++) {
    const StackChain *chain = &all->chains[i];
    sheet.canvas.top += 20;
    sheet_text(&sheet, "title",
               arena_printf(arena, "%s: %s", title_of(arena, chain),
                            picture_byte_range(arena, chain->low, chain->high)));
    sheet_text(&sheet, "small", chain->words);
    draw_chain(sheet_picture(&sheet), chain);
  }
  sheet_end(&sheet, out);
  arena_free(arena);
}

/* ---- JSON */

static json_t *frame_value(Arena *arena, const StackFrame *frame) {
  json_t *value = json_object();
  jsonic_put_text(arena, value, "function", frame->function);
  jsonic_put_text(arena, value, "path", frame->path);
  jsonic_put_number(value, "low", frame->low);
  jsonic_put_number(value, "high", frame->high);
  jsonic_put(value, "grows", json_boolean(frame->grows));
  jsonic_put(value, "exact", json_boolean(frame->exact));
  return value;
}

static json_t *chain_value(Arena *arena, const StackChain *chain) {
  json_t *value = json_object(), *frames = json_array();
  jsonic_put_text(arena, value, "root", chain->root);
  if (*chain->created)
    jsonic_put_text(arena, value, "created_in", chain->created);
  jsonic_put_number(value, "budget", chain->budget);
  jsonic_put_number(value, "low", chain->low);
  jsonic_put_number(value, "high", chain->high);
  for (uint32_t i = 0; i < chain->frame_count; i++)
    jsonic_add(frames, frame_value(arena, &chain->frames[i]));
  jsonic_put(value, "frames", frames);
  return value;
}

void stacks_json(FILE *out, const StackPicture *all) {
  json_t *value = json_object(), *list = json_array();
  Arena *arena = arena_new();
  jsonic_put_number(value, "schema", SCHEMA);
  for (uint32_t i = 0; i < all->count; i++)
    jsonic_add(list, chain_value(arena, &all->chains[i]));
  jsonic_put(value, "stacks", list);
  jsonic_write(out, value, JSON_INDENT(2));
  arena_free(arena);
}
