/* lookups.h - what a unit's headers would have been, had other files been there: its negative
 * dependencies.
 *
 * Every #include and __has_include in every file of the unit is followed along the search path, and
 * each place before the one that was found is noted, with the folder's stat from before the look.
 * The text is asked, not libclang: it skips a header that is guarded without a word, though the
 * lookup happened, and names of inactive lines only make the list longer.
 *
 * Unsound: __has_include of a macro is not followed, nor "a/../b.h" where `a` is a link.
 */
#ifndef WORKER_LOOKUPS_H
#define WORKER_LOOKUPS_H

#include "base/tree.h"
#include "input/jobs.h"
#include "ir/unit.h"

typedef struct Lookups Lookups; // one per worker: units ask the same questions

typedef struct {
  Roots roots;
  const Tree *tree; // the same for all units of a worker
} LookupPlace;

uint8_t lookup_state(const Tree *, const char *path); // LookupState of an absolute path
Lookups *lookups_new(void);
/* Fills unit->folders, from unit->files and unit->missing. */
void lookups_of_unit(Lookups *, Arena *, const Job *, const LookupPlace *, Unit *);

#endif
