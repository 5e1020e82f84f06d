/* lifelines.h - the lives of a program's threads as a picture: DOT, SVG, or JSON for others. */
#ifndef REPORT_LIFELINES_H
#define REPORT_LIFELINES_H

#include <stdio.h>

#include "base/arena.h"
#include "store/lives.h"

typedef struct {
  const ThreadLife *lives;
  uint32_t count;
} Lifelines;

void lifelines_dot(FILE *, const Lifelines *);
void lifelines_svg(FILE *, const Lifelines *);
void lifelines_json(FILE *, const Lifelines *);

/* What both pictures say. */
const char *lifelines_title(Arena *, const ThreadLife *); // "struct pool.thread runs work"
const char *lifelines_place(Arena *, const LifeEvent *);  // "pool_stop (src/pool.c:88)"
/* Why a thread without a join or detach event is no loss: "detaches itself"; NULL when it is one.
 */
const char *lifelines_excuse(const ThreadLife *);

#endif
