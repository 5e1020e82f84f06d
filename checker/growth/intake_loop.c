/* intake_loop.c - see intake_loop.h. An amount is what is counted in the loop, what is made of such
 * a number, or what is read from the object that is filled. A test of one is a limit when it can
 * end the loop, or keep from filling; of the space that is left in a block it is none. */
#include "growth/intake_loop.h"

#include "ir/parts.h"

enum { NODE_DEPTH = 16, MOVED_LIMIT = 32, LEAF_LIMIT = 16, ROUNDS = 4 };

/* ---- amounts */

typedef struct {
  const FedLoop *x;
  PathId object; // what is read from it counts, too; 0: none
  const bool *is_given;
} Amounts;

static bool is_moved_place(const FedLoop *x, NodeId place) {
  for (uint32_t i = 0; i < x->moved_count; i++)
    if (x->moved[i] == place)
      return true;
  return false;
}

static bool is_amount(const Amounts *a, NodeId id, uint32_t depth) {
  const FedLoop *x = a->x;
  const Node *node = &x->f->nodes[id];
  if (!depth--)
    return false;
  switch ((NodeKind)node->kind) {
  case NODE_VAR:
    return x->moves[node->a];
  case NODE_TEMP: {
    if (is_moved_place(x, x->repetition->loads[node->a]))
      return true;
    PathId from = x->loaded[node->a];
    return (a->object && from && path_starts(x->values->paths, from, a->object)) ||
           (a->is_given && x->f->types[node->type].kind != TYPE_POINTER && x->given_by[node->a] &&
            a->is_given[x->given_by[node->a] - 1]);
  }
  case NODE_BINARY:
  case NODE_SHIFT:
    return is_amount(a, node->a, depth) || is_amount(a, node->b, depth);
  case NODE_UNARY:
  case NODE_CAST:
    return is_amount(a, node->a, depth);
  default:
    return false;
  }
}

/* It reads what the place holds, and makes something else of it. */
static bool has_place(const FedLoop *x, NodeId id, NodeId place, uint32_t depth) {
  const Node *node = &x->f->nodes[id], *at = &x->f->nodes[place];
  if (!depth--)
    return false;
  switch ((NodeKind)node->kind) {
  case NODE_VAR:
    return at->kind == NODE_LOCAL && at->a == node->a;
  case NODE_TEMP:
    return x->repetition->loads[node->a] == place;
  case NODE_BINARY:
  case NODE_SHIFT:
    return has_place(x, node->a, place, depth) || has_place(x, node->b, place, depth);
  case NODE_UNARY:
  case NODE_CAST:
    return has_place(x, node->a, place, depth);
  default:
    return false;
  }
}

static bool is_step(const FedLoop *x, const Instruction *store) {
  const Node *value = &x->f->nodes[without_casts(x->f, store->b)];
  bool counts = value->kind == NODE_SHIFT || is_sum(value);
  return counts && has_place(x, store->b, store->a, NODE_DEPTH);
}

static bool note_moving(FedLoop *x, const Instruction *store) {
  Amounts amounts = {.x = x};
  const Node *place = &x->f->nodes[store->a];
  const Type *type = &x->f->types[place->type];
  bool is_number = type->kind == TYPE_SIGNED || type->kind == TYPE_UNSIGNED;
  bool moving = is_step(x, store) || (is_number && is_amount(&amounts, store->b, NODE_DEPTH));
  bool known = place->kind == NODE_LOCAL ? x->moves[place->a] : is_moved_place(x, store->a);
  if (!moving || known)
    return false;
  if (place->kind == NODE_LOCAL)
    x->moves[place->a] = true;
  if (place->kind != NODE_LOCAL || x->f->locals[place->a].flags & LOCAL_ADDRESS_TAKEN) {
    if (x->moved_count == MOVED_LIMIT)
      return false;
    x->moved[x->moved_count++] = store->a;
  }
  return true;
}

bool fed_loop_counts(const FedLoop *x, NodeId value) {
  Amounts amounts = {.x = x};
  return is_amount(&amounts, value, NODE_DEPTH);
}

/* ---- what was received */

static bool is_fed(const FedLoop *x, NodeId id, uint32_t depth) {
  const Node *node = &x->f->nodes[id];
  if (!depth--)
    return false;
  switch ((NodeKind)node->kind) {
  case NODE_VAR:
  case NODE_LOCAL:
    return x->fed[node->a];
  case NODE_TEMP:
    return x->fed_temps[node->a];
  case NODE_INDEX: // which element it is does not matter
    return is_fed(x, node->a, depth);
  default: {
    NodeParts parts = node_parts(node);
    return (parts.a && is_fed(x, parts.a, depth)) || (parts.b && is_fed(x, parts.b, depth));
  }
  }
}

bool fed_loop_is_fed(const FedLoop *x, NodeId value) { return is_fed(x, value, NODE_DEPTH); }

/* The variable in memory whose address that is, or of a part of it; else NO_LOOP. */
static Index local_addressed(const FedLoop *x, NodeId id) {
  const Node *node = &x->f->nodes[id];
  while (node->kind == NODE_CAST || node->kind == NODE_SHIFT)
    node = &x->f->nodes[node->a];
  if (node->kind != NODE_ADDRESS)
    return NO_LOOP;
  while (node->kind == NODE_ADDRESS || node->kind == NODE_FIELD || node->kind == NODE_INDEX)
    node = &x->f->nodes[node->a];
  return node->kind == NODE_LOCAL ? node->a : NO_LOOP;
}

static bool feed(bool *fed) {
  bool is_new = !*fed;
  *fed = true;
  return is_new;
}

/* What a call has received, or makes of that, is its result and what its arguments point to. */
static bool feed_by_call(FedLoop *x, uint32_t instruction, bool receives) {
  const Instruction *inst = &x->f->instructions[instruction];
  bool fed = receives, again = false;
  for (uint32_t i = 0; i < inst->arg_count; i++)
    fed |= fed_loop_is_fed(x, x->f->args[inst->args + i]);
  if (!fed)
    return false;
  if (inst->result)
    again = feed(&x->fed_temps[inst->result]);
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    const Node *arg = &x->f->nodes[x->f->args[inst->args + i]];
    Index local = local_addressed(x, x->f->args[inst->args + i]);
    if (local != NO_LOOP)
      again |= feed(&x->fed[local]);
    else if (receives && arg->kind == NODE_VAR && x->f->types[arg->type].kind == TYPE_POINTER)
      again |= feed(&x->fed[arg->a]); // recv(peer, bytes, size, 0)
  }
  return again;
}

static bool feed_by(FedLoop *x, uint32_t instruction, const bool *receiving) {
  const Instruction *inst = &x->f->instructions[instruction];
  switch ((InstructionKind)inst->kind) {
  case INST_CALL:
    return feed_by_call(x, instruction, receiving[instruction]);
  case INST_STORE: {
    const Node *place = &x->f->nodes[inst->a];
    while (place->kind == NODE_FIELD || place->kind == NODE_INDEX)
      place = &x->f->nodes[place->a];
    return place->kind == NODE_LOCAL && fed_loop_is_fed(x, inst->b) && feed(&x->fed[place->a]);
  }
  case INST_LOAD:
  case INST_COPY:
    return inst->result && fed_loop_is_fed(x, inst->a) && feed(&x->fed_temps[inst->result]);
  default:
    return false;
  }
}

static void note_loads(FedLoop *x, Index block) {
  const Block *b = &x->f->blocks[block];
  if (!x->values->entry[block])
    return;
  values_enter(x->values, block);
  for (uint32_t i = b->first; i < b->first + b->count; i++) {
    const Instruction *inst = &x->f->instructions[i];
    if (inst->kind == INST_LOAD && inst->result) {
      Places places = values_places(x->values, inst->a);
      x->loaded[inst->result] = places.count ? places.at[0] : 0;
    } else if (inst->kind == INST_CALL && inst->result) {
      x->given_by[inst->result] = i + 1;
    }
    values_step(x->values, i);
  }
}

FedLoop fed_loop(Arena *arena, Values *values, const Repetition *repetition, Index loop,
                 const bool *receiving) {
  const Function *f = values->f;
  FedLoop x = {.arena = arena,
               .f = f,
               .cfg = values->cfg,
               .values = values,
               .repetition = repetition,
               .loop = loop,
               .moves = arena_new_array(arena, bool, f->local_count + 1u),
               .fed = arena_new_array(arena, bool, f->local_count + 1u),
               .fed_temps = arena_new_array(arena, bool, f->temp_count + 1u),
               .moved = arena_new_array(arena, NodeId, MOVED_LIMIT),
               .loaded = arena_new_array(arena, PathId, f->temp_count + 1u),
               .given_by = arena_new_array(arena, uint32_t, f->temp_count + 1u)};
  const Loop *all = &x.cfg->loops[loop];
  for (uint32_t i = 0; i < all->block_count; i++)
    note_loads(&x, all->blocks[i]);
  bool again = true;
  for (uint32_t round = 0; round < ROUNDS && again; round++) {
    again = false;
    for (uint32_t i = 0; i < all->block_count; i++) {
      const Block *b = &f->blocks[all->blocks[i]];
      for (uint32_t k = b->first; k < b->first + b->count; k++) {
        again |= feed_by(&x, k, receiving);
        if (f->instructions[k].kind == INST_STORE)
          again |= note_moving(&x, &f->instructions[k]);
      }
    }
  }
  return x;
}

/* ---- the space that a block has */

typedef struct {
  NodeId at[LEAF_LIMIT]; // variables, and places in memory
  uint32_t count;
} Leaves;

static void add_leaves(const FedLoop *x, Leaves *leaves, NodeId id, uint32_t depth) {
  const Node *node = &x->f->nodes[id];
  NodeId place = node->kind == NODE_TEMP ? x->repetition->loads[node->a] : 0;
  bool is_leaf = node->kind == NODE_VAR || place;
  if (!depth--)
    return;
  if (is_leaf && leaves->count < LEAF_LIMIT)
    leaves->at[leaves->count++] = place ? place : id;
  if (node->kind == NODE_BINARY || node->kind == NODE_SHIFT || node->kind == NODE_UNARY ||
      node->kind == NODE_CAST)
    add_leaves(x, leaves, node->a, depth);
  if (node->kind == NODE_BINARY || node->kind == NODE_SHIFT)
    add_leaves(x, leaves, node->b, depth);
}

static bool share_leaf(const Leaves *a, const Leaves *b) {
  for (uint32_t i = 0; i < a->count; i++)
    for (uint32_t k = 0; k < b->count; k++)
      if (a->at[i] == b->at[k])
        return true;
  return false;
}

static bool sets_leaf(const FedLoop *x, const Instruction *inst, NodeId id) {
  const Node *leaf = &x->f->nodes[id], *at = &x->f->nodes[inst->a];
  if (inst->kind != INST_STORE)
    return false;
  return leaf->kind == NODE_VAR ? at->kind == NODE_LOCAL && at->a == leaf->a : inst->a == id;
}

/* What it is set to within the loop. */
static void add_sources(const FedLoop *x, Leaves *leaves, NodeId id) {
  const Loop *all = &x->cfg->loops[x->loop];
  for (uint32_t i = 0; i < all->block_count; i++) {
    const Block *block = &x->f->blocks[all->blocks[i]];
    for (uint32_t k = block->first; k < block->first + block->count; k++)
      if (sets_leaf(x, &x->f->instructions[k], id))
        add_leaves(x, leaves, x->f->instructions[k].b, NODE_DEPTH);
  }
}

/* What the size of the new block is made of. */
static Leaves space_of(const FedLoop *x, const Instruction *made) {
  Leaves leaves = {0};
  for (uint32_t i = 0; i < made->arg_count; i++)
    add_leaves(x, &leaves, x->f->args[made->args + i], NODE_DEPTH);
  for (uint32_t i = 0; i < leaves.count && i < LEAF_LIMIT / 2; i++) // new = old * 2
    add_sources(x, &leaves, leaves.at[i]);
  return leaves;
}

/* ---- limits */

/* Where it is filled is reached from there before the loop begins again. */
static bool comes_by(const FedLoop *x, Index from, Index to) {
  Index header = x->cfg->loops[x->loop].header;
  bool *seen = arena_new_array(x->arena, bool, x->f->block_count);
  Index *work = arena_new_array(x->arena, Index, x->f->block_count);
  uint32_t count = 0;
  if (from == header)
    return from == to;
  seen[from] = true;
  work[count++] = from;
  while (count && !seen[to]) {
    const Block *block = &x->f->blocks[work[--count]];
    for (uint32_t e = 0; e < block->edge_count; e++) {
      Index next = x->f->edges[block->edges + e].block;
      if (next != header && !seen[next] && cfg_in_loop(x->cfg, x->loop, next)) {
        seen[next] = true;
        work[count++] = next;
      }
    }
  }
  return seen[to];
}

/* It is emptied, or begins anew, on that way on only. */
static bool begins_anew(const FedLoop *x, const Filling *filling, Index next) {
  for (uint32_t i = 0; i < x->f->block_count && x->cfg->predecessor_counts[next] == 1; i++)
    if (filling->stops[i] && cfg_dominates(x->cfg, next, i))
      return true;
  return false;
}

static bool is_limit(const FedLoop *x, const Filling *filling, const bool *is_given, Index block) {
  const Block *b = &x->f->blocks[block];
  Amounts amounts = {.x = x, .object = filling->object, .is_given = is_given};
  if ((b->terminator != TERM_BRANCH && b->terminator != TERM_SWITCH) ||
      !is_amount(&amounts, b->value, NODE_DEPTH))
    return false;
  bool leaves = false, skips = false, fills = false;
  Index at = block_of_instruction(x->f, filling->instruction);
  for (uint32_t e = 0; e < b->edge_count; e++) {
    Index next = x->f->edges[b->edges + e].block;
    bool inside = cfg_in_loop(x->cfg, x->loop, next);
    bool comes = inside && comes_by(x, next, at);
    leaves |= !inside || begins_anew(x, filling, next);
    skips |= inside && !comes;
    fills |= comes;
  }
  if (leaves || !skips || !fills)
    return leaves;
  Leaves tested = {0}, space = {0};
  add_leaves(x, &tested, b->value, NODE_DEPTH);
  if (!filling->object)
    space = space_of(x, &x->f->instructions[filling->made]);
  return !share_leaf(&tested, &space);
}

bool fed_loop_is_unlimited(const FedLoop *x, const Filling *filling, const bool *is_given,
                           Index receiving) {
  enum { UNSEEN, SEEN, RECEIVED }; // per block: on a way that has come by there
  Index begin = block_of_instruction(x->f, filling->instruction);
  uint8_t *seen = arena_new_array(x->arena, uint8_t, x->f->block_count);
  Index *work = arena_new_array(x->arena, Index, x->f->block_count * 2u + 1u);
  uint32_t count = 0;
  work[count++] = begin;
  while (count) {
    Index at = work[--count];
    const Block *block = &x->f->blocks[at];
    uint8_t had = at == receiving ? RECEIVED : seen[at] ? seen[at] : SEEN;
    if (filling->stops[at] || is_limit(x, filling, is_given, at))
      continue;
    for (uint32_t e = 0; e < block->edge_count; e++) {
      Index next = x->f->edges[block->edges + e].block;
      if (!cfg_in_loop(x->cfg, x->loop, next) || seen[next] >= had)
        continue;
      if (next == begin && had == RECEIVED)
        return true;
      seen[next] = had;
      work[count++] = next;
    }
  }
  return false;
}
