/* picture.h - what all pictures share: text as DOT and SVG want it, and how wide it is. */
#ifndef REPORT_PICTURE_H
#define REPORT_PICTURE_H

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"

void picture_put_quoted(FILE *, const char *);  // for DOT; may have several lines
void picture_put_escaped(FILE *, const char *); // for SVG
typedef struct {
  uint32_t x, y;
  const char *class;
} PicturePlace;
void picture_put_text(FILE *, Arena *, PicturePlace, const char *); // an SVG element
uint32_t picture_wider(Arena *, uint32_t width, const char *text);  // the larger of both

/* Head of an SVG, with the text's style and more; what follows it is drawn on white. */
void picture_begin_svg(FILE *, uint32_t width, uint32_t height, const char *style);

#endif
