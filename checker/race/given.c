/* given.c - see given.h. */
#include "race/given.h"

#include "ir/parts.h"

Owners *given_owners(Giving *g) {
  if (!g->owners)
    g->owners = owners_new(g->scratch, g->f, g->cfg, g->calls);
  return g->owners;
}

/* ---- calls */

static Given given_as(Giving *g, uint32_t instruction, NodeId arg) {
  Owners *owners = given_owners(g);
  Owner owner = owner_of(owners, arg);
  if (owner.kind == OWNER_FRAME || is_dying(owners, owner, instruction) ||
      ((owner.kind == OWNER_MADE || owner.kind == OWNER_TAKEN) &&
       !is_published(owners, owner, instruction)))
    return (Given){.kind = GIVEN_OWN};
  if (owner.kind == OWNER_GIVEN)
    return (Given){.kind = GIVEN_PARAMETER, .parameter = (uint16_t)owner.number};
  return (Given){.kind = GIVEN_ELSE};
}

/* Of a second call only what it has in common with the first is kept. */
static void add_given(Giving *g, Given given) {
  for (size_t i = 0; i < g->given.count; i++) {
    Given *other = &g->given.at[i];
    if (other->callee != given.callee || other->argument != given.argument)
      continue;
    if (other->kind != given.kind || other->parameter != given.parameter)
      other->kind = GIVEN_ELSE;
    return;
  }
  array_push(&g->given, given);
}

void given_note_call(Giving *g, uint32_t instruction) {
  const Instruction *inst = &g->f->instructions[instruction];
  const Node *callee = &g->f->nodes[inst->a];
  if (callee->kind != NODE_FUNCTION || g->f->symbols[callee->a].flags & SYMBOL_SYSTEM)
    return;
  uint64_t key = name_hash(g->f->symbols[callee->a].key);
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    NodeId arg = g->f->args[inst->args + i];
    if (g->f->types[g->f->nodes[arg].type].kind != TYPE_POINTER)
      continue;
    Given given = given_as(g, instruction, arg);
    given.callee = key;
    given.argument = (uint16_t)i;
    add_given(g, given);
  }
}

/* ---- threads */

/* An element of an array, by a variable. */
static bool is_chosen(const Function *f, NodeId place) {
  for (; f->nodes[place].kind != NODE_GLOBAL; place = f->nodes[place].a)
    if (f->nodes[place].kind == NODE_INDEX && f->nodes[f->nodes[place].b].kind != NODE_CONSTANT)
      return true;
  return false;
}

typedef struct {
  NodeId index;   // of the element that it is, as &slots[i] and slots + i are; or 0
  bool is_member; // of the element, or of whatever it is
} Part;

/* What a pointer points to of the object that it leads into. */
static Part part_of(const Function *f, NodeId pointer) {
  Part part = {0};
  for (NodeId at = pointer; at; at = f->nodes[at].a) {
    const Node *node = &f->nodes[at];
    if (node->kind == NODE_INDEX || node->kind == NODE_SHIFT)
      part.index = node->b;
    part.is_member |= node->kind == NODE_FIELD;
    if (part.index ||
        (node->kind != NODE_ADDRESS && node->kind != NODE_FIELD && node->kind != NODE_CAST))
      return part;
  }
  return part;
}

static bool is_same_each_time(Giving *g, uint32_t instruction, NodeId arg, Part part) {
  const Function *f = g->f;
  if (part.index)
    return f->nodes[part.index].kind == NODE_CONSTANT;
  Owner owner = owner_of(given_owners(g), arg);
  if (owner.kind == OWNER_MADE) {
    Index loop = g->cfg->innermost[block_at(g->owners, instruction)];
    return loop != NO_LOOP && !cfg_in_loop(g->cfg, loop, block_at(g->owners, owner.number));
  }
  if (owner.kind == OWNER_SOME) {
    const Instruction *load = &f->instructions[owner.number];
    return load->kind == INST_LOAD && is_of_global(f, load->a);
  }
  if (owner.kind == OWNER_STATIC)
    return !is_chosen(f, owner.number);
  return owner.kind == OWNER_GIVEN || owner.kind == OWNER_FRAME;
}

/* The variable is set to an element of something: `p = parts + i`. */
static bool is_set_to_element(const Function *f, NodeId value) {
  const Node *node = &f->nodes[without_casts(f, value)];
  for (uint32_t i = 0; i < f->instruction_count && node->kind == NODE_VAR; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind == INST_STORE && f->nodes[inst->a].kind == NODE_LOCAL &&
        f->nodes[inst->a].a == node->a && part_of(f, inst->b).index)
      return true;
  }
  return false;
}

static bool is_in_loop(const Giving *g, uint32_t instruction) {
  return g->cfg->innermost[block_at(g->owners, instruction)] != NO_LOOP;
}

static void add_spawned(Giving *g, Spawned spawned) {
  for (size_t i = 0; i < g->spawned.count; i++) {
    Spawned *other = &g->spawned.at[i];
    if (other->callee != spawned.callee)
      continue;
    other->times += spawned.times;
    other->is_same |= spawned.is_same;
    other->is_common &= spawned.is_common && other->owner.kind == spawned.owner.kind &&
                        other->owner.number == spawned.owner.number;
    return;
  }
  array_push(&g->spawned, spawned);
}

void given_note_spawn(Giving *g, uint32_t instruction) {
  enum { ONCE = 1, OFTEN = 2 };
  const Instruction *inst = &g->f->instructions[instruction];
  for (uint32_t i = 0; i + 1 < inst->arg_count; i++) {
    const Node *entry = &g->f->nodes[g->f->args[inst->args + i]];
    NodeId arg = g->f->args[inst->args + i + 1];
    if (entry->kind != NODE_FUNCTION)
      continue;
    Part part = part_of(g->f, arg);
    Spawned spawned = {.callee = name_hash(g->f->symbols[entry->a].key),
                       .owner = owner_of(given_owners(g), arg),
                       .times = is_in_loop(g, instruction) ? OFTEN : ONCE,
                       .is_same = is_same_each_time(g, instruction, arg, part)};
    // memory that is made in front of two calls is the same for both, without a loop
    bool is_one = spawned.is_same || spawned.owner.kind == OWNER_MADE;
    spawned.is_common = is_one && !part.index && !part.is_member &&
                        (spawned.is_same || spawned.times == ONCE) && !is_set_to_element(g->f, arg);
    add_spawned(g, spawned);
  }
}

static void find_lent(Giving *g) {
  g->is_searched = true;
  for (uint32_t i = 0; i < g->f->instruction_count; i++) {
    const Instruction *inst = &g->f->instructions[i];
    for (uint32_t k = 0; inst->kind == INST_CALL && g->calls[i].spawns && k < inst->arg_count;
         k++) {
      Owner owner = owner_of(given_owners(g), g->f->args[inst->args + k]);
      if (owner.kind == OWNER_FRAME)
        array_push(&g->lent, owner);
    }
  }
}

bool given_to_thread(Giving *g, Owner owner) {
  if (!g->is_searched)
    find_lent(g);
  for (size_t i = 0; i < g->lent.count; i++)
    if (g->lent.at[i].kind == owner.kind && g->lent.at[i].number == owner.number)
      return true;
  return false;
}

void given_finish(Giving *g) {
  for (size_t i = 0; i < g->spawned.count; i++) {
    const Spawned *spawned = &g->spawned.at[i];
    if (spawned->is_common && spawned->times > 1)
      array_push(&g->given, (Given){.callee = spawned->callee, .kind = GIVEN_COMMON});
    else if (spawned->is_same)
      array_push(&g->given, (Given){.callee = spawned->callee, .kind = GIVEN_SAME});
  }
}

void given_free(Giving *g) {
  array_free(&g->given);
  array_free(&g->spawned);
  array_free(&g->lent);
}
