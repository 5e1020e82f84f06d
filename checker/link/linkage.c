/* linkage.c - see linkage.h. As a linker would: first all units that define a name which nobody
 * else defines, which settles most other names, too. Where a name is still open, the definition
 * in the nearest folder is taken, and of several commands for one file the one that asks for the
 * fewest units that are not there. What ties is all taken. */
#include "link/linkage.h"

#include <string.h>

#include "base/guard.h"
#include "link/name_table.h"

typedef struct {
  uint32_t *needs; // units that are the only ones to define a name it uses
  uint32_t need_count;
  const NameEntry **doubts; // names it uses with their several definers
  uint32_t doubt_count;
  bool is_root;
} UnitNeeds;

typedef struct Linkage {
  NameTable definers; // external name -> units that define it, ascending
  NameTable users;    // external name -> units that use it, ascending
  UnitNeeds *units;
  uint32_t count, words; // linked programs; 64-bit words that hold a bit of each
  uint64_t *members;     // `words` for each unit
} Linkage;

typedef struct {
  const NameEntry *definers;
  uint32_t user;
} Doubt;

typedef struct {
  const Program *program;
  Linkage *linkage;
  uint32_t root, number;
  ARRAY(uint32_t) queue;
  ARRAY(Doubt) doubts;
} Closure;

/* ---- who defines and uses what */

/* Units come in ascending order, so a repetition is the last one. */
static void add_last(NameTable *table, TextId symbol, uint32_t unit) {
  NameEntry *entry = name_entry(table, symbol);
  if (!entry->ids.count || entry->ids.at[entry->ids.count - 1] != unit)
    array_push(&entry->ids, unit);
}

static void add_definitions(const Program *program, Linkage *linkage, uint32_t unit) {
  const ProgramUnit *held = &program->units[unit];
  TextId name_of_main = text_find(program->symbols, "main");
  for (uint32_t i = 0; i < held->function_count; i++) {
    const ProgramFunction *function = &program->functions[held->functions[i]];
    if (function->declared.flags & (FUNCTION_INTERNAL | FUNCTION_INITIALISER))
      continue;
    add_last(&linkage->definers, function->key, unit);
    linkage->units[unit].is_root |= name_of_main && function->key == name_of_main;
  }
}

uint32_t linkage_used_count(const ProgramFunction *function) {
  const FunctionLinks *links = function->declared.links;
  return links->call_count + links->taken_count + links->store_count;
}

TextId linkage_used(const Program *program, const ProgramFunction *function, uint32_t i) {
  const FunctionLinks *links = function->declared.links;
  if (i < links->call_count)
    return links->call_symbols[i];
  i -= links->call_count;
  if (i < links->taken_count)
    return links->taken_symbols[i];
  const char *stored = links->stores[i - links->taken_count].function;
  return stored ? text_find(program->symbols, stored) : 0;
}

static void add_needs(const Program *program, Linkage *linkage, uint32_t unit) {
  const ProgramUnit *held = &program->units[unit];
  ARRAY(uint32_t) needs = {0};
  ARRAY(const NameEntry *) doubts = {0};
  for (uint32_t i = 0; i < held->function_count; i++) {
    const ProgramFunction *function = &program->functions[held->functions[i]];
    for (uint32_t k = 0; k < linkage_used_count(function); k++) {
      TextId symbol = linkage_used(program, function, k);
      const NameEntry *entry = symbol ? name_find(&linkage->definers, symbol) : NULL;
      if (!entry)
        continue;
      NameEntry *users = name_entry(&linkage->users, entry->symbol);
      if (users->ids.count && users->ids.at[users->ids.count - 1] == unit)
        continue; // this unit has said so
      array_push(&users->ids, unit);
      if (entry->ids.count == 1)
        array_push(&needs, entry->ids.at[0]);
      else
        array_push(&doubts, entry);
    }
  }
  UnitNeeds *result = &linkage->units[unit];
  result->need_count = (uint32_t)needs.count;
  result->needs = arena_copy(program->arena, needs.at, sizeof *needs.at * needs.count);
  result->doubt_count = (uint32_t)doubts.count;
  result->doubts = arena_copy(program->arena, doubts.at, sizeof *doubts.at * doubts.count);
  array_free(&needs);
  array_free(&doubts);
}

/* ---- closure of one root */

static uint64_t *members_of(const Linkage *linkage, uint32_t unit) {
  return linkage->members + (size_t)unit * linkage->words;
}

static bool is_member(const Linkage *linkage, uint32_t unit, uint32_t number) {
  return members_of(linkage, unit)[number / 64] >> number % 64 & 1;
}

static bool may_enter(const Closure *c, uint32_t unit) {
  return unit == c->root || !c->linkage->units[unit].is_root;
}

static void enter(Closure *c, uint32_t unit) {
  if (is_member(c->linkage, unit, c->number) || !may_enter(c, unit))
    return;
  members_of(c->linkage, unit)[c->number / 64] |= (uint64_t)1 << c->number % 64;
  array_push(&c->queue, unit);
}

static bool is_defined(const Closure *c, const NameEntry *definers) {
  for (size_t i = 0; i < definers->ids.count; i++)
    if (is_member(c->linkage, definers->ids.at[i], c->number))
      return true;
  return false;
}

static void follow_needs(Closure *c) {
  for (size_t i = 0; i < c->queue.count; i++) {
    uint32_t unit = c->queue.at[i];
    const UnitNeeds *needs = &c->linkage->units[unit];
    for (uint32_t k = 0; k < needs->need_count; k++)
      enter(c, needs->needs[k]);
    for (uint32_t k = 0; k < needs->doubt_count; k++)
      array_push(&c->doubts, (Doubt){needs->doubts[k], unit});
  }
  c->queue.count = 0;
}

static uint32_t missing_units(const Closure *c, uint32_t unit) {
  const UnitNeeds *needs = &c->linkage->units[unit];
  uint32_t count = 0;
  for (uint32_t i = 0; i < needs->need_count; i++)
    count += !is_member(c->linkage, needs->needs[i], c->number);
  return count;
}

static void settle(Closure *c, const NameEntry *definers, uint32_t user) {
  size_t nearest = 0;
  uint32_t fewest = UINT32_MAX;
  const char *path = c->program->units[user].source;
  for (int round = 0; round < 2; round++) // the first finds the best, the second takes them
    for (size_t i = 0; i < definers->ids.count; i++) {
      uint32_t unit = definers->ids.at[i];
      if (is_member(c->linkage, unit, c->number) || !may_enter(c, unit))
        continue;
      size_t near = linkage_nearness(path, c->program->units[unit].source);
      uint32_t missing = missing_units(c, unit);
      if (round && near == nearest && missing == fewest)
        enter(c, unit);
      if (!round && (near > nearest || (near == nearest && missing < fewest))) {
        nearest = near;
        fewest = missing;
      }
    }
}

static void close_over(Closure *c) {
  enter(c, c->root);
  while (c->queue.count) {
    follow_needs(c);
    for (size_t i = 0; i < c->doubts.count; i++)
      if (!is_defined(c, c->doubts.at[i].definers))
        settle(c, c->doubts.at[i].definers, c->doubts.at[i].user);
    c->doubts.count = 0;
  }
}

/* ---- the public side */

static bool has_ambiguous_name(const Program *program) {
  for (size_t i = 0; i < program->names->entries.count; i++) {
    const NameEntry *entry = program->names->entries.at[i];
    if (entry->ids.count > 1 &&
        !(program->functions[entry->ids.at[0]].declared.flags & FUNCTION_INTERNAL))
      return true;
  }
  return false;
}

/* How many programs are given: their bits are the lowest. */
static uint32_t given_count(const Program *program) {
  uint64_t all = 0;
  uint32_t count = 0;
  for (uint32_t i = 0; i < program->unit_count; i++)
    all |= program->units[i].given;
  for (; all; all >>= 1)
    count++;
  return count;
}

static bool has_own_program(const Program *program, uint32_t unit) {
  return program->linkage->units[unit].is_root && !program->units[unit].given;
}

static void enter_given(const Program *program) {
  for (uint32_t i = 0; i < program->unit_count; i++)
    members_of(program->linkage, i)[0] = program->units[i].given;
}

void linkage_find(Program *program) {
  Linkage *linkage = arena_new_one(program->arena, Linkage);
  program->linkage = linkage;
  linkage->units = arena_new_array(program->arena, UnitNeeds, program->unit_count);
  linkage->count = given_count(program);
  for (uint32_t i = 0; i < program->unit_count; i++) {
    add_definitions(program, linkage, i);
    linkage->count += has_own_program(program, i);
  }
  if (!has_ambiguous_name(program) || !guard_on("linkage"))
    linkage->count = 0;
  if (!linkage->count)
    return;
  for (uint32_t i = 0; i < program->unit_count; i++)
    add_needs(program, linkage, i);
  linkage->words = (linkage->count + 63) / 64;
  linkage->members =
      arena_new_array(program->arena, uint64_t, (size_t)program->unit_count * linkage->words);
  enter_given(program);
  Closure c = {.program = program, .linkage = linkage, .number = given_count(program)};
  for (c.root = 0; c.root < program->unit_count; c.root++)
    if (has_own_program(program, c.root)) {
      close_over(&c);
      c.number++;
    }
  array_free(&c.queue);
  array_free(&c.doubts);
}

void linkage_free(Linkage *linkage) {
  if (!linkage)
    return;
  name_table_free(&linkage->definers);
  name_table_free(&linkage->users);
}

uint32_t linkage_count(const Program *program) { return program->linkage->count; }

bool linkage_member(const Program *program, const ProgramFunction *function, uint32_t linked) {
  for (uint32_t i = 0; i < function->declared.unit_count; i++)
    if (is_member(program->linkage, function->declared.units[i], linked))
      return true;
  return false;
}

bool linkage_is_free(const Program *program, const ProgramFunction *function) {
  const Linkage *linkage = program->linkage;
  for (uint32_t i = 0; i < function->declared.unit_count; i++)
    for (uint32_t w = 0; w < linkage->words; w++)
      if (members_of(linkage, function->declared.units[i])[w])
        return false;
  return true;
}

bool linkage_same_unit(const ProgramFunction *a, const ProgramFunction *b) {
  for (uint32_t i = 0, k = 0; i < a->declared.unit_count && k < b->declared.unit_count;) {
    if (a->declared.units[i] == b->declared.units[k])
      return true;
    if (a->declared.units[i] < b->declared.units[k])
      i++;
    else
      k++;
  }
  return false;
}

bool linkage_is_other_root(const Program *program, const ProgramFunction *caller,
                           const ProgramFunction *target) {
  for (uint32_t i = 0; i < target->declared.unit_count; i++)
    if (!program->linkage->units[target->declared.units[i]].is_root)
      return false;
  return !linkage_same_unit(caller, target);
}

static bool are_linked(const Linkage *linkage, uint32_t unit, uint32_t other) {
  for (uint32_t i = 0; i < linkage->words; i++)
    if (members_of(linkage, unit)[i] & members_of(linkage, other)[i])
      return true;
  return false;
}

uint32_t linkage_users(const Program *program, TextId symbol, const ProgramFunction *definition) {
  const NameEntry *users = name_find(&program->linkage->users, symbol);
  uint32_t count = 0;
  for (size_t i = 0; users && i < users->ids.count; i++) {
    bool linked = false;
    for (uint32_t k = 0; k < definition->declared.unit_count && !linked; k++)
      linked = are_linked(program->linkage, users->ids.at[i], definition->declared.units[k]);
    count += linked;
  }
  return count;
}

size_t linkage_nearness(const char *path, const char *other) {
  size_t last = 0, i = 0;
  for (; path[i] && path[i] == other[i]; i++)
    if (path[i] == '/')
      last = i + 1;
  return last * 2 + !strchr(other + last, '/');
}
