/* demands.h - what parameters have to be, so that something is done: `if (reload) continue;` in
 * front of it. Who calls with constants does it, or does not.
 */
#ifndef GROWTH_DEMANDS_H
#define GROWTH_DEMANDS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  uint16_t parameter; // plus 1; 0: none
  bool is_equal;      // to the value; else it is another one
  int32_t value;
} Demand;

enum { DEMANDS = 2 };

/* An argument that is a constant, or what the caller was given itself. */
typedef struct {
  uint16_t number;
  uint16_t parameter; // of the caller, plus 1; 0: a constant
  int32_t value;
} GivenNumber;

/* Beside the others; false: that cannot be. Unsound: what there is no room for holds. */
bool demands_add(Demand *all, Demand);
bool demands_same(const Demand *, const Demand *);
/* What a call has to be given as the caller's demands, beside those that are there. False: what it
 * is given says that this cannot be. */
bool demands_tell(Demand *all, const Demand *inner, const GivenNumber *given, uint32_t count);

#endif
