/* threads.c - rows of what functions do to classes of thread handles, for what only the whole
 * program can tell: whether anybody joins a thread whose handle is kept in a field. */
#include <string.h>

#include "link/throttle.h"
#include "rule/pass.h"

/* The function that is given to a creation: Imprecise: the first that is passed by its name. */
static const char *thread_entry(const Pass *pass, uint32_t instruction) {
  const Engine *e = pass->engine;
  if (instruction == NO_INSTRUCTION)
    return "";
  const Instruction *inst = &e->f->instructions[instruction];
  for (uint32_t i = 0; inst->kind == INST_CALL && i < inst->arg_count; i++) {
    const Node *node = &e->f->nodes[e->f->args[inst->args + i]];
    if (node->kind == NODE_FUNCTION)
      return text_of(pass->program->symbols, e->function->symbols[node->a]);
  }
  return "";
}

/* Key of the function that creates or ends the thread for this one, "" when none does. */
static const char *creator_of(const Pass *pass, uint32_t instruction) {
  if (instruction == NO_INSTRUCTION || is_direct(pass, instruction))
    return "";
  const Engine *e = pass->engine;
  const Node *callee = &e->f->nodes[e->f->instructions[instruction].a];
  return callee->kind == NODE_FUNCTION
             ? text_of(pass->program->symbols, e->function->symbols[callee->a])
             : "";
}

static bool same_row(const ThreadRow *a, const ThreadRow *b) {
  return a->instruction == b->instruction && a->action == b->action && a->finding == b->finding &&
         a->detached == b->detached && !strcmp(a->attributes, b->attributes) &&
         !strcmp(a->class_key, b->class_key) && !strcmp(a->handle, b->handle);
}

static void add(Pass *pass, const ThreadRow *row) {
  for (size_t i = pass->before.threads; i < pass->threads.count; i++)
    if (same_row(&pass->threads.at[i], row))
      return;
  array_push(&pass->threads, *row);
  ThreadRow *kept = &pass->threads.at[pass->threads.count - 1];
  if (!kept->changes)
    kept->changes = "";
  if (!kept->stack_slot)
    kept->stack_slot = "";
  kept->handle = arena_text(pass->arena, kept->handle); // a local's name goes with the code
}

/* How the function calls the handle; "" when it is its caller's. */
static const char *handle_of(Pass *pass, const LockEntry *thread) {
  return is_own_handle(pass, thread) ? lock_name(pass, thread->place) : "";
}

static const char *attributes_of(Pass *pass, const LockEntry *thread) {
  const char *class_key = thread->with ? lock_class(pass, thread->with) : "";
  return thread->with && !*class_key ? CALLERS_KNOW : class_key;
}

static void add_end(Pass *pass, const Transition *t, uint32_t finding) {
  bool detaches = t->effect && t->effect->action == ACTION_DETACH;
  add(pass, &(ThreadRow){.function = pass->engine->function,
                         .class_key = lock_class(pass, t->before.place),
                         .handle = handle_of(pass, &t->before),
                         .attributes = "",
                         .action = detaches ? THREAD_ENDED_DETACHED : THREAD_JOINED,
                         .instruction = t->instruction,
                         .entry = thread_entry(pass, t->before.acquired),
                         .through = creator_of(pass, t->before.acquired),
                         .by = creator_of(pass, t->instruction),
                         .finding = finding});
}

/* A thread that an earlier round created further down has not been asked about yet. */
static uint64_t stack_of(const Pass *pass, uint32_t instruction) {
  const Engine *e = pass->engine;
  if (!e->stacks || instruction == NO_INSTRUCTION || e->stacks[instruction] == THREAD_STACK_UNASKED)
    return THREAD_STACK_UNKNOWN;
  return e->stacks[instruction];
}

void remember_thread(Pass *pass, const Transition *transition) {
  if (transition->kind == TRANSITION_RELEASE)
    add_end(pass, transition, NO_FINDING);
  if (transition->kind != TRANSITION_ACQUIRE && transition->kind != TRANSITION_MOVED)
    return;
  const LockEntry *after = &transition->after;
  uint32_t at = transition->kind == TRANSITION_MOVED ? after->acquired : transition->instruction;
  add(pass, &(ThreadRow){.function = pass->engine->function,
                         .class_key = lock_class(pass, after->place),
                         .handle = handle_of(pass, after),
                         .action = THREAD_CREATED,
                         .detached = after->now == LOCK_RELEASED,
                         .attributes = attributes_of(pass, after),
                         .stack = stack_of(pass, at),
                         .stack_slot = stack_slot_of(pass, at),
                         .instruction = at,
                         .entry = thread_entry(pass, at),
                         .through = creator_of(pass, at),
                         .by = "",
                         .finding = NO_FINDING});
}

void defer_thread_end(Pass *pass, Finding *finding, const Transition *transition) {
  add_end(pass, transition, keep_back(pass, finding));
}

static void tell_entry(Pass *pass, Finding *finding, const char *entry) {
  const char *file = strrchr(entry, ':');
  if (*entry)
    finding->message =
        arena_printf(pass->arena, "%s; it runs '%s'", finding->message, file ? file + 1 : entry);
}

/* See ThreadRow.changes. */
static const char *changes_for(Pass *pass, const Exit *exit, const LockEntry *thread) {
  Engine *e = pass->engine;
  const char *changes = "";
  e->keeps_given = true;
  e->given_count = 0;
  if (!is_feasible(pass, exit, thread) && e->given_count <= GIVEN_FIELDS)
    for (uint32_t i = 0; i < e->given_count; i++)
      changes = arena_printf(pass->arena, "%s%s\n", changes,
                             text_of(pass->program->symbols, e->given_fields[i]));
  e->keeps_given = false;
  return changes;
}

static void add_claim(Pass *pass, Finding *finding, ThreadAction action, const LockEntry *thread,
                      const char *class_key, const char *changes) {
  uint32_t instruction = thread->acquired;
  tell_entry(pass, finding, thread_entry(pass, instruction));
  add(pass, &(ThreadRow){.function = pass->engine->function,
                         .class_key = class_key,
                         .handle = *class_key ? "" : handle_of(pass, thread),
                         .attributes = attributes_of(pass, thread),
                         .stack = stack_of(pass, instruction),
                         .stack_slot = stack_slot_of(pass, instruction),
                         .changes = changes,
                         .action = action,
                         .instruction = instruction,
                         .entry = thread_entry(pass, instruction),
                         .through = creator_of(pass, instruction),
                         .by = "",
                         .finding = keep_back(pass, finding)});
}

void defer_thread(Pass *pass, Finding *finding, const LockEntry *thread, const char *class_key) {
  if (!*class_key)
    array_push(&pass->told, thread->acquired); // one cause is told once
  add_claim(pass, finding, THREAD_CREATED, thread, class_key, "");
}

void defer_thread_at_exit(Pass *pass, Finding *finding, const LockEntry *thread, const Exit *exit) {
  array_push(&pass->told, thread->acquired);
  add_claim(pass, finding, THREAD_CREATED, thread, "", changes_for(pass, exit, thread));
}

void defer_thread_given(Pass *pass, Finding *finding, const LockEntry *thread,
                        const char *class_key) {
  add_claim(pass, finding, THREAD_GIVEN_HANDLE, thread, class_key, "");
}

/* ---- kept with what was judged of a function */

void thread_row_write(const Pass *pass, ByteWriter *out, const ThreadRow *row) {
  bytes_put_text(out, row->class_key);
  bytes_put_text(out, row->handle);
  bytes_put_u8(out, (uint8_t)row->action);
  bytes_put_u8(out, row->detached);
  bytes_put_text(out, row->attributes);
  bytes_put_u(out, row->stack + 1); // what is unknown is 0
  bytes_put_text(out, row->stack_slot);
  bytes_put_text(out, row->changes);
  bytes_put_u(out, row->instruction);
  bytes_put_text(out, row->entry);
  bytes_put_text(out, row->through);
  bytes_put_text(out, row->by);
  kept_back_write(pass, out, row->finding);
}

ThreadRow thread_row_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  ThreadRow row = {.function = function, .class_key = bytes_get_text(in, pass->arena)};
  row.handle = bytes_get_text(in, pass->arena);
  row.action = (ThreadAction)bytes_get_u8(in);
  row.detached = bytes_get_u8(in);
  row.attributes = bytes_get_text(in, pass->arena);
  row.stack = bytes_get_u(in) - 1;
  row.stack_slot = bytes_get_text(in, pass->arena);
  row.changes = bytes_get_text(in, pass->arena);
  row.instruction = bytes_get_u32(in);
  row.entry = bytes_get_text(in, pass->arena);
  row.through = bytes_get_text(in, pass->arena);
  row.by = bytes_get_text(in, pass->arena);
  row.finding = kept_back_read(pass, in);
  return row;
}

/* ---- what the rules ask */

/* Blocks that come after this one. Of a loop that goes round, only what follows it: the join of an
 * element says nothing of the next round's. */
static bool *blocks_after(const Engine *e, Index block) {
  Index loop = e->cfg->innermost[block];
  bool *marks = arena_new_array(e->arena, bool, e->f->block_count);
  Index *stack = arena_new_array(e->arena, Index, e->f->block_count + 1u);
  uint32_t depth = 0;
  stack[depth++] = block;
  while (depth) {
    Index at = stack[--depth];
    const Block *from = &e->f->blocks[at];
    bool again = loop != NO_LOOP && at == e->cfg->loops[loop].header;
    for (uint32_t i = 0; i < from->edge_count; i++) {
      Index next = e->f->edges[from->edges + i].block;
      if (marks[next] || (again && cfg_in_loop(e->cfg, loop, next)))
        continue;
      marks[next] = true;
      stack[depth++] = next;
    }
  }
  return marks;
}

const Exit *exit_before_join(Pass *pass, const Partition *exits) {
  const Engine *e = pass->engine;
  const LockEntry *joined =
      exits->joined ? state_lock((State *)exits->joined->state, exits->lock.place) : NULL;
  if (!joined || joined->since == NO_INSTRUCTION)
    return NULL;
  const bool *after = blocks_after(e, e->inst_blocks[joined->since]);
  for (uint32_t i = 0; i < exits->slip_count; i++)
    if (!after[exits->slips[i]->block])
      return exits->slips[i];
  return exits->held && !after[exits->held->block] ? exits->held : NULL;
}

bool is_in_every_round(const Pass *pass, uint32_t instruction) {
  const Engine *e = pass->engine;
  Index block = e->inst_blocks[instruction], loop = e->cfg->innermost[block];
  if (loop == NO_LOOP)
    return true;
  Index header = e->cfg->loops[loop].header;
  for (uint32_t i = 0; i < e->cfg->predecessor_counts[header]; i++) {
    Index from = e->cfg->predecessors[header][i];
    if (cfg_is_back_edge(e->cfg, from, header) && !cfg_dominates(e->cfg, block, from))
      return false;
  }
  return true;
}

Thing handle_thing(const ThreadRow *row) {
  return (Thing){row->function, row->class_key, row->handle};
}

bool same_handle(const ThreadRow *a, const ThreadRow *b) {
  Thing one = handle_thing(a), other = handle_thing(b);
  return same_thing(&one, &other);
}

const ThreadRow *next_creation(const Pass *pass, const ThreadRow *after) {
  const ThreadRow *row = after ? after + 1 : pass->threads.at;
  while (row < pass->threads.at + pass->threads.count &&
         (row->action != THREAD_CREATED || row->finding != NO_FINDING))
    row++;
  return row < pass->threads.at + pass->threads.count ? row : NULL;
}

bool is_ended_somewhere(Pass *pass, const ThreadRow *rows, uint32_t count, const ThreadRow *claim) {
  const char *class_key = deferred(pass, claim->finding)->object;
  for (uint32_t i = 0; i < count; i++) {
    bool ends = rows[i].action == THREAD_JOINED || rows[i].action == THREAD_ENDED_DETACHED;
    if (ends && rows[i].finding == NO_FINDING &&
        (class_key && *class_key ? !strcmp(rows[i].class_key, class_key)
                                 : same_handle(&rows[i], claim)))
      return true;
  }
  return false;
}

bool is_chosen_by_callee(const Pass *pass, const LockEntry *thread, uint32_t instruction) {
  const TermTable *terms = pass->engine->terms;
  const Term *place = term_at(terms, thread->place);
  while (place->kind == TERM_FIELD)
    place = term_at(terms, place->a);
  return place->kind == TERM_INDEX && !is_direct(pass, instruction);
}

bool is_given_handle(const Pass *pass, const LockEntry *thread) {
  const TermTable *terms = pass->engine->terms;
  const Term *place = term_at(terms, thread->place);
  while (place->kind == TERM_FIELD)
    place = term_at(terms, place->a);
  TermId given = thread->other;
  while (given && term_at(terms, given)->kind == TERM_CAST)
    given = term_at(terms, given)->a;
  return given && place->kind == TERM_DEREF && place->a == given;
}

bool is_claim(Pass *pass, const ThreadRow *row) {
  return row->finding != NO_FINDING && !strcmp(deferred(pass, row->finding)->rule, pass->rule->id);
}

uint32_t count_threads(Pass *pass, const ThreadRow *rows, uint32_t count, const char *class_key,
                       ThreadAction action) {
  uint32_t found = 0;
  for (uint32_t i = 0; i < count; i++)
    found += rows[i].finding == NO_FINDING && rows[i].action == action &&
             !strcmp(rows[i].class_key, class_key) && !is_told_inside(pass, &rows[i]);
  return found;
}

bool is_own_handle(const Pass *pass, const LockEntry *thread) {
  const Engine *e = pass->engine;
  return term_is_in_local(e->terms, thread->place) ||
         (!outside_knows(e, thread->place) && !engine_class_symbol(engine_class(e, thread->place)));
}

bool leaves_with(Pass *pass, const Exit *exit, const LockEntry *thread) {
  Engine *e = pass->engine;
  return outside_returns_handle(e, exit, thread->place) ||
         outside_handed(e, exit, thread->place) != 0;
}

bool ends_process(const Pass *pass, const Exit *exit) {
  return exit->kind == EXIT_RETURN && !strcmp(pass->engine->function->declared.key, "main");
}

bool is_told_here(const Pass *pass, const Transition *t) {
  return is_own_handle(pass, &t->before) ||
         (is_direct(pass, t->before.since) && is_direct(pass, t->instruction));
}

Multiplicities *multiplicities(Pass *pass) {
  if (!pass->multiplicities)
    pass->multiplicities = multiplicities_new(pass->program);
  return pass->multiplicities;
}

Multiplicity runs_at(Pass *pass, const ProgramFunction *function, uint32_t instruction) {
  return multiplicity_at(multiplicities(pass), function->id, instruction);
}

bool is_by_recursion(Pass *pass, const ThreadRow *row) {
  uint32_t count;
  const RunsStep *steps = multiplicity_reason(multiplicities(pass), pass->arena, row->function->id,
                                              row->instruction, &count);
  while (count--)
    if (steps[count].cause == CAUSE_RECURSION)
      return true;
  return false;
}

bool is_of_signal(Pass *pass, const ProgramFunction *function, uint32_t instruction) {
  uint32_t count;
  const RunsStep *steps =
      multiplicity_reason(multiplicities(pass), pass->arena, function->id, instruction, &count);
  return count && steps[0].cause == CAUSE_SIGNAL;
}

bool is_of_callback(Pass *pass, const ProgramFunction *function, uint32_t instruction) {
  uint32_t count;
  const RunsStep *steps =
      multiplicity_reason(multiplicities(pass), pass->arena, function->id, instruction, &count);
  bool registered = false;
  for (uint32_t i = 0; i < count; i++) {
    registered |= steps[i].cause == CAUSE_CALLBACK;
    if (steps[i].loop_line && steps[i].repeats == REPEATS_ANY)
      return false;
  }
  return registered;
}

static const char *verb_of(const RunsStep *step) {
  return step->cause == CAUSE_THREAD     ? "started as a thread"
         : step->cause == CAUSE_CALLBACK ? "registered"
                                         : "called";
}

bool is_limited(Pass *pass, const ThreadRow *row) {
  ThrottleQuestion question = {.function = row->function->id,
                               .instruction = row->instruction,
                               .entries = thread_entries(pass, row)};
  question.steps = multiplicity_reason(multiplicities(pass), pass->arena, question.function,
                                       question.instruction, &question.step_count);
  return is_throttled(pass->program, &question);
}

Multiplicity threads_behind(Pass *pass, const ProgramFunction *function, uint32_t instruction) {
  Multiplicities *all = multiplicities(pass);
  uint32_t count;
  const RunsStep *steps = multiplicity_reason(all, pass->arena, function->id, instruction, &count);
  while (count--)
    if (steps[count].cause == CAUSE_THREAD && steps[count].instruction != NO_RUNS_INSTRUCTION)
      return multiplicity_at(all, steps[count].caller, steps[count].instruction);
  return (Multiplicity){.runs = RUNS_NEVER};
}

void note_calls(Pass *pass, Finding *finding, const ProgramFunction *function,
                uint32_t instruction) {
  uint32_t count;
  const RunsStep *steps =
      multiplicity_reason(multiplicities(pass), pass->arena, function->id, instruction, &count);
  for (uint32_t i = 0; i < count; i++) {
    const RunsStep *step = &steps[i];
    if (step->caller == NO_RUNS_CALLER || step->instruction == NO_RUNS_INSTRUCTION)
      continue;
    const ProgramFunction *caller = &pass->program->functions[step->caller];
    if (step->loop_line && step->repeats == REPEATS_ANY)
      note_there(pass, finding, STEP_EVENT, position_of(caller, step->loop, true),
                 "this loop goes round any number of times");
    if (step->cause != CAUSE_HERE)
      note_there(pass, finding, step->cause == CAUSE_THREAD ? STEP_SPAWN : STEP_EVENT,
                 position_of(caller, step->instruction, false), "'%s' is %s here",
                 pass->program->functions[step->function].declared.name, verb_of(step));
  }
}

const char *how_often_in_words(Pass *pass, const ThreadRow *row) {
  return multiplicity_words(multiplicities(pass), pass->arena, row->function->id, row->instruction);
}

/* How the program comes to a place is told before what happens there. */
static void tell_first(Pass *pass, Finding *finding, uint32_t from) {
  uint32_t count = finding->step_count - from;
  Step *moved = arena_copy(pass->arena, finding->steps + from, sizeof *moved * count);
  memmove(finding->steps + count, finding->steps, sizeof *moved * from);
  memcpy(finding->steps, moved, sizeof *moved * count);
}

void note_reason(Pass *pass, Finding *finding, const ThreadRow *row) {
  Multiplicity often = runs_at(pass, row->function, row->instruction);
  uint32_t before = finding->step_count;
  if (often.runs == RUNS_ANY && !often.assumed)
    note_calls(pass, finding, row->function, row->instruction);
  if (before && finding->step_count > before)
    tell_first(pass, finding, before);
  note_evidence(pass, finding, "it is created %s", how_often_in_words(pass, row));
}

bool has_contrast(const Finding *finding) {
  for (uint32_t i = 0; i < finding->step_count; i++)
    if (finding->steps[i].kind == STEP_CONTRAST)
      return true;
  return false;
}
