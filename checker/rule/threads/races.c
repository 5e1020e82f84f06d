/* races.c - what several threads use, for each linked program, and what rules ask of it. */
#include <string.h>

#include "base/guard.h"
#include "ir/print.h"
#include "link/called.h"
#include "link/linkage.h"
#include "race/guards.h"
#include "rule/pass.h"

enum { NAMES_TOLD = 6, JOINS_PER_ROW = 4 };

/* ---- the program */

static const AccessBytes *bytes_of(Pass *pass) {
  AccessBytes *bytes = arena_new_array(pass->arena, AccessBytes, pass->program->function_count);
  for (size_t i = 0; i < pass->access_rows.count; i++) {
    const AccessRow *row = &pass->access_rows.at[i];
    bytes[row->function->id] = (AccessBytes){row->bytes, row->count};
  }
  return bytes;
}

/* ---- joins */

static uint32_t root_with(const Concurrency *c, uint32_t function) {
  uint32_t i = 1;
  while (i < c->root_count && c->roots[i].function != function)
    i++;
  return i < c->root_count ? i : 0;
}

/* Threads that run what the row's function is given by those that call it. */
static RootSet roots_given_to(const Pass *pass, const Concurrency *c, const ThreadRow *row) {
  RootSet roots = 0;
  for (uint32_t e = 0; e < c->graph->edge_count; e++) {
    const RunsEdge *edge = &c->graph->edges[e];
    uint32_t root = edge->kind == RUNS_SPAWN && edge->entry == ENTRY_FLOW &&
                            edge->from < pass->program->function_count
                        ? root_with(c, edge->to)
                        : 0;
    if (!root)
      continue;
    const ProgramFunction *caller = &pass->program->functions[edge->from];
    const FunctionLinks *links = caller->declared.links;
    const PointerFlow *flow = &links->flows[edge->number];
    Targets targets = {0};
    if (flow->fate == FLOW_PASSED && flow->callee < links->call_count)
      targets = program_resolve(pass->program, caller, links->call_symbols[flow->callee]);
    for (uint32_t t = 0; t < targets.count; t++)
      if (targets.ids[t] == row->function->id)
        roots |= (RootSet)1 << root;
  }
  return roots;
}

/* By row: the roots of the threads that it creates. */
static RootSet *roots_of_rows(Pass *pass, Arena *arena, const Concurrency *c) {
  RootSet *roots = arena_new_array(arena, RootSet, pass->threads.count);
  for (size_t i = 0; i < pass->threads.count; i++) {
    const ThreadRow *row = &pass->threads.at[i];
    Targets entries = row->action == THREAD_CREATED ? thread_entries(pass, row) : (Targets){0};
    for (uint32_t k = 0; k < entries.count; k++) {
      uint32_t root = root_with(c, entries.ids[k]);
      roots[i] |= root ? (RootSet)1 << root : 0;
    }
    if (row->action == THREAD_CREATED && guard_on("race-given-entry"))
      roots[i] |= roots_given_to(pass, c, row);
  }
  return roots;
}

/* A row that has no name for the handle that a callee keeps: the callee's own row has. */
static bool is_named_inside(const Pass *pass, const ThreadRow *row) {
  for (size_t i = 0; i < pass->threads.count && !*row->class_key && !*row->handle; i++) {
    const ThreadRow *inner = &pass->threads.at[i];
    if (inner->action == THREAD_CREATED && *inner->class_key &&
        !strcmp(inner->function->declared.key, row->through))
      return guard_on("race-given-entry");
  }
  return false;
}

/* The roots of all threads whose handle is this one; as `roots` those of no other. Records that
 * have a handle each have a thread each: of several kinds only one is joined. */
static JoinSite join_of_handle(const Pass *pass, const RootSet *roots, const ThreadRow *joined) {
  RootSet of_handle = 0, others = 0;
  for (size_t i = 0; i < pass->threads.count; i++) {
    const ThreadRow *row = &pass->threads.at[i];
    if (!roots[i] || is_named_inside(pass, row))
      continue;
    bool is_one_of_several = owner_of_member(row->class_key) && roots[i] & (roots[i] - 1);
    *(same_handle(row, joined) ? &of_handle : &others) |= roots[i];
    others |= is_one_of_several ? roots[i] : 0;
  }
  return (JoinSite){joined->function->id, joined->instruction, of_handle & ~others, of_handle};
}

/* The function that joins them is given the handle: its caller knows which threads these are. */
static void add_inner_joins(const Pass *pass, const JoinSite *join, const char *by, JoinSite *joins,
                            uint32_t *count) {
  for (size_t i = 0; i < pass->threads.count && *by; i++) {
    const ThreadRow *row = &pass->threads.at[i];
    if (row->action == THREAD_JOINED && !*row->class_key &&
        !strcmp(row->function->declared.key, by) && *count < JOINS_PER_ROW * pass->threads.count)
      joins[(*count)++] = (JoinSite){row->function->id, row->instruction, join->roots, join->one};
  }
}

static JoinSite *find_joins(Pass *pass, Arena *arena, const Concurrency *c, uint32_t *count) {
  JoinSite *joins = arena_new_array(arena, JoinSite, (JOINS_PER_ROW + 1) * pass->threads.count);
  const RootSet *of_rows = roots_of_rows(pass, arena, c);
  *count = 0;
  for (size_t i = 0; i < pass->threads.count; i++) {
    const ThreadRow *row = &pass->threads.at[i];
    JoinSite join =
        row->action == THREAD_JOINED ? join_of_handle(pass, of_rows, row) : (JoinSite){0};
    if (!join.one)
      continue;
    joins[(*count)++] = join;
    add_inner_joins(pass, &join, row->by, joins, count);
  }
  return joins;
}

static void tell_guards(Pass *pass, const Datum *datum) {
  uint32_t last = NOT_REACHED;
  const char *key = datum_class(pass, datum);
  for (uint32_t i = 0; i < datum->count; i++) {
    if (datum->uses[i].function == last)
      continue;
    last = datum->uses[i].function;
    array_push(&pass->guards, (GuardDeed){.function = last,
                                          .datum = key,
                                          .lock = text_of(pass->program->symbols, datum->guard),
                                          .held = datum->held,
                                          .counted = datum->counted});
  }
}

GuardDeed *told_guards(Pass *pass, uint32_t *count) {
  *count = (uint32_t)pass->guards.count;
  GuardDeed *told = arena_copy(pass->arena, pass->guards.at, sizeof *told * pass->guards.count);
  array_free(&pass->guards);
  return told;
}

static void judge_program(Pass *pass, RaceInput *input, uint32_t linked) {
  Concurrency concurrency;
  Arena *arena = arena_new();
  if (concurrency_find(arena, pass->program, input->multiplicities, linked, &concurrency)) {
    uint32_t count;
    input->joins = find_joins(pass, arena, &concurrency, &input->join_count);
    const Datum *data = races_find(arena, input, &concurrency, &count);
    pass->concurrency = &concurrency;
    for (size_t i = 0; i < rule_count; i++) {
      pass->rule = all_rules[i];
      if (pass->rule->on_races)
        pass->rule->on_races(pass, data, count);
    }
    for (uint32_t i = 0; i < count && pass->wants_guards; i++)
      if (data[i].basis >= GUARD_RECORD)
        tell_guards(pass, &data[i]);
    pass->concurrency = NULL;
  }
  arena_free(arena);
}

void judge_races(Pass *pass) {
  if (!pass->access_rows.count || !creates_threads(multiplicity_graph(multiplicities(pass))))
    return;
  RaceInput input = {.program = pass->program,
                     .multiplicities = multiplicities(pass),
                     .sharing = sharing_new(pass->arena, pass->program, bytes_of(pass))};
  uint32_t linked = linkage_count(pass->program);
  for (uint32_t i = 0; i < linked; i++)
    judge_program(pass, &input, i);
  if (!linked)
    judge_program(pass, &input, NO_LINKED);
  sharing_free(input.sharing);
}

/* ---- what the rules ask */

const ProgramFunction *use_function(const Pass *pass, const Use *use) {
  return &pass->program->functions[use->function];
}

Position use_position(const Pass *pass, const Use *use) {
  return position_of(use_function(pass, use), use->access->instruction, false);
}

const char *datum_class(Pass *pass, const Datum *datum) {
  const Use *use = &datum->uses[0];
  BorrowedCode code = program_borrow(pass->program, use->function);
  const Function *f = code.function->body;
  const char *key = arena_text(
      pass->arena, datum_key(code.arena, f, accessed_place(f, use->access->instruction)));
  program_return(&code);
  return key ? key : "";
}

bool has_guard_beside(const Pass *pass, const Datum *datum) {
  return guards_its_own(pass->program, datum);
}

bool is_member_lock(const Pass *pass, TextId lock) {
  return lock && owner_of_member(text_of(pass->program->symbols, lock));
}

bool is_unchecked(const Pass *pass, const Use *use) {
  const Summary *declared = models_declared(pass->program->models, use_function(pass, use)->key);
  return declared && (declared->flags & SUMMARY_UNCHECKED);
}

static const char *slot_called(const Pass *pass, const ProgramFunction *function, uint32_t i) {
  bool by_pointer = false;
  TextId symbol = function->body->instructions[i].kind == INST_CALL
                      ? called_symbol(function, i, &by_pointer)
                      : 0;
  return by_pointer && symbol ? text_of(pass->program->symbols, symbol) : NULL;
}

/* Blocks are not in the order of the text: lines are. */
static int32_t line_of(const Function *f, uint32_t instruction) {
  return f->locations[f->instruction_locations[instruction]].line;
}

static bool is_called_below(const Pass *pass, const ProgramFunction *function, uint32_t use,
                            const char *above) {
  uint64_t table = owner_of_member(above);
  const Function *f = function->body;
  for (uint32_t i = 0; i < f->instruction_count && table; i++) {
    const char *slot = line_of(f, i) > line_of(f, use) ? slot_called(pass, function, i) : NULL;
    if (slot && strcmp(slot, above) != 0 && owner_of_member(slot) == table)
      return true;
  }
  return false;
}

bool is_between_pointers(Pass *pass, const Use *use) {
  BorrowedCode code = program_borrow(pass->program, use->function);
  const Function *f = code.function->body;
  uint32_t at = use->access->instruction;
  bool between = false;
  for (uint32_t i = 0; i < f->instruction_count && !between; i++) {
    const char *slot = line_of(f, i) < line_of(f, at) ? slot_called(pass, code.function, i) : NULL;
    between = slot && is_called_below(pass, code.function, at, slot);
  }
  program_return(&code);
  return between;
}

const char *use_text(Pass *pass, const Use *use) {
  BorrowedCode code = program_borrow(pass->program, use->function);
  const Function *f = code.function->body;
  const char *text = node_text(pass->arena, f, accessed_place(f, use->access->instruction));
  program_return(&code);
  return text;
}

/* "struct pool.lock" of "struct pool#1f3a5c77.lock", "lock" of "src/a.c:lock". */
const char *lock_in_words(Pass *pass, TextId lock) {
  const char *key = text_of(pass->program->symbols, lock);
  const char *hash = strchr(key, '#'), *dot = hash ? strchr(hash, '.') : NULL;
  const char *colon = hash ? NULL : strrchr(key, ':');
  if (dot)
    return arena_printf(pass->arena, "%.*s%s", (int)(hash - key), key, dot);
  return colon ? colon + 1 : hash ? arena_text_n(pass->arena, key, (size_t)(hash - key)) : key;
}

void note_guarded(Pass *pass, Finding *finding, const Datum *datum) {
  const char *names = "";
  uint32_t told = 0, last = NOT_REACHED;
  for (uint32_t i = 0; i < datum->count; i++) {
    const Use *use = &datum->uses[i];
    if (use_holds(use, datum->guard) < HOLDS_READ || use->function == last)
      continue;
    last = use->function;
    if (told++ < NAMES_TOLD)
      names = arena_printf(pass->arena, "%s%s'%s'", names, *names ? ", " : "",
                           use_function(pass, use)->declared.name);
  }
  if (told > NAMES_TOLD)
    names = arena_printf(pass->arena, "%s and %u more", names, told - NAMES_TOLD);
  const char *lock = lock_in_words(pass, datum->guard);
  note_evidence(pass, finding, "%u of %u uses hold '%s': in %s", datum->held, datum->counted, lock,
                names);
  if (datum->basis == GUARD_RECORD)
    note_evidence(pass, finding, "of the members beside it, %u of %u uses hold '%s'",
                  datum->record_held, datum->record_counted, lock);
}

static const ThreadRow *creation_of(const Pass *pass, uint32_t function) {
  uint32_t id;
  for (const ThreadRow *row = next_creation(pass, NULL); row; row = next_creation(pass, row))
    if (thread_entry_function(pass, row, &id) && id == function)
      return row;
  return NULL;
}

/* How the thread comes there: "through 'serve', 'answer'". */
static void note_way_there(Pass *pass, Finding *finding, uint32_t root, const Use *use) {
  uint32_t count;
  const uint32_t *way =
      way_from_root(pass->arena, pass->program, pass->concurrency, root, use->function, &count);
  const char *names = "";
  for (uint32_t i = count; i-- > 1;)
    if (i + 1 < count)
      names = arena_printf(pass->arena, "%s%s'%s'", names, *names ? ", " : "",
                           pass->program->functions[way[i]].declared.name);
  if (*names)
    note_evidence(pass, finding, "'%s' is reached through %s",
                  use_function(pass, use)->declared.name, names);
}

/* Calls from where a thread begins to the use: the fewest. */
uint32_t calls_from_thread(Pass *pass, const Use *use) {
  const Concurrency *c = pass->concurrency;
  uint32_t fewest = NOT_REACHED;
  for (uint32_t root = 1; root < c->root_count; root++) {
    uint32_t count = 0;
    if (use->may >> root & 1)
      way_from_root(pass->arena, pass->program, c, root, use->function, &count);
    if (count && count - 1 < fewest)
      fewest = count - 1;
  }
  return fewest;
}

void note_threads(Pass *pass, Finding *finding, const Use *use) {
  const Concurrency *c = pass->concurrency;
  uint32_t root = 1;
  while (root < c->root_count && !((use->sure ? use->sure : use->may) >> root & 1))
    root++;
  if (root == c->root_count)
    return;
  const char *name = pass->program->functions[c->roots[root].function].declared.name;
  const ThreadRow *row = creation_of(pass, c->roots[root].function);
  if (row)
    note_there(pass, finding, STEP_SPAWN, position_of(row->function, row->instruction, false),
               c->roots[root].is_many ? "threads that run '%s' are created here"
                                      : "a thread that runs '%s' is created here",
               name);
  else
    note_evidence(pass, finding, "'%s' runs in a thread of its own", name);
  note_way_there(pass, finding, root, use);
}
