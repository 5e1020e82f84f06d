/* pointer_fates.h - what a function does with a function pointer that it is given: a project's own
 * thread_start() that hands its parameter on to pthread_create() starts threads, too. */
#ifndef LINK_POINTER_FATES_H
#define LINK_POINTER_FATES_H

#include "link/program.h"

typedef struct {
  bool now, spawns; // called, or run as a thread, before or after the return: how often is below
  bool once, later, exit;
  Repeats now_repeats, spawn_repeats;
  TextId *slots; // that it is stored in
  uint32_t slot_count;
} PointerFate;

typedef struct PointerFates PointerFates;

/* A fixpoint over the program. */
PointerFates *pointer_fates_new(Arena *, Program *);

/* What becomes of argument `argument` of a callee in the links of `caller`. */
PointerFate pointer_fate(PointerFates *, const ProgramFunction *caller, uint32_t callee,
                         uint32_t argument);

#endif
