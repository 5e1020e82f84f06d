/* orders.c - see orders.h. First by what functions may do at all, a set of bits for each: pairs of
 * classes, and which of them lie on a circle. Ways are looked for between those only. */
#include "wait/orders.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/guard.h"
#include "link/components.h"
#include "wait/inside.h"

enum { POINTER_TARGETS = 16, VISITS = 4000, WAYS_PER_PAIR = 24, PATH = 64 };

/* A function that is reached from a call. */
typedef struct {
  uint32_t function, parent;
  TextId symbol; // that the parent calls it by
  bool by_pointer;
  uint8_t guesses; // calls on the way of which it is not known whom they mean
} Visit;

typedef struct {
  Visit *visits;
  uint32_t count;
} Tree;

typedef struct {
  Waits *waits;
  Arena *arena, *scratch;
  uint32_t *class_of; // by text: number of a class, plus 1
  TextId *classes;
  uint32_t class_count;
  bool *pairs;      // class_count * class_count: one is taken while the other is held
  uint32_t *circle; // per class: component of the graph of pairs
  bool only_circles;
  uint64_t *lock_bits; // items that are acquires
  Visit *room;         // of the tree that is being made
  Tree *trees;         // by function id; made when first asked for
  uint32_t *seen;      // by function id: the tree that it was last put into, plus 1
  ARRAY(LockOrder) found;
  uint32_t given_up;
} Finder;

/* ---- what a row takes */

static TextId taken_by(const WaitRow *row) {
  if (row->kind == WAIT_CONDITION)
    return row->mutex;
  return row->kind == WAIT_ACQUIRE && !(row->flags & LOCK_COUNTING) ? row->symbol : 0;
}

/* Held since this function took it: what its callers hold is told of them. */
static bool is_source(const HeldLock *lock) {
  return !lock->is_given_up && lock->class_symbol && lock->acquired != HELD_SINCE_ENTRY &&
         !(lock->flags & LOCK_COUNTING);
}

static uint32_t number_of(const Finder *f, TextId class_symbol) {
  return f->class_of[class_symbol] - 1;
}

static void add_class(Finder *f, TextId class_symbol) {
  if (!class_symbol || f->class_of[class_symbol])
    return;
  f->classes[f->class_count++] = class_symbol;
  f->class_of[class_symbol] = f->class_count;
}

static void number_classes(Finder *f) {
  f->class_of = arena_new_array(f->scratch, uint32_t, text_count(f->waits->program->symbols));
  uint32_t room = f->waits->row_count;
  for (uint32_t i = 0; i < f->waits->row_count; i++)
    room += f->waits->rows[i].held_count;
  f->classes = arena_new_array(f->scratch, TextId, room);
  for (uint32_t i = 0; i < f->waits->row_count; i++) {
    const WaitRow *row = &f->waits->rows[i];
    add_class(f, taken_by(row));
    for (uint32_t k = 0; k < row->held_count; k++)
      if (is_source(&row->held[k]))
        add_class(f, row->held[k].class_symbol);
  }
}

/* ---- pairs */

/* Nothing else is ever stored there. */
static bool is_certain(const Targets *targets) { return targets->count == 1 && !targets->open; }

/* Whom a call means: by name, or through a field or global that not too many are stored in. */
static Targets targets_of(const Program *program, const ProgramFunction *caller, TextId symbol,
                          bool *by_pointer) {
  Targets targets = program_resolve(program, caller, symbol);
  *by_pointer = false;
  if (targets.count)
    return targets;
  targets = program_slot_targets(program, symbol);
  *by_pointer = !is_certain(&targets);
  if (targets.count > POINTER_TARGETS)
    targets.count = 0;
  return targets;
}

static void add_pairs(Finder *f, const WaitRow *row, TextId to) {
  for (uint32_t i = 0; i < row->held_count && to; i++)
    if (is_source(&row->held[i]))
      f->pairs[number_of(f, row->held[i].class_symbol) * f->class_count + number_of(f, to)] = true;
}

static bool holds_source(const WaitRow *row) {
  for (uint32_t i = 0; i < row->held_count; i++)
    if (is_source(&row->held[i]))
      return true;
  return false;
}

static bool is_taken_item(const WaitItem *item) {
  return item->kind == WAIT_ACQUIRE || item->kind == WAIT_TRY;
}

static void find_pairs(Finder *f) {
  Waits *waits = f->waits;
  uint32_t item_count;
  const WaitItem *items = waits_items(waits, &item_count);
  f->lock_bits = arena_new_array(f->scratch, uint64_t, waits->words + 1);
  for (uint32_t i = 0; i < item_count; i++)
    if (is_taken_item(&items[i]))
      f->lock_bits[i / 64] |= 1ull << i % 64;
  f->pairs = arena_new_array(f->scratch, bool, (size_t)f->class_count * f->class_count + 1);
  for (uint32_t i = 0; i < waits->row_count; i++) {
    const WaitRow *row = &waits->rows[i];
    if (!holds_source(row))
      continue;
    add_pairs(f, row, taken_by(row));
    bool by_pointer;
    Targets targets = {0};
    if (row->kind == WAIT_CALL)
      targets = targets_of(waits->program, row->function, row->symbol, &by_pointer);
    for (uint32_t t = 0; t < targets.count; t++) {
      if (waits_end_in(waits, targets.ids[t]))
        continue;
      const uint64_t *may = waits_bits(waits, targets.ids[t]);
      for (uint32_t k = 0; k < item_count; k++)
        if ((may[k / 64] & f->lock_bits[k / 64] & 1ull << k % 64) && f->class_of[items[k].symbol])
          add_pairs(f, row, items[k].symbol);
    }
  }
}

static void find_circles(Finder *f) {
  uint32_t n = f->class_count, count = 0;
  uint32_t *starts = arena_new_array(f->scratch, uint32_t, n + 1);
  uint32_t *targets = arena_new_array(f->scratch, uint32_t, (size_t)n *n + 1);
  for (uint32_t a = 0; a < n; a++) {
    for (uint32_t b = 0; b < n; b++)
      if (a != b && f->pairs[a * n + b])
        targets[count++] = b;
    starts[a + 1] = count;
  }
  f->circle = components_find(f->scratch, n, starts, targets).component;
}

static bool is_wanted(const Finder *f, TextId from, TextId to) {
  if (from == to)
    return false;
  return !f->only_circles || f->circle[number_of(f, from)] == f->circle[number_of(f, to)] ||
         models_ordered(f->waits->program->models, to, from);
}

/* ---- ways */

static bool takes_locks(const Finder *f, uint32_t function) {
  const uint64_t *may = waits_bits(f->waits, function);
  for (uint32_t w = 0; w < f->waits->words; w++)
    if (may[w] & f->lock_bits[w])
      return true;
  return false;
}

static void grow_tree(Finder *f, uint32_t root, Tree *tree, Targets targets, Visit node) {
  for (uint32_t i = 0; i < targets.count && tree->count < VISITS; i++) {
    node.function = targets.ids[i];
    if (f->seen[node.function] == root + 1 || waits_end_in(f->waits, node.function) ||
        !takes_locks(f, node.function))
      continue;
    f->seen[node.function] = root + 1;
    tree->visits[tree->count++] = node;
  }
}

/* One of several functions is called, and which one hangs on the object. */
static uint8_t guesses_with(uint8_t guesses, const Targets *targets) {
  return (uint8_t)(guesses + (targets->count > 1 && guesses < UINT8_MAX));
}

/* Those that are reached by name first. */
static const Tree *tree_of(Finder *f, uint32_t root) {
  Tree *tree = &f->trees[root];
  if (tree->visits)
    return tree;
  const Program *program = f->waits->program;
  Visit *visits = f->room;
  *tree = (Tree){visits, 0};
  grow_tree(f, root, tree, (Targets){.ids = &root, .count = 1}, (Visit){.parent = 0});
  for (int pointers = 0; pointers < 2; pointers++)
    for (uint32_t at = 0; at < tree->count; at++) {
      const ProgramFunction *function = &program->functions[visits[at].function];
      const FunctionLinks *links = function->declared.links;
      Visit node = {
          .parent = at, .by_pointer = visits[at].by_pointer, .guesses = visits[at].guesses};
      for (uint32_t i = 0; i < links->call_count; i++) {
        node.symbol = links->call_symbols[i];
        grow_tree(f, root, tree, program_resolve(program, function, node.symbol), node);
      }
      for (uint32_t i = 0; pointers && i < links->slot_count; i++) {
        node.symbol = links->slot_symbols[i];
        Targets targets = program_slot_targets(program, node.symbol);
        node.by_pointer = visits[at].by_pointer || !is_certain(&targets);
        node.guesses = guesses_with(visits[at].guesses, &targets);
        if (targets.count <= POINTER_TARGETS)
          grow_tree(f, root, tree, targets, node);
      }
    }
  tree->visits = arena_copy(f->scratch, visits, sizeof *visits * (tree->count + 1));
  return tree;
}

/* The calls of a symbol in a function: do all of them come with the lock given up? */
static bool all_give_up(const Waits *waits, uint32_t function, TextId symbol, TextId class_symbol) {
  uint32_t count, calls = 0;
  const WaitRow *rows = waits_rows(waits, function, &count);
  for (uint32_t i = 0; i < count; i++) {
    if (rows[i].kind != WAIT_CALL || rows[i].symbol != symbol)
      continue;
    calls++;
    bool given_up = false;
    for (uint32_t k = 0; k < rows[i].held_count; k++)
      given_up |= rows[i].held[k].is_given_up && rows[i].held[k].class_symbol == class_symbol;
    if (!given_up)
      return false;
  }
  return calls > 0;
}

static bool gives_up(const WaitRow *row, TextId class_symbol) {
  for (uint32_t i = 0; i < row->held_count; i++)
    if (row->held[i].is_given_up && row->held[i].class_symbol == class_symbol)
      return true;
  return false;
}

static bool holds(const WaitRow *row, TextId class_symbol) {
  for (uint32_t i = 0; i < row->held_count; i++)
    if (!row->held[i].is_given_up && row->held[i].class_symbol == class_symbol)
      return true;
  return false;
}

/* Is a lock that the row holds given back before the acquire? */
static bool is_given_up(const Finder *f, const Tree *tree, uint32_t node, const WaitRow *taken,
                        TextId class_symbol) {
  if (gives_up(taken, class_symbol))
    return true;
  for (uint32_t at = node; at; at = tree->visits[at].parent) {
    const Visit *n = &tree->visits[at];
    if (all_give_up(f->waits, tree->visits[n->parent].function, n->symbol, class_symbol))
      return true;
  }
  return false;
}

/* ---- gates */

typedef struct {
  EntryLock at[PATH];
  uint32_t count;
} Gates;

static void add_gate(Gates *gates, EntryLock lock, const LockOrder *order) {
  if (lock.class_symbol == order->from || lock.class_symbol == order->to || gates->count == PATH)
    return;
  for (uint32_t i = 0; i < gates->count; i++)
    if (gates->at[i].class_symbol == lock.class_symbol)
      return;
  gates->at[gates->count++] = lock;
}

static void add_held(Gates *gates, const WaitRow *row, const LockOrder *order) {
  for (uint32_t i = 0; i < row->held_count; i++) {
    const HeldLock *lock = &row->held[i];
    if (!lock->is_given_up && lock->class_symbol && !(lock->flags & LOCK_COUNTING))
      add_gate(gates, (EntryLock){lock->class_symbol, lock->flags & LOCK_READ, NO_ARGUMENT}, order);
  }
}

/* Held at every call of the symbol, by the function itself. */
static void add_held_at_calls(Gates *gates, const Waits *waits, uint32_t function, TextId symbol,
                              const LockOrder *order) {
  uint32_t count;
  const WaitRow *rows = waits_rows(waits, function, &count), *first = NULL;
  for (uint32_t i = 0; i < count; i++)
    if (rows[i].kind == WAIT_CALL && rows[i].symbol == symbol &&
        (!first || rows[i].held_count < first->held_count))
      first = &rows[i]; // Imprecise: the smallest set stands for what all have in common
  if (first)
    add_held(gates, first, order);
}

static void find_gates(Finder *f, LockOrder *order, const Tree *tree, uint32_t node) {
  Gates gates = {.count = 0};
  uint32_t count;
  const EntryLock *held = waits_held(f->waits, f->scratch, order->held, &count);
  for (uint32_t i = 0; i < count; i++)
    add_gate(&gates, held[i], order);
  add_held(&gates, order->taken, order);
  for (uint32_t at = node; tree && at; at = tree->visits[at].parent) {
    const Visit *n = &tree->visits[at];
    add_held_at_calls(&gates, f->waits, tree->visits[n->parent].function, n->symbol, order);
  }
  order->gates = arena_copy(f->arena, gates.at, sizeof *gates.at * gates.count);
  order->gate_count = gates.count;
}

/* ---- orders */

/* One of each pair of functions and way of holding and taking it. */
static bool is_known(const Finder *f, const LockOrder *order) {
  uint32_t same = 0;
  for (size_t i = 0; i < f->found.count; i++) {
    const LockOrder *other = &f->found.at[i];
    if (other->from != order->from || other->to != order->to)
      continue;
    same++;
    if (other->held->function == order->held->function && other->acquired == order->acquired &&
        other->taken == order->taken && other->held->symbol == order->held->symbol)
      return true;
  }
  return same >= WAYS_PER_PAIR;
}

/* A way from a row: to the acquire, by a visit of a tree. */
typedef struct {
  const WaitRow *row, *taken;
  const Tree *tree; // NULL: in the same function
  uint32_t node;
  bool by_pointer; // the tree's root is
  uint8_t guesses; // likewise
} Way;

static void add_order(Finder *f, const Way *way, const HeldLock *lock) {
  const WaitRow *row = way->row, *taken = way->taken;
  const Tree *tree = way->tree;
  uint32_t node = way->node;
  LockOrder order = {.from = lock->class_symbol,
                     .to = taken_by(taken),
                     .from_object = lock->object,
                     .to_object = taken->kind == WAIT_ACQUIRE ? taken->object : 0,
                     .from_number = number_of(f, lock->class_symbol),
                     .to_number = number_of(f, taken_by(taken)),
                     .acquired = lock->acquired,
                     .held = row,
                     .taken = taken,
                     .from_flags = lock->flags & (LOCK_READ | LOCK_TRY | HELD_FROM_ROUND),
                     .to_flags =
                         taken->kind == WAIT_ACQUIRE ? taken->flags & (LOCK_READ | LOCK_TRY) : 0,
                     .by_pointer = way->by_pointer || (tree && tree->visits[node].by_pointer),
                     .guesses = tree ? tree->visits[node].guesses : 0};
  order.guesses = (uint8_t)(order.guesses + (order.guesses < UINT8_MAX ? way->guesses : 0));
  if (is_known(f, &order))
    return;
  bool keeps =
      !tree || !guard_on("order-given-up") || !is_given_up(f, tree, node, taken, order.from);
  // what is held already is taken again only if it was given back
  if (!keeps || (tree && guard_on("order-held") && holds(row, order.to) &&
                 !is_given_up(f, tree, node, taken, order.to))) {
    f->given_up++;
    return;
  }
  uint32_t count = 1;
  for (uint32_t at = node; tree; at = tree->visits[at].parent) {
    count++;
    if (!at)
      break;
  }
  uint32_t *calls = arena_new_array(f->arena, uint32_t, count);
  calls[0] = row->function->id;
  for (uint32_t i = count, at = node; i-- > 1; at = tree->visits[at].parent)
    calls[i] = tree->visits[at].function;
  order.calls = calls;
  order.call_count = count;
  find_gates(f, &order, tree, node);
  array_push(&f->found, order);
}

static void add_orders(Finder *f, const Way *way) {
  TextId to = taken_by(way->taken);
  for (uint32_t i = 0; i < way->row->held_count && to; i++)
    if (is_source(&way->row->held[i]) && is_wanted(f, way->row->held[i].class_symbol, to))
      add_order(f, way, &way->row->held[i]);
}

static bool may_be_wanted(const Finder *f, const WaitRow *row, uint32_t callee) {
  uint32_t count;
  const WaitItem *items = waits_items(f->waits, &count);
  const uint64_t *may = waits_bits(f->waits, callee);
  for (uint32_t k = 0; k < count; k++) {
    if (!(may[k / 64] & f->lock_bits[k / 64] & 1ull << k % 64) || !f->class_of[items[k].symbol])
      continue;
    for (uint32_t i = 0; i < row->held_count; i++)
      if (is_source(&row->held[i]) && is_wanted(f, row->held[i].class_symbol, items[k].symbol))
        return true;
  }
  return false;
}

static void follow_call(Finder *f, const WaitRow *row) {
  bool by_pointer;
  Targets targets = targets_of(f->waits->program, row->function, row->symbol, &by_pointer);
  uint8_t guesses = by_pointer ? guesses_with(0, &targets) : 0;
  for (uint32_t t = 0; t < targets.count; t++) {
    if (!may_be_wanted(f, row, targets.ids[t]))
      continue;
    const Tree *tree = tree_of(f, targets.ids[t]);
    for (uint32_t n = 0; n < tree->count; n++) {
      uint32_t count;
      const WaitRow *rows = waits_rows(f->waits, tree->visits[n].function, &count);
      for (uint32_t i = 0; i < count; i++)
        add_orders(f, &(Way){row, &rows[i], tree, n, by_pointer, guesses});
    }
  }
}

static int by_pair(const void *left, const void *right) {
  const LockOrder *a = left, *b = right;
  if (a->from_number != b->from_number)
    return a->from_number < b->from_number ? -1 : 1;
  if (a->to_number != b->to_number)
    return a->to_number < b->to_number ? -1 : 1;
  if (a->by_pointer != b->by_pointer)
    return a->by_pointer ? 1 : -1;
  if (a->guesses != b->guesses)
    return a->guesses < b->guesses ? -1 : 1;
  if (a->call_count != b->call_count)
    return a->call_count < b->call_count ? -1 : 1;
  if (a->held->function != b->held->function)
    return a->held->function->id < b->held->function->id ? -1 : 1;
  if (a->held->instruction != b->held->instruction)
    return a->held->instruction < b->held->instruction ? -1 : 1;
  if (a->taken->function != b->taken->function)
    return a->taken->function->id < b->taken->function->id ? -1 : 1;
  if (a->taken->instruction != b->taken->instruction)
    return a->taken->instruction < b->taken->instruction ? -1 : 1;
  return (a->acquired > b->acquired) - (a->acquired < b->acquired);
}

LockOrders lock_orders(Waits *waits, Arena *arena, bool only_circles) {
  Arena *scratch = arena_new();
  uint32_t functions = waits->program->function_count;
  Finder f = {.waits = waits, .arena = arena, .scratch = scratch, .only_circles = only_circles};
  number_classes(&f);
  find_pairs(&f);
  find_circles(&f);
  f.room = arena_new_array(scratch, Visit, VISITS);
  f.trees = arena_new_array(scratch, Tree, functions);
  f.seen = arena_new_array(scratch, uint32_t, functions);
  LockOrders orders = {.pairs = 0};
  for (uint32_t i = 0; i < f.class_count * f.class_count; i++)
    orders.pairs += f.pairs[i];
  for (uint32_t i = 0; i < waits->row_count; i++) {
    const WaitRow *row = &waits->rows[i];
    if (!holds_source(row))
      continue;
    if (row->kind == WAIT_CALL)
      follow_call(&f, row);
    else
      add_orders(&f, &(Way){.row = row, .taken = row});
  }
  orders.at = arena_copy(arena, f.found.at, sizeof *f.found.at * f.found.count);
  orders.count = (uint32_t)f.found.count;
  orders.classes = f.class_count;
  orders.given_up = f.given_up;
  if (orders.count)
    qsort((void *)orders.at, orders.count, sizeof *orders.at, by_pair);
  array_free(&f.found);
  arena_free(scratch);
  return orders;
}
