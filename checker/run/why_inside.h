/* why_inside.h - what the files of why share: a function that changed, and what there is to say. */
#ifndef WHY_INSIDE_H
#define WHY_INSIDE_H

#include "run/why.h"

/* The lines that a function stands on. */
typedef struct {
  const char *at;
  size_t count;
} Lines;

typedef struct {
  Instead old; // as it was; .function is where it stands now
  const char *key;
  Hash body; // as it is now
  Lines lines;
} Changed;

/* Both forms of one function. */
typedef struct {
  Arena *arena;
  Store *store;
  TextPool *symbols;
  const Changed *changed;
  const Function *now;
  uint32_t id; // StoredFunction.id of `now`
  Lines lines; // of `now`
} Change;

/* Are both made of the same records? When a layout changed, fields have other names, and nothing
 * that was before says anything of what is now. */
bool change_is_comparable(const Change *);
bool change_is_written(const Change *); // its own lines are others
/* "'give' no longer releases 'pool->lock'", as far as it concerns the finding. */
const char *change_words(const Change *, const Finding *);
/* Where the first of its lines changed. */
Position change_position(const Change *);

#endif
