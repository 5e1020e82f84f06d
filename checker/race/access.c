/* access.c - see access.h. */
#include "race/access.h"

#include <string.h>

#include "base/array.h"
#include "base/guard.h"
#include "ir/parts.h"
#include "link/called.h"
#include "race/given.h"
#include "race/owner.h"

enum { ALIKE = 4, NEAR = 256, PLACE_DEPTH = 16, WORD = 8 };

typedef struct {
  Arena *scratch;
  const ProgramFunction *function;
  const Function *f;
  const Cfg *cfg;
  const AccessInput *input;
  bool *tested; // per temp
  ARRAY(Access) accesses;
  ARRAY(HeldCall) calls;
  Giving given;
} Collecting;

uint64_t name_hash(const char *key) { return hash_text(key).low; }

/* ---- data */

/* The upper half of a datum. */
static uint32_t record_of(const char *key, size_t length) {
  return (uint32_t)(hash_bytes(key, length).low >> 32);
}

typedef struct {
  const char *key; // NULL: it has none
  size_t owner;    // so much of it is the key of what it is a member of
  uint32_t record; // a global's member: see Access
  bool element;
} Name;

/* Members from the outside in: the place of them all, and how many there are. */
static NodeId outermost(const Function *f, NodeId place, const Symbol **fields, uint32_t *count,
                        bool *element) {
  *count = 0;
  for (;; place = f->nodes[place].a) {
    const Node *node = &f->nodes[place];
    if (node->kind == NODE_FIELD && *count < PLACE_DEPTH)
      fields[(*count)++] = &f->symbols[node->b];
    else if (node->kind == NODE_INDEX)
      *element |= f->nodes[node->b].kind != NODE_CONSTANT;
    else
      return place;
  }
}

static bool is_in_array(const Function *f, NodeId place) {
  while (f->nodes[place].kind == NODE_FIELD)
    place = f->nodes[place].a;
  return f->nodes[place].kind == NODE_INDEX;
}

/* "struct pool#1f3a5c77" of "struct pool#1f3a5c77.count". */
static size_t record_length(const Symbol *field) {
  return strlen(field->key) - strlen(field->name) - 1;
}

/* "server.stats.hits"; "struct pool#1f3a5c77.stats.hits". `owners` may be NULL: then nothing is
 * known of where pointers lead. */
static Name name_of(Arena *arena, const Owners *owners, const Function *f, NodeId place) {
  const Symbol *fields[PLACE_DEPTH];
  uint32_t count;
  Name name = {.key = NULL};
  NodeId outer = outermost(f, place, fields, &count, &name.element);
  const Node *root = &f->nodes[outer];
  Owner owner = root->kind == NODE_DEREF && owners ? owner_of_place(owners, outer) : (Owner){0};
  if (owner.kind == OWNER_STATIC) {
    name = name_of(arena, NULL, f, owner.number);
    name.element |= is_in_array(f, owner.number) || f->nodes[root->a].kind == NODE_SHIFT;
  } else if (root->kind == NODE_GLOBAL) {
    name.key = f->symbols[root->a].key;
    if (count)
      name.record = record_of(fields[count - 1]->key, record_length(fields[count - 1]));
  } else if ((root->kind == NODE_DEREF || root->kind == NODE_LOCAL) && count) {
    name.key = fields[--count]->key;
    name.owner = record_length(fields[count]);
  }
  for (; name.key && count; count--) {
    name.owner = strlen(name.key);
    name.key = arena_printf(arena, "%s.%s", name.key, fields[count - 1]->name);
  }
  return name;
}

/* The upper half is that of the owner. */
static uint64_t datum_of(const Name *name) {
  uint64_t whole = name_hash(name->key);
  uint64_t owner = name->owner ? hash_bytes(name->key, name->owner).low : whole;
  return (owner & ~(uint64_t)UINT32_MAX) | (whole & UINT32_MAX);
}

uint64_t datum_owner(uint64_t datum) { return datum >> 32; }

uint32_t datum_name(uint64_t datum) { return (uint32_t)datum; }

uint64_t owner_of_member(const char *key) {
  const char *dot = strchr(key, '#') ? strrchr(key, '.') : NULL;
  return dot ? record_of(key, (size_t)(dot - key)) : 0;
}

const char *datum_key(Arena *arena, const Function *f, NodeId place) {
  const CallTraits *calls = arena_new_array(arena, CallTraits, f->instruction_count + 1u);
  return name_of(arena, owners_new(arena, f, NULL, calls), f, place).key;
}

/* The global that the place is a part of. */
static const Symbol *global_of(const Function *f, NodeId place) {
  while (f->nodes[place].kind == NODE_FIELD || f->nodes[place].kind == NODE_INDEX)
    place = f->nodes[place].a;
  return f->nodes[place].kind == NODE_GLOBAL ? &f->symbols[f->nodes[place].a] : NULL;
}

/* ---- accesses */

static Owners *owners(Collecting *c) { return given_owners(&c->given); }

/* Of the place, or of what it is a part of. */
static uint32_t qualifiers_of(Collecting *c, NodeId place) {
  const Function *f = c->f;
  uint32_t flags = 0;
  for (;; place = f->nodes[place].a) {
    const Node *node = &f->nodes[place];
    if (node->kind == NODE_FIELD)
      flags |= f->symbols[node->b].flags;
    if (node->kind == NODE_GLOBAL)
      return flags | f->symbols[node->a].flags;
    if (node->kind == NODE_DEREF) {
      Owner owner = owner_of_place(owners(c), place);
      return owner.kind == OWNER_STATIC ? flags | qualifiers_of(c, owner.number) : flags;
    }
    if (node->kind != NODE_FIELD && node->kind != NODE_INDEX)
      return flags;
  }
}

/* The name of the global that the pointer was read from; 0: it is none, or each thread has its own.
 */
static uint32_t global_pointer(Collecting *c, uint32_t instruction) {
  const Instruction *load = &c->f->instructions[instruction];
  const Node *place = &c->f->nodes[load->a];
  if (load->kind != INST_LOAD || place->kind != NODE_GLOBAL ||
      c->f->symbols[place->a].flags & SYMBOL_THREAD_LOCAL)
    return 0;
  Name name = name_of(c->scratch, NULL, c->f, load->a);
  return name.key ? datum_name(datum_of(&name)) : 0;
}

/* False: nobody else can reach it. */
static bool find_base(Collecting *c, NodeId place, Access *access) {
  access->base = BASE_GLOBAL;
  if (global_of(c->f, place))
    return true;
  Owner owner = owner_of_place(owners(c), place);
  if (owner.kind == OWNER_STATIC)
    return true;
  access->base = BASE_OTHER;
  if (owner.kind == OWNER_FRAME)
    return guard_on("race-common") && given_to_thread(&c->given, owner);
  if ((owner.kind == OWNER_MADE || owner.kind == OWNER_TAKEN) && guard_on("race-unpublished") &&
      !is_published(owners(c), owner, access->instruction))
    return false;
  uint32_t pointer = owner.kind == OWNER_SOME ? global_pointer(c, owner.number) : 0;
  if (pointer) {
    access->base = BASE_POINTED;
    access->record = pointer;
  }
  if (owner.kind == OWNER_GIVEN) {
    access->base = BASE_PARAMETER;
    access->parameter = (uint16_t)owner.number;
  }
  if (is_dying(owners(c), owner, access->instruction))
    access->flags |= ACCESS_DYING;
  return true;
}

static bool is_same_access(const Access *a, const Access *b) {
  return a->datum == b->datum && a->flags == b->flags && a->base == b->base &&
         a->parameter == b->parameter && a->held == b->held;
}

/* Of many that are alike the first few say it all. */
static void add(Collecting *c, Access access) {
  uint32_t alike = 0;
  size_t count = c->accesses.count;
  for (size_t i = count > NEAR ? count - NEAR : 0; i < count && alike < ALIKE; i++)
    alike += is_same_access(&c->accesses.at[i], &access);
  if (alike < ALIKE)
    array_push(&c->accesses, access);
}

static void note_place(Collecting *c, uint32_t instruction, NodeId place, uint32_t flags) {
  const Function *f = c->f;
  uint32_t qualifiers = qualifiers_of(c, place);
  if (!place || qualifiers & (SYMBOL_CONST | SYMBOL_THREAD_LOCAL | SYMBOL_ATOMIC) ||
      (c->input->held && c->input->held[instruction] == NEVER_HERE))
    return;
  Access access = {.flags = (uint16_t)flags, .instruction = instruction};
  bool is_global = global_of(f, place) != NULL;
  Name name = name_of(c->scratch, is_global ? NULL : owners(c), f, place);
  if (!name.key || !find_base(c, place, &access))
    return;
  const Type *type = &f->types[f->nodes[place].type];
  access.datum = datum_of(&name);
  if (access.base != BASE_POINTED)
    access.record = name.record;
  access.held = c->input->held ? c->input->held[instruction] : 0;
  access.flags |= name.element ? ACCESS_ELEMENT : 0;
  access.flags |= qualifiers & SYMBOL_VOLATILE ? ACCESS_VOLATILE : 0;
  access.flags |= type->size > WORD ? ACCESS_WIDE : 0;
  access.flags |= type->kind == TYPE_POINTER ? ACCESS_POINTER : 0;
  add(c, access);
}

/* The load of the place that the value is made of, plus 1; 0: none. */
static uint32_t load_behind(const Collecting *c, NodeId value, NodeId place, int depth) {
  const Node *node = &c->f->nodes[value];
  const Instruction *inst;
  uint32_t load;
  switch ((NodeKind)node->kind) {
  case NODE_TEMP:
    inst = definition_of(c->given.owners, node->a);
    if (inst && inst->kind == INST_LOAD && inst->a == place)
      return (uint32_t)(inst - c->f->instructions) + 1;
    return inst && inst->kind == INST_COPY && depth ? load_behind(c, inst->a, place, depth - 1) : 0;
  case NODE_BINARY:
    load = depth ? load_behind(c, node->a, place, depth - 1) : 0;
    return load || !depth ? load : load_behind(c, node->b, place, depth - 1);
  case NODE_UNARY:
  case NODE_CAST:
  case NODE_SHIFT:
    return depth ? load_behind(c, node->a, place, depth - 1) : 0;
  default:
    return 0;
  }
}

/* x++ is one use, not two. */
static void drop_access(Collecting *c, uint32_t instruction) {
  for (size_t i = c->accesses.count; i-- > 0;)
    if (c->accesses.at[i].instruction == instruction &&
        !(c->accesses.at[i].flags & (ACCESS_WRITE | ACCESS_TESTED))) {
      memmove(&c->accesses.at[i], &c->accesses.at[i + 1],
              sizeof *c->accesses.at * (c->accesses.count - i - 1));
      c->accesses.count--;
      return;
    }
}

static void note_store(Collecting *c, uint32_t instruction) {
  enum { VALUE_DEPTH = 4 };
  const Instruction *inst = &c->f->instructions[instruction];
  if (c->f->nodes[inst->a].kind == NODE_LOCAL)
    return;
  const Node *value = &c->f->nodes[inst->b];
  uint32_t flags = ACCESS_WRITE, load = 0;
  if (value->kind == NODE_CONSTANT)
    flags |= ACCESS_CONSTANT;
  else if (value->kind != NODE_VAR && owners(c))
    load = load_behind(c, inst->b, inst->a, VALUE_DEPTH);
  if (load) {
    const Node *sum = &c->f->nodes[without_casts(c->f, inst->b)];
    flags |= ACCESS_UPDATE | (is_sum(sum) ? ACCESS_COUNT : 0);
    drop_access(c, load - 1);
  }
  note_place(c, instruction, inst->a, flags);
}

/* __atomic_fetch_add, __sync_bool_compare_and_swap, __c11_atomic_store ... */
static bool is_atomic(const Function *f, const Instruction *call) {
  const Node *callee = &f->nodes[call->a];
  if (callee->kind != NODE_FUNCTION)
    return false;
  const char *name = f->symbols[callee->a].name;
  return text_starts(name, "__atomic_") || text_starts(name, "__sync_") ||
         text_starts(name, "__c11_atomic_") || text_starts(name, "_Interlocked");
}

static bool is_scalar(const Function *f, NodeId place) {
  TypeKind kind = f->types[f->nodes[place].type].kind;
  return kind == TYPE_BOOL || kind == TYPE_SIGNED || kind == TYPE_UNSIGNED || kind == TYPE_POINTER;
}

static void note_arguments(Collecting *c, uint32_t instruction, uint32_t flags) {
  const Instruction *inst = &c->f->instructions[instruction];
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    const Node *arg = &c->f->nodes[c->f->args[inst->args + i]];
    if (arg->kind == NODE_ADDRESS && (flags & ACCESS_ATOMIC || is_scalar(c->f, arg->a)))
      note_place(c, instruction, arg->a, flags);
  }
}

/* ---- calls */

/* Where no lock is touched all calls are made as the function was called. */
static void note_call(Collecting *c, uint32_t instruction) {
  bool by_pointer;
  TextId symbol = c->input->held ? called_symbol(c->function, instruction, &by_pointer) : 0;
  if (!symbol || c->input->held[instruction] == NEVER_HERE)
    return;
  HeldCall call = {name_hash(text_of(c->input->texts, symbol)), c->input->held[instruction]};
  for (size_t i = 0; i < c->calls.count; i++)
    if (c->calls.at[i].callee == call.callee && c->calls.at[i].held == call.held)
      return;
  array_push(&c->calls, call);
}

/* ---- one function */

static void note(Collecting *c, uint32_t instruction) {
  const Instruction *inst = &c->f->instructions[instruction];
  switch ((InstructionKind)inst->kind) {
  case INST_LOAD:
    note_place(c, instruction, inst->a, c->tested[inst->result] ? ACCESS_TESTED : 0);
    break;
  case INST_STORE:
    note_store(c, instruction);
    break;
  case INST_CALL:
    if (is_atomic(c->f, inst)) {
      note_arguments(c, instruction, ACCESS_ATOMIC);
      break;
    }
    note_arguments(c, instruction, ACCESS_HANDED);
    given_note_call(&c->given, instruction);
    note_call(c, instruction);
    if (c->input->calls[instruction].spawns)
      given_note_spawn(&c->given, instruction);
    break;
  case INST_ASM:
    note_arguments(c, instruction, ACCESS_ATOMIC);
    break;
  default:
    break;
  }
}

static void mark_tested(Collecting *c, NodeId value, int depth) {
  const Node *node = &c->f->nodes[value];
  if (node->kind == NODE_TEMP)
    c->tested[node->a] = true;
  if (!depth)
    return;
  if (node->kind == NODE_BINARY)
    mark_tested(c, node->b, depth - 1);
  if (node->kind == NODE_BINARY || node->kind == NODE_UNARY || node->kind == NODE_CAST)
    mark_tested(c, node->a, depth - 1);
}

static void find_tested(Collecting *c) {
  enum { TEST_DEPTH = 3 };
  c->tested = arena_new_array(c->scratch, bool, c->f->temp_count + 1u);
  for (Index b = 0; b < c->f->block_count; b++)
    if (c->f->blocks[b].terminator == TERM_BRANCH)
      mark_tested(c, c->f->blocks[b].value, TEST_DEPTH);
}

/* if (!ready) { lock(); if (!ready) ...: who looks again later, with a lock, does no harm. */
static void mark_again(Collecting *c) {
  for (size_t i = 0; i < c->accesses.count && c->input->held; i++) {
    Access *access = &c->accesses.at[i];
    for (size_t k = 0; k < c->accesses.count && !(access->flags & ACCESS_WRITE); k++) {
      const Access *later = &c->accesses.at[k];
      bool more = later->datum == access->datum && later->held != access->held &&
                  c->input->sets[later->held].count > c->input->sets[access->held].count;
      if (more && later->instruction > access->instruction)
        access->flags |= ACCESS_AGAIN;
    }
  }
}

AccessFacts accesses_of(Arena *arena, Arena *scratch, const ProgramFunction *function,
                        const Cfg *cfg, const AccessInput *input) {
  const Function *f = function->body;
  Collecting c = {.scratch = scratch, .function = function, .f = f, .cfg = cfg, .input = input};
  c.given = (Giving){.scratch = scratch, .f = f, .cfg = cfg, .calls = input->calls};
  find_tested(&c);
  for (uint32_t i = 0; i < cfg->order_count; i++) {
    const Block *block = &f->blocks[cfg->order[i]];
    for (uint32_t k = block->first; k < block->first + block->count; k++)
      note(&c, k);
  }
  mark_again(&c);
  given_finish(&c.given);
  AccessFacts facts = {
      .function = function,
      .accesses = arena_copy(arena, c.accesses.at, sizeof *c.accesses.at * c.accesses.count),
      .access_count = (uint32_t)c.accesses.count,
      .sets = input->sets,
      .set_count = input->set_count,
      .calls = arena_copy(arena, c.calls.at, sizeof *c.calls.at * c.calls.count),
      .call_count = (uint32_t)c.calls.count,
      .given = arena_copy(arena, c.given.given.at, sizeof(Given) * c.given.given.count),
      .given_count = (uint32_t)c.given.given.count};
  array_free(&c.accesses);
  array_free(&c.calls);
  given_free(&c.given);
  return facts;
}

NodeId accessed_place(const Function *f, uint32_t instruction) {
  const Instruction *inst = &f->instructions[instruction];
  if (inst->kind == INST_LOAD || inst->kind == INST_STORE)
    return inst->a;
  for (uint32_t i = 0; i < inst->arg_count; i++)
    if (f->nodes[f->args[inst->args + i]].kind == NODE_ADDRESS)
      return f->nodes[f->args[inst->args + i]].a;
  return 0;
}
