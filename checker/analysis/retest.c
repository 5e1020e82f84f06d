/* retest.c - does the loop around a call ask again, before the call is made once more, for what it
 * waits for? The shape of the graph and the loads tell: a branch of the loop decides whether the
 * call is made, and what it tests is read or computed anew in every round. */
#include "analysis/engine.h"

#include <string.h>

#include "base/guard.h"
#include "ir/parts.h"

enum { VALUE_DEPTH = 12 };

typedef struct {
  const Function *f;
  const Cfg *cfg;
  Index loop;
  uint32_t call;
  Index block; // of the call
  Index *stack;
  bool *seen;        // per block
  bool *seen_locals; // per local, of the value at hand
} Search;

/* ---- does a value change from round to round? */

static bool is_in_loop(const Search *s, uint32_t instruction) {
  return cfg_in_loop(s->cfg, s->loop, block_of_instruction(s->f, instruction));
}

static bool value_changes(Search *s, NodeId id, uint32_t depth);

/* What the call itself returns says only that it has returned. */
static bool made_anew(Search *s, const Instruction *inst, uint32_t number, uint32_t depth) {
  switch ((InstructionKind)inst->kind) {
  case INST_LOAD:
    return true;
  case INST_CALL:
    return number != s->call;
  case INST_COPY:
    return value_changes(s, inst->a, depth);
  default:
    return true;
  }
}

static bool temp_changes(Search *s, uint32_t temp, uint32_t depth) {
  const Instruction *made = temp_definition(s->f, temp);
  uint32_t i = made ? (uint32_t)(made - s->f->instructions) : 0;
  return made && is_in_loop(s, i) && made_anew(s, made, i, depth);
}

/* Is it set from something that changes? A count of the rounds does not tell what is waited for. */
static bool local_changes(Search *s, Index local, uint32_t depth) {
  if (s->seen_locals[local])
    return false;
  s->seen_locals[local] = true;
  for (uint32_t i = 0; i < s->f->instruction_count; i++) {
    const Instruction *inst = &s->f->instructions[i];
    const Node *place = inst->kind == INST_STORE ? &s->f->nodes[inst->a] : NULL;
    if (!place || place->kind != NODE_LOCAL || place->a != local || !is_in_loop(s, i))
      continue;
    // A constant: a branch on the way there has asked
    if (s->f->nodes[inst->b].kind == NODE_CONSTANT || value_changes(s, inst->b, depth))
      return true;
  }
  return false;
}

static bool value_changes(Search *s, NodeId id, uint32_t depth) {
  const Node *node = &s->f->nodes[id];
  if (depth == VALUE_DEPTH)
    return true;
  switch ((NodeKind)node->kind) {
  case NODE_VAR:
    return local_changes(s, node->a, depth + 1);
  case NODE_TEMP:
    return temp_changes(s, node->a, depth + 1);
  case NODE_UNARY:
  case NODE_CAST:
    return value_changes(s, node->a, depth + 1);
  case NODE_BINARY:
  case NODE_SHIFT:
    return value_changes(s, node->a, depth + 1) || value_changes(s, node->b, depth + 1);
  case NODE_UNKNOWN:
    return true;
  default:
    return false;
  }
}

/* ---- does a branch decide whether the call is made? */

/* Is the call's block reached from `from`, within the loop and without passing `wall`? */
static bool comes_to_call(Search *s, Index from, Index wall) {
  uint32_t depth = 0;
  memset(s->seen, 0, s->f->block_count * sizeof *s->seen);
  s->seen[from] = true;
  s->stack[depth++] = from;
  while (depth) {
    Index b = s->stack[--depth];
    if (b == s->block)
      return true;
    if (b == wall || !cfg_in_loop(s->cfg, s->loop, b))
      continue;
    for (uint32_t i = 0; i < s->f->blocks[b].edge_count; i++) {
      Index next = s->f->edges[s->f->blocks[b].edges + i].block;
      if (!s->seen[next]) {
        s->seen[next] = true;
        s->stack[depth++] = next;
      }
    }
  }
  return false;
}

static bool decides(Search *s, Index b) {
  const Block *block = &s->f->blocks[b];
  bool comes = false, stays_away = false;
  for (uint32_t i = 0; i < block->edge_count; i++) {
    Index next = s->f->edges[block->edges + i].block;
    bool there = cfg_in_loop(s->cfg, s->loop, next) && comes_to_call(s, next, b);
    comes |= there;
    stays_away |= !there;
  }
  return comes && stays_away;
}

/* The mutex is taken on every way from the test to the call: what was tested may have changed. */
static bool is_stale(Search *s, Index b, uint32_t acquired) {
  Index taken = acquired == NO_INSTRUCTION ? NO_BLOCK : block_of_instruction(s->f, acquired);
  if (taken == NO_BLOCK || taken == b || !cfg_in_loop(s->cfg, s->loop, taken))
    return false;
  if (taken == s->block)
    return acquired < s->call;
  const Block *block = &s->f->blocks[b];
  for (uint32_t i = 0; i < block->edge_count; i++) {
    Index next = s->f->edges[block->edges + i].block;
    if (next != taken && comes_to_call(s, next, taken))
      return false;
  }
  return true;
}

static Retest retest_in_loop(Search *s, uint32_t acquired) {
  const Loop *loop = &s->cfg->loops[s->loop];
  Retest found = RETEST_NONE;
  for (uint32_t i = 0; i < loop->block_count; i++) {
    const Block *block = &s->f->blocks[loop->blocks[i]];
    memset(s->seen_locals, 0, s->f->local_count * sizeof *s->seen_locals);
    if (block->edge_count < 2 || !block->value || !value_changes(s, block->value, 0) ||
        !decides(s, loop->blocks[i]))
      continue;
    if (!is_stale(s, loop->blocks[i], acquired))
      return RETEST_DONE;
    found = RETEST_STALE;
  }
  return found;
}

/* ---- what is tested once */

static Index symbol_read(const Function *f, NodeId id, uint32_t depth);

static Index symbol_of_local(const Function *f, Index local, uint32_t depth) {
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    const Node *place = inst->kind == INST_STORE ? &f->nodes[inst->a] : NULL;
    Index found = place && place->kind == NODE_LOCAL && place->a == local
                      ? symbol_read(f, inst->b, depth)
                      : NO_SYMBOL;
    if (found != NO_SYMBOL)
      return found;
  }
  return NO_SYMBOL;
}

/* The field or global that a value was read from; NO_SYMBOL for others. */
static Index symbol_read(const Function *f, NodeId id, uint32_t depth) {
  const Node *node = &f->nodes[id];
  const Instruction *made = NULL;
  Index found = NO_SYMBOL;
  if (depth == VALUE_DEPTH)
    return NO_SYMBOL;
  switch ((NodeKind)node->kind) {
  case NODE_VAR:
    return symbol_of_local(f, node->a, depth + 1);
  case NODE_TEMP:
    made = node_definition(f, node);
    return made && made->kind == INST_LOAD ? slot_of_place(f, made->a) : NO_SYMBOL;
  case NODE_UNARY:
  case NODE_CAST:
    return symbol_read(f, node->a, depth + 1);
  case NODE_BINARY:
    found = symbol_read(f, node->a, depth + 1);
    return found != NO_SYMBOL ? found : symbol_read(f, node->b, depth + 1);
  default:
    return NO_SYMBOL;
  }
}

/* Is the instruction in front of the block's end, on each way to it? */
static bool is_before(const Cfg *cfg, uint32_t instruction, Index block) {
  return instruction == NO_INSTRUCTION ||
         cfg_dominates(cfg, block_of_instruction(cfg->function, instruction), block);
}

Index engine_test_before(const Engine *e, uint32_t call, uint32_t acquired, Index *symbol) {
  const Cfg *cfg = e->cfg;
  *symbol = NO_SYMBOL;
  for (Index at = e->inst_blocks[call]; cfg->position[at] != NO_BLOCK && cfg->dominator[at] != at;
       at = cfg->dominator[at]) {
    Index above = cfg->dominator[at];
    const Block *block = &e->f->blocks[above];
    if (block->edge_count < 2 || cfg->post_dominator[above] == at ||
        !is_before(cfg, acquired, above))
      continue;
    *symbol = symbol_read(e->f, block->value, 0);
    if (*symbol != NO_SYMBOL)
      return above;
  }
  return NO_BLOCK;
}

/* ---- is it asked for after the wait, if not in a loop? */

typedef struct {
  const Engine *e;
  uint32_t call;
  Index symbol;
  bool *behind; // per block: reached from the call
} After;

static bool is_behind(const After *a, uint32_t instruction) {
  Index block = block_of_instruction(a->e->f, instruction);
  return a->behind[block] || (block == a->e->inst_blocks[a->call] && instruction > a->call);
}

/* Is the value made of what is read from the symbol after the call? */
static bool reads_after(const After *a, NodeId id, uint32_t depth) {
  const Function *f = a->e->f;
  const Node *node = &f->nodes[id];
  const Instruction *made = NULL;
  if (depth == VALUE_DEPTH)
    return false;
  switch ((NodeKind)node->kind) {
  case NODE_VAR:
    for (uint32_t i = 0; i < f->instruction_count; i++) {
      const Instruction *inst = &f->instructions[i];
      const Node *place = inst->kind == INST_STORE ? &f->nodes[inst->a] : NULL;
      if (place && place->kind == NODE_LOCAL && place->a == node->a && is_behind(a, i) &&
          reads_after(a, inst->b, depth + 1))
        return true;
    }
    return false;
  case NODE_TEMP:
    made = node_definition(f, node);
    return made && made->kind == INST_LOAD && is_behind(a, (uint32_t)(made - f->instructions)) &&
           slot_of_place(f, made->a) == a->symbol;
  case NODE_UNARY:
  case NODE_CAST:
    return reads_after(a, node->a, depth + 1);
  case NODE_BINARY: // what is computed from it is a use, and no question
    return node->operator>=
        OPERATOR_EQ &&(reads_after(a, node->a, depth + 1) || reads_after(a, node->b, depth + 1));
  default:
    return false;
  }
}

/* Up to the block `wall`, or as far as it goes. */
static void mark_behind(const Engine *e, Index from, Index wall, bool *behind) {
  Index *stack = arena_new_array(e->arena, Index, e->f->block_count);
  uint32_t depth = 0;
  stack[depth++] = from;
  while (depth) {
    const Block *block = &e->f->blocks[stack[--depth]];
    for (uint32_t i = 0; i < block->edge_count; i++) {
      Index next = e->f->edges[block->edges + i].block;
      if (!behind[next] && next != wall) {
        behind[next] = true;
        stack[depth++] = next;
      }
    }
  }
}

static bool asks_behind(const After *a) {
  const Engine *e = a->e;
  for (Index b = 0; b < e->f->block_count; b++) {
    const Block *block = &e->f->blocks[b];
    bool here = a->behind[b] || b == e->inst_blocks[a->call];
    // A pointer is the thing itself, a number or a flag says how things are
    bool says = e->f->types[e->f->result_type].kind != TYPE_POINTER;
    bool uses = block->edge_count > 1 || (block->terminator == TERM_RETURN && says);
    if (here && uses && block->value && reads_after(a, block->value, 0))
      return true;
  }
  return false;
}

/* A round that takes the mutex anew asks for itself. */
static void find_behind(After *a, uint32_t acquired) {
  const Engine *e = a->e;
  a->behind = arena_new_array(e->arena, bool, e->f->block_count);
  mark_behind(e, e->inst_blocks[a->call],
              acquired == NO_INSTRUCTION ? NO_BLOCK : e->inst_blocks[acquired], a->behind);
}

bool engine_asks_after(const Engine *e, uint32_t call, uint32_t acquired, Index symbol) {
  After a = {.e = e, .call = call, .symbol = symbol};
  find_behind(&a, acquired);
  return asks_behind(&a);
}

/* ---- is it taken for granted? */

/* What the symbol holds is followed as a pointer. */
static bool follows(const After *a, NodeId id, uint32_t depth) {
  const Node *node = &a->e->f->nodes[id];
  if (!id || depth == VALUE_DEPTH)
    return false;
  if (node->kind == NODE_DEREF && reads_after(a, node->a, 0))
    return true;
  NodeParts parts = node_parts(node);
  return follows(a, parts.a, depth + 1) || follows(a, parts.b, depth + 1);
}

/* One more, or one less, of what the symbol counts. */
static bool counts_on(const After *a, const Instruction *inst) {
  const Function *f = a->e->f;
  const Node *value = &f->nodes[inst->b];
  bool adds = value->kind == NODE_BINARY &&
              (value->operator== OPERATOR_ADD || value->operator== OPERATOR_SUBTRACT);
  return inst->kind == INST_STORE && adds && slot_of_place(f, inst->a) == a->symbol &&
         (reads_after(a, value->a, 0) || reads_after(a, value->b, 0));
}

/* The next round takes the mutex anew, and tests then. In this one what was tested in front of the
 * wait is used behind it, and nobody has asked again. */
static bool takes_for_granted(const Engine *e, uint32_t call, uint32_t acquired) {
  After a = {.e = e, .call = call};
  if (acquired == NO_INSTRUCTION || engine_test_before(e, call, acquired, &a.symbol) == NO_BLOCK)
    return false;
  find_behind(&a, acquired);
  if (asks_behind(&a))
    return false;
  for (uint32_t i = 0; i < e->f->instruction_count; i++) {
    const Instruction *inst = &e->f->instructions[i];
    if (is_behind(&a, i) && inst->kind != INST_DECLARE && inst->kind != INST_SCOPE_END &&
        (counts_on(&a, inst) || follows(&a, inst->a, 0) || follows(&a, inst->b, 0)))
      return true;
  }
  return false;
}

/* ---- all of it */

Retest engine_retest(Engine *e, uint32_t call, uint32_t acquired) {
  Search s = {.f = e->f, .cfg = e->cfg, .call = call, .block = e->inst_blocks[call]};
  if (e->cfg->irreducible || !guard_on("retests"))
    return e->cfg->irreducible ? RETEST_DONE : RETEST_NONE;
  s.stack = arena_new_array(e->arena, Index, e->f->block_count);
  s.seen = arena_new_array(e->arena, bool, e->f->block_count);
  s.seen_locals = arena_new_array(e->arena, bool, e->f->local_count);
  Retest best = RETEST_NONE;
  for (s.loop = e->cfg->innermost[s.block]; s.loop != NO_LOOP && best != RETEST_DONE;
       s.loop = e->cfg->loops[s.loop].parent) {
    if (acquired != NO_INSTRUCTION && is_in_loop(&s, acquired) &&
        takes_for_granted(e, call, acquired))
      break;
    Retest found = retest_in_loop(&s, acquired);
    best = found > best ? found : best;
  }
  return best;
}
