/* untrimmed.c - see untrimmed.h. Which object it is, nobody knows, so what is absent has to be
 * absent for the type: nobody trims that field, gives it another value, or hands on its address.
 *
 * Imprecise: a function that is given a buffer whose head says how large it is may make it twice as
 * large. */
#include "growth/untrimmed.h"

#include <string.h>

#include "base/array.h"
#include "base/guard.h"
#include "growth/containers.h"

enum { DEEP = 3 };

/* A place that gets another block for what it held. */
typedef struct {
  uint32_t function, instruction;
  TextId field, record, pointee;
  uint32_t callee; // id
  bool trims;
} Move;

typedef struct {
  Program *program;
  const PathTable *paths;
  ARRAY(Move) moves;
  bool *others;     // per text: this field gets another value, or its address is handed on
  uint32_t *fields; // per text: a field of this record that is moved
  bool *several;    // per text: there are others
} Trimming;

static TextId field_of(const Trimming *x, PathId path) {
  const PathNode *node = path_at(x->paths, path);
  return node->kind == PATH_FIELD ? node->number : 0;
}

static bool makes_memory(const Program *program, uint32_t id, uint32_t depth) {
  const ProgramFunction *function = &program->functions[id];
  const FunctionLinks *links = function->declared.links;
  for (uint32_t i = 0; i < links->call_count; i++) {
    const Summary *model = models_find(program->models, links->call_symbols[i]);
    if (model && model->flags & SUMMARY_NEW_MEMORY)
      return true;
  }
  for (uint32_t i = 0; i < function->callee_count && depth; i++)
    if (makes_memory(program, function->callees[i], depth - 1))
      return true;
  return false;
}

/* ---- what functions do to fields */

static void note_move(Trimming *x, const GrowthFacts *facts, const Touch *touch) {
  const GrowthCall *call = growth_call_at(facts, touch->instruction);
  TextId field = field_of(x, touch->path);
  if (!field || !call || call->by_pointer || call->makes)
    return;
  Targets targets = program_resolve(x->program, facts->function, call->callee);
  TextId record = path_at(x->paths, touch->path)->owner;
  if (targets.count != 1 || targets.open || !record)
    return;
  x->several[record] |= x->fields[record] && x->fields[record] != field;
  x->fields[record] = field;
  array_push(&x->moves, (Move){.function = facts->function->id,
                               .instruction = touch->instruction,
                               .field = field,
                               .record = record,
                               .pointee = path_at(x->paths, touch->path)->pointee,
                               .callee = targets.ids[0]});
}

/* The object that has it is freed here, too. */
static bool goes_with_object(const Trimming *x, const GrowthFacts *facts, PathId place) {
  PathId object = path_at(x->paths, place)->parent;
  for (uint32_t i = 0; i < facts->touch_count; i++)
    if (facts->touches[i].kind == TOUCH_FREES && facts->touches[i].path == object)
      return true;
  return false;
}

static void note(Trimming *x, const GrowthFacts *facts) {
  for (uint32_t i = 0; i < facts->touch_count; i++) {
    const Touch *touch = &facts->touches[i];
    if (touch->kind == TOUCH_RESIZES)
      note_move(x, facts, touch);
    else if (touch->kind == TOUCH_RESETS && !goes_with_object(x, facts, touch->path))
      x->others[field_of(x, touch->path)] = true;
  }
  for (uint32_t i = 0; i < facts->call_count; i++)
    for (uint32_t k = 0; k < facts->calls[i].arg_count; k++)
      if (facts->calls[i].args[k].kind == MEANS_ADDRESS)
        x->others[field_of(x, facts->calls[i].args[k].path)] = true;
}

/* ---- which of them trim */

static void judge_moves(Trimming *x) {
  size_t kept = 0;
  for (size_t i = 0; i < x->moves.count; i++) {
    Move move = x->moves.at[i];
    if (!x->several[move.record] || !makes_memory(x->program, move.callee, DEEP))
      continue;
    BorrowedCode code = program_borrow(x->program, move.callee);
    move.trims = code.function->body->parameter_count == 1;
    program_return(&code);
    x->moves.at[kept++] = move;
  }
  x->moves.count = kept;
}

static const Move *first_move(const Trimming *x, TextId field, bool trims) {
  for (size_t i = 0; i < x->moves.count; i++)
    if (x->moves.at[i].field == field && x->moves.at[i].trims == trims)
      return &x->moves.at[i];
  return NULL;
}

static bool is_first_growth(const Trimming *x, const Move *growth) {
  return !growth->trims && first_move(x, growth->field, false) == growth;
}

Untrimmed *untrimmed_find(Arena *arena, Program *program, const PathTable *paths,
                          const GrowthFacts *facts, uint32_t fact_count, uint32_t *count) {
  size_t texts = text_count(program->symbols);
  Trimming x = {.program = program,
                .paths = paths,
                .others = arena_new_array(arena, bool, texts),
                .fields = arena_new_array(arena, uint32_t, texts),
                .several = arena_new_array(arena, bool, texts)};
  for (uint32_t i = 0; i < fact_count; i++)
    note(&x, &facts[i]);
  judge_moves(&x);
  ARRAY(Untrimmed) found = {0};
  const TextPool *names = program->symbols;
  for (size_t i = 0; i < x.moves.count; i++) {
    const Move *trim = &x.moves.at[i];
    if (!trim->trims || !first_move(&x, trim->field, false))
      continue;
    for (size_t k = 0; k < x.moves.count; k++) {
      const Move *growth = &x.moves.at[k];
      bool is_sibling = growth->record == trim->record && growth->field != trim->field &&
                        growth->pointee == trim->pointee;
      if (is_sibling && is_first_growth(&x, growth) && !x.others[growth->field] &&
          !(first_move(&x, growth->field, true) && guard_on("growth-trimmed")))
        array_push(&found,
                   (Untrimmed){.trimmer = trim->function,
                               .trims = trim->instruction,
                               .grower = growth->function,
                               .grows = growth->instruction,
                               .name = field_in_words(text_of(names, growth->field)),
                               .trimmed = field_in_words(text_of(names, trim->field)),
                               .record = record_in_words(arena, text_of(names, growth->record))});
    }
  }
  *count = (uint32_t)found.count;
  Untrimmed *result = arena_copy(arena, found.at, sizeof *result * found.count);
  array_free(&found);
  array_free(&x.moves);
  return result;
}
