/* telling.h - from a callee's words to its caller's: its parameters are what the call hands over.
 * What has been asked once is remembered, since the same paths come along thousands of times.
 */
#ifndef GROWTH_TELLING_H
#define GROWTH_TELLING_H

#include "growth/facts.h"

typedef struct {
  PathId given, path; // what is handed over, and the callee's path; 0, 0: free
  uint8_t kind;       // of what is handed over
  PathId told, container;
} Told;

typedef struct {
  PathTable *paths;
  Told *slots;
  uint32_t count, slot_count;
} Telling;

void telling_free(Telling *);

/* A path of the callee's that begins with this argument; `told` 0: not known. */
Told tell(Telling *, const HandedOn *, PathId path);
/* By the first thing that the argument may be; what begins elsewhere is what it is. */
PathId tell_once(Telling *, const GrowthCall *, PathId path);
/* What is left of an element when the caller's word for it is not known: which link it is. */
PathId tell_element(Telling *, const GrowthCall *, PathId link);

#endif
