/* blocking.c - what is waited for while a lock is held: in the function that has taken it, or in
 * one that it calls, as long as nobody on the way there gives the lock up (ANALYSIS A.2, L5).
 *
 * A section belongs to the function that takes the lock, for it is the one that could do the
 * waiting before or after. Of several waits in one section the worst counts, and of equal ones the
 * nearest. */
#include "rule/locks/blocking.h"

#include <stdlib.h>
#include <string.h>

enum { REACH = 4000 };

typedef struct {
  Pass *pass;
  Waits *waits;
  Arena *scratch;
  TextId class_symbol; // of the lock at hand
  BlockKind kind;      // that is looked for
  uint8_t *wanted;     // by class: 1 if two threads want such a lock, 2 if not
  uint32_t *from;      // by function id: who calls it on the way, plus 1
  bool *by_pointer;
  ARRAY(uint32_t) queue;
} Search;

bool is_behind_pointer(const Pass *pass, TextId class_symbol) {
  return *text_of(pass->program->symbols, class_symbol) == '*';
}

/* ---- what rows wait for */

/* A timed or sleeping acquire waits for the lock, which is another rule's. */
static bool is_acquire(const Search *s, const WaitRow *row) {
  uint32_t count;
  const WaitRow *rows = waits_rows(s->waits, row->function->id, &count);
  for (uint32_t i = 0; i < count; i++)
    if (rows[i].kind == WAIT_ACQUIRE && rows[i].instruction == row->instruction &&
        !(rows[i].flags & LOCK_COUNTING))
      return true;
  return false;
}

static BlockKind kind_of_word(const char *word) {
  static const struct {
    const char *word;
    BlockKind kind;
  } kinds[] = {{"thread", BLOCK_THREAD},  {"network", BLOCK_NETWORK}, {"requests", BLOCK_NETWORK},
               {"events", BLOCK_NETWORK}, {"sleep", BLOCK_SLEEP},     {"disk", BLOCK_DISK}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (!strcmp(word, kinds[i].word))
      return kinds[i].kind;
  return BLOCK_NONE;
}

static bool is_given_up(const WaitRow *row, TextId class_symbol) {
  for (uint32_t i = 0; i < row->held_count; i++)
    if (row->held[i].class_symbol == class_symbol && row->held[i].is_given_up)
      return true;
  return false;
}

/* Two pointers of one object are there to be two locks. */
bool are_of_one_owner(const Pass *pass, TextId one, TextId other) {
  const char *a = text_of(pass->program->symbols, one), *b = text_of(pass->program->symbols, other);
  const char *x = strrchr(a, '.'), *y = strrchr(b, '.');
  return one != other && x && y && x - a == y - b && !strncmp(a, b, (size_t)(x - a));
}

/* Behind a pointer, or without a name: which lock it is, others say. */
static bool may_be_same(const Pass *pass, TextId one, TextId other) {
  if (one == other || !one)
    return true;
  return (is_behind_pointer(pass, one) || is_behind_pointer(pass, other)) &&
         !are_of_one_owner(pass, one, other);
}

/* With the lock of the search held, whoever took it. */
static BlockKind kind_of(const Search *s, const WaitRow *row) {
  if (is_given_up(row, s->class_symbol))
    return BLOCK_NONE;
  switch (row->kind) {
  case WAIT_JOIN:
    return BLOCK_THREAD;
  case WAIT_CONDITION: // gives up its own mutex, which this one may be under another name
    return may_be_same(s->pass, row->mutex, s->class_symbol) ? BLOCK_NONE : BLOCK_THREAD;
  case WAIT_BLOCK: {
    BlockKind kind = kind_of_word(text_of(s->pass->program->symbols, row->symbol));
    bool of_lock = (kind == BLOCK_THREAD || kind == BLOCK_SLEEP) && is_acquire(s, row);
    return of_lock ? BLOCK_NONE : kind;
  }
  default:
    return BLOCK_NONE;
  }
}

/* ---- ways to them */

static bool may_block(const Search *s, uint32_t function) {
  static const char *const words[][4] = {[BLOCK_THREAD] = {"thread"},
                                         [BLOCK_NETWORK] = {"network", "requests", "events"},
                                         [BLOCK_SLEEP] = {"sleep"},
                                         [BLOCK_DISK] = {"disk"}};
  if (may_block_on(s->pass, function, words[s->kind]))
    return true;
  return s->kind == BLOCK_THREAD && (waits_may(s->waits, function, WAIT_JOIN, 0) ||
                                     waits_may(s->waits, function, WAIT_CONDITION, 0));
}

static const WaitRow *row_there(const Search *s, uint32_t function) {
  uint32_t count;
  const WaitRow *rows = waits_rows(s->waits, function, &count);
  for (uint32_t i = 0; i < count; i++)
    if (kind_of(s, &rows[i]) == s->kind)
      return &rows[i];
  return NULL;
}

/* In no call of it is the lock still held. */
static bool is_called_without(const Search *s, uint32_t function, TextId callee) {
  uint32_t count;
  const WaitRow *rows = waits_rows(s->waits, function, &count);
  bool without = false;
  for (uint32_t i = 0; i < count; i++) {
    if (rows[i].kind != WAIT_CALL || rows[i].symbol != callee)
      continue;
    if (!is_given_up(&rows[i], s->class_symbol))
      return false;
    without = true;
  }
  return without;
}

/* Nobody waits for the lock of a process that ends. What a model says of a function is a row of who
 * calls it. */
static void reach(Search *s, Targets targets, uint32_t from, bool by_pointer) {
  for (uint32_t i = 0; i < targets.count && s->queue.count < REACH; i++) {
    uint32_t id = targets.ids[i];
    if (s->from[id] || s->pass->program->functions[id].has_model || !may_block(s, id) ||
        summary_never_returns(program_summary(s->pass->program, id)))
      continue;
    s->from[id] = from + 1;
    s->by_pointer[id] = by_pointer || s->by_pointer[from];
    array_push(&s->queue, id);
  }
}

static void reach_callees(Search *s, const ProgramFunction *function, bool pointers) {
  const Program *program = s->pass->program;
  const FunctionLinks *links = function->declared.links;
  for (uint32_t i = 0; i < links->call_count; i++)
    if (!is_called_without(s, function->id, links->call_symbols[i]))
      reach(s, program_resolve(program, function, links->call_symbols[i]), function->id, false);
  for (uint32_t i = 0; pointers && i < links->slot_count; i++)
    if (!is_called_without(s, function->id, links->slot_symbols[i]))
      reach(s, program_slot_targets(program, links->slot_symbols[i]), function->id, true);
}

/* Those that are reached by name before those that are reached through a pointer. */
static const WaitRow *nearest(Search *s) {
  for (int pointers = 0; pointers < 2; pointers++)
    for (size_t at = 0; at < s->queue.count; at++) {
      const ProgramFunction *function = &s->pass->program->functions[s->queue.at[at]];
      const WaitRow *row = row_there(s, function->id);
      if (row)
        return row;
      reach_callees(s, function, pointers);
    }
  return NULL;
}

static void forget(Search *s) {
  for (size_t i = 0; i < s->queue.count; i++)
    s->from[s->queue.at[i]] = 0;
  s->queue.count = 0;
}

static void keep_way(const Search *s, Blocking *found, const WaitRow *row) {
  uint32_t first = found->function->id;
  found->row = row;
  found->by_pointer = s->by_pointer[row->function->id];
  found->way_count = 2;
  uint32_t at = row->function->id;
  for (; s->from[at] - 1 != first; at = s->from[at] - 1)
    found->way_count++;
  uint32_t *ids = arena_new_array(s->pass->arena, uint32_t, found->way_count);
  at = row->function->id;
  for (uint32_t i = found->way_count; i-- > 1; at = s->from[at] - 1)
    ids[i] = at;
  ids[0] = first;
  found->way = ids;
}

/* The worst that the call of the row comes to, and no better than what is known already. */
static bool search_call(Search *s, const WaitRow *call, BlockKind least, Blocking *found) {
  const Program *program = s->pass->program;
  for (int kind = BLOCK_THREAD; kind >= (int)least && kind > BLOCK_NONE; kind--) {
    s->kind = (BlockKind)kind;
    Targets named = program_resolve(program, call->function, call->symbol);
    uint32_t caller = call->function->id;
    bool pointer = !named.count;
    bool before = s->by_pointer[caller];
    s->by_pointer[caller] = false;
    reach(s, pointer ? program_slot_targets(program, call->symbol) : named, caller, pointer);
    s->by_pointer[caller] = before;
    const WaitRow *row = nearest(s);
    if (row) {
      found->kind = s->kind;
      keep_way(s, found, row);
    }
    forget(s);
    if (row)
      return true;
  }
  return false;
}

/* ---- sections */

/* Where nobody has to wait for the lock, it does not matter what its holder waits for. */
static bool is_wanted(Search *s, TextId class_symbol) {
  uint8_t *known = &s->wanted[class_symbol];
  if (!*known)
    *known = contention_of(s->pass, class_symbol).threads > 1 ? 1 : 2;
  return *known == 1;
}

static bool is_section_of(Search *s, const HeldLock *lock) {
  return lock->class_symbol && !lock->is_given_up && lock->acquired != HELD_SINCE_ENTRY &&
         !(lock->flags & LOCK_COUNTING) && is_wanted(s, lock->class_symbol);
}

static bool is_worse(const Blocking *a, const Blocking *b) {
  if (a->kind != b->kind)
    return a->kind > b->kind;
  if (a->by_pointer != b->by_pointer)
    return b->by_pointer;
  return a->way_count < b->way_count;
}

static void judge_row(Search *s, const WaitRow *row, const HeldLock *lock, Section *section) {
  s->class_symbol = lock->class_symbol;
  Blocking found = {.function = row->function,
                    .instruction = row->instruction,
                    .acquired = lock->acquired,
                    .is_shared = (lock->flags & LOCK_READ) != 0,
                    .spins = lock->flags & HELD_SPINNING,
                    .row = row,
                    .way_count = 1};
  if (row->kind == WAIT_CALL) {
    if (!search_call(s, row, section->worst.kind, &found))
      return;
  } else {
    found.kind = kind_of(s, row);
  }
  if (found.kind != BLOCK_NONE && (!section->worst.kind || is_worse(&found, &section->worst)))
    section->worst = found;
}

typedef ARRAY(Section) SectionList;

static Section *section_at(SectionList *list, size_t first, const ProgramFunction *function,
                           TextId class_symbol, uint32_t acquired) {
  for (size_t i = first; i < list->count; i++)
    if (list->at[i].class_symbol == class_symbol && list->at[i].acquired == acquired)
      return &list->at[i];
  array_push(list,
             ((Section){.function = function, .class_symbol = class_symbol, .acquired = acquired}));
  return &list->at[list->count - 1];
}

/* Takes it for its caller, with any outcome or with some. */
bool takes_for_caller(const Pass *pass, const ProgramFunction *function, TextId class_symbol) {
  const Summary *summary = program_summary(pass->program, function->id);
  for (uint32_t i = 0; summary && i < summary->case_count; i++)
    for (uint32_t k = 0; k < summary->cases[i].effect_count; k++) {
      const Effect *effect = &summary->cases[i].effects[k];
      if (effect->resource == RESOURCE_LOCK && effect->action == ACTION_ACQUIRE &&
          wait_class(pass->program->symbols, summary->terms, effect->place) == class_symbol)
        return true;
    }
  return false;
}

static void add_function(Search *s, SectionList *list, uint32_t function) {
  size_t first = list->count;
  uint32_t count;
  const WaitRow *rows = waits_rows(s->waits, function, &count);
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < rows[i].held_count; k++) {
      const HeldLock *lock = &rows[i].held[k];
      if (is_section_of(s, lock))
        judge_row(s, &rows[i], lock,
                  section_at(list, first, rows[i].function, lock->class_symbol, lock->acquired));
    }
  for (uint32_t i = 0; i < count; i++)
    if (rows[i].kind == WAIT_ACQUIRE && rows[i].symbol && !(rows[i].flags & LOCK_COUNTING) &&
        is_wanted(s, rows[i].symbol) &&
        !takes_for_caller(s->pass, rows[i].function, rows[i].symbol))
      section_at(list, first, rows[i].function, rows[i].symbol, rows[i].instruction);
}

static int compare_sections(const void *a, const void *b) {
  const Section *x = a, *y = b;
  if (x->class_symbol != y->class_symbol)
    return x->class_symbol < y->class_symbol ? -1 : 1;
  if (x->function->id != y->function->id)
    return x->function->id < y->function->id ? -1 : 1;
  return (x->acquired > y->acquired) - (x->acquired < y->acquired);
}

Sections find_sections(Pass *pass, Arena *scratch) {
  uint32_t functions = pass->program->function_count;
  Search s = {.pass = pass, .waits = waits(pass), .scratch = scratch};
  s.wanted = arena_new_array(scratch, uint8_t, text_count(pass->program->symbols));
  s.from = arena_new_array(scratch, uint32_t, functions);
  s.by_pointer = arena_new_array(scratch, bool, functions);
  SectionList list = {0};
  for (uint32_t id = 0; id < functions; id++)
    add_function(&s, &list, id);
  Sections sections = {.at = arena_copy(scratch, list.at, sizeof *list.at * list.count),
                       .count = (uint32_t)list.count};
  if (sections.count)
    qsort(sections.at, sections.count, sizeof *sections.at, compare_sections);
  array_free(&list);
  array_free(&s.queue);
  return sections;
}
