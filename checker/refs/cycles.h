/* cycles.h - counted records that hold references to each other in a circle: fields that own what
 * they point to, from the stores that take a reference and the destructors that give it back.
 */
#ifndef REFS_CYCLES_H
#define REFS_CYCLES_H

#include "refs/counted.h"

enum { REFERENCE_CYCLE = 4 };

/* A pointer that owns what it points to. */
typedef struct {
  TextId owner, target;       // records
  TextId field;               // symbol
  const ReferEffect *store;   // where a reference is taken for it
  const ReferEffect *release; // in the owner's destructor
  const ReferEffect *closer;  // that store, in the words of the function where the circle is closed
  bool reads_weak;            // "parent", "owner"
  uint32_t touched;           // functions that have to do with it
} OwningField;

typedef struct {
  OwningField fields[REFERENCE_CYCLE]; // each owns the owner of the next one; the first one closes
  uint32_t count;
  bool is_of_objects; // one function is seen to make two or more objects own each other
} ReferenceCycle;

typedef struct {
  ReferenceCycle *at;
  uint32_t count;
} ReferenceCycles;

ReferenceCycles reference_cycles(Arena *, CountedRecords *);
/* Where an effect happens, whoever calls it. */
const ReferEffect *reference_origin(const Referring *, const ReferEffect *);

#endif
