/* values.c - see values.h. */
#include "growth/values.h"

#include <string.h>

#include "base/guard.h"
#include "ir/accesses.h"

enum { NODE_DEPTH = 24, STATE_LIMIT = 1 << 20 };

static const Meanings other = {.count = 1, .at = {{.kind = MEANS_OTHER}}};

static bool same(const Meaning *a, const Meaning *b) {
  return a->kind == b->kind && a->moved == b->moved && a->path == b->path;
}

static bool add(Meanings *into, Meaning meaning) {
  for (uint32_t i = 0; i < into->count; i++)
    if (same(&into->at[i], &meaning))
      return false;
  if (into->count < MEANING_LIMIT) {
    into->at[into->count++] = meaning;
    return true;
  }
  Meaning *last = &into->at[MEANING_LIMIT - 1];
  bool changed = last->kind != MEANS_OTHER;
  *last = (Meaning){.kind = MEANS_OTHER};
  return changed;
}

static bool add_all(Meanings *into, const Meanings *from) {
  bool changed = false;
  for (uint32_t i = 0; i < from->count; i++)
    changed |= add(into, from->at[i]);
  return changed;
}

static void add_place(Places *into, PathId path) {
  for (uint32_t i = 0; i < into->count; i++)
    if (into->at[i] == path)
      return;
  if (into->count < MEANING_LIMIT)
    into->at[into->count++] = path;
}

bool means(const Meanings *values, MeaningKind kind, PathId path) {
  for (uint32_t i = 0; i < values->count; i++)
    if (values->at[i].kind == kind && values->at[i].path == path)
      return true;
  return false;
}

PathId meaning_target(PathTable *paths, const Meaning *meaning) {
  switch ((MeaningKind)meaning->kind) {
  case MEANS_CONTENT:
    return path_target(paths, meaning->path);
  case MEANS_INSIDE:
    return path_element(paths, path_target(paths, meaning->path));
  case MEANS_ADDRESS:
    return meaning->path;
  default:
    return path_root(paths, PATH_UNKNOWN, 0, 0);
  }
}

/* ---- places */

static Meanings value_within(Values *, NodeId, uint32_t depth);

static Places places_within(Values *v, NodeId id, uint32_t depth) {
  Places places = {0};
  const Node *node = &v->f->nodes[id];
  if (!depth)
    return places;
  switch ((NodeKind)node->kind) {
  case NODE_LOCAL:
    add_place(&places,
              path_root(v->paths, PATH_LOCAL, node->a, v->pointees[v->f->locals[node->a].type]));
    break;
  case NODE_GLOBAL:
    add_place(&places, path_root(v->paths, PATH_GLOBAL, v->symbols[node->a],
                                 v->pointees[v->f->symbols[node->a].type]));
    break;
  case NODE_DEREF: {
    Meanings pointer = value_within(v, node->a, depth - 1);
    for (uint32_t i = 0; i < pointer.count; i++)
      if (pointer.at[i].kind != MEANS_ZERO)
        add_place(&places, meaning_target(v->paths, &pointer.at[i]));
    break;
  }
  case NODE_FIELD: {
    Places wholes = places_within(v, node->a, depth - 1);
    for (uint32_t i = 0; i < wholes.count; i++)
      add_place(&places, path_field(v->paths, wholes.at[i], v->symbols[node->b],
                                    v->pointees[v->f->symbols[node->b].type]));
    break;
  }
  case NODE_INDEX: {
    Places wholes = places_within(v, node->a, depth - 1);
    for (uint32_t i = 0; i < wholes.count; i++)
      add_place(&places, path_element(v->paths, wholes.at[i]));
    break;
  }
  default:
    break;
  }
  return places;
}

Places values_places(Values *v, NodeId place) { return places_within(v, place, NODE_DEPTH); }

/* ---- values */

static bool is_constant(const Function *f, NodeId id, int64_t *value) {
  if (f->nodes[id].kind != NODE_CONSTANT)
    return false;
  *value = f->constants[f->nodes[id].a].value;
  return true;
}

/* A pointer to characters that is moved by a constant: from a member to what it is a member of. */
static bool is_byte_step(const Values *v, const Node *shift) {
  int64_t by;
  const Type *type = &v->f->types[shift->type];
  return type->kind == TYPE_POINTER && v->f->types[type->element].size <= 1 &&
         is_constant(v->f, shift->b, &by);
}

static Meaning shifted(Values *v, Meaning meaning, bool is_byte) {
  if (meaning.kind == MEANS_CONTENT) // what has a member of which only the address is known
    meaning = is_byte ? (Meaning){.kind = MEANS_OTHER}
                      : (Meaning){.kind = MEANS_INSIDE, .path = meaning.path};
  if (meaning.kind != MEANS_ADDRESS)
    return meaning;
  if (!is_byte)
    meaning.path = path_element(v->paths, meaning.path);
  while (is_byte && path_at(v->paths, meaning.path)->kind == PATH_FIELD)
    meaning.path = path_at(v->paths, meaning.path)->parent;
  return meaning;
}

/* What was given, or what a call gave, is of the type that the code says it is. */
static Meanings cast(Values *v, Meanings values, Index type) {
  TextId pointee = v->pointees[type];
  for (uint32_t i = 0; i < values.count && pointee; i++) {
    Meaning *value = &values.at[i];
    const PathNode node = *path_at(v->paths, value->path);
    if (value->kind == MEANS_CONTENT && node.pointee && node.pointee != pointee &&
        (node.kind == PATH_PARAMETER || node.kind == PATH_RESULT) && guard_on("growth-casts"))
      value->path = path_root(v->paths, (PathKind)node.kind, node.number, pointee);
  }
  return values;
}

static Meaning counted(const Values *v, Meaning meaning, const Node *sum) {
  int64_t by = 1;
  bool is_down = sum->operator== OPERATOR_SUBTRACT;
  if (is_constant(v->f, sum->b, &by) && by < 0)
    is_down = !is_down;
  if (meaning.kind == MEANS_CONTENT && (!meaning.moved || meaning.moved == (is_down ? -1 : 1))) {
    meaning.moved = is_down ? -1 : 1;
    return meaning;
  }
  return (Meaning){.kind = MEANS_OTHER};
}

static Meanings sum(Values *v, const Node *node, uint32_t depth) {
  Meanings result = {0}, left = value_within(v, node->a, depth);
  for (uint32_t i = 0; i < left.count; i++)
    add(&result, counted(v, left.at[i], node));
  if (node->operator== OPERATOR_ADD && v->f->nodes[node->b].kind != NODE_CONSTANT)
    for (Meanings right = value_within(v, node->b, depth); right.count; right.count--)
      add(&result, counted(v, right.at[right.count - 1], node));
  return result;
}

static Meanings value_within(Values *v, NodeId id, uint32_t depth) {
  Meanings result = {0};
  const Node *node = &v->f->nodes[id];
  int64_t constant;
  if (!depth--)
    return other;
  switch ((NodeKind)node->kind) {
  case NODE_CONSTANT:
    constant = v->f->constants[node->a].value;
    add(&result, (Meaning){.kind = constant ? MEANS_CONSTANT : MEANS_ZERO});
    return result;
  case NODE_STRING:
  case NODE_FUNCTION:
    add(&result, (Meaning){.kind = MEANS_CONSTANT});
    return result;
  case NODE_VAR:
    return v->now[node->a];
  case NODE_TEMP:
    return v->temps[node->a];
  case NODE_CAST:
    return cast(v, value_within(v, node->a, depth), node->type);
  case NODE_ADDRESS: {
    Places places = places_within(v, node->a, depth);
    for (uint32_t i = 0; i < places.count; i++)
      add(&result, (Meaning){.kind = MEANS_ADDRESS, .path = places.at[i]});
    return result.count ? result : other;
  }
  case NODE_SHIFT: {
    Meanings pointer = value_within(v, node->a, depth);
    for (uint32_t i = 0; i < pointer.count; i++)
      add(&result, shifted(v, pointer.at[i], is_byte_step(v, node)));
    return result;
  }
  case NODE_BINARY:
    if (node->operator== OPERATOR_ADD || node->operator== OPERATOR_SUBTRACT)
      return sum(v, node, depth);
    return other;
  default:
    return other;
  }
}

Meanings values_of(Values *v, NodeId value) { return value_within(v, value, NODE_DEPTH); }

/* ---- instructions */

/* A scalar that lives in memory has, besides, what was stored there last. */
static Meanings load(Values *v, const Instruction *inst) {
  Meanings result = {0};
  const Node *place = &v->f->nodes[inst->a];
  if (place->kind == NODE_LOCAL && v->now[place->a].count)
    result = v->now[place->a];
  Places places = values_places(v, inst->a);
  for (uint32_t i = 0; i < places.count; i++)
    add(&result, (Meaning){.kind = MEANS_CONTENT, .path = places.at[i]});
  return result.count ? result : other;
}

/* What the pointer leads to. */
static Meanings read_through(Values *v, NodeId pointer) {
  Meanings result = {0}, places = values_of(v, pointer);
  for (uint32_t i = 0; i < places.count; i++)
    if (places.at[i].kind != MEANS_ZERO)
      add(&result,
          (Meaning){.kind = MEANS_CONTENT, .path = meaning_target(v->paths, &places.at[i])});
  return result.count ? result : other;
}

static bool is_atomic_read(const Function *f, const Instruction *call) {
  Atomic kind = atomic_kind(f, call);
  return kind == ATOMIC_READ || kind == ATOMIC_EXCHANGE;
}

void values_step(Values *v, uint32_t instruction) {
  const Instruction *inst = &v->f->instructions[instruction];
  switch ((InstructionKind)inst->kind) {
  case INST_LOAD:
    v->temps[inst->result] = load(v, inst);
    break;
  case INST_COPY:
    v->temps[inst->result] = values_of(v, inst->a);
    break;
  case INST_STORE:
    if (v->f->nodes[inst->a].kind == NODE_LOCAL)
      v->now[v->f->nodes[inst->a].a] = cast(v, values_of(v, inst->b), v->f->nodes[inst->a].type);
    break;
  case INST_DECLARE:
    v->now[inst->a] = (Meanings){0};
    break;
  case INST_CALL:
    if (inst->result && is_atomic_read(v->f, inst))
      v->temps[inst->result] = read_through(v, v->f->args[inst->args]);
    else if (inst->result)
      v->temps[inst->result] =
          (Meanings){.count = 1,
                     .at = {{.kind = MEANS_CONTENT,
                             .path = path_root(v->paths, PATH_RESULT, instruction,
                                               v->pointees[v->temp_types[inst->result]])}}};
    break;
  default:
    if (inst->result)
      v->temps[inst->result] = other;
    break;
  }
}

/* ---- blocks */

void values_enter(Values *v, Index block) {
  memcpy(v->now, v->entry[block], sizeof *v->now * v->f->local_count);
}

static bool merge(Values *v, Index block) {
  if (!v->entry[block]) {
    v->entry[block] = arena_copy(v->arena, v->now, sizeof *v->now * (v->f->local_count + 1u));
    return true;
  }
  bool changed = false;
  for (uint32_t i = 0; i < v->f->local_count; i++)
    changed |= add_all(&v->entry[block][i], &v->now[i]);
  return changed;
}

static void run_block(Values *v, Index block, bool *waiting) {
  const Block *b = &v->f->blocks[block];
  values_enter(v, block);
  for (uint32_t i = b->first; i < b->first + b->count; i++)
    values_step(v, i);
  for (uint32_t k = 0; k < b->edge_count; k++) {
    Index next = v->f->edges[b->edges + k].block;
    if (merge(v, next))
      waiting[next] = true;
  }
}

static void run(Values *v) {
  bool *waiting = arena_new_array(v->arena, bool, v->f->block_count);
  waiting[0] = true;
  for (bool again = true; again;) {
    again = false;
    for (uint32_t i = 0; i < v->cfg->order_count; i++) {
      Index block = v->cfg->order[i];
      if (!waiting[block])
        continue;
      waiting[block] = false;
      run_block(v, block, waiting);
      again = true;
    }
  }
}

/* The record that a pointer leads to, by however many stars; also of an array of such pointers.
 * Those that are only declared have no key of their own. */
static TextId pointee_of(const Values *v, Index type) {
  bool is_pointer = false;
  while (v->f->types[type].kind == TYPE_POINTER || v->f->types[type].kind == TYPE_ARRAY) {
    is_pointer |= v->f->types[type].kind == TYPE_POINTER;
    type = v->f->types[type].element;
  }
  bool is_record = is_pointer && v->f->types[type].kind == TYPE_RECORD;
  return is_record && strchr(v->f->types[type].key, '#')
             ? text_intern(v->texts, v->f->types[type].key)
             : 0;
}

Values *values_new(Arena *arena, const Program *program, const ProgramFunction *function,
                   const Cfg *cfg, PathTable *paths) {
  const Function *f = function->body;
  if ((uint64_t)f->block_count * f->local_count > STATE_LIMIT)
    return NULL;
  Values *v = arena_new_one(arena, Values);
  *v = (Values){.arena = arena,
                .f = f,
                .symbols = function->symbols,
                .cfg = cfg,
                .paths = paths,
                .texts = program->symbols,
                .pointees = arena_new_array(arena, TextId, f->type_count),
                .temp_types = arena_new_array(arena, uint16_t, f->temp_count + 1u),
                .entry = arena_new_array(arena, Meanings *, f->block_count),
                .now = arena_new_array(arena, Meanings, f->local_count + 1u),
                .temps = arena_new_array(arena, Meanings, f->temp_count + 1u)};
  for (Index i = 0; i < f->type_count; i++)
    v->pointees[i] = pointee_of(v, i);
  for (NodeId i = 1; i < f->node_count; i++)
    if (f->nodes[i].kind == NODE_TEMP)
      v->temp_types[f->nodes[i].a] = f->nodes[i].type;
  for (uint32_t i = 0; i < f->parameter_count; i++)
    v->now[i] = (Meanings){
        .count = 1,
        .at = {{.kind = MEANS_CONTENT,
                .path = path_root(paths, PATH_PARAMETER, i, v->pointees[f->locals[i].type])}}};
  v->entry[0] = arena_copy(arena, v->now, sizeof *v->now * (f->local_count + 1u));
  run(v);
  return v;
}
