/* containers.h - the containers of a program that live as long as the process: who puts something
 * in, and who takes something out or empties them (ANALYSIS A.3).
 *
 * A container is known by its access path from a global. Elements can be taken out by who knows
 * only them (LIST_REMOVE), so it is known by the member that links them, too.
 */
#ifndef GROWTH_CONTAINERS_H
#define GROWTH_CONTAINERS_H

#include "growth/effects.h"

typedef struct {
  const char *name;  // as the program calls it: "server.clients"
  const char *root;  // key of the global that it is reached from
  TextId field;      // the last one of its name, 0: none
  uint32_t *growths; // effects
  uint32_t growth_count;
  uint32_t *removals; // effects that take something out of it
  uint32_t removal_count;
  uint32_t *resets; // that leave it empty, or put another one in its place
  uint32_t reset_count;
  uint32_t *doubtful; // that do either to a container of this form: to which one, is not known
  uint32_t doubtful_count;
  uint32_t *readers; // that look at it, or hand it on
  uint32_t reader_count;
  uint32_t *owners; // that give a pointer on the way to it another value
  uint32_t owner_count;
  bool is_owned_by_element; // of another container
  bool is_of_result;        // a part of what main got from a call: others may know it, too
  bool is_array;
  bool is_counted;    // only that something is made and counted is seen
  bool is_guarded;    // each insertion hangs on a test of its size
  TextId element;     // key of the record of its elements, 0 when that is not known
  const char *member; // of the elements that links them, ""
} Container;

/* Those that something is put in. */
Container *containers_find(Arena *, const Program *, PathTable *, const GrowthEffects *,
                           uint32_t *count);

/* Functions that free a record of this type that nobody says the place of, as effects. */
uint32_t *effects_freeing(Arena *, const Program *, const PathTable *, const GrowthEffects *,
                          TextId record, uint32_t *count);

/* A function that is given it, or an element, and whose code is not seen here: its key; 0: none. */
TextId container_given_to(PathTable *, const GrowthEffects *, const Container *);

/* Without the members that any list or table has: `server.clients` of `server.clients->head`; what
 * is handed to a function of such lists has more of them than what is put into by its own name. */
PathId path_named(const PathTable *, const TextPool *, PathId, bool is_handed);
/* "server.clients->head" */
const char *path_in_words(Arena *, const PathTable *, const TextPool *, PathId);
const char *record_in_words(Arena *, const char *key);
const char *field_in_words(const char *key);

#endif
