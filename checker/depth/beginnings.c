/* beginnings.c - see beginnings.h. Asked of the code of all callers, farther and farther out as
 * long as they hand on what they were given; who is asked a second time is no reason against it. */
#include "depth/beginnings.h"

#include <string.h>

#include "depth/facts.h"
#include "depth/input.h"
#include "ir/parts.h"

enum { ARGUMENT_DEPTH = 12, CALLERS_AT_MOST = 400, VARIADIC = 0xffffffffu };

typedef enum { ASKED_CALLERS, ASKED_STORES, ASKED_NUMBER, ASKED_TEXT } AskedKind;

typedef struct {
  AskedKind kind;
  uint32_t function;
  uint32_t local; // ASKED_STORES; else a parameter, or VARIADIC: what is given beyond them
} Asked;

typedef struct {
  Asked about;
  Beginning number;
  uint32_t bytes;
  bool fixed;
  uint32_t *functions; // whose callers were looked at
  uint32_t function_count;
} Answer;

struct Beginnings {
  Arena *arena;
  Program *program;
  Asked *known; // of one question
  uint32_t count;
  size_t room;
  Answer *answers;
  uint32_t answer_count;
  size_t answer_room;
  uint32_t *functions; // since the last beginnings_asked()
  uint32_t function_count;
  size_t function_room;
  /* one question's answer so far */
  Value number;
  uint32_t bytes;
  bool fixed;
};

Beginnings *beginnings_new(Arena *arena, Program *program) {
  Beginnings *beginnings = arena_new_one(arena, Beginnings);
  *beginnings = (Beginnings){.arena = arena, .program = program};
  return beginnings;
}

/* ---- what answers hang on */

const uint32_t *beginnings_asked(Beginnings *beginnings, uint32_t *count) {
  *count = beginnings->function_count;
  beginnings->function_count = 0;
  return beginnings->functions;
}

static void add_function(Beginnings *beginnings, uint32_t function) {
  for (uint32_t i = 0; i < beginnings->function_count; i++)
    if (beginnings->functions[i] == function)
      return;
  beginnings->functions = arena_grow(beginnings->arena, beginnings->functions, sizeof function,
                                     beginnings->function_count, &beginnings->function_room,
                                     beginnings->function_count + 1u);
  beginnings->functions[beginnings->function_count++] = function;
}

/* Somebody who is seen calls into the cycles that the function stands on. */
static bool is_entered(const Program *program, const ProgramFunction *function) {
  uint32_t component = function->component;
  for (uint32_t at = program->component_starts[component];
       at < program->component_starts[component + 1]; at++) {
    const ProgramFunction *member = &program->functions[program->order[at]];
    for (uint32_t i = 0; i < member->caller_count; i++)
      if (program->functions[member->callers[i]].component != component)
        return true;
  }
  return false;
}

Hash beginnings_state(const Program *program, uint32_t id) {
  const ProgramFunction *function = &program->functions[id];
  Hash hash = {function->address_taken, is_entered(program, function)};
  for (uint32_t i = 0; i < function->caller_count; i++) {
    const Declaration *caller = &program->functions[function->callers[i]].declared;
    hash = hash_pair(hash, hash_pair(hash_text(caller->key), caller->body_hash));
  }
  return hash;
}

/* ---- one question */

static bool is_same_question(const Asked *a, const Asked *b) {
  return a->kind == b->kind && a->function == b->function && a->local == b->local;
}

/* Was it asked before, within this question? */
static bool is_known_question(Beginnings *beginnings, Asked asked) {
  for (uint32_t i = 0; i < beginnings->count; i++)
    if (is_same_question(&beginnings->known[i], &asked))
      return true;
  beginnings->known = arena_grow(beginnings->arena, beginnings->known, sizeof asked,
                                 beginnings->count, &beginnings->room, beginnings->count + 1u);
  beginnings->known[beginnings->count++] = asked;
  return false;
}

static void begin_question(Beginnings *beginnings) {
  beginnings->count = 0;
  beginnings->number = (Value){.kind = VALUE_NONE};
  beginnings->bytes = 0;
  beginnings->fixed = true;
}

static const Answer *known_answer(Beginnings *beginnings, Asked about) {
  for (uint32_t i = 0; i < beginnings->answer_count; i++) {
    const Answer *answer = &beginnings->answers[i];
    for (uint32_t k = 0; k < answer->function_count && is_same_question(&answer->about, &about);
         k++)
      add_function(beginnings, answer->functions[k]);
    if (is_same_question(&answer->about, &about))
      return answer;
  }
  return NULL;
}

static const Answer *keep_answer(Beginnings *beginnings, Answer answer) {
  answer.functions = arena_new_array(beginnings->arena, uint32_t, beginnings->count);
  for (uint32_t i = 0; i < beginnings->count; i++)
    if (beginnings->known[i].kind == ASKED_CALLERS) {
      answer.functions[answer.function_count++] = beginnings->known[i].function;
      add_function(beginnings, beginnings->known[i].function);
    }
  beginnings->answers =
      arena_grow(beginnings->arena, beginnings->answers, sizeof answer, beginnings->answer_count,
                 &beginnings->answer_room, beginnings->answer_count + 1u);
  beginnings->answers[beginnings->answer_count++] = answer;
  return &beginnings->answers[beginnings->answer_count - 1];
}

/* ---- callers */

/* Does the caller's argument fit the question? */
typedef bool Fits(Beginnings *, const ProgramFunction *caller, NodeId argument);

static bool call_fits(Beginnings *beginnings, Fits *fits, const ProgramFunction *caller,
                      const Instruction *call, uint32_t parameters, uint32_t local) {
  uint32_t first = local == VARIADIC ? parameters : local,
           end = local == VARIADIC ? call->arg_count : local + 1u;
  if (end > call->arg_count)
    return false;
  for (uint32_t i = first; i < end; i++)
    if (!fits(beginnings, caller, caller->body->args[call->args + i]))
      return false;
  return true;
}

static bool calls_fit(Beginnings *beginnings, Fits *fits, const ProgramFunction *caller,
                      const ProgramFunction *callee, uint32_t parameters, uint32_t local) {
  const Function *f = caller->body;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    bool by_pointer;
    if (inst->kind == INST_CALL && called_symbol(caller, i, &by_pointer) == callee->key &&
        !by_pointer && !call_fits(beginnings, fits, caller, inst, parameters, local))
      return false;
  }
  return true;
}

static uint32_t parameters_of(Beginnings *beginnings, const ProgramFunction *function) {
  BorrowedCode code = program_borrow(beginnings->program, function->id);
  uint32_t count = code.function->body->parameter_count;
  program_return(&code);
  return count;
}

static bool all_fit(Beginnings *beginnings, Fits *fits, const ProgramFunction *function,
                    uint32_t local) {
  Program *program = beginnings->program;
  if (is_known_question(beginnings, (Asked){ASKED_CALLERS, function->id, local}))
    return true;
  if (beginnings->count > CALLERS_AT_MOST || function->address_taken ||
      !is_entered(program, function))
    return false;
  uint32_t parameters = local == VARIADIC ? parameters_of(beginnings, function) : 0;
  bool fit = true;
  for (uint32_t i = 0; i < function->caller_count && fit; i++) {
    BorrowedCode code = program_borrow(program, function->callers[i]);
    fit = calls_fit(beginnings, fits, code.function, function, parameters, local);
    program_return(&code);
  }
  return fit;
}

/* ---- numbers */

static void add_number(Beginnings *beginnings, Value value) {
  Value *number = &beginnings->number;
  if (number->kind == VALUE_NONE)
    *number = value;
  else if (!value_equal(number, &value))
    *number = (Value){.kind = VALUE_ANY};
}

static bool is_number(Beginnings *beginnings, const ProgramFunction *caller, NodeId id) {
  const Function *f = caller->body;
  const Node *node = &f->nodes[id];
  while (node->kind == NODE_CAST || (is_sum(node) && f->nodes[node->b].kind == NODE_CONSTANT)) {
    if (node->kind == NODE_BINARY)
      add_number(beginnings, (Value){.kind = VALUE_ANY});
    node = &f->nodes[node->a];
  }
  if (node->kind == NODE_VAR && node->a < f->parameter_count)
    return all_fit(beginnings, is_number, caller, node->a);
  if (node->kind == NODE_CONSTANT)
    add_number(beginnings, value_constant(f->constants[node->a].value));
  return node->kind == NODE_CONSTANT;
}

Beginning beginnings_number(Beginnings *beginnings, const ProgramFunction *function,
                            Token parameter) {
  Asked about = {ASKED_NUMBER, function->id, parameter};
  const Answer *known = known_answer(beginnings, about);
  if (known)
    return known->number;
  begin_question(beginnings);
  Beginning number = {.numbers = all_fit(beginnings, is_number, function, parameter)};
  number.number = number.numbers ? beginnings->number : (Value){.kind = VALUE_ANY};
  keep_answer(beginnings, (Answer){.about = about, .number = number});
  return number;
}

/* ---- texts */

static bool is_limited(Beginnings *, const ProgramFunction *, NodeId, uint32_t depth);

static bool text_fits(Beginnings *beginnings, const ProgramFunction *caller, NodeId argument) {
  return is_limited(beginnings, caller, argument, ARGUMENT_DEPTH);
}

static bool add_text(Beginnings *beginnings, size_t bytes, bool fixed) {
  if (bytes > beginnings->bytes)
    beginnings->bytes = bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX;
  beginnings->fixed &= fixed;
  return true;
}

/* All that the local is ever set to. */
static bool local_is_limited(Beginnings *beginnings, const ProgramFunction *caller, Index local,
                             uint32_t depth) {
  const Function *f = caller->body;
  bool is_set = local < f->parameter_count;
  if (is_known_question(beginnings, (Asked){ASKED_STORES, caller->id, local}))
    return true;
  if (is_set && !all_fit(beginnings, text_fits, caller, local))
    return false;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->kind != INST_STORE || f->nodes[inst->a].kind != NODE_LOCAL ||
        f->nodes[inst->a].a != local)
      continue;
    is_set = true;
    if (!is_limited(beginnings, caller, inst->b, depth))
      return false;
  }
  return is_set;
}

/* strchr(text, ':') and such give a part of the text. */
static bool call_is_limited(Beginnings *beginnings, const ProgramFunction *caller,
                            uint32_t instruction, uint32_t depth) {
  static const char *const parts[] = {"strchr", "strrchr",   "strstr",     "strpbrk", "memchr",
                                      "index",  "strchrnul", "strcasestr", "rindex"};
  const Function *f = caller->body;
  const Instruction *call = &f->instructions[instruction];
  const Node *callee = &f->nodes[call->a];
  if (callee->kind != NODE_FUNCTION || !call->arg_count)
    return false;
  const char *name = f->symbols[callee->a].name;
  if (!strcmp(name, "__builtin_va_arg"))
    return all_fit(beginnings, text_fits, caller, VARIADIC);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (!strcmp(name, parts[i]))
      return is_limited(beginnings, caller, f->args[call->args], depth);
  return false;
}

/* Part of a constant table: as long as it was written. */
static bool is_fixed(const Function *f, NodeId place) {
  const Node *node = &f->nodes[place];
  while (node->kind == NODE_FIELD || node->kind == NODE_INDEX)
    node = &f->nodes[node->a];
  return node->kind == NODE_GLOBAL && f->symbols[node->a].flags & SYMBOL_CONST;
}

/* What a constant table leads to is one, too. */
static bool place_is_limited(Beginnings *beginnings, const ProgramFunction *caller, NodeId place,
                             uint32_t depth) {
  const Function *f = caller->body;
  const Node *node = &f->nodes[place];
  while (node->kind == NODE_FIELD || node->kind == NODE_INDEX)
    node = &f->nodes[node->a];
  return is_fixed(f, place) ||
         (node->kind == NODE_DEREF && is_limited(beginnings, caller, node->a, depth));
}

static bool temp_is_limited(Beginnings *beginnings, const ProgramFunction *caller, uint32_t temp,
                            uint32_t depth) {
  const Function *f = caller->body;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    if (inst->result != temp)
      continue;
    if (inst->kind == INST_CALL)
      return call_is_limited(beginnings, caller, i, depth);
    if (inst->kind == INST_COPY)
      return is_limited(beginnings, caller, inst->a, depth);
    return inst->kind == INST_LOAD && place_is_limited(beginnings, caller, inst->a, depth);
  }
  return false;
}

static bool is_limited(Beginnings *beginnings, const ProgramFunction *caller, NodeId id,
                       uint32_t depth) {
  const Function *f = caller->body;
  const Node *node = &f->nodes[id];
  uint32_t bytes = input_buffer(f, id);
  if (node->kind == NODE_ADDRESS && is_fixed(f, node->a))
    return add_text(beginnings, 1, true);
  if (bytes)
    return add_text(beginnings, bytes, false);
  if (!depth--)
    return false;
  switch ((NodeKind)node->kind) {
  case NODE_CONSTANT:
    return true;
  case NODE_STRING:
    return add_text(beginnings, strlen(f->texts[node->a]) + 1, true);
  case NODE_CAST:
  case NODE_SHIFT:
    return is_limited(beginnings, caller, node->a, depth);
  case NODE_VAR:
    return local_is_limited(beginnings, caller, node->a, depth);
  case NODE_TEMP:
    return temp_is_limited(beginnings, caller, node->a, depth);
  default:
    return false;
  }
}

uint32_t beginnings_text(Beginnings *beginnings, const ProgramFunction *function, Token parameter,
                         bool *fixed) {
  Asked about = {ASKED_TEXT, function->id, parameter};
  const Answer *known = known_answer(beginnings, about);
  if (!known) {
    begin_question(beginnings);
    bool limited = all_fit(beginnings, text_fits, function, parameter);
    known = keep_answer(beginnings,
                        (Answer){.about = about,
                                 .bytes = limited ? beginnings->bytes + !beginnings->bytes : 0,
                                 .fixed = limited && beginnings->fixed});
  }
  *fixed = known->fixed;
  return known->bytes;
}
