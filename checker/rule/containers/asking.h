/* asking.h - what rules ask about containers (growth/containers.h). A part of rule.h. */
#ifndef RULE_ASKING_H
#define RULE_ASKING_H

#include "rule/rule.h"

const GrowthEffect *effect_at(const Pass *, uint32_t effect);
const ProgramFunction *effect_function(const Pass *, const GrowthEffect *);
Multiplicity effect_runs(Pass *, const GrowthEffect *); // in one process
/* How long the process goes on that comes by here: until it is told to end, when a loop on the way
 * waits for requests or has no end, and as long as its input is otherwise. Unknown when it is
 * called from outside. */
typedef enum { LIFETIME_SHORT, LIFETIME_UNKNOWN, LIFETIME_LONG } Lifetime;
Lifetime lifetime_of(Pass *, const GrowthEffect *);
/* It is registered to be called any number of times, or is called by what is. */
bool is_called_back(Pass *, const GrowthEffect *);
/* Where a library is loaded: there are as many as there are libraries. */
bool is_of_modules(Pass *, const GrowthEffect *);
/* It is looked for before, by what stands in the program: all callers give constants. */
bool has_fixed_keys(Pass *, const GrowthEffect *);
/* The removal makes place for what is put in: no limit or time decides about it. */
bool is_part_of_insertion(Pass *, const GrowthEffect *growth, const GrowthEffect *removal);
/* While the process runs, somebody who puts nothing in frees such elements. */
bool is_element_freed(Pass *, const Container *);
bool frees_elements(const Pass *, const Container *, const GrowthEffect *that_takes_out);
/* What may take elements out, for all that is seen: a function that is given it, or an element, and
 * has no code here, or one that is too large. In words; NULL: nothing. */
const char *not_seen(Pass *, const Container *);
/* Of an insertion by callees, the innermost that knows which container it is. */
const GrowthEffect *effect_that_names(const Pass *, const Container *, const GrowthEffect *);
/* Where callees do it, down to the one before `last`, or all of them. */
void note_inside(Pass *, Finding *, const GrowthEffect *, const GrowthEffect *last);
/* How large the new element is, where that is a number at the call that makes it. */
void note_size(Pass *, Finding *, const GrowthEffect *);
void note_touching(Pass *, Finding *, const Container *); // who has to do with it, as evidence

#endif
