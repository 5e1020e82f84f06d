/* stacks.h - the deepest chain on each stack as a picture: DOT, SVG, or JSON for others. */
#ifndef REPORT_STACKS_H
#define REPORT_STACKS_H

#include <stdio.h>

#include "store/chains.h"

typedef struct {
  const StackChain *chains;
  uint32_t count;
} StackPicture;

void stacks_dot(FILE *, const StackPicture *);
void stacks_svg(FILE *, const StackPicture *);
void stacks_json(FILE *, const StackPicture *);

#endif
