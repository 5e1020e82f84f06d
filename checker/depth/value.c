/* value.c - see value.h */
#include "depth/value.h"

static const Value any = {.kind = VALUE_ANY};

/* ---- cells */

Token cell_find(CellTable *table, Cell cell) {
  for (uint32_t i = 0; i < table->count; i++) {
    const Cell *known = &table->cells[i];
    if (known->kind == cell.kind && known->base == cell.base && known->symbol == cell.symbol &&
        known->local == cell.local)
      return (Token)(table->parameter_count + i);
  }
  if (table->count >= CELL_LIMIT || table->parameter_count >= NO_TOKEN - CELL_LIMIT)
    return NO_TOKEN; // Imprecise: what this function does to more memory than that is not followed
  table->cells = arena_grow(table->arena, table->cells, sizeof cell, table->count, &table->room,
                            table->count + 1u);
  table->cells[table->count++] = cell;
  return (Token)(table->parameter_count + table->count - 1);
}

Token token_root(const CellTable *table, Token token) {
  while (token != NO_TOKEN && !is_parameter(table, token)) {
    const Cell *cell = cell_at(table, token);
    if (cell->kind == CELL_GLOBAL || cell->kind == CELL_LOCAL)
      return NO_TOKEN;
    token = cell->base;
  }
  return token;
}

Token value_root(const CellTable *table, const Value *value, bool *inside) {
  switch ((ValueKind)value->kind) {
  case VALUE_INSIDE:
  case VALUE_AT:
    *inside = value->kind == VALUE_INSIDE;
    return value->token;
  case VALUE_MOVED:
  case VALUE_ADDRESS:
    *inside = !is_parameter(table, value->token);
    return token_root(table, value->token);
  default:
    return NO_TOKEN;
  }
}

/* ---- values */

static int32_t limited(int64_t number) {
  return number < ENDLESS_DOWN ? ENDLESS_DOWN : number > ENDLESS_UP ? ENDLESS_UP : (int32_t)number;
}

static int32_t sum(int32_t a, int32_t b) {
  if (a == ENDLESS_DOWN || b == ENDLESS_DOWN)
    return ENDLESS_DOWN;
  return a == ENDLESS_UP || b == ENDLESS_UP ? ENDLESS_UP : limited((int64_t)a + b);
}

Value value_constant(int64_t number) { // Imprecise: very large ones are one
  return (Value){.kind = VALUE_CONSTANT, .low = limited(number), .high = limited(number)};
}

bool value_equal(const Value *a, const Value *b) {
  return a->kind == b->kind && a->token == b->token && a->other == b->other && a->low == b->low &&
         a->high == b->high;
}

static bool is_null(const Value *value) { return value->kind == VALUE_CONSTANT && !value->low; }

/* ---- bits: (token & low) | high */

static bool is_bits(const Value *value) { return value->kind == VALUE_BITS || is_same(value); }

static Value as_bits(Value value) {
  if (value.kind == VALUE_MOVED)
    return (Value){.kind = VALUE_BITS, .token = value.token, .low = -1};
  return value;
}

static Value join_bits(Value a, Value b) {
  int32_t set = a.high & b.high, kept = a.low | b.low | (a.high ^ b.high);
  if (kept == -1 && !set)
    return value_of(a.token);
  return (Value){.kind = VALUE_BITS, .token = a.token, .low = kept, .high = set};
}

Value value_below(Value value) {
  if (value.kind == VALUE_MOVED || (value.kind == VALUE_BITS && !value.high))
    return (Value){.kind = VALUE_MOVED, .token = value.token, .low = ENDLESS_DOWN};
  return value.kind == VALUE_SUM ? value : any;
}

Value value_bits(Operator operator, Value value, int32_t bits) {
  enum { FLAGS = 4 }; // that are cleared at once; else it is a part of a word that counts
  if (value.kind == VALUE_CONSTANT && is_known(&value))
    return value_constant(operator== OPERATOR_AND ? value.low & bits : value.low | bits);
  bool is_flags = is_bits(&value) &&
                  (value.kind == VALUE_BITS || operator== OPERATOR_OR ||
                                                   __builtin_popcount(~(uint32_t)bits) <= FLAGS);
  if (!is_flags) // a counter in some bits of a word
    return operator== OPERATOR_AND ? value_below(value) : any;
  value = as_bits(value);
  value.low &= operator== OPERATOR_AND ? bits : ~bits;
  value.high = operator== OPERATOR_AND ? value.high & bits : value.high | bits;
  return value.low ? value : value_constant(value.high);
}

static Value join(const CellTable *table, Value a, Value b) {
  if (a.kind == VALUE_NONE || value_equal(&a, &b))
    return b;
  if (b.kind == VALUE_NONE)
    return a;
  bool same = a.kind == b.kind && a.token == b.token && a.other == b.other;
  if (a.kind == VALUE_STACK || b.kind == VALUE_STACK)
    return (Value){.kind = VALUE_STACK};
  if (same && (a.kind == VALUE_MOVED || a.kind == VALUE_PART)) {
    a.low = b.low < a.low ? b.low : a.low;
    a.high = b.high > a.high ? b.high : a.high;
    return a;
  }
  if (is_bits(&a) && is_bits(&b) && a.token == b.token)
    return join_bits(as_bits(a), as_bits(b));
  bool a_inside = false, b_inside = false;
  Token root = value_root(table, &a, &a_inside);
  if (root != NO_TOKEN && root == value_root(table, &b, &b_inside))
    return (Value){.kind = a_inside && b_inside ? VALUE_INSIDE : VALUE_AT, .token = root};
  if (is_null(&a) && value_root(table, &b, &b_inside) != NO_TOKEN)
    return b; // a walk ends with a null pointer
  if (is_null(&b) && root != NO_TOKEN)
    return a;
  return any;
}

Value value_join(const CellTable *table, Value a, Value b) {
  Value joined = join(table, a, b);
  joined.reads = a.reads | b.reads;
  return joined;
}

Value value_add(Value value, int32_t low, int32_t high) {
  switch ((ValueKind)value.kind) {
  case VALUE_CONSTANT:
    return low == high ? value_constant((int64_t)value.low + low) : any;
  case VALUE_MOVED:
    value.low = sum(value.low, low);
    value.high = sum(value.high, high);
    return value;
  case VALUE_PART:
    value.high = sum(value.high, high);
    return value;
  case VALUE_MIDDLE:
  case VALUE_INSIDE: // a place further on in the same memory
  case VALUE_AT:
  case VALUE_STACK:
  case VALUE_TEXT:
    return value;
  default:
    return any;
  }
}

static Value add(Value a, Value b) {
  if (a.kind == VALUE_CONSTANT)
    return value_add(b, a.low, a.low);
  if (b.kind == VALUE_CONSTANT)
    return value_add(a, b.low, b.low);
  if (is_same(&a) && is_same(&b))
    return (Value){.kind = VALUE_SUM, .token = a.token, .other = b.token};
  if (b.kind == VALUE_MOVED && a.kind == VALUE_HALF)
    return add(b, a);
  if (a.kind == VALUE_MOVED && b.kind == VALUE_HALF && b.other == a.token)
    return (Value){.kind = VALUE_MIDDLE, .token = b.token, .other = b.other};
  return any;
}

static Value subtract(Value a, Value b) {
  if (b.kind == VALUE_CONSTANT)
    return value_add(a, -b.low, -b.low);
  if (a.kind == VALUE_MOVED && b.kind == VALUE_MOVED && a.token != b.token)
    return (Value){.kind = VALUE_SPAN, .token = a.token, .other = b.token};
  return any;
}

static Value half(Value a) {
  switch ((ValueKind)a.kind) {
  case VALUE_MOVED:
    return (Value){.kind = VALUE_PART, .token = a.token, .high = a.high > 0 ? a.high : 0};
  case VALUE_PART:
    return a;
  case VALUE_SUM:
    a.kind = VALUE_MIDDLE;
    return a;
  case VALUE_SPAN:
    a.kind = VALUE_HALF;
    return a;
  default:
    return any;
  }
}

static Value combine(Operator operator, Value a, Value b) {
  if (a.kind == VALUE_STACK || b.kind == VALUE_STACK)
    return (Value){.kind = VALUE_STACK};
  switch (operator) {
  case OPERATOR_ADD:
    return add(a, b);
  case OPERATOR_SUBTRACT:
    return subtract(a, b);
  case OPERATOR_DIVIDE:
    return b.kind == VALUE_CONSTANT && b.low >= 2 ? half(a) : any;
  case OPERATOR_SHIFT_RIGHT:
    return b.kind == VALUE_CONSTANT && b.low >= 1 ? half(a) : any;
  case OPERATOR_REMAINDER: // Euclid: two rounds halve it
    return b.kind == VALUE_MOVED ? (Value){.kind = VALUE_PART, .token = b.token} : any;
  default:
    return any;
  }
}

Value value_binary(Operator operator, Value a, Value b) {
  Value value = combine(operator, a, b);
  value.reads = a.reads | b.reads;
  return value;
}
