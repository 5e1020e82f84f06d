/* owner.h - where the pointers of a function come from, as far as that says who else has them. */
#ifndef RACE_OWNER_H
#define RACE_OWNER_H

#include "race/access.h"

typedef enum {
  OWNER_NONE,   // no value yet, or a null pointer
  OWNER_MADE,   // number: the call that made it
  OWNER_FRAME,  // points into the function's own frame
  OWNER_GIVEN,  // number: the parameter
  OWNER_TAKEN,  // number: the load by which it was taken out of a list
  OWNER_STATIC, // number: the place, of a global, that it points to
  OWNER_SOME,   // number: the instruction that it came from: who else has it is not known
  OWNER_ELSE,
} OwnerKind;

typedef struct {
  OwnerKind kind;
  uint32_t number;
} Owner;

typedef struct Owners Owners;

Owners *owners_new(Arena *, const Function *, const Cfg *, const CallTraits *calls);
/* Of a pointer: what it points to, or into. */
Owner owner_of(const Owners *, NodeId value);
/* Of the object that a place is a part of; OWNER_ELSE for globals. */
Owner owner_of_place(const Owners *, NodeId place);
/* Has the object, at this instruction, been stored where others find it, or given to a thread? */
bool is_published(Owners *, Owner made_or_taken, uint32_t instruction);
/* Is it given back on every way from here? */
bool is_dying(Owners *, Owner, uint32_t instruction);
bool is_of_global(const Function *, NodeId place);
Index block_at(const Owners *, uint32_t instruction);
const Instruction *definition_of(const Owners *, uint32_t temp);

#endif
