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

/* As it is shown, at most so many columns wide: the middle of what is longer is left out. */
const char *picture_fit(Arena *, const char *text, uint32_t columns);
/* In lines of at most so many columns, broken at blanks; what does not fit in `room` lines is left
 * out. Returns how many there are. */
uint32_t picture_wrap(Arena *, const char *text, uint32_t columns, const char **lines,
                      uint32_t room);
const char *picture_count(Arena *, uint64_t);                         // "23,209"
const char *picture_bytes(Arena *, uint64_t);                         // "8 MiB", "1,234 bytes"
const char *picture_byte_range(Arena *, uint64_t low, uint64_t high); // "96 to 240 bytes"

/* Head of an SVG, with the text's style and more; what follows it is drawn on white. */
void picture_begin_svg(FILE *, uint32_t width, uint32_t height, const char *style);

#endif
