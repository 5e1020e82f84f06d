/* loop_moves.c - how a loop moves its variables: in steps, along a list, or in ways that say
 * nothing about its end. */
#include "ir/repeats_internal.h"

#include <string.h>

#include "ir/parts.h"

/* ---- nodes */

/* The local that a value is a copy of (i++ keeps the old value), without casts; NO_LOOP if none. */
Index loop_local(const LoopJudge *j, NodeId id) {
  for (;;) {
    const Node *node = loop_node(j, id);
    if (node->kind == NODE_CAST)
      id = node->a;
    else if (node->kind == NODE_TEMP && loop_definition(j, node)->kind == INST_COPY)
      id = loop_definition(j, node)->a;
    else
      return node->kind == NODE_VAR ? node->a : NO_LOOP;
  }
}

bool loop_constant(const LoopJudge *j, NodeId id, int64_t *value) {
  const Node *node = loop_node(j, without_casts(j->f, id));
  if (node->kind != NODE_CONSTANT)
    return false;
  *value = j->f->constants[node->a].value;
  return true;
}

/* The array that a place stands in, as in a[i].name; 0 if none. */
NodeId loop_element(const LoopJudge *j, NodeId place) {
  for (;;) {
    const Node *node = loop_node(j, place);
    if (node->kind == NODE_INDEX)
      return place;
    if (node->kind != NODE_FIELD)
      return 0;
    place = node->a;
  }
}

bool loop_has_length(const LoopJudge *j, NodeId array) {
  const Type *type = &j->f->types[loop_node(j, array)->type];
  return type->kind == TYPE_ARRAY && type->size;
}

/* Where an array begins, ends, or any other place in it: known before the program runs. */
bool loop_fixed_address(const LoopJudge *j, NodeId id) {
  const Node *node = loop_node(j, id);
  int64_t ignored;
  for (; node->kind == NODE_SHIFT; node = loop_node(j, node->a))
    if (!loop_constant(j, node->b, &ignored))
      return false;
  NodeId element = node->kind == NODE_ADDRESS ? loop_element(j, node->a) : 0;
  return element && loop_has_length(j, loop_node(j, element)->a);
}

/* Parameters as main has them: (int argc, char **argv), handed on or not. */
bool loop_argument_count(const LoopJudge *j, Index local) {
  const Function *f = j->f;
  if (local + 1 >= f->parameter_count || f->types[f->locals[local].type].kind != TYPE_SIGNED)
    return false;
  const Type *list = &f->types[f->locals[local + 1].type];
  if (list->kind != TYPE_POINTER || f->types[list->element].kind != TYPE_POINTER)
    return false;
  const Type *character = &f->types[f->types[list->element].element];
  return character->size == 1 && character->kind != TYPE_RECORD;
}

bool loop_argument_list(const LoopJudge *j, Index local) {
  return local && local != NO_LOOP && loop_argument_count(j, local - 1);
}

/* ---- how the loop moves its variables */

/* The local that `value` is a step away from. */
Index loop_stepped_from(const LoopJudge *j, NodeId value, Movement *movement) {
  const Node *node = loop_node(j, without_casts(j->f, value));
  int64_t step;
  bool subtracts = node->kind == NODE_BINARY && node->operator== OPERATOR_SUBTRACT;
  bool adds = node->kind == NODE_BINARY && node->operator== OPERATOR_ADD;
  if ((!adds && !subtracts && node->kind != NODE_SHIFT) || !loop_constant(j, node->b, &step) ||
      !step)
    return NO_LOOP;
  *movement = (step > 0) != subtracts ? MOVES_UP : MOVES_DOWN;
  return loop_local(j, node->a);
}

/* The local whose memory was read to get `value`: `p` of p->next. */
static Index read_through(const LoopJudge *j, NodeId value) {
  Index local = loop_local(j, value);
  const Node *node = loop_node(j, value);
  if (local != NO_LOOP || node->kind != NODE_TEMP)
    return local;
  NodeId place = j->result->loads[node->a];
  for (; place; place = loop_node(j, place)->a) {
    const Node *at = loop_node(j, place);
    if (at->kind == NODE_DEREF)
      return loop_local(j, at->a);
    if (at->kind != NODE_FIELD && at->kind != NODE_INDEX)
      break;
  }
  return NO_LOOP;
}

/* p = p->next, or through a local that was read from it: next = p->next; ... p = next. */
static bool walks(const LoopJudge *j, Index local, NodeId value) {
  Index from = read_through(j, value);
  if (from == local)
    return loop_node(j, value)->kind == NODE_TEMP;
  if (from == NO_LOOP)
    return false;
  for (uint32_t b = 0; b < j->loop->block_count; b++) {
    const Block *block = &j->f->blocks[j->loop->blocks[b]];
    for (uint32_t i = block->first; i < block->first + block->count; i++) {
      const Instruction *inst = &j->f->instructions[i];
      if (inst->kind == INST_STORE && loop_node(j, inst->a)->kind == NODE_LOCAL &&
          loop_node(j, inst->a)->a == from && read_through(j, inst->b) == local)
        return true;
    }
  }
  return false;
}

static void note_store(LoopJudge *j, const Instruction *store) {
  const Node *place = loop_node(j, store->a);
  if (place->kind == NODE_FIELD || place->kind == NODE_GLOBAL) {
    j->stored[place->kind == NODE_FIELD ? place->b : place->a] = true;
    return;
  }
  if (place->kind != NODE_LOCAL)
    return;
  Movement movement = MOVES_ELSE, *known = &j->moves[place->a];
  if (loop_stepped_from(j, store->b, &movement) != place->a)
    movement = walks(j, place->a, store->b) ? MOVES_ALONG : MOVES_ELSE;
  *known = *known == MOVES_NOT || *known == movement ? movement : MOVES_ELSE;
}

void loop_find_movements(LoopJudge *j) {
  memset(j->moves, 0, sizeof *j->moves * j->f->local_count);
  memset(j->stored, 0, sizeof *j->stored * j->f->symbol_count);
  for (uint32_t b = 0; b < j->loop->block_count; b++) {
    const Block *block = &j->f->blocks[j->loop->blocks[b]];
    for (uint32_t i = block->first; i < block->first + block->count; i++)
      if (j->f->instructions[i].kind == INST_STORE)
        note_store(j, &j->f->instructions[i]);
  }
}

/* Does every store outside of the loop give the local a value that the text knows? */
bool loop_begins_fixed(const LoopJudge *j, Index local) {
  if (local < j->f->parameter_count)
    return false;
  const Cfg *cfg = j->cfg;
  int64_t ignored;
  for (uint32_t o = 0; o < cfg->order_count; o++) {
    Index b = cfg->order[o];
    if (cfg_in_loop(cfg, (Index)(j->loop - cfg->loops), b))
      continue;
    const Block *block = &j->f->blocks[b];
    for (uint32_t i = block->first; i < block->first + block->count; i++) {
      const Instruction *inst = &j->f->instructions[i];
      Movement movement;
      if (inst->kind == INST_STORE && loop_node(j, inst->a)->kind == NODE_LOCAL &&
          loop_node(j, inst->a)->a == local && !loop_constant(j, inst->b, &ignored) &&
          !loop_fixed_address(j, inst->b) && !loop_argument_list(j, loop_local(j, inst->b)) &&
          loop_stepped_from(j, inst->b, &movement) != local)
        return false;
    }
  }
  return true;
}
