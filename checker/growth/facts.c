/* facts.c - see facts.h. */
#include "growth/facts.h"

#include <string.h>

#include "base/guard.h"
#include "growth/atomics.h"
#include "growth/conditions.h"
#include "growth/keeping.h"
#include "growth/library.h"
#include "growth/returns.h"
#include "growth/reuse.h"
#include "ir/accesses.h"
#include "ir/parts.h"
#include "link/called.h"

enum { SMALL = 48, LINK_LIMIT = 8 };

/* ---- calls */

static void note_number(Facting *x, GrowthCall *call, uint32_t number, NodeId arg) {
  GivenNumber given = {.number = (uint16_t)number, .parameter = parameter_of(x, arg)};
  const Node *node = &x->f->nodes[without_casts(x->f, arg)];
  int64_t value = node->kind == NODE_CONSTANT ? x->f->constants[node->a].value : INT64_MAX;
  given.value = (int32_t)value;
  if (given.parameter || given.value == value)
    call->numbers[call->number_count++] = given;
}

static GrowthCall *call_at(Facting *x, uint32_t instruction) {
  const Instruction *inst = &x->f->instructions[instruction];
  GrowthCall *call = arena_new_one(x->scratch, GrowthCall);
  call->instruction = instruction;
  call->args = arena_new_array(x->scratch, HandedOn, inst->arg_count * 2u + 1u);
  call->numbers = arena_new_array(x->arena, GivenNumber, inst->arg_count);
  for (uint32_t i = 0; i < inst->arg_count; i++) {
    NodeId arg = x->f->args[inst->args + i];
    note_number(x, call, i, arg);
    if (!is_pointer_type(x->f, x->f->nodes[arg].type))
      continue;
    bool is_record = x->values->pointees[x->f->nodes[arg].type];
    Meanings value = values_of(x->values, arg);
    uint32_t before = call->arg_count;
    for (uint32_t m = 0; m < value.count && call->arg_count - before < 2; m++) {
      const Meaning *meaning = &value.at[m];
      bool told = meaning->kind == MEANS_CONTENT || meaning->kind == MEANS_INSIDE ||
                  meaning->kind == MEANS_ADDRESS;
      if (told && path_at(x->own, meaning->path)->kind != PATH_UNKNOWN)
        call->args[call->arg_count++] = (HandedOn){meaning->kind, (uint16_t)i, meaning->path};
    }
    call->untold |= is_record && call->arg_count == before;
  }
  return call;
}

static bool is_given(const GrowthCall *call, const Write *write) {
  for (uint32_t k = 0; call && k < call->arg_count; k++)
    for (uint32_t p = 0; p < write->places.count; p++)
      if (call->args[k].kind == MEANS_CONTENT && call->args[k].path == write->places.at[p])
        return true;
  return false;
}

/* The call that was given what the place held, or made what that was copied to, and whose result it
 * holds now, plus 1. */
static uint32_t resizing_call(const Facting *x, const Write *write) {
  for (uint32_t m = 0; m < write->value.count; m++) {
    const PathNode *node = path_at(x->own, write->value.at[m].path);
    if (write->value.at[m].kind != MEANS_CONTENT || node->kind != PATH_RESULT)
      continue;
    PathId result = write->value.at[m].path;
    uint32_t made = node->number;
    if (is_given(x->by_instruction[made], write))
      return made + 1;
    for (uint32_t i = 0; i < x->f->instruction_count; i++) // memcpy(new, old, ...)
      if (x->by_instruction[i] && is_given(x->by_instruction[i], write))
        for (uint32_t k = 0; k < x->by_instruction[i]->arg_count; k++)
          if (x->by_instruction[i]->args[k].path == result)
            return made + 1;
  }
  return 0;
}

/* ---- stores */

/* The number that chooses the element, of a place in one or a pointer to it; 0: none. */
static NodeId index_node(const Facting *x, NodeId id) {
  const Node *node = &x->f->nodes[id];
  while (node->kind == NODE_FIELD || node->kind == NODE_DEREF || node->kind == NODE_ADDRESS)
    node = &x->f->nodes[node->a];
  return node->kind == NODE_SHIFT || node->kind == NODE_INDEX ? node->b : 0;
}

/* It may be another number than any that is stored: a hash, or what is found by one. */
static bool is_computed(Facting *x, NodeId id) {
  NodeId node = index_node(x, id);
  Meanings index = node ? values_of(x->values, node) : (Meanings){0};
  for (uint32_t i = 0; i < index.count; i++)
    if (index.at[i].kind == MEANS_OTHER)
      return true;
  return false;
}

static PathId index_of(Facting *x, NodeId id) {
  NodeId node = index_node(x, id);
  Meanings index = node ? values_of(x->values, node) : (Meanings){0};
  for (uint32_t i = 0; i < index.count; i++)
    if (index.at[i].kind == MEANS_CONTENT)
      return index.at[i].path;
  return 0;
}

/* A pointer to a new element: it will be filled. */
static void note_element(Facting *x, uint32_t instruction, NodeId value) {
  Write write = {.instruction = instruction, .index = index_of(x, value), .is_address = true};
  Meanings pointer = values_of(x->values, value);
  for (uint32_t i = 0; i < pointer.count && write.index; i++)
    if (pointer.at[i].kind == MEANS_INSIDE)
      write.places.at[write.places.count++] = meaning_target(x->own, &pointer.at[i]);
  if (write.places.count)
    array_push(&x->writes, write);
}

/* at->next, where `at` has been moved on to at->next before. */
static bool has_walked(Facting *x, NodeId place) {
  const Node *field = &x->f->nodes[place];
  if (field->kind == NODE_INDEX)
    field = &x->f->nodes[field->a];
  TextId link = field->kind == NODE_FIELD ? x->function->symbols[field->b] : 0;
  const Node *node = field;
  while (node->kind == NODE_FIELD || node->kind == NODE_INDEX)
    node = &x->f->nodes[node->a];
  if (!link || node->kind != NODE_DEREF)
    return false;
  Meanings base = values_of(x->values, node->a);
  for (uint32_t i = 0; i < base.count; i++) {
    PathId path = base.at[i].path;
    if (path_at(x->own, path)->kind == PATH_ELEMENT)
      path = path_at(x->own, path)->parent;
    if (base.at[i].kind == MEANS_CONTENT && path_at(x->own, path)->kind == PATH_FIELD &&
        path_at(x->own, path)->number == link)
      return true;
  }
  return false;
}

static bool points_to_pointers(const Function *f, Index type) {
  return is_pointer_type(f, type) && is_pointer_type(f, f->types[type].element);
}

static void note_store(Facting *x, uint32_t instruction, Index block) {
  const Instruction *inst = &x->f->instructions[instruction];
  const Node *place = &x->f->nodes[inst->a];
  Write write = {.instruction = instruction,
                 .value = values_of(x->values, inst->b),
                 .is_pointer = is_pointer_type(x->f, place->type),
                 .is_table = points_to_pointers(x->f, place->type),
                 .in_loop = x->repetition->blocks[block] != REPEATS_ONCE,
                 .block = block};
  if (place->kind == NODE_LOCAL) {
    if (write.is_pointer)
      note_element(x, instruction, inst->b);
    if (!x->is_main || !(x->f->locals[place->a].flags & LOCAL_ADDRESS_TAKEN))
      return;
  }
  write.places = values_places(x->values, inst->a);
  write.index = index_of(x, inst->a);
  write.is_computed = is_computed(x, inst->a);
  bool element = false;
  for (uint32_t i = 0; i < write.places.count; i++)
    for (PathId at = write.places.at[i]; at; at = path_at(x->own, at)->parent)
      element |= path_at(x->own, at)->kind == PATH_ELEMENT;
  if (!write.is_pointer && !is_number_type(x->f, place->type) && !element)
    return;
  write.resizes = resizing_call(x, &write);
  write.walks = has_walked(x, inst->a);
  array_push(&x->writes, write);
}

static void note_return(Facting *x, Index block) {
  const Block *b = &x->f->blocks[block];
  if (b->terminator != TERM_RETURN || !b->value ||
      !is_pointer_type(x->f, x->f->nodes[b->value].type))
    return;
  Write write = {.instruction = b->count ? b->first + b->count - 1 : b->first,
                 .value = values_of(x->values, b->value),
                 .is_pointer = true};
  write.places = (Places){.count = 1, .at = {path_root(x->own, PATH_RETURNED, 0, 0)}};
  array_push(&x->writes, write);
  note_element(x, write.instruction, b->value);
}

static void note_call(Facting *x, uint32_t instruction) {
  const Instruction *inst = &x->f->instructions[instruction];
  GrowthCall *call = call_at(x, instruction);
  bool by_pointer;
  TextId callee = called_symbol(x->function, instruction, &by_pointer);
  const Summary *model = by_pointer ? NULL : models_find(x->program->models, callee);
  x->by_instruction[instruction] = call;
  if (model)
    note_kept_by(x, call, model);
  note_atomic(x, instruction);
  for (uint32_t i = 0; i < inst->arg_count; i++) // memcpy(text + length, more, n)
    if (is_pointer_type(x->f, x->f->nodes[x->f->args[inst->args + i]].type))
      note_element(x, instruction, x->f->args[inst->args + i]);
}

/* Of pointers in something global, once a function. */
static void note_read(Facting *x, uint32_t instruction) {
  const Instruction *inst = &x->f->instructions[instruction];
  if (!x->values->pointees[x->f->nodes[inst->a].type])
    return;
  Places places = values_places(x->values, inst->a);
  for (uint32_t i = 0; i < places.count; i++) {
    if (path_at(x->own, path_first(x->own, places.at[i]))->kind != PATH_GLOBAL)
      continue;
    Touch touch = {.kind = TOUCH_READS,
                   .instruction = instruction,
                   .path = path_container(x->own, places.at[i])};
    bool known = false;
    for (size_t k = 0; k < x->reads.count; k++)
      known |= x->reads.at[k].path == touch.path;
    if (!known)
      array_push(&x->reads, touch);
  }
}

static void gather(Facting *x) {
  for (uint32_t i = 0; i < x->cfg->order_count; i++) {
    Index block = x->cfg->order[i];
    const Block *b = &x->f->blocks[block];
    if (!x->values->entry[block])
      continue;
    values_enter(x->values, block);
    for (uint32_t k = b->first; k < b->first + b->count; k++) {
      if (x->f->instructions[k].kind == INST_CALL)
        note_call(x, k);
      else if (x->f->instructions[k].kind == INST_STORE)
        note_store(x, k, block);
      else if (x->f->instructions[k].kind == INST_LOAD)
        note_read(x, k);
      values_step(x->values, k);
    }
    if (b->terminator == TERM_BRANCH)
      note_test(x, block);
    if (b->terminator == TERM_SWITCH)
      note_switch(x, block);
    note_return(x, block);
  }
}

/* ---- results */

/* What main has to itself lives as long as the process. */
static PathId lasting_path(Facting *x, PathId path) {
  PathId root = path_first(x->own, path);
  const PathNode node = *path_at(x->own, root);
  if (!x->is_main || (node.kind != PATH_LOCAL && node.kind != PATH_RESULT))
    return path_import(x->paths, x->own, path);
  bool ignored;
  TextId callee = node.kind == PATH_RESULT ? called_symbol(x->function, node.number, &ignored) : 0;
  const char *name =
      node.kind == PATH_LOCAL
          ? arena_printf(x->scratch, "%s:%s", x->f->key, x->f->locals[node.number].name)
          : arena_printf(x->scratch, "%s:%s" RESULT_OF_MAIN "%u", x->f->key,
                         text_of(x->program->symbols, callee), node.number);
  TextId symbol = text_intern(x->program->symbols, name);
  PathId global = path_root(x->own, PATH_GLOBAL, symbol, node.pointee);
  return path_import(x->paths, x->own, path_replace(x->own, path, root, global));
}

void keep_touch(Facting *x, Touch touch) {
  Index block = block_of_instruction(x->f, touch.instruction);
  Dominating tests = {0};
  bool drains =
      touch.kind == TOUCH_SHRINKS && touch.path && drained_in(x, touch.instruction) == touch.path;
  bool takes = touch.kind == TOUCH_SHRINKS || touch.kind == TOUCH_COUNTS_DOWN;
  if (touch.kind == TOUCH_GROWS || touch.kind == TOUCH_RESETS || takes)
    tests = tests_before(x, block);
  for (uint32_t i = 0; i < tests.empty_count && !takes; i++)
    touch.flags |= tests.empty[i] == touch.path ? TOUCH_WHEN_EMPTY : 0;
  if (touch.kind == TOUCH_GROWS)
    touch.flags |= (is_keyed(x, &tests, touch.group) ? TOUCH_KEYED : 0) |
                   (is_reusing(x, block, touch.path) ? TOUCH_REUSES : 0);
  if (touch.kind == TOUCH_GROWS || takes) {
    touch.repeats = x->repetition->blocks[block];
    touch.flags |= tests.guard_count ? TOUCH_GUARDED : 0;
    for (uint32_t i = 0; i < GUARD_LIMIT; i++)
      touch.guards[i] = lasting_path(x, tests.guards[i]);
  }
  if (tests.demands[0].parameter) {
    touch.flags |= TOUCH_DEMANDED;
    memcpy(touch.demands, tests.demands, sizeof touch.demands);
  }
  if (drains)
    touch.kind = TOUCH_RESETS;
  touch.path = lasting_path(x, touch.path);
  touch.other = path_import(x->paths, x->own, touch.other);
  array_push(&x->touches, touch);
}

static void keep_links(Facting *x) {
  Touch links[LINK_LIMIT];
  uint32_t count = 0;
  if (x->f->instruction_count > SMALL)
    return;
  for (size_t i = 0; i < x->writes.count; i++) {
    const Write *write = &x->writes.at[i];
    if (!write->is_pointer || !write->places.count)
      continue;
    PathId place = write->places.at[0];
    const Meaning *value = &write->value.at[0];
    bool told = write->places.count == 1 && write->value.count == 1 && count < LINK_LIMIT &&
                path_at(x->own, path_first(x->own, place))->kind == PATH_PARAMETER &&
                (value->kind == MEANS_CONTENT || value->kind == MEANS_ADDRESS) &&
                path_at(x->own, path_first(x->own, value->path))->kind == PATH_PARAMETER;
    if (!told)
      return;
    links[count++] = (Touch){.kind = TOUCH_LINKS,
                             .instruction = write->instruction,
                             .path = place,
                             .other = value->path,
                             .address = value->kind == MEANS_ADDRESS};
  }
  for (uint32_t i = 0; i < count && count > 1; i++)
    keep_touch(x, links[i]);
}

static void mark_source(const Facting *x, const PathTable *paths, PathId path, bool *sources) {
  const PathNode *root = path_at(paths, path_first(paths, path));
  if (root->kind == PATH_RESULT && root->number < x->f->instruction_count)
    sources[root->number] = true;
}

/* Calls of which it matters what they gave. */
static const bool *source_calls(const Facting *x) {
  bool *sources = arena_new_array(x->scratch, bool, x->f->instruction_count + 1u);
  for (size_t i = 0; i < x->touches.count && !x->is_main; i++)
    if (x->touches.at[i].kind != TOUCH_GROWS)
      mark_source(x, x->paths, x->touches.at[i].path, sources);
  for (uint32_t i = 0; i < x->f->instruction_count; i++)
    for (uint32_t k = 0; x->by_instruction[i] && k < x->by_instruction[i]->arg_count; k++)
      if (path_at(x->own, x->by_instruction[i]->args[k].path)->pointee)
        mark_source(x, x->own, x->by_instruction[i]->args[k].path, sources);
  return sources;
}

static void keep_call(Facting *x, uint32_t instruction, bool is_source) {
  GrowthCall call = *x->by_instruction[instruction];
  call.callee = called_symbol(x->function, instruction, &call.by_pointer);
  if (!call.callee || atomic_kind(x->f, &x->f->instructions[instruction]) != ATOMIC_NONE)
    return;
  const Summary *model = call.by_pointer ? NULL : models_find(x->program->models, call.callee);
  if (model) {
    LibraryCall library = {x->arena, x->own, x->f, &x->f->instructions[instruction], &call};
    Touches touches = library_touches(&library, model);
    for (uint32_t i = 0; i < touches.count; i++) {
      touches.at[i].instruction = instruction;
      keep_touch(x, touches.at[i]);
    }
    if (is_source && model->flags & SUMMARY_NEW_MEMORY)
      array_push(&x->calls,
                 (GrowthCall){.instruction = instruction, .callee = call.callee, .makes = true});
    return;
  }
  bool lasting = call.untold || is_source;
  for (uint32_t i = 0; i < call.arg_count; i++) {
    PathKind root = (PathKind)path_at(x->own, path_first(x->own, call.args[i].path))->kind;
    lasting |= x->is_main || root != PATH_LOCAL;
  }
  Index block = block_of_instruction(x->f, instruction);
  Dominating tests = tests_before(x, block);
  call.refills = refills(x, block);
  if (!lasting && !tests.empty_count && !call.refills)
    return;
  call.repeats = x->repetition->blocks[block];
  call.guarded = tests.guard_count;
  call.keyed = is_keyed(x, &tests, 0);
  for (uint32_t i = 0; i < GUARD_LIMIT; i++) {
    call.guards[i] = lasting_path(x, tests.guards[i]);
    call.empty[i] = lasting_path(x, tests.empty[i]);
  }
  HandedOn *args = arena_copy(x->arena, call.args, sizeof *args * call.arg_count);
  for (uint32_t i = 0; i < call.arg_count; i++)
    args[i].path = lasting_path(x, args[i].path);
  call.args = args;
  call.drains = lasting_path(x, drained_in(x, instruction));
  memcpy(call.demands, tests.demands, sizeof call.demands);
  array_push(&x->calls, call);
}

static const bool *making_calls(const Facting *x) {
  bool *making = arena_new_array(x->scratch, bool, x->f->instruction_count + 1u);
  for (uint32_t i = 0; i < x->f->instruction_count; i++)
    making[i] = x->by_instruction[i] && !x->by_instruction[i]->arg_count;
  return making;
}

/* By who has the element only; but of the same one it is said which list it is the first of. */
static bool is_said_of_list(const Facting *x, const Touches *touches, const Touch *touch) {
  bool by_element = touch->kind == TOUCH_SHRINKS && touch->flags & TOUCH_OF_ELEMENT;
  for (uint32_t i = 0; i < touches->count && by_element && guard_on("growth-said"); i++) {
    const Touch *other = &touches->at[i];
    PathKind root = (PathKind)path_at(x->own, path_first(x->own, other->path))->kind;
    if (other->kind == TOUCH_SHRINKS && !(other->flags & TOUCH_OF_ELEMENT) &&
        other->other == touch->other && (root == PATH_PARAMETER || root == PATH_GLOBAL))
      return true;
  }
  return false;
}

static void finish(Facting *x) {
  WriteSet set = {.arena = x->scratch,
                  .paths = x->own,
                  .writes = x->writes.at,
                  .count = (uint32_t)x->writes.count,
                  .is_main = x->is_main,
                  .is_making = making_calls(x)};
  Touches touches = writes_classify(&set);
  for (uint32_t i = 0; i < touches.count; i++)
    if (touches.at[i].kind == TOUCH_GROWS && is_refilling(x, &touches, &touches.at[i]))
      touches.at[i].flags |= TOUCH_REUSES;
  for (uint32_t i = 0; i < touches.count; i++)
    if (!is_said_of_list(x, &touches, &touches.at[i]))
      keep_touch(x, touches.at[i]);
  note_kept(x);
  for (size_t i = 0; i < x->reads.count; i++)
    keep_touch(x, x->reads.at[i]);
  keep_links(x);
  keep_returns(x);
  const bool *sources = source_calls(x);
  for (uint32_t i = 0; i < x->f->instruction_count; i++)
    if (x->by_instruction[i])
      keep_call(x, i, sources[i]);
}

GrowthFacts facts_of_growth(Arena *arena, Arena *scratch, const Program *program,
                            const ProgramFunction *function, Values *values, PathTable *paths) {
  const Function *f = function->body;
  GrowthFacts facts = {.function = function, .too_large = !values};
  if (!values)
    return facts;
  Facting x = {.arena = arena,
               .scratch = scratch,
               .program = program,
               .function = function,
               .f = f,
               .cfg = values->cfg,
               .own = values->paths,
               .is_main = !strcmp(f->name, "main"),
               .paths = paths,
               .values = values,
               .repetition = repetition_new(scratch, f, values->cfg),
               .tests = arena_new_array(scratch, BranchTest, f->block_count),
               .by_instruction = arena_new_array(scratch, GrowthCall *, f->instruction_count + 1u)};
  gather(&x);
  finish(&x);
  facts.touches = arena_copy(arena, x.touches.at, sizeof *x.touches.at * x.touches.count);
  facts.touch_count = (uint32_t)x.touches.count;
  facts.calls = arena_copy(arena, x.calls.at, sizeof *x.calls.at * x.calls.count);
  facts.call_count = (uint32_t)x.calls.count;
  array_free(&x.writes);
  array_free(&x.touches);
  array_free(&x.reads);
  array_free(&x.calls);
  return facts;
}

const GrowthCall *growth_call_at(const GrowthFacts *facts, uint32_t instruction) {
  uint32_t low = 0, high = facts->call_count; // they are in order
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (facts->calls[middle].instruction < instruction)
      low = middle + 1;
    else
      high = middle;
  }
  bool found = low < facts->call_count && facts->calls[low].instruction == instruction;
  return found ? &facts->calls[low] : NULL;
}
