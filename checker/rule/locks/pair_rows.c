/* pair_rows.c - rows of two locks of one class that are held at once (wait/pairs.h): whose they
 * are, and which comparison on the way there says in which order they are taken.
 *
 * Unsound: any other lock that is held meanwhile is taken for an order.
 */
#include "base/guard.h"
#include "rule/pass.h"

/* ---- terms */

static bool is_same(const Term *term, const void *context) {
  const Term *other = context;
  return term->kind == other->kind && term->operator== other->operator&& term->a == other->a &&
                                      term->b == other->b && term->value == other->value;
}

static bool contains(const Engine *e, TermId whole, TermId part) {
  return term_any(e->terms, whole, is_same, term_at(e->terms, part));
}

/* What chooses the object: the pointer to it, or else an index on the way to the lock; 0: nothing,
 * it has a name. */
static TermId chooser(const Engine *e, TermId place) {
  const Term *term = term_at(e->terms, place);
  for (; term->kind == TERM_FIELD || term->kind == TERM_INDEX; term = term_at(e->terms, term->a))
    if (term->kind == TERM_INDEX)
      return term->b;
  return term->kind == TERM_DEREF ? term->a : 0;
}

static PairOwner owner_of(const Engine *e, TermId place) {
  TermId chosen = chooser(e, place);
  const Term *by = chosen ? term_at(e->terms, chosen) : NULL;
  const Term *whole = term_at(e->terms, term_whole(e->terms, place));
  if (!by && whole->kind == TERM_GLOBAL)
    return (PairOwner){.kind = OWNER_GLOBAL, .symbol = whole->a};
  const Term *field = by && by->kind == TERM_LOAD ? term_at(e->terms, by->a) : NULL;
  const Term *record = field && field->kind == TERM_FIELD ? term_at(e->terms, field->a) : NULL;
  const Term *pointer = record && record->kind == TERM_DEREF ? term_at(e->terms, record->a) : NULL;
  if (pointer && pointer->kind == TERM_PARAM)
    return (PairOwner){.kind = OWNER_MEMBER, .parameter = (uint8_t)pointer->a, .symbol = field->b};
  if (by && by->kind == TERM_PARAM)
    return (PairOwner){.kind = OWNER_PARAMETER, .parameter = (uint8_t)by->a};
  return (PairOwner){.kind = OWNER_OTHER};
}

/* ---- order */

/* Known of two values one of which comes from each: less, or not. */
static PairOrder compared(const Engine *e, const State *state, TermId first, TermId second) {
  for (uint32_t i = 0; i < state->fact_count; i++) {
    const Fact *fact = &state->facts[i];
    const Term *term = term_at(e->terms, fact->term);
    bool known = fact->low == fact->high && (fact->low == 0 || fact->low == 1);
    if (term->kind != TERM_BINARY || term->operator!= OPERATOR_LT || !known)
      continue;
    bool less = fact->low == 1;
    if (contains(e, term->a, first) && contains(e, term->b, second))
      return less ? PAIR_RISING : PAIR_FALLING;
    if (contains(e, term->a, second) && contains(e, term->b, first))
      return less ? PAIR_FALLING : PAIR_RISING;
  }
  return PAIR_UNORDERED;
}

/* One leads to the other, or one was made here. */
static bool belongs_together(const Engine *e, TermId first, TermId second) {
  const Term *a = term_at(e->terms, first), *b = term_at(e->terms, second);
  return contains(e, first, second) || contains(e, second, first) || a->kind == TERM_FRESH ||
         b->kind == TERM_FRESH || (a->kind == TERM_CONSTANT && b->kind == TERM_CONSTANT);
}

/* locks[i] and locks[(i + 1) % count] of one array. */
static PairOrder round_order(const Engine *e, TermId first, TermId second, const Term *whole) {
  const Term *a = term_at(e->terms, first), *b = term_at(e->terms, second);
  bool a_wraps = a->kind == TERM_BINARY && a->operator== OPERATOR_REMAINDER;
  bool b_wraps = b->kind == TERM_BINARY && b->operator== OPERATOR_REMAINDER;
  if (whole->kind != TERM_GLOBAL || a_wraps == b_wraps)
    return PAIR_UNORDERED;
  if (b_wraps && contains(e, b->a, first) && a->kind != TERM_CONSTANT)
    return PAIR_ONWARD;
  return a_wraps && contains(e, a->a, second) && b->kind != TERM_CONSTANT ? PAIR_BACKWARD
                                                                          : PAIR_UNORDERED;
}

/* ---- rows */

static bool is_gated(const State *state, const Engine *e, TextId class_symbol) {
  for (uint32_t i = 0; i < state->lock_count; i++) {
    const LockEntry *lock = &state->locks[i];
    if (lock->resource == RESOURCE_LOCK && lock->now == LOCK_HELD && !(lock->flags & LOCK_READ) &&
        wait_class(e->program->symbols, e->terms, lock->place) != class_symbol)
      return true;
  }
  return false;
}

static bool same_owner(const PairOwner *a, const PairOwner *b) {
  return a->kind == b->kind && a->parameter == b->parameter && a->symbol == b->symbol;
}

static void add(Pass *pass, const PairRow *row) {
  for (size_t i = pass->before.pairs; i < pass->pairs.count; i++) {
    const PairRow *other = &pass->pairs.at[i];
    if (other->instruction == row->instruction && other->acquired == row->acquired &&
        other->order == row->order && same_owner(&other->first, &row->first) &&
        same_owner(&other->second, &row->second))
      return;
  }
  array_push(&pass->pairs, *row);
}

static void judge(Pass *pass, const EffectSeen *seen, const LockEntry *held, TextId class_symbol) {
  Engine *e = pass->engine;
  PairRow row = {.function = e->function,
                 .class_symbol = class_symbol,
                 .first = owner_of(e, held->place),
                 .second = owner_of(e, seen->place),
                 .acquired = held->acquired,
                 .instruction = seen->call->instruction};
  TermId first = chooser(e, held->place), second = chooser(e, seen->place);
  if (first && second && guard_on("pair-orders")) {
    row.order = compared(e, seen->call->state, first, second);
    if (!row.order && term_whole(e->terms, held->place) == term_whole(e->terms, seen->place))
      row.order =
          round_order(e, first, second, term_at(e->terms, term_whole(e->terms, held->place)));
    if (row.order >= PAIR_ONWARD)
      add(pass, &row);
    if (row.order >= PAIR_ONWARD || belongs_together(e, first, second))
      return;
  }
  // Which two an object has is for ever, but a thread's argument says to each thread another two
  bool has_members = row.first.kind == OWNER_MEMBER && row.second.kind == OWNER_MEMBER;
  bool is_known = row.first.kind != OWNER_OTHER && row.second.kind != OWNER_OTHER &&
                  (row.first.kind == OWNER_MEMBER) == (row.second.kind == OWNER_MEMBER);
  if (has_members && row.first.parameter != row.second.parameter)
    return;
  if (is_known && !same_owner(&row.first, &row.second))
    add(pass, &row);
}

/* Who tries does not wait, and whoever holds something else meanwhile is taken to be alone. */
void remember_pair(Pass *pass, const EffectSeen *seen) {
  const Engine *e = pass->engine;
  const Effect *effect = seen->effect;
  const State *state = seen->call->state;
  if (effect->resource != RESOURCE_LOCK || !seen->place ||
      (effect->action != ACTION_ACQUIRE && effect->action != ACTION_USE) ||
      (effect->flags & (LOCK_TRY | LOCK_COUNTING)))
    return;
  TextId class_symbol = wait_class(e->program->symbols, e->terms, seen->place);
  for (uint32_t i = 0; i < state->lock_count && class_symbol; i++) {
    const LockEntry *held = &state->locks[i];
    if (held->resource != RESOURCE_LOCK || held->now != LOCK_HELD || held->place == seen->place ||
        held->acquired == NO_INSTRUCTION || held->acquired == seen->call->instruction ||
        (held->flags & (LOCK_FAMILY | LOCK_COUNTING)) || (held->flags & effect->flags & LOCK_READ))
      continue;
    if (wait_class(e->program->symbols, e->terms, held->place) == class_symbol &&
        !is_gated(state, e, class_symbol))
      judge(pass, seen, held, class_symbol);
  }
}

/* ---- kept with what was judged of a function */

static void write_owner(const Pass *pass, ByteWriter *out, const PairOwner *owner) {
  bytes_put_u8(out, (uint8_t)owner->kind);
  bytes_put_u8(out, owner->parameter);
  bytes_put_text(out, text_of(pass->program->symbols, owner->symbol));
}

static TextId read_symbol(const Pass *pass, ByteReader *in) {
  const char *text = bytes_get_text(in, pass->arena);
  return *text ? text_intern(pass->program->symbols, text) : 0;
}

static PairOwner read_owner(const Pass *pass, ByteReader *in) {
  PairOwner owner = {.kind = (OwnerKind)bytes_get_u8(in)};
  in->failed |= owner.kind > OWNER_MEMBER;
  owner.parameter = bytes_get_u8(in);
  owner.symbol = read_symbol(pass, in);
  return owner;
}

void pair_row_write(const Pass *pass, ByteWriter *out, const PairRow *row) {
  bytes_put_text(out, text_of(pass->program->symbols, row->class_symbol));
  write_owner(pass, out, &row->first);
  write_owner(pass, out, &row->second);
  bytes_put_u8(out, (uint8_t)row->order);
  bytes_put_u(out, row->acquired);
  bytes_put_u(out, row->instruction);
}

PairRow pair_row_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  PairRow row = {.function = function, .class_symbol = read_symbol(pass, in)};
  row.first = read_owner(pass, in);
  row.second = read_owner(pass, in);
  row.order = (PairOrder)bytes_get_u8(in);
  in->failed |= row.order > PAIR_BACKWARD;
  row.acquired = bytes_get_u32(in);
  row.instruction = bytes_get_u32(in);
  return row;
}
