/* resolve.c - whom a name means, when it has several definitions (DESIGN 9). Decided once, for all
 * names in all functions, so that nothing is written while functions are analysed. */
#include "link/resolve.h"

#include "base/array.h"
#include "link/linkage.h"
#include "link/name_table.h"

typedef struct {
  const Program *program;
  const ProgramFunction *caller;
  const NameEntry *entry;
  bool *taken; // per definition
} Choice;

static const ProgramFunction *definition(const Choice *choice, size_t i) {
  return &choice->program->functions[choice->entry->ids.at[i]];
}

/* A function means the definition that stands in its own unit. */
static bool take_own(Choice *choice) {
  bool any = false;
  for (size_t i = 0; i < choice->entry->ids.count; i++)
    any |= choice->taken[i] = linkage_same_unit(choice->caller, definition(choice, i));
  return any;
}

/* Takes the nearest of the candidates, several when they tie. */
static void take_nearest(Choice *choice, const bool *candidates) {
  size_t best = 0;
  for (int round = 0; round < 2; round++) // the first finds the best, the second takes them
    for (size_t i = 0; i < choice->entry->ids.count; i++) {
      size_t near = candidates[i] ? 1 + linkage_nearness(choice->caller->declared.source,
                                                         definition(choice, i)->declared.source)
                                  : 0;
      if (round && near == best && near)
        choice->taken[i] = true;
      else if (!round && near > best)
        best = near;
    }
}

static bool take_linked(Choice *choice, bool *candidates) {
  bool any = false;
  for (uint32_t linked = 0; linked < linkage_count(choice->program); linked++) {
    if (!linkage_member(choice->program, choice->caller, linked))
      continue;
    bool here = false;
    for (size_t i = 0; i < choice->entry->ids.count; i++)
      here |= candidates[i] = linkage_member(choice->program, definition(choice, i), linked);
    if (here)
      take_nearest(choice, candidates);
    any |= here;
  }
  return any;
}

/* Of what ties, the definition that most others mean. */
static void keep_most_used(Choice *choice) {
  uint32_t most = 0;
  for (int round = 0; round < 2; round++)
    for (size_t i = 0; i < choice->entry->ids.count; i++) {
      if (!choice->taken[i])
        continue;
      uint32_t users = linkage_users(choice->program, choice->entry->symbol, definition(choice, i));
      if (round)
        choice->taken[i] = users == most;
      else if (users > most)
        most = users;
    }
}

/* The caller is linked with nobody, or with no definition: it may stand in a library. */
static void take_from_library(Choice *choice, bool *candidates) {
  bool any = false;
  for (size_t i = 0; i < choice->entry->ids.count; i++)
    any |= candidates[i] =
        !linkage_is_other_root(choice->program, choice->caller, definition(choice, i));
  for (size_t i = 0; i < choice->entry->ids.count && !any; i++)
    candidates[i] = true;
  take_nearest(choice, candidates);
  keep_most_used(choice);
}

static Targets choose(const Program *program, const ProgramFunction *caller,
                      const NameEntry *entry) {
  size_t count = entry->ids.count;
  bool *flags = arena_new_array(program->arena, bool, count * 2);
  Choice choice = {.program = program, .caller = caller, .entry = entry, .taken = flags};
  if (!take_own(&choice) && !take_linked(&choice, flags + count))
    take_from_library(&choice, flags + count);
  Targets targets = {.ids = arena_new_array(program->arena, uint32_t, count)};
  for (size_t i = 0; i < count; i++)
    if (choice.taken[i])
      targets.ids[targets.count++] = entry->ids.at[i];
  return targets;
}

void resolve_all(Program *program, ProgramFunction *function) {
  ARRAY(Resolved) resolved = {0};
  for (uint32_t i = 0; i < linkage_used_count(function); i++) {
    TextId symbol = linkage_used(program, function, i);
    const NameEntry *entry = symbol ? name_find(program->names, symbol) : NULL;
    if (entry && entry->ids.count > 1)
      array_push(&resolved, (Resolved){entry->symbol, choose(program, function, entry)});
  }
  function->resolved_count = (uint32_t)resolved.count;
  function->resolved =
      arena_copy(program->arena, resolved.at, sizeof *resolved.at * resolved.count);
  array_free(&resolved);
}

Targets program_resolve(const Program *program, const ProgramFunction *caller, TextId symbol) {
  const NameEntry *entry = name_find(program->names, symbol);
  if (!entry)
    return (Targets){0};
  if (entry->ids.count == 1)
    return (Targets){.ids = entry->ids.at, .count = 1};
  for (uint32_t i = 0; i < caller->resolved_count; i++)
    if (caller->resolved[i].symbol == symbol)
      return caller->resolved[i].targets;
  // A pointer that came from elsewhere: it may be any of them.
  return (Targets){.ids = entry->ids.at, .count = (uint32_t)entry->ids.count};
}
