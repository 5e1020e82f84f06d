/* question.c - calls of functions that only read: the same function with the same arguments gives
 * the same value, until somebody writes what it reads.
 *
 * Who asks for a number or a flag twice, to take a lock and to give it back, relies on it that
 * nobody changes the answer between. What the function itself writes there, and what the functions
 * that it calls write themselves, is seen by whoever reads it, and counts. Of what is written
 * further down only the class is known, not the object, nor whether it is what it was when the
 * call is back (a scheduler leaves to other threads and comes back as the one that left), so that
 * nothing follows. Unsound: a change that is hidden that deep is missed. */
#include "analysis/engine.h"

#include "base/guard.h"

enum {
  PURE_READS = 8,
  CLASS_AT_HAND = 1u << 29, // of a class: its second version, of what is written at hand
  LOAD_AT_HAND = 1,         // operator of a TERM_LOAD that stands for it
};

bool engine_is_question(const Summary *summary) { return (summary->flags & SUMMARY_PURE) != 0; }

static bool is_answer(const Term *term, const void *unused) {
  (void)unused;
  return term->kind == TERM_PURE;
}

bool engine_hangs_on_answer(const Summary *summary) {
  bool hangs = engine_is_question(summary) && summary->read_count;
  for (uint32_t i = 0; i < summary->case_count && !hangs; i++)
    for (uint32_t k = 0; k < summary->cases[i].condition_count && !hangs; k++)
      hangs = term_any(summary->terms, summary->cases[i].conditions[k].value, is_answer, NULL);
  return hangs;
}

TermId engine_asked(Engine *e, const State *state, TextId symbol) {
  uint32_t version = engine_version(e, state, symbol | CLASS_AT_HAND);
  engine_note_read(e, symbol);
  TermId place = term_make(e->terms, TERM_GLOBAL, 0, symbol, 0, 0);
  return term_make(e->terms, TERM_LOAD, LOAD_AT_HAND, place, version, 0);
}

void engine_written_at_hand(Engine *e, State *state, const TextId *symbols, uint32_t count) {
  for (uint32_t i = 0; i < count && e->asks; i++)
    engine_set_version(e, state, symbols[i] | CLASS_AT_HAND, version_of_instruction(e->here));
}

/* Stands for the version of the memory of a class. */
static TermId memory_of(Engine *e, const State *state, TextId symbol) {
  TermId place = term_make(e->terms, TERM_GLOBAL, 0, symbol, 0, 0);
  return term_make(e->terms, TERM_LOAD, 0, place, engine_version(e, state, symbol), 0);
}

TermId engine_answer(Engine *e, const State *state, const CallSeen *call) {
  const Summary *summary = call->summary;
  bool at_hand = e->answers[e->f->instructions[call->instruction].result] && guard_on("question");
  TermId list = 0;
  const TextId *reads = engine_in_order(e, summary->reads, summary->read_count);
  for (uint32_t i = 0; i < summary->read_count && i < PURE_READS; i++) {
    TermId memory = at_hand ? engine_asked(e, state, reads[i]) : memory_of(e, state, reads[i]);
    list = term_make(e->terms, TERM_LIST, 0, memory, list, 0);
  }
  for (uint32_t i = call->arg_count; i-- > 0;)
    list = term_make(e->terms, TERM_LIST, 0, call->args[i], list, 0);
  return term_make(e->terms, TERM_PURE, 0, call->symbol, list, 0);
}
