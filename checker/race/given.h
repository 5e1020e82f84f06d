/* given.h - what a function hands to those that it calls, and to the threads that it creates: the
 * inside of access.c. */
#ifndef RACE_GIVEN_H
#define RACE_GIVEN_H

#include "base/array.h"
#include "race/owner.h"

typedef struct {
  uint64_t callee; // hash of its key
  Owner owner;     // of what it is given
  uint32_t times;  // that the code creates such threads; in a loop more than once
  bool is_same;    // by one of them, each time it is done
  bool is_common;  // by all of them together
} Spawned;

typedef struct {
  Arena *scratch;
  const Function *f;
  const Cfg *cfg;
  const CallTraits *calls;
  Owners *owners; // made when a pointer is first asked about
  ARRAY(Given) given;
  ARRAY(Spawned) spawned;
  ARRAY(Owner) lent; // what threads are given, once `is_searched`
  bool is_searched;
} Giving;

Owners *given_owners(Giving *);
void given_note_call(Giving *, uint32_t instruction);
void given_note_spawn(Giving *, uint32_t instruction); // of a call that gives things to threads
bool given_to_thread(Giving *, Owner);                 // it is, somewhere in the function
void given_finish(Giving *);
void given_free(Giving *);

#endif
