/* draw.h - one cycle of calls, one thread, one stack as SVG for a page. Sizes are computed, not
 * tried out: letters of one width, and names that do not fit lose their middle. Colours are classes
 * of picture.css, so the same picture stands on a light page, a dark one, and on paper. */
#ifndef PICTURE_DRAW_H
#define PICTURE_DRAW_H

#include <stdio.h>

#include "store/chains.h"
#include "store/lives.h"
#include "store/rounds.h"

enum { DRAW_WIDTH = 860 };

/* What somebody hears who does not see the picture is its title and description. */
void draw_cycle(FILE *, Arena *, const CallRounds *);
void draw_life(FILE *, Arena *, const ThreadLife *);
void draw_chain(FILE *, Arena *, const StackChain *);

/* ---- draw.c: for those three */
typedef struct {
  FILE *out;
  Arena *arena;
} Canvas;

typedef struct {
  int x, y, width, height;
} Box;

void draw_begin(const Canvas *, int height, const char *title, const char *description);
void draw_end(const Canvas *);
void draw_text(const Canvas *, int x, int y, const char *class, const char *text);
void draw_text_at_end(const Canvas *, int x, int y, const char *class, const char *text);
void draw_box(const Canvas *, Box, int radius, const char *class);
void draw_path(const Canvas *, const char *class, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A tip at this place that looks down, or to the right. */
void draw_tip_down(const Canvas *, int x, int y, const char *class);
void draw_tip_right(const Canvas *, int x, int y, const char *class);

#endif
