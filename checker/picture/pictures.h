/* pictures.h - all there is to draw of a program, as the analysis recalls it. */
#ifndef PICTURE_PICTURES_H
#define PICTURE_PICTURES_H

#include "picture/cycles.h"
#include "picture/lifelines.h"
#include "picture/locks.h"
#include "picture/stacks.h"
#include "store/contents.h"

typedef struct {
  Lifelines lives;
  StackPicture stacks;
  CallCycles cycles;
  const Contents *contents; // of containers that something was found of
  uint32_t content_count;
  LockGraph locks;
} Pictures;

#endif
