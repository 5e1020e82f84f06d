/* objects.h - caches that are a part of objects which a program has several of, and that nothing
 * takes anything out of: something is looked for in it, and put in where it is not found, by a
 * function that is given the object.
 *
 * Which object it is, nobody knows, so what is absent has to be absent for the type: no function
 * that is called takes anything out of any container of such a form.
 */
#ifndef GROWTH_OBJECTS_H
#define GROWTH_OBJECTS_H

#include "growth/containers.h"

typedef struct {
  const char *name;   // "bases.entries"
  const char *record; // that has it: "struct file"
  uint32_t growth;    // effect of a function that is given the object, and that nobody here calls
  bool is_replaced;   // somebody gives a pointer on the way to it another value
} ObjectContainer;

typedef struct {
  ObjectContainer *at;
  uint32_t count;
} ObjectContainers;

ObjectContainers object_containers_find(Arena *, const Program *, PathTable *,
                                        const GrowthEffects *, const GrowthFacts *,
                                        uint32_t fact_count);

#endif
