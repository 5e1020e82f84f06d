/* repeats_internal.h - between loop_moves.c, which finds how a loop moves its variables, and
 * repeats.c, which judges its exit tests by that. */
#ifndef IR_REPEATS_INTERNAL_H
#define IR_REPEATS_INTERNAL_H

#include "ir/repeats.h"

/* What the loop at hand does to a local. */
typedef enum { MOVES_NOT, MOVES_UP, MOVES_DOWN, MOVES_ALONG, MOVES_ELSE } Movement;

typedef struct {
  Repetition *result;
  const Function *f;
  const Cfg *cfg;
  const Loop *loop;
  Movement *moves; // per local, of the loop at hand
  bool *stored;    // per symbol: the loop stores into this field or global
} LoopJudge;

static inline const Node *loop_node(const LoopJudge *j, NodeId id) { return &j->f->nodes[id]; }

static inline const Instruction *loop_definition(const LoopJudge *j, const Node *temp) {
  return &j->f->instructions[j->result->definition[temp->a]];
}

/* ---- values, without the casts around them */
bool loop_constant(const LoopJudge *, NodeId, int64_t *value);
/* The local that a value is a copy of (i++ keeps the old value); NO_LOOP if none. */
Index loop_local(const LoopJudge *, NodeId);
/* The local that `value` is a step away from, or NO_LOOP. */
Index loop_stepped_from(const LoopJudge *, NodeId value, Movement *);
/* The innermost array element that a place stands in, as in a[i].name; 0 if none. */
NodeId loop_element(const LoopJudge *, NodeId place);
bool loop_has_length(const LoopJudge *, NodeId array);
/* Where an array begins, ends, or any other place in it: known before the program runs. */
bool loop_fixed_address(const LoopJudge *, NodeId);
/* Parameters as main has them: (int argc, char **argv), handed on or not. */
bool loop_argument_count(const LoopJudge *, Index local);
bool loop_argument_list(const LoopJudge *, Index local);

/* ---- the loop at hand */
void loop_find_movements(LoopJudge *); // fills `moves` and `stored`
/* Does every store outside of the loop give the local a value that the text knows? */
bool loop_begins_fixed(const LoopJudge *, Index local);

#endif
