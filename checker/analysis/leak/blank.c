/* blank.c - memory that is all zero when it is made: a branch on something in it that nobody
 * has written since goes one way only. */
#include "analysis/leak/leak.h"
#include "base/guard.h"

typedef struct {
  const Flow *flow;
  const Site *site;
  TermId made; // its value
  bool any;    // something in it was asked for
} Asked;

/* Is the version of what comes before the call? A round of a loop that the call stands in renames
 * what it has made, so what comes later in the code was written later. */
static bool is_before(const Asked *asked, uint32_t version) {
  const Engine *e = asked->flow->e;
  Index call = e->cfg->position[e->inst_blocks[asked->site->instruction]];
  if (!version)
    return true;
  if (version & 1)
    return e->cfg->position[(version >> 1) - 1] <= call;
  uint32_t instruction = (version >> 1) - 1;
  Index written = e->cfg->position[e->inst_blocks[instruction]];
  return written < call || (written == call && instruction < asked->site->instruction);
}

static bool is_inside(const Asked *asked, TermId place) {
  const TermTable *terms = asked->flow->e->terms;
  const Term *term = term_at(terms, place);
  if (term->kind != TERM_FIELD)
    return false;
  while (term->kind == TERM_FIELD)
    term = term_at(terms, term->a);
  return term->kind == TERM_DEREF && term->a == asked->made;
}

/* The value, with zeros for what is read from there. */
static TermId as_made(void *context, TermId id) {
  Asked *asked = context;
  Engine *e = asked->flow->e;
  const Term term = *term_at(e->terms, id);
  switch ((TermKind)term.kind) {
  case TERM_UNARY:
  case TERM_BINARY:
    return engine_rebuild(e, &term, as_made, asked);
  case TERM_LOAD:
    if (!is_inside(asked, term.a) || !is_before(asked, term.b))
      return id;
    asked->any = true;
    return term_constant(e->terms, 0);
  default:
    return id;
  }
}

Decision leak_asks_blank(const Flow *flow, uint32_t number, TermId value, State *state,
                         TermId condition) {
  Engine *e = flow->e;
  const Site *site = &flow->sites[number];
  const Term *made = term_at(e->terms, value);
  bool is_new = value && made->kind == TERM_FRESH && made->a == site->instruction;
  bool is_filled = site->filled != NO_BLOCK && e->cfg->position[state->block] >= site->filled;
  if (!site->is_zeroed || !is_new || is_filled || !guard_on("blank"))
    return UNKNOWN;
  Asked asked = {.flow = flow, .site = site, .made = value};
  TermId said = as_made(&asked, condition);
  return asked.any ? engine_decide(e, state, said) : UNKNOWN;
}
