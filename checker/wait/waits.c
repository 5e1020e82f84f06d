/* waits.c - rows by function, and what functions may do by way of those they call: a set of bits
 * for each component of the call graph, callees first. A way to one is looked for when it is asked
 * for. */
#include "wait/inside.h"

#include <string.h>

#include "base/array.h"
#include "base/guard.h"

enum { NOBODY = 0xffffffffu };

Waits *waits_new(Program *program, const WaitRow *rows, uint32_t count) {
  Arena *arena = arena_new();
  Waits *waits = arena_new_one(arena, Waits);
  *waits = (Waits){.arena = arena, .program = program, .row_count = count};
  uint32_t functions = program->function_count;
  waits->starts = arena_new_array(arena, uint32_t, functions + 1u);
  for (uint32_t i = 0; i < count; i++)
    waits->starts[rows[i].function->id + 1]++;
  for (uint32_t i = 0; i < functions; i++)
    waits->starts[i + 1] += waits->starts[i];
  WaitRow *ordered = arena_new_array(arena, WaitRow, count);
  uint32_t *next = arena_copy(arena, waits->starts, sizeof *next * (functions + 1u));
  for (uint32_t i = 0; i < count; i++)
    ordered[next[rows[i].function->id]++] = rows[i];
  waits->rows = ordered;
  return waits;
}

void waits_free(Waits *waits) {
  if (waits)
    arena_free(waits->arena);
}

const WaitRow *waits_rows(const Waits *waits, uint32_t function, uint32_t *count) {
  *count = waits->starts[function + 1] - waits->starts[function];
  return waits->rows + waits->starts[function];
}

/* ---- items */

static WaitKind item_kind(const WaitRow *row) {
  return row->kind == WAIT_ACQUIRE && (row->flags & LOCK_TRY) ? WAIT_TRY : row->kind;
}

/* A text that came later is in no row. */
static uint32_t item_of(const Waits *waits, WaitKind kind, TextId symbol) {
  return symbol < waits->texts ? waits->numbers[kind * waits->texts + symbol] - 1 : NOBODY;
}

static uint32_t number_of(Waits *waits, WaitKind kind, TextId symbol) {
  uint32_t *known = &waits->numbers[kind * waits->texts + symbol];
  if (!*known) {
    waits->items[waits->item_count++] = (WaitItem){kind, symbol};
    *known = waits->item_count;
  }
  return *known;
}

/* Numbers of what each row does, plus 1, two a row: after a wait the mutex is taken again. */
static uint32_t *number_items(Waits *waits, Arena *scratch) {
  waits->texts = text_count(waits->program->symbols);
  waits->numbers = arena_new_array(waits->arena, uint32_t, waits->texts *WAIT_KINDS);
  uint32_t *numbers = arena_new_array(scratch, uint32_t, 2 * (size_t)waits->row_count);
  waits->items = arena_new_array(waits->arena, WaitItem, 2 * (size_t)waits->row_count);
  for (uint32_t i = 0; i < waits->row_count; i++) {
    const WaitRow *row = &waits->rows[i];
    if (row->kind != WAIT_CALL)
      numbers[2 * i] = number_of(waits, item_kind(row), row->symbol);
    if (row->mutex)
      numbers[2 * i + 1] = number_of(waits, WAIT_ACQUIRE, row->mutex);
  }
  return numbers;
}

bool waits_end_in(const Waits *waits, uint32_t function) {
  return (waits->program->functions[function].declared.flags & FUNCTION_NORETURN) &&
         guard_on("waits-end");
}

static void close_component(Waits *waits, uint32_t component) {
  const Program *program = waits->program;
  uint64_t *bits = waits->may + (size_t)component * waits->words;
  uint32_t first = program->component_starts[component];
  for (uint32_t i = first; i < program->component_starts[component + 1]; i++) {
    const ProgramFunction *function = &program->functions[program->order[i]];
    for (uint32_t k = 0; k < function->callee_count; k++) {
      if (waits_end_in(waits, function->callees[k]))
        continue;
      uint32_t callee = program->functions[function->callees[k]].component;
      const uint64_t *of_callee = waits->may + (size_t)callee * waits->words;
      for (uint32_t w = 0; w < waits->words; w++)
        bits[w] |= of_callee[w];
    }
  }
}

static void close_items(Waits *waits) {
  if (waits->may)
    return;
  Arena *scratch = arena_new();
  const Program *program = waits->program;
  uint32_t *numbers = number_items(waits, scratch);
  waits->words = (waits->item_count + 63) / 64;
  waits->may =
      arena_new_array(waits->arena, uint64_t, (size_t)program->component_count * waits->words + 1);
  waits->kinds = arena_new_array(waits->arena, uint64_t, (size_t)WAIT_KINDS * waits->words + 1);
  for (uint32_t i = 0; i < waits->item_count; i++)
    waits->kinds[waits->items[i].kind * waits->words + i / 64] |= 1ull << i % 64;
  for (uint32_t i = 0; i < 2 * waits->row_count; i++)
    if (numbers[i]) {
      uint32_t component = waits->rows[i / 2].function->component, item = numbers[i] - 1;
      waits->may[(size_t)component * waits->words + item / 64] |= 1ull << item % 64;
    }
  for (uint32_t i = 0; i < program->component_count; i++)
    close_component(waits, i);
  arena_free(scratch);
}

const WaitItem *waits_items(Waits *waits, uint32_t *count) {
  close_items(waits);
  *count = waits->item_count;
  return waits->items;
}

const uint64_t *waits_bits(const Waits *waits, uint32_t function) {
  return waits->may + (size_t)waits->program->functions[function].component * waits->words;
}

static bool has_bit(const Waits *waits, uint32_t function, uint32_t item) {
  return waits_bits(waits, function)[item / 64] >> item % 64 & 1;
}

bool waits_may(Waits *waits, uint32_t function, WaitKind kind, TextId symbol) {
  close_items(waits);
  if (symbol) {
    uint32_t item = item_of(waits, kind, symbol);
    return item != NOBODY && has_bit(waits, function, item);
  }
  const uint64_t *may = waits_bits(waits, function), *of_kind = waits->kinds + kind * waits->words;
  for (uint32_t w = 0; w < waits->words; w++)
    if (may[w] & of_kind[w])
      return true;
  return false;
}

/* ---- ways */

typedef struct {
  Waits *waits;
  WaitKind kind;
  TextId symbol;
  uint32_t *from; // by function id: who calls it on the way, plus 1
  bool *by_pointer;
  ARRAY(uint32_t) queue;
} Search;

static bool does(const WaitRow *row, WaitKind kind, TextId symbol) {
  bool again = kind == WAIT_ACQUIRE && row->mutex && (!symbol || row->mutex == symbol);
  return again || (item_kind(row) == kind && (!symbol || row->symbol == symbol));
}

static const WaitRow *row_there(const Search *s, uint32_t function) {
  uint32_t count;
  const WaitRow *rows = waits_rows(s->waits, function, &count);
  for (uint32_t i = 0; i < count; i++)
    if (does(&rows[i], s->kind, s->symbol))
      return &rows[i];
  return NULL;
}

static void reach(Search *s, Targets targets, uint32_t from, bool by_pointer) {
  for (uint32_t i = 0; i < targets.count; i++) {
    uint32_t id = targets.ids[i];
    if (s->from[id] || waits_end_in(s->waits, id) || !waits_may(s->waits, id, s->kind, s->symbol))
      continue;
    s->from[id] = from + 1;
    s->by_pointer[id] = by_pointer || s->by_pointer[from];
    array_push(&s->queue, id);
  }
}

/* Those that are reached by name before those that are reached through a pointer. */
static uint32_t find_nearest(Search *s) {
  const Program *program = s->waits->program;
  for (int pointers = 0; pointers < 2; pointers++)
    for (size_t at = 0; at < s->queue.count; at++) {
      const ProgramFunction *function = &program->functions[s->queue.at[at]];
      if (row_there(s, function->id))
        return function->id;
      const FunctionLinks *links = function->declared.links;
      for (uint32_t i = 0; i < links->call_count; i++)
        reach(s, program_resolve(program, function, links->call_symbols[i]), function->id, false);
      for (uint32_t i = 0; pointers && i < links->slot_count; i++)
        reach(s, program_slot_targets(program, links->slot_symbols[i]), function->id, true);
    }
  return NOBODY;
}

bool waits_way(Waits *waits, Arena *arena, uint32_t function, WaitKind kind, TextId symbol,
               WaitWay *way) {
  if (!waits_may(waits, function, kind, symbol))
    return false;
  Arena *scratch = arena_new();
  uint32_t functions = waits->program->function_count;
  Search s = {.waits = waits,
              .kind = kind,
              .symbol = symbol,
              .from = arena_new_array(scratch, uint32_t, functions),
              .by_pointer = arena_new_array(scratch, bool, functions)};
  s.from[function] = function + 1;
  array_push(&s.queue, function);
  uint32_t last = find_nearest(&s);
  if (last != NOBODY) {
    uint32_t count = 1;
    for (uint32_t at = last; at != function; at = s.from[at] - 1)
      count++;
    uint32_t *ids = arena_new_array(arena, uint32_t, count);
    for (uint32_t i = count, at = last; i-- > 0; at = s.from[at] - 1)
      ids[i] = at;
    *way = (WaitWay){ids, count, s.by_pointer[last], row_there(&s, last)};
  }
  array_free(&s.queue);
  arena_free(scratch);
  return last != NOBODY;
}
