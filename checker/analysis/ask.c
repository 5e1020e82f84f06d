/* ask.c - what an analysis may ask about the rest of the program: what a call does, and of which
 * kind a class of locks is. Every question is noted in the trace, so there must be no other way to
 * ask. */
#include <string.h>

#include "analysis/remember.h"
#include "base/guard.h"

bool analysis_is_known(const ProgramFunction *caller, const ProgramFunction *target) {
  uint32_t low = 0, high = caller->callee_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (caller->callees[middle] < target->id)
      low = middle + 1;
    else
      high = middle;
  }
  bool is_callee = low < caller->callee_count && caller->callees[low] == target->id;
  return is_callee && target->has_summary;
}

/* What all targets do, if they agree. */
static const Summary *agreed(Analysis *analysis, const ProgramFunction *caller,
                             const Targets *targets) {
  const Program *program = analysis->program;
  const ProgramFunction *first = NULL;
  for (uint32_t i = 0; i < targets->count; i++) {
    const ProgramFunction *target = &program->functions[targets->ids[i]];
    if (!analysis_is_known(caller, target) ||
        (first && !hash_equal(first->summary_hash, target->summary_hash)))
      return NULL;
    first = target;
  }
  return targets->open ? NULL : analysis_summary(analysis, first->id);
}

/* Makes memory or gives it back, and does nothing to locks. */
static bool is_allocator(const Summary *summary) {
  bool allocates = false;
  for (uint32_t i = 0; summary && i < summary->case_count; i++) {
    const Case *k = &summary->cases[i];
    allocates |= k->fates.closes != 0;
    for (uint32_t n = 0; n < k->effect_count; n++) {
      if (k->effects[n].resource == RESOURCE_LOCK)
        return false;
      allocates |= k->effects[n].resource == RESOURCE_MEMORY;
    }
  }
  return allocates;
}

/* Where an allocator of the library is stored, all others that may be stored there are allocators,
 * too: who calls them does not know which it is. */
static const Summary *library_allocator(const Program *program, TextId library) {
  const Summary *model = library ? models_find(program->models, library) : NULL;
  return is_allocator(model) && guard_on("allocators") ? model : NULL;
}

/* "struct ops#1f3a5c77.lock" -> "struct ops.lock", the way a model names it. */
static const Summary *slot_model(const Analysis *analysis, TextId symbol) {
  const char *key = text_of(analysis->program->symbols, symbol);
  const char *hash = strchr(key, '#'), *dot = hash ? strchr(hash, '.') : NULL;
  if (!dot)
    return NULL;
  const char *plain = arena_printf(analysis->scratch, "%.*s%s", (int)(hash - key), key, dot);
  TextId name = text_find(analysis->program->symbols, plain);
  return name ? models_find(analysis->program->models, name) : NULL;
}

Callee analysis_callee(const Analysis *analysis, const ProgramFunction *caller, TextId symbol) {
  const Program *program = analysis->program;
  Callee callee = {.model = models_find(program->models, symbol)};
  if (callee.model)
    return callee;
  callee.targets = program_resolve(program, caller, symbol);
  if (callee.targets.count || (callee.model = slot_model(analysis, symbol)))
    return callee;
  callee.targets = program_slot_targets(program, symbol);
  if (!callee.targets.count && (callee.model = library_allocator(program, callee.targets.library)))
    return callee;
  if (!callee.targets.count)
    callee.model = models_fallback(program->models, symbol);
  if (!callee.targets.count && !callee.model)
    callee.model = models_declared(program->models, symbol);
  return callee;
}

static const Summary *find_summary(Analysis *analysis, const ProgramFunction *caller,
                                   TextId symbol) {
  trace_ask(analysis->trace, QUERY_CALL, symbol);
  Callee callee = analysis_callee(analysis, caller, symbol);
  if (callee.model || !callee.targets.count || !guard_on("summaries"))
    return callee.model;
  return agreed(analysis, caller, &callee.targets);
}

const Summary *engine_summary(Engine *e, TextId symbol) {
  CallCache *cached = &e->calls[symbol % CALLS_CACHED];
  if (cached->symbol != symbol)
    *cached = (CallCache){symbol, find_summary(e->analysis, e->function, symbol)};
  return cached->summary;
}

const Summary *engine_primitive(const Engine *e, TextId symbol) {
  const Summary *model = models_find(e->program->models, symbol);
  if (model || program_resolve(e->program, e->function, symbol).count)
    return model;
  return models_declared(e->program->models, symbol);
}

bool engine_call_fates(Engine *e, TextId symbol, Fates *fates) {
  enum { TARGETS = 32 };
  Analysis *analysis = e->analysis;
  trace_ask(analysis->trace, QUERY_CALL, symbol);
  Callee callee = analysis_callee(analysis, e->function, symbol);
  if (callee.model || !callee.targets.count || callee.targets.open ||
      callee.targets.count > TARGETS)
    return false;
  for (uint32_t i = 0; i < callee.targets.count; i++) {
    const ProgramFunction *target = &e->program->functions[callee.targets.ids[i]];
    if (!analysis_is_known(e->function, target))
      return false;
    const Summary *summary = analysis_summary(analysis, target->id);
    if (!summary || (summary->flags & SUMMARY_UNKNOWN))
      return false;
    for (uint32_t k = 0; k < summary->case_count; k++)
      fates_join(fates, &summary->cases[k].fates);
  }
  return true;
}

LockKind engine_kind(const Engine *e, TextId class_symbol) {
  trace_ask(e->analysis->trace, QUERY_KIND, class_symbol);
  return kinds_of(e->analysis->kinds, class_symbol);
}

TermId engine_constant(Engine *e, TextId global) {
  ConstantCache *cached = &e->constants[global % CONSTANTS_CACHED];
  if (cached->symbol != global) {
    int64_t value;
    *cached = (ConstantCache){.symbol = global};
    trace_ask(e->analysis->trace, QUERY_CONSTANT, global);
    if (constants_find(e->analysis->constants, e->function, global, &value) &&
        guard_on("constants"))
      cached->value = term_constant(e->terms, value);
  }
  return cached->value;
}
