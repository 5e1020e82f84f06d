/* sharing.h - what functions access, by function; and whose memory it is that a parameter points
 * to.
 */
#ifndef RACE_SHARING_H
#define RACE_SHARING_H

#include "race/access.h"

typedef struct {
  const void *bytes; // of access_facts_write; NULL: nothing
  size_t count;
} AccessBytes;

typedef struct Sharing Sharing;

/* `bytes` by function id; they and the program outlive it. */
Sharing *sharing_new(Arena *, const Program *, const AccessBytes *bytes);
void sharing_free(Sharing *);
const AccessFacts *sharing_facts(Sharing *, uint32_t function); // never NULL

/* NULL: anything. `callee`: name_hash() of its key. */
const Given *given_to(const AccessFacts *caller, uint64_t callee, uint32_t argument);

typedef enum {
  PARAMETER_OWN = 1, // every caller hands over memory that nobody else can reach
  PARAMETER_THREAD,  // or, as far as it does not, it is what the thread was given when it began
  PARAMETER_COMMON,  // or, as far as it does not, it is one object that several threads were given
  PARAMETER_SHARED,
} ParameterKind;

/* `entries` by function id: PARAMETER_THREAD or more when threads run it, else 0. */
ParameterKind parameter_kind(Sharing *, const uint8_t *entries, uint32_t function,
                             uint32_t parameter);
/* What threads that run the entry get from this function that creates them: PARAMETER_THREAD or
 * more. */
ParameterKind given_to_threads(Sharing *, uint32_t spawner, uint32_t entry);

#endif
