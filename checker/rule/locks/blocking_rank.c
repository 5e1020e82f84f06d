/* blocking_rank.c - what tells a wait under a lock that hurts from one that is meant: who else
 * wants the lock, how many of its other sections wait as well, when it happens, and how long it
 * takes. */
#include "rule/locks/blocking.h"

#include <string.h>

#include "ir/print.h"

/* ---- what the code at the wait says */

enum { DO_NOT_WAIT = 0x40, NO_HANG = 1 }; // MSG_DONTWAIT, WNOHANG

static const Instruction *call_in(const Function *f, uint32_t instruction, const char **name) {
  if (instruction >= f->instruction_count)
    return NULL;
  const Instruction *call = &f->instructions[instruction];
  const Node *callee = &f->nodes[call->a];
  if (call->kind != INST_CALL || callee->kind != NODE_FUNCTION)
    return NULL;
  *name = f->symbols[callee->a].name;
  return call;
}

static bool constant_argument(const Function *f, const Instruction *call, uint32_t number,
                              int64_t *value) {
  const Node *node = number < call->arg_count ? &f->nodes[f->args[call->args + number]] : NULL;
  while (node && node->kind == NODE_CAST)
    node = &f->nodes[node->a];
  if (!node || node->kind != NODE_CONSTANT)
    return false;
  *value = f->constants[node->a].value;
  return true;
}

static bool is_given_no_time(const Function *f, const Instruction *call, const char *name) {
  static const struct {
    const char *name;
    uint32_t argument;
    int64_t flag;
  } calls[] = {
      {"send", 3, DO_NOT_WAIT},     {"recv", 3, DO_NOT_WAIT},     {"sendto", 3, DO_NOT_WAIT},
      {"recvfrom", 3, DO_NOT_WAIT}, {"sendmsg", 2, DO_NOT_WAIT},  {"recvmsg", 2, DO_NOT_WAIT},
      {"sendmmsg", 3, DO_NOT_WAIT}, {"recvmmsg", 3, DO_NOT_WAIT}, {"waitpid", 2, NO_HANG},
      {"waitid", 3, NO_HANG},       {"wait3", 1, NO_HANG},        {"wait4", 2, NO_HANG}};
  int64_t flags;
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    if (!strcmp(name, calls[i].name))
      return constant_argument(f, call, calls[i].argument, &flags) && (flags & calls[i].flag);
  return false;
}

/* The sum of what is stored into a local structure of seconds and parts of them; -1: not known. */
static int64_t time_in_local(const Function *f, NodeId argument, int64_t parts) {
  const Node *pointer = &f->nodes[argument];
  const Node *place = pointer->kind == NODE_ADDRESS ? &f->nodes[pointer->a] : NULL;
  if (!place || place->kind != NODE_LOCAL)
    return -1;
  int64_t milliseconds = -1;
  for (uint32_t i = 0; i < f->instruction_count; i++) {
    const Instruction *inst = &f->instructions[i];
    const Node *field = inst->kind == INST_STORE ? &f->nodes[inst->a] : NULL;
    const Node *whole = field && field->kind == NODE_FIELD ? &f->nodes[field->a] : field;
    if (!whole || whole->kind != NODE_LOCAL || whole->a != place->a)
      continue;
    const Node *value = &f->nodes[inst->b];
    if (value->kind != NODE_CONSTANT)
      return -1;
    int64_t number = f->constants[value->a].value;
    bool seconds = field->kind == NODE_FIELD && f->symbols[field->b].offset == 0;
    milliseconds =
        (milliseconds < 0 ? 0 : milliseconds) + (seconds ? number * 1000 : number / parts);
  }
  return milliseconds;
}

static int64_t milliseconds_of(const Function *f, const Instruction *call, const char *name) {
  int64_t value;
  if (!strcmp(name, "sleep") && constant_argument(f, call, 0, &value))
    return value * 1000;
  if (!strcmp(name, "usleep") && constant_argument(f, call, 0, &value))
    return value / 1000;
  if ((!strcmp(name, "poll") && constant_argument(f, call, 2, &value)) ||
      (!strcmp(name, "epoll_wait") && constant_argument(f, call, 3, &value)))
    return value;
  if (!strcmp(name, "nanosleep") && call->arg_count == 2)
    return time_in_local(f, f->args[call->args], 1000000);
  if (!strcmp(name, "select") && call->arg_count == 5)
    return time_in_local(f, f->args[call->args + 4], 1000);
  return -1;
}

/* Taken in front of a loop in which the wait is: the loop is what the lock is held for. */
static bool is_kept(Pass *pass, const Blocking *blocking) {
  BorrowedCode code = program_borrow(pass->program, blocking->function->id);
  const Function *f = code.function->body;
  const Cfg *cfg = cfg_new(code.arena, f);
  Index taken = block_of_instruction(f, blocking->acquired);
  Index loop = cfg->innermost[block_of_instruction(f, blocking->instruction)];
  bool kept = false;
  for (; loop != NO_LOOP && !kept; loop = cfg->loops[loop].parent)
    kept = !cfg_in_loop(cfg, loop, taken) && cfg->loops[loop].depth == 1;
  program_return(&code);
  return kept;
}

static void read_wait(Pass *pass, Blocking *blocking) {
  const char *name = NULL;
  BorrowedCode code = program_borrow(pass->program, blocking->row->function->id);
  const Function *f = code.function->body;
  const Instruction *call = call_in(f, blocking->row->instruction, &name);
  blocking->milliseconds = call ? milliseconds_of(f, call, name) : -1;
  blocking->is_instant = call && is_given_no_time(f, call, name);
  program_return(&code);
}

const char *duration_in_words(Pass *pass, const char *what, int64_t milliseconds) {
  if (milliseconds < 0)
    return what;
  if (milliseconds % 1000)
    return arena_printf(pass->arena, "%s for %lld milliseconds", what, (long long)milliseconds);
  return arena_printf(pass->arena, "%s for %lld second%s", what, (long long)milliseconds / 1000,
                      milliseconds == 1000 ? "" : "s");
}

/* ---- names */

static const char *short_name(const char *key) {
  key += *key == '*';
  const char *colon = strrchr(key, ':'), *dot = strrchr(key, '.');
  return colon ? colon + 1 : dot ? dot + 1 : key; // a file, or a struct, and a name in it
}

/* As it stands where it is taken, when that is of the class. */
static const char *name_of_lock(Pass *pass, const Blocking *blocking) {
  const char *name = short_name(blocking->lock), *called = NULL;
  BorrowedCode code = program_borrow(pass->program, blocking->function->id);
  const Function *f = code.function->body;
  const Instruction *call = call_in(f, blocking->acquired, &called);
  const char *text = NULL;
  for (uint32_t i = 0; call && i < call->arg_count && !text; i++) {
    const Node *node = &f->nodes[f->args[call->args + i]];
    const char *written = node->kind == NODE_ADDRESS ? node_text(pass->arena, f, node->a) : NULL;
    size_t length = written ? strlen(written) : 0, least = strlen(name);
    if (length >= least && !strcmp(written + length - least, name))
      text = written;
  }
  program_return(&code);
  return text ? text : name;
}

/* ---- classes */

/* A lock whose sections wait for most of the time keeps apart just those who wait: for disk and
 * network each other's, for they may be the same descriptors. */
static bool waits_as_well(const Section *section, BlockKind kind) {
  bool io = kind == BLOCK_DISK || kind == BLOCK_NETWORK;
  return section->worst.kind >= (io ? BLOCK_DISK : BLOCK_SLEEP);
}

static uint32_t count_waiting(const Section *sections, uint32_t count, BlockKind kind) {
  uint32_t waiting = 0;
  for (uint32_t i = 0; i < count; i++)
    waiting += waits_as_well(&sections[i], kind);
  return waiting;
}

/* A thread of that handle, created here (or by a function that this one calls), takes the lock. */
static bool takes_lock(Pass *pass, const ThreadRow *end, bool directly, TextId class_symbol,
                       bool *created) {
  for (const ThreadRow *made = next_creation(pass, NULL); made; made = next_creation(pass, made)) {
    if (directly == (*made->through != '\0') || !same_handle(made, end))
      continue;
    *created = true;
    Targets entries = thread_entries(pass, made);
    for (uint32_t k = 0; k < entries.count; k++)
      if (waits_may(waits(pass), entries.ids[k], WAIT_ACQUIRE, class_symbol))
        return true;
  }
  return false;
}

/* The thread that is joined takes the lock: it may never come to its end. */
static bool is_needed_by_joined(Pass *pass, const WaitRow *join, TextId class_symbol) {
  for (size_t i = 0; i < pass->threads.count; i++) {
    const ThreadRow *end = &pass->threads.at[i];
    bool created = false;
    if (end->action == THREAD_JOINED && end->function == join->function &&
        end->instruction == join->instruction &&
        (takes_lock(pass, end, true, class_symbol, &created) ||
         (!created && takes_lock(pass, end, false, class_symbol, &created))))
      return true;
  }
  return false;
}

static bool waits_itself(Pass *pass, uint32_t function) {
  static const char *const words[] = {"thread", "network", "requests", "sleep", NULL};
  return may_block_on(pass, function, words) ||
         waits_may(waits(pass), function, WAIT_CONDITION, 0) ||
         waits_may(waits(pass), function, WAIT_JOIN, 0);
}

/* The function that takes the lock for this one; false: it takes it itself. */
static bool taker_of(Pass *pass, const Blocking *blocking, uint32_t *taker) {
  BorrowedCode code = program_borrow(pass->program, blocking->function->id);
  const Function *f = code.function->body;
  const Instruction *call = &f->instructions[blocking->acquired];
  const Node *callee = &f->nodes[call->a];
  Targets targets = {0};
  if (call->kind == INST_CALL && callee->kind == NODE_FUNCTION)
    targets = program_resolve(pass->program, code.function, code.function->symbols[callee->a]);
  program_return(&code);
  if (targets.count)
    *taker = targets.ids[0];
  return targets.count && !pass->program->functions[targets.ids[0]].has_model;
}

static bool is_handed(Pass *pass, const Blocking *blocking, TextId class_symbol) {
  uint32_t taker;
  if (is_behind_pointer(pass, class_symbol))
    return !are_of_one_owner(pass, blocking->row->mutex, class_symbol);
  return takes_for_caller(pass, blocking->function, class_symbol) ||
         !releases_some(pass, blocking->function, class_symbol) ||
         (taker_of(pass, blocking, &taker) && waits_itself(pass, taker));
}

static uint32_t count_classes(const Sections *all, const WaitRow *wait) {
  uint32_t count = 0;
  TextId last = 0;
  for (uint32_t i = 0; i < all->count; i++) {
    const Section *section = &all->at[i];
    const WaitRow *row = section->worst.kind ? section->worst.row : NULL;
    if (row && row->function == wait->function && row->instruction == wait->instruction &&
        section->class_symbol != last) {
      last = section->class_symbol;
      count++;
    }
  }
  return count;
}

/* One for each function: its worst. */
static void tell_class(Pass *pass, const Sections *all, const Section *sections, uint32_t count,
                       BlockingList *list) {
  Contention contention = {0};
  for (uint32_t i = 0; i < count;) {
    const Section *worst = &sections[i];
    uint32_t next = i + 1;
    for (; next < count && sections[next].function == sections[i].function; next++)
      if (sections[next].worst.kind > worst->worst.kind)
        worst = &sections[next];
    i = next;
    if (worst->worst.kind == BLOCK_NONE)
      continue;
    if (!contention.functions)
      contention = contention_of(pass, worst->class_symbol);
    Blocking blocking = worst->worst;
    blocking.lock = text_of(pass->program->symbols, worst->class_symbol);
    blocking.name = name_of_lock(pass, &blocking);
    read_wait(pass, &blocking);
    blocking.is_needed = blocking.row->kind == WAIT_JOIN &&
                         is_needed_by_joined(pass, blocking.row, worst->class_symbol);
    blocking.is_kept = is_kept(pass, &blocking);
    blocking.classes = count_classes(all, blocking.row);
    blocking.is_handed = is_handed(pass, &blocking, worst->class_symbol);
    blocking.may_be_instant = blocking.kind == BLOCK_NETWORK && has_instant_descriptors(pass);
    blocking.sections = count;
    blocking.waiting = count_waiting(sections, count, blocking.kind);
    blocking.competitors = contention.words;
    Multiplicity runs =
        multiplicity_at(multiplicities(pass), blocking.function->id, blocking.instruction);
    blocking.runs = !runs.life || (runs.life & LIFE_RUN);
    array_push(list, blocking);
  }
}

void find_blocking(Pass *pass, BlockingList *list) {
  Arena *scratch = arena_new();
  Sections sections = find_sections(pass, scratch);
  for (uint32_t i = 0; i < sections.count;) {
    uint32_t next = i;
    while (next < sections.count && sections.at[next].class_symbol == sections.at[i].class_symbol)
      next++;
    tell_class(pass, &sections, sections.at + i, next - i, list);
    i = next;
  }
  arena_free(scratch);
}

/* ---- the way as steps */

void note_waiting(Pass *pass, Finding *finding, const Blocking *blocking) {
  const Program *program = pass->program;
  for (uint32_t i = 0; i + 1 < blocking->way_count; i++) {
    uint32_t from = blocking->way[i], to = blocking->way[i + 1];
    uint32_t call = i ? call_between(pass, from, to) : blocking->instruction;
    if (call != NO_INSTRUCTION)
      note_there(pass, finding, i ? STEP_EVENT : STEP_BREAK,
                 position_of(&program->functions[from], call, false), "'%s' is called here",
                 program->functions[to].declared.name);
  }
  const char *through = text_of(program->symbols, blocking->row->through);
  note_there(pass, finding, blocking->way_count > 1 ? STEP_EVENT : STEP_BREAK,
             position_of(blocking->row->function, blocking->row->instruction, false),
             *through ? "it waits in '%s', called here" : "it waits here", short_name(through));
}
