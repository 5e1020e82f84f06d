/* draw.h - one cycle of calls, thread, stack, container, or circle of locks as SVG for a page.
 * Sizes are computed, not tried out: letters of one width, and names that do not fit lose their
 * middle. Colours are classes of picture.css, so the same picture stands on a light page, a dark
 * one, and on paper. */
#ifndef PICTURE_DRAW_H
#define PICTURE_DRAW_H

#include <stdio.h>

#include "store/chains.h"
#include "store/contents.h"
#include "store/lives.h"
#include "store/lock_graph.h"
#include "store/rounds.h"

enum { DRAW_WIDTH = 860 };

typedef struct {
  FILE *out;
  Arena *arena;
  uint32_t number; // of the picture on a sheet; 0: it stands alone
  int top;         // where it begins on the sheet; moves on
} Canvas;

/* What somebody hears who does not see the picture is its title and description. */
void draw_cycle(Canvas *, const CallRounds *);
void draw_life(Canvas *, const ThreadLife *);
void draw_chain(Canvas *, const StackChain *);
void draw_contents(Canvas *, const Contents *);
void draw_ring(Canvas *, const LockGraph *, const LockRing *);

/* ---- sheet.c: pictures below each other, with words between, as a file of its own */
typedef struct {
  Canvas canvas;
  char *text;
  size_t length;
} Sheet;

void sheet_begin(Sheet *, Arena *);
void sheet_text(Sheet *, const char *class, const char *text); // "title", "small"
Canvas *sheet_picture(Sheet *);                                // to draw the next one on
void sheet_end(Sheet *, FILE *);

/* ---- draw.c: for those */
typedef struct {
  int x, y, width, height;
} Box;

void draw_begin(Canvas *, int height, const char *title, const char *description);
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
