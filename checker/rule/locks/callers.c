/* callers.c - do callers keep the contract of a function that returns with a lock? A caller gives
 * the lock back when its own summary says nothing of that class any more. In doubt it does: it may
 * when it releases any lock of that class. */
#include <string.h>

#include "rule/pass.h"

/* The last field or global of a summary's place; 0 for a lock without such a name. */
static TextId class_symbol_of(const TermTable *terms, TermId place) {
  for (;;) {
    const Term *term = term_at(terms, place);
    switch ((TermKind)term->kind) {
    case TERM_FIELD:
      return term->b;
    case TERM_GLOBAL:
      return term->a;
    case TERM_INDEX:
      place = term->a;
      break;
    default:
      return 0;
    }
  }
}

bool releases_some(const Pass *pass, const ProgramFunction *function, TextId symbol) {
  for (size_t i = 0; i < pass->releases.count; i++)
    if (pass->releases.at[i].function == function && pass->releases.at[i].class_symbol == symbol)
      return true;
  return false;
}

static bool keeps(const Pass *pass, const ProgramFunction *caller, const char *class_key) {
  const Summary *summary = caller->summary;
  for (uint32_t i = 0; i < summary->case_count; i++)
    for (uint32_t k = 0; k < summary->cases[i].effect_count; k++) {
      const Effect *effect = &summary->cases[i].effects[k];
      if (effect->resource != RESOURCE_LOCK ||
          (effect->action != ACTION_ACQUIRE && effect->action != ACTION_MAYBE))
        continue;
      TextId symbol = class_symbol_of(summary->terms, effect->place);
      if (symbol && !strcmp(text_of(pass->program->symbols, symbol), class_key))
        return effect->action == ACTION_ACQUIRE || !releases_some(pass, caller, symbol);
    }
  return false;
}

bool caller_gives_back(const Pass *pass, const ContractRow *row) {
  if (!*row->class_key)
    return true;
  for (uint32_t i = 0; i < row->function->caller_count; i++) {
    const ProgramFunction *caller = &pass->program->functions[row->function->callers[i]];
    if (caller == row->function)
      continue;
    const Summary *summary = program_summary(pass->program, caller->id);
    if (!summary || (summary->flags & (SUMMARY_DEGRADED | SUMMARY_UNKNOWN)) ||
        !keeps(pass, caller, row->class_key))
      return true;
  }
  return false;
}
