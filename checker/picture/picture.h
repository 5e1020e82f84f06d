/* picture.h - what all pictures share: text as DOT and SVG want it, and as much as fits. */
#ifndef REPORT_PICTURE_H
#define REPORT_PICTURE_H

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"

void picture_put_quoted(FILE *, const char *);  // for DOT; may have several lines
void picture_put_escaped(FILE *, const char *); // for SVG

/* As it is shown, at most so many columns wide: the middle of what is longer is left out. */
const char *picture_fit(Arena *, const char *text, uint32_t columns);
/* In lines of at most so many columns, broken at blanks; what does not fit in `room` lines is left
 * out. Returns how many there are. */
uint32_t picture_wrap(Arena *, const char *text, uint32_t columns, const char **lines,
                      uint32_t room);
const char *picture_count(Arena *, uint64_t);                         // "23,209"
const char *picture_bytes(Arena *, uint64_t);                         // "8 MiB", "1,234 bytes"
const char *picture_byte_range(Arena *, uint64_t low, uint64_t high); // "96 to 240 bytes"

#endif
