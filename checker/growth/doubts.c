/* doubts.c - who else may take elements out of a container: who frees such elements, and who is
 * given it and is not seen. */
#include "growth/containers.h"

/* Is it said by who calls whose it is? */
static bool is_said(const Program *program, const PathTable *paths, const GrowthEffect *effect) {
  PathKind root = (PathKind)path_at(paths, path_first(paths, effect->touch.path))->kind;
  const ProgramFunction *function = &program->functions[effect->function];
  return root == PATH_GLOBAL ||
         (root == PATH_PARAMETER && function->caller_count && !function->address_taken);
}

uint32_t *effects_freeing(Arena *arena, const Program *program, const PathTable *paths,
                          const GrowthEffects *effects, TextId record, uint32_t *count) {
  bool is_known = record && record < effects->record_count;
  uint32_t first = is_known ? effects->free_starts[record] : 0,
           end = is_known ? effects->free_starts[record + 1] : 0;
  uint32_t *found = arena_new_array(arena, uint32_t, end - first);
  *count = 0;
  for (uint32_t i = first; i < end; i++)
    if (!is_said(program, paths, &effects->at[effects->frees[i]]))
      found[(*count)++] = effects->frees[i];
  return found;
}

/* Its place, what it is reached through, or a pointer to a record of its elements. */
TextId container_given_to(PathTable *paths, const GrowthEffects *effects,
                          const Container *container) {
  PathId key = path_key(paths, effects->at[container->growths[0]].touch.path);
  for (uint32_t i = 0; i < effects->given_count; i++) {
    const GrowthEffect *effect = &effects->at[effects->given[i]];
    const Touch *touch = &effect->touch;
    bool is_it = path_at(paths, path_first(paths, touch->path))->kind == PATH_GLOBAL &&
                 path_starts(paths, key, path_key(paths, touch->path));
    bool is_element =
        container->element && path_at(paths, touch->path)->pointee == container->element;
    for (uint32_t k = 0; k < container->growth_count && is_element && !is_it; k++)
      is_it = effects->at[container->growths[k]].function == effect->function;
    if (is_it)
      return touch->group;
  }
  return 0;
}
