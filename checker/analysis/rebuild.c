/* rebuild.c - a term of other parts, by the engine's own rules: so names become one where they are
 * the same, and constants are folded. */
#include "analysis/engine.h"

TermId engine_rebuild(Engine *e, const Term *whole, TermPart *part, void *context) {
  TermId a = part(context, whole->a);
  switch ((TermKind)whole->kind) {
  case TERM_ADDRESS:
    return engine_address(e, a);
  case TERM_DEREF:
    return engine_deref(e, a);
  case TERM_FIELD:
    return term_make(e->terms, TERM_FIELD, 0, a, whole->b, 0);
  case TERM_INDEX:
    return term_make(e->terms, TERM_INDEX, 0, a, part(context, whole->b), 0);
  case TERM_UNARY:
    return engine_unary(e, whole->operator, a);
  case TERM_BINARY:
    return engine_binary(e, whole->operator, a, part(context, whole->b));
  case TERM_SHIFT:
    return engine_shift(e, a, part(context, whole->b));
  default: // a cast: its value
    return a;
  }
}
