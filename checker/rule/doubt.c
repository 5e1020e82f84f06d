/* doubt.c - what a unit without a result takes from the others.
 *
 * What is told as evidence is about the whole program ("none of 3 callers releases it"), so it is
 * worth no more than the program is whole. And a function that calls what nobody defines, while
 * somebody's definitions are missing, may have called that. Both are possible at most, and name the
 * unit. What a file keeps to itself is out of reach for other files.
 *
 * Decided in every run and stored with no function: the unit may be back in the next. Imprecise:
 * what a callee's callee is said to do may hang on the missing unit, too.
 */
#include "rule/pass.h"

#include <string.h>

#include "base/guard.h"

static bool has_evidence(const Finding *finding) {
  for (uint32_t i = 0; i < finding->step_count; i++)
    if (finding->steps[i].kind == STEP_EVIDENCE)
      return true;
  return false;
}

/* "src/a.c:m": a static object; "struct pool#1f3a5c77.lock" and "m" are everybody's. */
static bool is_of_one_file(const Finding *finding) {
  return finding->object && strchr(finding->object, ':');
}

const ProgramFunction *function_of_position(Pass *pass, const Position *at) {
  HashMap *map = &pass->by_position;
  uint32_t missing = map->count ? 0 : pass->program->function_count;
  for (uint32_t i = 0; i < missing; i++) {
    const Declaration *declared = &pass->program->functions[i].declared;
    Hash key = hash_pair(declared->body_hash, hash_text(declared->key));
    if (hash_map_get(map, key) == MAP_ABSENT)
      hash_map_put(map, key, i);
  }
  uint32_t found =
      at->function ? hash_map_get(map, hash_pair(at->body, hash_text(at->function))) : MAP_ABSENT;
  return found == MAP_ABSENT ? NULL : &pass->program->functions[found];
}

/* A name that the function calls, and that has neither a body nor a model; NULL when there is
 * none. */
static const char *unknown_callee(Pass *pass, const Position *at) {
  const ProgramFunction *function = function_of_position(pass, at);
  const FunctionLinks *links = function ? function->declared.links : NULL;
  for (uint32_t i = 0; links && i < links->call_count; i++) {
    TextId symbol = links->call_symbols[i];
    if (symbol && !models_find(pass->program->models, symbol) &&
        !models_fallback(pass->program->models, symbol) &&
        !program_resolve(pass->program, function, symbol).count)
      return links->calls[i];
  }
  return NULL;
}

static const char *unknown_on_path(Pass *pass, const Finding *finding) {
  const char *name = unknown_callee(pass, &finding->at);
  for (uint32_t i = 0; i < finding->step_count && !name; i++)
    name = unknown_callee(pass, &finding->steps[i].at);
  return name;
}

static const char *missing_units(const Pass *pass) {
  const char *first = pass->missing[0];
  if (pass->missing_count == 1)
    return arena_printf(pass->arena, "'%s' was not analysed", first);
  return arena_printf(pass->arena, "'%s' and %u more were not analysed", first,
                      pass->missing_count - 1);
}

void doubt_missing(Pass *pass, Finding *finding) {
  if (!pass->missing_count || !guard_on("doubt"))
    return;
  const char *callee = unknown_on_path(pass, finding);
  const char *why = NULL;
  if (callee)
    why = arena_printf(pass->arena, "and may define '%s'", callee);
  else if (has_evidence(finding) && !is_of_one_file(finding))
    why = "and may hold what is missing here";
  if (!why)
    return;
  if (finding->confidence > CONFIDENCE_POSSIBLE)
    finding->confidence = CONFIDENCE_POSSIBLE;
  note_evidence(pass, finding, "%s %s", missing_units(pass), why);
}
