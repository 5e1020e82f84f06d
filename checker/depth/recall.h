/* recall.h - what was found of components in an earlier run. A result stands under a hash of all
 * that it hangs on: the bodies of the members, and of the functions that they call as far as
 * callees are looked into, what their names mean, and who of them returns. */
#ifndef DEPTH_RECALL_H
#define DEPTH_RECALL_H

#include "base/bytes.h"
#include "depth/depth.h"

/* Of one component. Cycles are over members, by their number in it. */
typedef struct {
  Cycle *cycles;
  uint32_t count;
  uint32_t bounded[DEPTH_UNKNOWN + 1];
  uint32_t too_many, too_large;
  Cycle *limited; // Recursions.limited
  uint32_t limited_count;
  uint32_t *askers; // Recursions.askers
  uint32_t asker_count;
  const uint32_t *asked; // functions whose callers said something to it (beginnings.h)
  uint32_t asked_count;
} PartResult;

typedef struct Recall Recall;

/* `bytes` is what an earlier run wrote, or NULL; ignored when damaged. */
Recall *recall_new(Arena *, const Program *, const void *bytes, size_t count);
Hash recall_key(Recall *, const uint32_t *members, uint32_t count);
/* False: it was not there, or with another key. */
bool recall_find(Recall *, Hash key, const uint32_t *members, uint32_t count, PartResult *);
void recall_keep(Recall *, Hash key, const uint32_t *members, uint32_t count, const PartResult *);
/* All that was kept or found, in the order of the calls; until the arena ends. */
const void *recall_bytes(Recall *, size_t *count);
void recall_free(Recall *);

#endif
