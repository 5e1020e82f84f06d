/* picture.h - what all pictures share: text as DOT and SVG want it. */
#ifndef REPORT_PICTURE_H
#define REPORT_PICTURE_H

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"

void picture_put_quoted(FILE *, const char *);  // for DOT
void picture_put_escaped(FILE *, const char *); // for SVG
typedef struct {
  uint32_t x, y;
  const char *class;
} PicturePlace;
void picture_put_text(FILE *, Arena *, PicturePlace, const char *); // an SVG element

#endif
