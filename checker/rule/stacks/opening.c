/* opening.c - which bracket makes a cycle of calls that reads text go round once more: the one in
 * the test before the call. With it a finding can be tried. */
#include "rule/pass.h"

#include <string.h>

#include "ir/cfg.h"

enum { MOST_TESTS = 16 };

typedef struct {
  const Function *f;
  const Cfg *cfg;
} Code;

/* Other bytes lead on, too, as '/' does; but what has to stand between them is not known. */
static char bracket_of(int64_t value) {
  return value > 0 && value < 128 && strchr("([{<", (int)value) ? (char)value : 0;
}

static char bracket_of_test(const Function *f, const Block *test, Index taken) {
  const Node *node = &f->nodes[test->value];
  bool is_true = f->edges[test->edges].block == taken;
  if (node->kind != NODE_BINARY || f->nodes[node->b].kind != NODE_CONSTANT ||
      f->edges[test->edges].block == f->edges[test->edges + 1].block ||
      node->operator!=(is_true ? OPERATOR_EQ : OPERATOR_NE))
    return 0;
  return bracket_of(f->constants[f->nodes[node->b].a].value);
}

/* The only case that leads there. */
static char bracket_of_case(const Function *f, const Block *test, Index taken) {
  const Edge *found = NULL;
  for (uint32_t i = 0; i < test->edge_count; i++) {
    const Edge *edge = &f->edges[test->edges + i];
    if (edge->block != taken)
      continue;
    if (found || i + 1 == test->edge_count || edge->low != edge->high)
      return 0;
    found = edge;
  }
  return found ? bracket_of(found->low) : 0;
}

/* The nearest test that decides about the call. */
static char bracket_before(const Code *code, uint32_t instruction) {
  const Function *f = code->f;
  Index at = block_of_instruction(f, instruction);
  for (int i = 0; i < MOST_TESTS && code->cfg->predecessor_counts[at] == 1; i++) {
    Index before = code->cfg->predecessors[at][0];
    const Block *test = &f->blocks[before];
    char bracket = test->terminator == TERM_BRANCH   ? bracket_of_test(f, test, at)
                   : test->terminator == TERM_SWITCH ? bracket_of_case(f, test, at)
                                                     : 0;
    if (bracket)
      return bracket;
    at = before;
  }
  return 0;
}

static char opening_of(Pass *pass, const Cycle *cycle) {
  char opening = 0;
  for (uint32_t i = 0; i < cycle->count; i++) {
    BorrowedCode borrowed = program_borrow(pass->program, cycle->calls[i].function);
    const Function *f = borrowed.function->body;
    Code code = {f, cfg_new(borrowed.arena, f)};
    char bracket = bracket_before(&code, cycle->calls[i].instruction);
    program_return(&borrowed);
    if (bracket && opening && bracket != opening)
      return 0; // in turn
    opening = bracket ? bracket : opening;
  }
  return opening;
}

const char *example_in_words(Pass *pass, const Cycle *cycle, const Rounds *rounds) {
  char opening = cycle->kind == DEPTH_INPUT && !cycle->endless ? opening_of(pass, cycle) : 0;
  return opening ? arena_printf(pass->arena, "to try it: an input of %s nested '%c'",
                                bytes_in_words(pass, rounds->most, rounds->most), opening)
                 : NULL;
}
