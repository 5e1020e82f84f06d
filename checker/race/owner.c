/* owner.c - see owner.h. A variable that has several values at different times has none here:
 * what is asked for is who else may know an object, and in doubt anybody does. */
#include "race/owner.h"

#include <string.h>

#include "base/guard.h"

enum { DEPTH = 12 };

struct Owners {
  Arena *arena;
  const Function *f;
  const Cfg *cfg;
  const CallTraits *calls;
  uint32_t *definitions; // per temp: instruction, plus 1
  Index *blocks;         // per instruction
  bool *taken;           // per instruction: loads what is taken out of a list; NULL: none does
  Owner *locals;         // per local
  bool *published;       // per block, of the object at hand: it is, at the block's beginning
  uint32_t published_of; // the instruction that made it, plus 1
};

static Owner else_where(void) { return (Owner){OWNER_ELSE, 0}; }

const Instruction *definition_of(const Owners *o, uint32_t temp) {
  return o->definitions[temp] ? &o->f->instructions[o->definitions[temp] - 1] : NULL;
}

Index block_at(const Owners *o, uint32_t instruction) { return o->blocks[instruction]; }

bool is_of_global(const Function *f, NodeId place) {
  while (f->nodes[place].kind == NODE_FIELD || f->nodes[place].kind == NODE_INDEX)
    place = f->nodes[place].a;
  return f->nodes[place].kind == NODE_GLOBAL;
}

static Owner owner_of_result(const Owners *o, uint32_t temp) {
  const Instruction *inst = definition_of(o, temp);
  if (!inst)
    return else_where();
  if (inst->kind == INST_COPY)
    return owner_of(o, inst->a);
  if (inst->kind == INST_CALL && o->calls[inst - o->f->instructions].makes)
    return (Owner){OWNER_MADE, (uint32_t)(inst - o->f->instructions)};
  if (inst->kind == INST_LOAD && o->taken && o->taken[inst - o->f->instructions])
    return (Owner){OWNER_TAKEN, (uint32_t)(inst - o->f->instructions)};
  return (Owner){OWNER_SOME, (uint32_t)(inst - o->f->instructions)};
}

Owner owner_of_place(const Owners *o, NodeId place) {
  for (int depth = 0; depth < DEPTH; depth++) {
    const Node *node = &o->f->nodes[place];
    switch ((NodeKind)node->kind) {
    case NODE_FIELD:
    case NODE_INDEX:
      place = node->a;
      break;
    case NODE_LOCAL:
      return (Owner){OWNER_FRAME, node->a};
    case NODE_DEREF:
      return owner_of(o, node->a);
    default:
      return else_where();
    }
  }
  return else_where();
}

Owner owner_of(const Owners *o, NodeId value) {
  for (int depth = 0; depth < DEPTH; depth++) {
    const Node *node = &o->f->nodes[value];
    switch ((NodeKind)node->kind) {
    case NODE_CAST:
    case NODE_SHIFT:
      value = node->a;
      break;
    case NODE_VAR:
      return o->locals[node->a];
    case NODE_TEMP:
      return owner_of_result(o, node->a);
    case NODE_ADDRESS:
      return is_of_global(o->f, node->a) ? (Owner){OWNER_STATIC, node->a}
                                         : owner_of_place(o, node->a);
    case NODE_CONSTANT:
      return (Owner){OWNER_NONE, 0};
    default:
      return else_where();
    }
  }
  return else_where();
}

static bool same_owner(Owner a, Owner b) { return a.kind == b.kind && a.number == b.number; }

static Owner join(Owner a, Owner b) {
  if (a.kind == OWNER_NONE || same_owner(a, b))
    return b;
  return b.kind == OWNER_NONE ? a : else_where();
}

/* Memory that is read from a member of the variable, as `first->next` is. */
static Index read_behind(const Owners *o, NodeId value) {
  const Node *node = &o->f->nodes[value];
  const Instruction *inst = node->kind == NODE_TEMP ? definition_of(o, node->a) : NULL;
  const Node *place = inst && inst->kind == INST_LOAD ? &o->f->nodes[inst->a] : NULL;
  while (place && place->kind == NODE_FIELD)
    place = &o->f->nodes[place->a];
  if (!place || place->kind != NODE_DEREF || o->f->nodes[place->a].kind != NODE_VAR)
    return NO_BLOCK;
  return o->f->nodes[place->a].a;
}

/* first = list; list = first->next: the list has it no longer. */
static void find_taken(Owners *o) {
  const Function *f = o->f;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind != INST_STORE || f->nodes[inst->a].kind == NODE_LOCAL)
      continue;
    Index local = read_behind(o, inst->b);
    for (uint32_t k = 0; local != NO_BLOCK && k < i; k++) {
      const Instruction *set = &f->instructions[k];
      const Instruction *load = set->kind == INST_STORE && f->nodes[set->a].kind == NODE_LOCAL &&
                                        f->nodes[set->a].a == local &&
                                        f->nodes[set->b].kind == NODE_TEMP
                                    ? definition_of(o, f->nodes[set->b].a)
                                    : NULL;
      if (!load || load->kind != INST_LOAD || load->a != inst->a)
        continue;
      if (!o->taken)
        o->taken = arena_new_array(o->arena, bool, f->instruction_count);
      o->taken[load - f->instructions] = true;
    }
  }
}

/* Twice, for copies of what is set further down. */
static void find_locals(Owners *o) {
  const Function *f = o->f;
  for (uint32_t i = 0; i < f->local_count; i++)
    if (f->locals[i].flags & LOCAL_ADDRESS_TAKEN)
      o->locals[i] = else_where();
    else if (f->locals[i].flags & LOCAL_PARAMETER)
      o->locals[i] = (Owner){OWNER_GIVEN, i};
  for (int round = 0; round < 2; round++)
    for (uint32_t i = 0; i < f->instruction_count; i++) {
      const Instruction *inst = &f->instructions[i];
      if (inst->kind != INST_STORE || f->nodes[inst->a].kind != NODE_LOCAL)
        continue;
      Index local = f->nodes[inst->a].a;
      o->locals[local] = join(o->locals[local], owner_of(o, inst->b));
    }
}

Owners *owners_new(Arena *arena, const Function *f, const Cfg *cfg, const CallTraits *calls) {
  Owners *o = arena_new_one(arena, Owners);
  *o = (Owners){.arena = arena,
                .f = f,
                .cfg = cfg,
                .calls = calls,
                .definitions = arena_new_array(arena, uint32_t, f->temp_count + 1u),
                .blocks = arena_new_array(arena, Index, f->instruction_count + 1u),
                .locals = arena_new_array(arena, Owner, f->local_count + 1u)};
  for (Index b = 0; b < f->block_count; b++)
    for (uint32_t i = f->blocks[b].first; i < f->blocks[b].first + f->blocks[b].count; i++) {
      o->blocks[i] = b;
      if (f->instructions[i].result)
        o->definitions[f->instructions[i].result] = i + 1;
    }
  if (guard_on("race-taken-out"))
    find_taken(o);
  find_locals(o);
  return o;
}

/* ---- publication */

static bool is_it(const Owners *o, NodeId value, Owner object) {
  return same_owner(owner_of(o, value), object);
}

/* Into an object of its own it may go: who gets that one is what matters.
 * Unsound: functions are taken to keep nothing of what they are given, but those that start
 * threads. */
static bool publishes(const Owners *o, uint32_t instruction, Owner object) {
  const Instruction *inst = &o->f->instructions[instruction];
  if (inst->kind == INST_STORE) {
    OwnerKind kind = owner_of_place(o, inst->a).kind;
    return kind != OWNER_MADE && kind != OWNER_FRAME && is_it(o, inst->b, object);
  }
  bool spawns = inst->kind == INST_CALL && o->calls[instruction].spawns;
  for (uint32_t i = 0; i < inst->arg_count && spawns; i++)
    if (is_it(o, o->f->args[inst->args + i], object))
      return true;
  return false;
}

static bool publishes_before(const Owners *o, Index block, Owner object, uint32_t end) {
  bool published = false;
  for (uint32_t i = o->f->blocks[block].first; i < end; i++)
    published = (published && i != object.number) || publishes(o, i, object);
  return published;
}

/* Where the object is made again it is another one. */
static bool leaves_published(const Owners *o, Index block, Owner object) {
  uint32_t end = o->f->blocks[block].first + o->f->blocks[block].count;
  if (publishes_before(o, block, object, end))
    return true;
  return o->published[block] && o->blocks[object.number] != block;
}

static void find_published(Owners *o, Owner object) {
  const Function *f = o->f;
  if (o->published_of == object.number + 1)
    return;
  o->published_of = object.number + 1;
  if (!o->published)
    o->published = arena_new_array(o->arena, bool, f->block_count);
  memset(o->published, 0, f->block_count);
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t i = 0; i < o->cfg->order_count; i++) {
      Index b = o->cfg->order[i];
      if (!leaves_published(o, b, object))
        continue;
      for (uint32_t e = 0; e < f->blocks[b].edge_count; e++) {
        Index next = f->edges[f->blocks[b].edges + e].block;
        changed |= !o->published[next];
        o->published[next] = true;
      }
    }
  }
}

bool is_published(Owners *o, Owner object, uint32_t instruction) {
  find_published(o, object);
  Index block = o->blocks[instruction];
  uint32_t first = o->f->blocks[block].first;
  bool made_here = object.number >= first && object.number < instruction;
  return (o->published[block] && !made_here) || publishes_before(o, block, object, instruction);
}

/* ---- the end */

static bool frees(const Owners *o, uint32_t instruction, Owner object) {
  const Instruction *inst = &o->f->instructions[instruction];
  for (uint32_t i = 0; i < inst->arg_count && i < 32; i++)
    if (o->calls[instruction].frees >> i & 1 &&
        same_owner(owner_of(o, o->f->args[inst->args + i]), object))
      return true;
  return false;
}

static bool frees_within(const Owners *o, Owner object, uint32_t from, uint32_t end) {
  for (uint32_t i = from; i < end; i++)
    if (o->f->instructions[i].kind == INST_CALL && o->calls[i].frees && frees(o, i, object))
      return true;
  return false;
}

bool is_dying(Owners *o, Owner object, uint32_t instruction) {
  if (object.kind != OWNER_GIVEN && object.kind != OWNER_MADE && object.kind != OWNER_SOME)
    return false;
  uint32_t from = instruction;
  for (Index b = o->blocks[instruction]; b != NO_BLOCK; b = o->cfg->post_dominator[b]) {
    const Block *block = &o->f->blocks[b];
    from = from > block->first && from < block->first + block->count ? from : block->first;
    if (frees_within(o, object, from, block->first + block->count))
      return true;
  }
  return false;
}
