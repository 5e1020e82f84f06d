/* stacks.c - see stacks.h. In SVG a stack is a bar as long as its size: what the chain takes at
 * least is filled, what it may take besides is hatched, and what does not fit is red. */
#include "picture/stacks.h"

#include <inttypes.h>

#include "report/jsonic.h"
#include "picture/picture.h"

enum {
  SCHEMA = 1,
  LINE = 18,
  GAP = 16,
  LEFT = 16,
  BAR = 720, // a whole stack
  SHOWN = 8, // frames of a chain: those that take most
};

/* "main (src/a.c)", "thread in work (src/b.c), created in start" */
static const char *title_of(Arena *arena, const StackChain *chain) {
  const StackFrame *first = chain->frames; // there is always one
  const char *text =
      arena_printf(arena, "%s%s (%s)", strcmp(chain->root, "thread") ? "" : "thread in ",
                   first->function, first->path);
  return *chain->created ? arena_printf(arena, "%s, created in %s", text, chain->created) : text;
}

static const char *bytes_text(Arena *arena, uint64_t low, uint64_t high) {
  return low == high ? arena_printf(arena, "%" PRIu64 " bytes", low)
                     : arena_printf(arena, "%" PRIu64 " to %" PRIu64 " bytes", low, high);
}

static const char *frame_text(Arena *arena, const StackFrame *frame) {
  return arena_printf(arena, "%s: %s%s", frame->function,
                      bytes_text(arena, frame->low, frame->high),
                      frame->grows ? ", and grows" : "");
}

/* How many frames of the chain take more. */
static uint32_t rank(const StackChain *chain, uint32_t frame) {
  uint32_t larger = 0;
  for (uint32_t i = 0; i < chain->frame_count; i++)
    larger += chain->frames[i].high > chain->frames[frame].high ||
              (chain->frames[i].high == chain->frames[frame].high && i < frame);
  return larger;
}

/* ---- DOT */

static void dot_chain(FILE *out, Arena *arena, const StackChain *chain, uint32_t number) {
  const char *above = arena_printf(arena, "stack %u", number);
  fputs("  ", out);
  picture_put_quoted(out, above);
  fputs(" [shape=box, style=rounded, label=", out);
  picture_put_quoted(
      out, visible(arena, arena_printf(arena, "%s: %s; %s", title_of(arena, chain),
                                       bytes_text(arena, chain->low, chain->high), chain->words)));
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

static uint32_t width_of(const StackChain *chain, uint64_t bytes) {
  uint64_t most = chain->budget < bytes ? chain->budget : bytes;
  return chain->budget ? (uint32_t)((double)most / (double)chain->budget * (double)BAR) : 0;
}

static uint32_t lines_of(const StackChain *chain) {
  return 3 + (chain->frame_count < SHOWN ? chain->frame_count : SHOWN);
}

static void put_bar(FILE *out, uint32_t y, uint32_t width, const char *class) {
  fprintf(out, "  <rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" class=\"%s\"/>\n", LEFT, y,
          width, LINE - 4, class);
}

static const char *heading(Arena *arena, const StackChain *chain) {
  return arena_printf(arena, "%s: %s", title_of(arena, chain),
                      bytes_text(arena, chain->low, chain->high));
}

static uint32_t text_width(Arena *arena, const StackPicture *all) {
  uint32_t width = BAR;
  for (uint32_t i = 0; i < all->count; i++) {
    const StackChain *chain = &all->chains[i];
    width = picture_wider(arena, picture_wider(arena, width, heading(arena, chain)), chain->words);
    for (uint32_t k = 0; k < chain->frame_count; k++)
      width = picture_wider(arena, width, frame_text(arena, &chain->frames[k]));
  }
  return LEFT + width + 2 * GAP;
}

static void svg_chain(FILE *out, Arena *arena, const StackChain *chain, uint32_t top) {
  uint32_t y = top + LINE;
  picture_put_text(out, arena, (PicturePlace){LEFT, y, "title"}, heading(arena, chain));
  put_bar(out, y + 6, BAR, "stack");
  put_bar(out, y + 6, width_of(chain, chain->high), "high");
  put_bar(out, y + 6, width_of(chain, chain->low), chain->low > chain->budget ? "full" : "low");
  picture_put_text(out, arena, (PicturePlace){LEFT, y += 2 * LINE, "words"}, chain->words);
  for (uint32_t i = 0; i < chain->frame_count; i++)
    if (rank(chain, i) < SHOWN)
      picture_put_text(out, arena, (PicturePlace){LEFT + GAP, y += LINE, "frame"},
                       frame_text(arena, &chain->frames[i]));
}

void stacks_svg(FILE *out, const StackPicture *all) {
  Arena *arena = arena_new();
  uint32_t height = GAP + LINE, width = text_width(arena, all);
  for (uint32_t i = 0; i < all->count; i++)
    height += lines_of(&all->chains[i]) * LINE + GAP;
  picture_begin_svg(
      out, width, height,
      "  .words { fill: #777 } .stack { fill: #eee; stroke: #999 } .low { fill: #286 }\n"
      "  .high { fill: #9c9 } .full { fill: #c00 }");
  uint32_t top = GAP / 2;
  for (uint32_t i = 0; i < all->count; i++) {
    svg_chain(out, arena, &all->chains[i], top);
    top += lines_of(&all->chains[i]) * LINE + GAP;
  }
  fputs("</svg>\n", out);
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
