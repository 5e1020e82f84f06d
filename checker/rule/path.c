/* path.c - from a candidate to a story: positions, steps, and the branches that matter. */
#include "rule/pass.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { BRANCH_STEPS = 12 };

static const char *format_text(Arena *arena, const char *format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  char *text = arena_alloc(arena, (size_t)length + 1);
  vsnprintf(text, (size_t)length + 1, format, again);
  va_end(again);
  return text;
}

void append_step(Pass *pass, Finding *finding, Step step) {
  if (pass->building != finding) {
    pass->building = finding;
    pass->step_room = finding->step_count;
  }
  finding->steps = arena_grow(pass->arena, finding->steps, sizeof step, finding->step_count,
                              &pass->step_room, finding->step_count + 1u);
  finding->steps[finding->step_count++] = step;
}

Position instruction_position(const Pass *pass, uint32_t instruction) {
  return position_of(pass->engine->function, instruction, false);
}

static Position terminator_position(const Pass *pass, Index block) {
  return position_of(pass->engine->function, block, true);
}

/* Can this block be reached with the lock in another state than here? Then the slip is earlier. */
static bool holds(State *state, const LockEntry *lock) {
  if (lock->acquired == NO_INSTRUCTION) {
    const LockEntry *entry = state_lock(state, lock->place);
    return !entry || entry->now == LOCK_HELD;
  }
  for (uint32_t i = 0; i < state->lock_count; i++) // in another round it may have another name
    if (state->locks[i].acquired == lock->acquired && state->locks[i].now == LOCK_HELD)
      return true;
  return false;
}

static bool is_shared(const Pass *pass, Index block, const LockEntry *lock) {
  for (State *state = pass->engine->blocks[block]; state; state = state->next)
    if (!holds(state, lock))
      return true;
  return false;
}

bool is_released_by_callee(const Pass *pass, const Transition *t) {
  const Engine *e = pass->engine;
  for (State *state = e->blocks[e->inst_blocks[t->instruction]]; state; state = state->next) {
    const LockEntry *lock = state_lock(state, t->before.place);
    if (lock && lock->now == LOCK_RELEASED && lock->since != NO_INSTRUCTION &&
        !is_direct(pass, lock->since))
      return true;
  }
  return false;
}

/* goto, break, continue: blocks that hold nothing else are there for the sake of these only. */
static bool is_written_jump(const Block *block) {
  return block->terminator == TERM_JUMP && block->count == 0;
}

/* The return; or, where ways that do it right lead to that return, too, the jump to it. */
Position exit_position(const Pass *pass, const Exit *exit, const LockEntry *lock) {
  if (exit->kind == EXIT_THREAD)
    return instruction_position(pass, exit->instruction);
  const State *state = exit->witness;
  Index block = exit->block;
  bool acquired_here =
      lock->acquired != NO_INSTRUCTION && pass->engine->inst_blocks[lock->acquired] == block;
  while (!acquired_here && is_shared(pass, block, lock) && state->parent_count &&
         state->parents[0]->block != 0) {
    state = state->parents[0];
    block = state->block;
    acquired_here =
        lock->acquired != NO_INSTRUCTION && pass->engine->inst_blocks[lock->acquired] == block;
    if (acquired_here && block != exit->block)
      break;
  }
  return terminator_position(pass, is_written_jump(&pass->engine->f->blocks[block]) ? block
                                                                                    : exit->block);
}

/* ---- which branches matter */

/* Instructions that matter: lock events, or where something followed is given back. */
typedef struct {
  const Engine *e;
  const Leak *leak; // NULL: locks
} Matters;

static bool has_event(const Matters *m, Index block) {
  const Engine *e = m->e;
  for (uint32_t i = e->f->blocks[block].first;
       i < e->f->blocks[block].first + e->f->blocks[block].count; i++)
    if (m->leak ? (m->leak->events[i] & m->leak->which) != 0 : e->event_calls[i])
      return true;
  return e->f->blocks[block].terminator == TERM_RETURN;
}

/* Does the arm from `start` up to `stop` contain an event or a return? */
static bool arm_matters(const Matters *m, Index start, Index stop, bool *seen) {
  const Engine *e = m->e;
  Index *stack = arena_new_array(e->arena, Index, e->f->block_count + 1u);
  uint32_t depth = 0;
  stack[depth++] = start;
  memset(seen, 0, e->f->block_count);
  seen[start] = true;
  while (depth) {
    Index block = stack[--depth];
    if (block == stop)
      continue;
    if (has_event(m, block))
      return true;
    for (uint32_t i = 0; i < e->f->blocks[block].edge_count; i++) {
      Index next = e->f->edges[e->f->blocks[block].edges + i].block;
      if (!seen[next]) {
        seen[next] = true;
        stack[depth++] = next;
      }
    }
  }
  return false;
}

static bool branch_matters(const Matters *m, Index block) {
  const Engine *e = m->e;
  bool *seen = arena_new_array(e->arena, bool, e->f->block_count);
  Index stop = e->cfg->post_dominator[block];
  for (uint32_t i = 0; i < e->f->blocks[block].edge_count; i++) {
    Index next = e->f->edges[e->f->blocks[block].edges + i].block;
    if (next != stop && arm_matters(m, next, stop, seen))
      return true;
  }
  return false;
}

static void branch_step(Pass *pass, Finding *finding, Index block, Index next) {
  const Function *f = pass->engine->f;
  const Block *b = &f->blocks[block];
  bool taken = f->edges[b->edges].block == next;
  Step step = {.kind = STEP_BRANCH,
               .at = terminator_position(pass, block),
               .text = "{}",
               .node = b->value,
               .if_true = b->terminator == TERM_BRANCH && taken};
  if (b->terminator != TERM_BRANCH) {
    step.text = "this case of '{}' is taken";
    step.next = next;
  }
  append_step(pass, finding, step);
}

static void note_branches(Pass *pass, Finding *finding, const State *last,
                          uint32_t from_instruction, const Matters *m) {
  const Engine *e = pass->engine;
  uint32_t length = 0;
  for (const State *s = last; s; s = s->parent_count ? s->parents[0] : NULL)
    length++;
  Index *blocks = arena_new_array(e->arena, Index, length);
  uint32_t at = length;
  for (const State *s = last; s; s = s->parent_count ? s->parents[0] : NULL)
    blocks[--at] = s->block;
  uint32_t first = 0;
  if (from_instruction != NO_INSTRUCTION)
    for (uint32_t i = 0; i < length; i++)
      if (blocks[i] == e->inst_blocks[from_instruction])
        first = i;
  uint32_t *chosen = arena_new_array(e->arena, uint32_t, length);
  uint32_t count = 0;
  for (uint32_t i = first; i + 1 < length; i++) {
    uint8_t terminator = e->f->blocks[blocks[i]].terminator;
    bool refused = m->leak && m->leak->refused != NO_INSTRUCTION &&
                   e->inst_blocks[m->leak->refused] == blocks[i];
    if ((terminator == TERM_BRANCH || terminator == TERM_SWITCH) &&
        (refused || branch_matters(m, blocks[i])))
      chosen[count++] = i;
  }
  for (uint32_t i = count > BRANCH_STEPS ? count - BRANCH_STEPS : 0; i < count; i++)
    branch_step(pass, finding, blocks[chosen[i]], blocks[chosen[i] + 1]);
}

void note_path(Pass *pass, Finding *finding, const State *last, uint32_t from_instruction) {
  note_branches(pass, finding, last, from_instruction, &(Matters){.e = pass->engine});
}

void note_leak_path(Pass *pass, Finding *finding, const Leak *leak) {
  Matters m = {.e = pass->engine, .leak = leak};
  note_branches(pass, finding, leak->last, leak->opened, &m);
}

/* ---- findings and notes */

/* Where pins were given up, the way may contradict what they would have told apart. */
static Confidence capped(const Pass *pass, Confidence confidence) {
  bool coarse = pass->in_circle || (pass->engine && pass->engine->coarse);
  return coarse && confidence > CONFIDENCE_POSSIBLE ? CONFIDENCE_POSSIBLE : confidence;
}

static Finding *new_finding(Pass *pass, Confidence confidence, Position at, const char *object,
                            const char *message) {
  Finding *finding = arena_new_one(pass->arena, Finding);
  *finding = (Finding){.rule = pass->rule->id,
                       .severity = pass->rule->severity,
                       .confidence = capped(pass, confidence),
                       .at = at,
                       .message = message,
                       .object = arena_text(pass->arena, object)};
  array_push(&pass->findings, finding);
  return finding;
}

Finding *report_at(Pass *pass, Confidence confidence, uint32_t instruction, const char *object,
                   const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *message = format_text(pass->arena, format, arguments);
  va_end(arguments);
  return new_finding(pass, confidence, instruction_position(pass, instruction), object, message);
}

Finding *report_at_exit(Pass *pass, Confidence confidence, const Exit *exit, const LockEntry *lock,
                        const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *message = format_text(pass->arena, format, arguments);
  va_end(arguments);
  return new_finding(pass, confidence, exit_position(pass, exit, lock),
                     lock_class(pass, lock->place), message);
}

Finding *report_there(Pass *pass, Confidence confidence, Position at, const char *object,
                      const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *message = format_text(pass->arena, format, arguments);
  va_end(arguments);
  return new_finding(pass, confidence, at, object, message);
}

void note_there(Pass *pass, Finding *finding, StepKind kind, Position at, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *text = format_text(pass->arena, format, arguments);
  va_end(arguments);
  append_step(pass, finding, (Step){.kind = kind, .at = at, .text = text});
}

Position position_of(const ProgramFunction *function, uint32_t index, bool is_terminator) {
  const Declaration *declared = &function->declared;
  return (Position){.function = declared->key,
                    .body = declared->body_hash,
                    .index = index,
                    .terminator = is_terminator};
}

void note_instruction(Pass *pass, Finding *finding, StepKind kind, uint32_t instruction,
                      const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *text = format_text(pass->arena, format, arguments);
  va_end(arguments);
  append_step(pass, finding,
              (Step){.kind = kind, .at = instruction_position(pass, instruction), .text = text});
}

void note_exit(Pass *pass, Finding *finding, StepKind kind, const Exit *exit, const char *format,
               ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *text = format_text(pass->arena, format, arguments);
  va_end(arguments);
  append_step(pass, finding,
              (Step){.kind = kind,
                     .at = exit->kind == EXIT_THREAD ? instruction_position(pass, exit->instruction)
                                                     : terminator_position(pass, exit->block),
                     .text = text});
}

void note_evidence(Pass *pass, Finding *finding, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *text = format_text(pass->arena, format, arguments);
  va_end(arguments);
  append_step(pass, finding, (Step){.kind = STEP_EVIDENCE, .text = text});
}

bool is_called_again(const Pass *pass, uint32_t instruction) {
  const Function *f = pass->engine->f;
  const char *callee = called_function(pass, instruction);
  bool again = false;
  for (uint32_t i = 0; i < f->instruction_count && callee && !again; i++) {
    const char *called = i != instruction ? called_function(pass, i) : NULL;
    again = called && !strcmp(called, callee);
  }
  return again;
}

bool is_direct(const Pass *pass, uint32_t instruction) {
  const Engine *e = pass->engine;
  const Node *callee = &e->f->nodes[e->f->instructions[instruction].a];
  return callee->kind == NODE_FUNCTION &&
         engine_primitive(e, e->function->symbols[callee->a]) != NULL;
}

bool is_declared(Pass *pass, Action action, TermId place) {
  return engine_declares(pass->engine, action, place);
}

const char *how(Pass *pass, uint32_t instruction, const char *verb) {
  const Engine *e = pass->engine;
  const Node *callee = &e->f->nodes[e->f->instructions[instruction].a];
  if (callee->kind != NODE_FUNCTION || is_direct(pass, instruction))
    return arena_printf(pass->arena, "%s here", verb);
  return arena_printf(pass->arena, "%s by '%s', called here", verb, e->f->symbols[callee->a].name);
}

const char *place_of_call(Pass *pass, const ProgramFunction *caller, uint32_t instruction,
                          uint32_t *line) {
  BorrowedCode code = program_borrow(pass->program, caller->id);
  const Function *f = code.function->body;
  const Location *at = &f->locations[f->instruction_locations[instruction]];
  bool is_included = at->file && at->file < f->file_count;
  const char *path = arena_text(pass->arena, is_included ? f->files[at->file] : f->source);
  *line = at->column ? location_line(f, at) : f->line; // code without a place is at the head
  program_return(&code);
  return path;
}
