/* parse.h - one compile command in, one Unit out (ir/unit.h). The only door to libclang.
 *
 * It never fails: unit->status says what went wrong. libclang may end the process on hostile
 * input, so the caller is a worker with a 1 GiB stack that may die.
 */
#ifndef FRONTEND_PARSE_H
#define FRONTEND_PARSE_H

#include "base/roots.h"
#include "base/tree.h"
#include "ir/unit.h"

typedef struct Frontend Frontend; // one per worker process

typedef struct {
  Roots roots;              // keys and paths are named by them
  const Tree *tree;         // where sources and headers are read from; NULL: the disk
  const char *directory;    // of the command
  const char *source;       // absolute
  const char *const *flags; // filtered by input/
  size_t flag_count;
  const char *const *lock_types; // names that make Unit.declares_locks true
  size_t lock_type_count;
} FrontendJob;

Frontend *frontend_new(void);
void frontend_free(Frontend *);
Unit *frontend_parse(Frontend *, Arena *unit_arena, const FrontendJob *);

#endif
