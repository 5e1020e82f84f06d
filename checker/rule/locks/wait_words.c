/* wait_words.c - what functions do while they hold locks, as text for `overstay dump waits`. */
#include <string.h>

#include "rule/pass.h"

static const char *const verbs[WAIT_KINDS] = {
    [WAIT_CALL] = "calls",     [WAIT_ACQUIRE] = "acquires", [WAIT_CONDITION] = "waits on",
    [WAIT_SIGNAL] = "signals", [WAIT_JOIN] = "joins",       [WAIT_SPAWN] = "spawns",
    [WAIT_BLOCK] = "blocks on"};

static const char *name_of(const Pass *pass, TextId symbol) {
  return symbol ? text_of(pass->program->symbols, symbol) : "?";
}

static const char *flag_words(uint8_t flags) {
  if (flags & LOCK_TRY)
    return flags & LOCK_READ ? " (try, read)" : " (try)";
  if (flags & WAIT_TIMED)
    return " (timed)";
  return flags & LOCK_READ ? " (read)" : flags & LOCK_COUNTING ? " (counting)" : "";
}

static const char *held_words(Pass *pass, const HeldLock *lock) {
  const char *name = name_of(pass, lock->class_symbol);
  if (lock->is_given_up)
    return arena_printf(pass->arena, "not %s", name);
  const char *argument = lock->argument == NO_ARGUMENT
                             ? ""
                             : arena_printf(pass->arena, " of argument %u", lock->argument + 1u);
  return arena_printf(pass->arena, "%s%s%s", name, flag_words(lock->flags), argument);
}

static const char *row_words(Pass *pass, const WaitRow *row) {
  Arena *arena = pass->arena;
  const char *words = arena_printf(arena, "  #%u %s %s%s", row->instruction, verbs[row->kind],
                                   name_of(pass, row->symbol), flag_words(row->flags));
  if (row->mutex)
    words = arena_printf(arena, "%s with %s", words, name_of(pass, row->mutex));
  if (row->through)
    words = arena_printf(arena, "%s through %s", words, name_of(pass, row->through));
  for (uint32_t i = 0; i < row->held_count; i++)
    words = arena_printf(arena, "%s%s%s", words, i ? ", " : ", holds ",
                         held_words(pass, &row->held[i]));
  return arena_printf(arena, "%s\n", words);
}

static const char *function_words(Pass *pass, uint32_t function) {
  Arena *arena = pass->arena;
  const char *words = "";
  uint32_t count;
  const EntryLock *entry = waits_on_entry(waits(pass), function, &count);
  for (uint32_t i = 0; i < count; i++)
    words = arena_printf(arena, "%s  on entry %s\n", words,
                         held_words(pass, &(HeldLock){.class_symbol = entry[i].class_symbol,
                                                      .flags = entry[i].flags,
                                                      .argument = entry[i].argument}));
  const WaitRow *rows = waits_rows(waits(pass), function, &count);
  for (uint32_t i = 0; i < count; i++)
    words = arena_printf(arena, "%s%s", words, row_words(pass, &rows[i]));
  const WaitItem *items = waits_items(waits(pass), &count);
  for (uint32_t i = 0; i < count; i++)
    if (waits_may(waits(pass), function, items[i].kind, items[i].symbol))
      words = arena_printf(arena, "%s  may: %s %s\n", words, verbs[items[i].kind],
                           name_of(pass, items[i].symbol));
  return words;
}

const char **all_waits(Pass *pass) {
  const char **words = arena_new_array(pass->arena, const char *, pass->program->function_count);
  for (uint32_t i = 0; i < pass->program->function_count; i++)
    words[i] = function_words(pass, i);
  return words;
}
