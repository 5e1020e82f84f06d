/* effects.h - what functions do to counted references, with what their callees do to what they are
 * given, in the caller's words: ref(p) is p's number going up by one, wherever the function that
 * does it stands. Callees first, so that each function is looked at once.
 */
#ifndef REFS_EFFECTS_H
#define REFS_EFFECTS_H

#include "base/array.h"
#include "refs/facts.h"

enum { NO_REFER_EFFECT = 0xffffffffu };

typedef struct {
  uint8_t kind; // ReferKind; no calls
  bool address; // REFER_STORE, REFER_RETURN: the address of `value`
  PathId place, value;
  uint32_t function;
  uint32_t instruction; // in that function
  uint32_t event;       // of its facts
  uint32_t inner;       // the callee's effect that it is, or NO_REFER_EFFECT
} ReferEffect;

/* What stands for a function's facts until they are asked for. */
typedef struct {
  const ProgramFunction *function;
  const void *bytes;
  size_t count;
} ReferBytes;

typedef struct {
  Arena *arena;
  const Program *program;
  PathTable *paths;
  ReferFacts **facts;         // by function id; NULL: not asked for
  ARRAY(ReferEffect) effects; // those in no function's range are what others came about by
  uint32_t *first, *last;     // by function id
} Referring;

/* Who may be called there. */
Targets called_at(const Referring *, const ReferFacts *, const ReferEvent *call);
/* Of all functions whose facts are there. */
void find_effects(Referring *);

#endif
