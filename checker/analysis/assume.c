/* assume.c - conditions to facts. A comparison of two unknown values is itself a term, so a flag
 * that was set to `a == b` and tested later needs no alias analysis; relations between two values
 * are facts about that term (order facts: L-F27). */
#include "analysis/engine.h"

static int64_t clamp_add(int64_t a, int64_t b) {
  int64_t sum;
  if (__builtin_add_overflow(a, b, &sum))
    return b > 0 ? INT64_MAX : INT64_MIN;
  return sum;
}

static void intersect(int64_t *low, int64_t *high, int64_t a, int64_t b) {
  if (a > *low)
    *low = a;
  if (b < *high)
    *high = b;
}

static bool is_error_place(const Engine *e, TermId place) {
  const Term *term = term_at(e->terms, place);
  const Term *pointer = term->kind == TERM_DEREF ? term_at(e->terms, term->a) : NULL;
  return pointer && pointer->kind == TERM_FRESH && pointer->a < e->f->instruction_count &&
         e->error_numbers[pointer->a];
}

bool engine_is_error_number(const Engine *e, TermId id) {
  const Term *load = term_at(e->terms, id);
  return load->kind == TERM_LOAD && is_error_place(e, load->a);
}

static void drop_error(const Engine *e, State *state) {
  for (uint32_t i = 0; i < state->memory_count && e->has_error_number;)
    if (is_error_place(e, state->memory[i].place))
      state->memory[i] = state->memory[--state->memory_count];
    else
      i++;
}

TermId engine_error_pointer(Engine *e, State *state) {
  if (!e->error_numbers[e->here])
    drop_error(e, state);
  for (uint32_t i = 0; i < state->memory_count && e->error_numbers[e->here]; i++)
    if (is_error_place(e, state->memory[i].place))
      return term_at(e->terms, state->memory[i].place)->a;
  return engine_fresh(e, 0);
}

void engine_range(Engine *e, State *state, TermId id, int64_t *low, int64_t *high) {
  const Term *term = term_at(e->terms, id);
  *low = INT64_MIN;
  *high = INT64_MAX;
  switch ((TermKind)term->kind) {
  case TERM_CONSTANT:
    *low = *high = term->value;
    return;
  case TERM_ADDRESS:
  case TERM_FUNCTION:
  case TERM_STRING:
    *low = 1;
    return;
  case TERM_UNARY:
    if (term->operator== OPERATOR_NOT) {
      Decision decided = engine_decide(e, state, term->a);
      *low = decided == NO;
      *high = decided != YES;
      return;
    }
    // `-errno` is written where something failed
    if (term->operator== OPERATOR_NEGATE && engine_is_error_number(e, term->a))
      *high = -1;
    break;
  case TERM_BINARY: {
    TermId a = term->a, b = term->b;
    uint8_t operator= term->operator;
    const Term *right = term_at(e->terms, b);
    if (operator== OPERATOR_EQ || operator== OPERATOR_LT) {
      *low = 0;
      *high = 1;
    } else if ((operator== OPERATOR_ADD || operator== OPERATOR_SUBTRACT) &&
               right->kind == TERM_CONSTANT && right->value != INT64_MIN) {
      int64_t by = operator== OPERATOR_ADD ? right->value : - right->value, from, to;
      engine_range(e, state, a, &from, &to);
      if (from != INT64_MIN)
        *low = clamp_add(from, by);
      if (to != INT64_MAX)
        *high = clamp_add(to, by);
    } else if (operator== OPERATOR_AND && right->kind == TERM_CONSTANT && right->value >= 0) {
      *low = 0;
      *high = right->value;
    } else if (operator== OPERATOR_REMAINDER && right->kind == TERM_CONSTANT && right->value> 0) {
      *low = 1 - right->value;
      *high = right->value - 1;
    }
    break;
  }
  case TERM_SHIFT: // what lies behind something is there
    if (engine_decide(e, state, term->a) == YES)
      *low = 1;
    break;
  default:
    break;
  }
  const Fact *fact = state_fact(state, id);
  if (fact)
    intersect(low, high, fact->low, fact->high);
}

static bool excluded(State *state, TermId term, int64_t value) {
  const Fact *fact = state_fact(state, term);
  for (uint32_t i = 0; fact && i < fact->excluded_count; i++)
    if (fact->excluded[i] == value)
      return true;
  return false;
}

/* The object that a place is part of; `inside` says whether a field was passed on the way. */
static TermId whole_object(const Engine *e, TermId place, bool *inside) {
  const Term *term = term_at(e->terms, place);
  for (*inside = false; term->kind == TERM_FIELD || term->kind == TERM_INDEX;
       term = term_at(e->terms, place)) {
    *inside |= term->kind == TERM_FIELD;
    place = term->a;
  }
  return place;
}

static bool has_name(const Engine *e, TermId place) {
  uint8_t kind = term_at(e->terms, place)->kind;
  return kind == TERM_GLOBAL || kind == TERM_LOCAL;
}

/* Two variables have two addresses, and none of them is inside what a pointer of another type
 * points to: `root = &context->queue` is not `root == &queue`.
 * Unsound: a variable may be read as its own first member. */
static bool are_apart(const Engine *e, TermId a, TermId b) {
  const Term *left = term_at(e->terms, a), *right = term_at(e->terms, b);
  if (left->kind != TERM_ADDRESS || right->kind != TERM_ADDRESS)
    return false;
  bool a_inside, b_inside;
  TermId x = whole_object(e, left->a, &a_inside), y = whole_object(e, right->a, &b_inside);
  if (has_name(e, x) && has_name(e, y))
    return x != y;
  return (x == left->a && has_name(e, x) && b_inside) ||
         (y == right->a && has_name(e, y) && a_inside);
}

static bool is_variable_address(const Engine *e, TermId value) {
  const Term *term = term_at(e->terms, value);
  bool inside;
  return term->kind == TERM_ADDRESS && has_name(e, whole_object(e, term->a, &inside));
}

/* What a call has just opened or allocated is nothing that was there before, and no variable, even
 * when the rounds of a loop gave it another name. */
static bool is_new(const Engine *e, TermId fresh, TermId other) {
  const Term *made = term_at(e->terms, fresh), *old = term_at(e->terms, other);
  if (e->followed && fresh == e->followed && is_variable_address(e, other))
    return true;
  if (made->kind != TERM_FRESH || made->b || made->a >= e->f->instruction_count || !e->opens ||
      !e->opens[made->a])
    return false;
  return old->kind == TERM_ADDRESS || old->kind == TERM_PARAM ||
         (old->kind == TERM_LOAD && old->b < version_of_instruction(made->a));
}

static Decision decide_equal(Engine *e, State *state, const Term *term) {
  if (are_apart(e, term->a, term->b) || is_new(e, term->a, term->b) || is_new(e, term->b, term->a))
    return NO;
  int64_t a_low, a_high, b_low, b_high;
  engine_range(e, state, term->a, &a_low, &a_high);
  engine_range(e, state, term->b, &b_low, &b_high);
  if (a_high < b_low || b_high < a_low)
    return NO;
  if (a_low == a_high && b_low == b_high)
    return YES;
  if ((b_low == b_high && excluded(state, term->a, b_low)) ||
      (a_low == a_high && excluded(state, term->b, a_low)))
    return NO;
  return UNKNOWN;
}

static Decision decide_less(Engine *e, State *state, const Term *term) {
  int64_t a_low, a_high, b_low, b_high;
  engine_range(e, state, term->a, &a_low, &a_high);
  engine_range(e, state, term->b, &b_low, &b_high);
  return a_high < b_low ? YES : a_low >= b_high ? NO : UNKNOWN;
}

/* ~flags & BIT is flags & BIT denied: that one; 0: it is nothing of the kind. */
static TermId denied_bit(Engine *e, const Term *term) {
  const Term *left = term_at(e->terms, term->a), *right = term_at(e->terms, term->b);
  bool is_bit = term->kind == TERM_BINARY && term->operator== OPERATOR_AND &&
                                             right->kind == TERM_CONSTANT && right->value>
                                             0 && !(right->value & (right->value - 1));
  return is_bit && left->kind == TERM_UNARY && left->operator== OPERATOR_COMPLEMENT
             ? engine_binary(e, OPERATOR_AND, left->a, term->b)
             : 0;
}

static Decision denied(Decision decision) {
  return decision == UNKNOWN ? UNKNOWN : decision == YES ? NO : YES;
}

Decision engine_decide(Engine *e, State *state, TermId condition) {
  const Term term = *term_at(e->terms, condition);
  if (term.kind == TERM_CONSTANT)
    return term.value ? YES : NO;
  if (e->analysis->without & WITHOUT_FACTS)
    return UNKNOWN;
  if (term.kind == TERM_UNARY && term.operator== OPERATOR_NOT)
    return denied(engine_decide(e, state, term.a));
  TermId bit = term.kind == TERM_BINARY ? denied_bit(e, &term) : 0;
  if (bit)
    return denied(engine_decide(e, state, bit));
  if (excluded(state, condition, 0))
    return YES;
  int64_t low, high;
  engine_range(e, state, condition, &low, &high);
  if (low > 0 || high < 0)
    return YES;
  if (!low && !high)
    return NO;
  if (term.kind == TERM_BINARY && term.operator== OPERATOR_EQ)
    return decide_equal(e, state, &term);
  if (term.kind == TERM_BINARY && term.operator== OPERATOR_LT)
    return decide_less(e, state, &term);
  // What lies before or behind something is not null, nor is what a part is part of
  if (term.kind == TERM_SHIFT && engine_decide(e, state, term.a) == YES)
    return YES;
  return UNKNOWN;
}

static bool set_boolean(State *state, TermId condition, bool value) {
  return state_restrict(state, condition, value, value);
}

/* The three orders of two values exclude each other; two refuted ones leave the third. */
static bool assume_relation(Engine *e, State *state, const Term *term, bool is_true) {
  if (e->analysis->without & WITHOUT_RELATIONS)
    return true;
  TermId orders[3] = {engine_binary(e, OPERATOR_LT, term->a, term->b),
                      engine_binary(e, OPERATOR_EQ, term->a, term->b),
                      engine_binary(e, OPERATOR_LT, term->b, term->a)};
  TermId self = engine_binary(e, term->operator, term->a, term->b);
  if (!set_boolean(state, self, is_true))
    return false;
  int refuted = 0, left = -1;
  for (int i = 0; i < 3; i++) {
    if (is_true && orders[i] != self && !set_boolean(state, orders[i], false))
      return false;
    const Fact *fact = state_fact(state, orders[i]);
    if (fact && fact->high == 0)
      refuted++;
    else
      left = i;
  }
  return refuted < 3 && (refuted < 2 || set_boolean(state, orders[left], true));
}

static bool assume_equal(Engine *e, State *state, const Term *term, bool is_true) {
  int64_t low, high, other_low, other_high;
  engine_range(e, state, term->a, &low, &high);
  engine_range(e, state, term->b, &other_low, &other_high);
  bool b_known = other_low == other_high, a_known = low == high;
  if (!is_true) {
    if (b_known && !state_exclude(state, term->a, other_low))
      return false;
    if (a_known && !state_exclude(state, term->b, low))
      return false;
    return b_known || a_known || assume_relation(e, state, term, false);
  }
  if ((b_known && excluded(state, term->a, other_low)) ||
      (a_known && excluded(state, term->b, low)))
    return false;
  if (!state_restrict(state, term->a, other_low, other_high) ||
      !state_restrict(state, term->b, low, high))
    return false;
  return b_known || a_known || assume_relation(e, state, term, true);
}

static bool assume_less(Engine *e, State *state, const Term *term, bool is_true) {
  int64_t low, high, other_low, other_high;
  engine_range(e, state, term->a, &low, &high);
  engine_range(e, state, term->b, &other_low, &other_high);
  bool symbolic = low != high && other_low != other_high;
  if (is_true) {
    if (other_high != INT64_MAX &&
        !state_restrict(state, term->a, INT64_MIN, clamp_add(other_high, -1)))
      return false;
    if (low != INT64_MIN && !state_restrict(state, term->b, clamp_add(low, 1), INT64_MAX))
      return false;
  } else {
    if (other_low != INT64_MIN && !state_restrict(state, term->a, other_low, INT64_MAX))
      return false;
    if (high != INT64_MAX && !state_restrict(state, term->b, INT64_MIN, high))
      return false;
  }
  return !symbolic || assume_relation(e, state, term, is_true);
}

bool engine_assume(Engine *e, State *state, TermId condition, bool is_true) {
  const Term term = *term_at(e->terms, condition);
  if (term.kind == TERM_CONSTANT)
    return (term.value != 0) == is_true;
  if (e->analysis->without & WITHOUT_FACTS)
    return true;
  Decision known = engine_decide(e, state, condition);
  if (known != UNKNOWN)
    return (known == YES) == is_true;
  if (term.kind == TERM_UNARY && term.operator== OPERATOR_NOT)
    return engine_assume(e, state, term.a, !is_true);
  TermId bit = term.kind == TERM_BINARY ? denied_bit(e, &term) : 0;
  if (bit)
    return engine_assume(e, state, bit, !is_true);
  if (term.kind == TERM_BINARY && term.operator== OPERATOR_EQ)
    return assume_equal(e, state, &term, is_true);
  if (term.kind == TERM_BINARY && term.operator== OPERATOR_LT)
    return assume_less(e, state, &term, is_true);
  return is_true ? state_exclude(state, condition, 0) : state_restrict(state, condition, 0, 0);
}
