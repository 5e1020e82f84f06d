/* names.c - nodes to terms: the canonical access paths on which everything rests (ANALYSIS 0.2 M1,
 * B.2). A reload of the same place gives the same term as long as nothing of the same *class* was
 * written: LOAD(place, version of its class). Locals whose address is never taken are only names
 * for values, so copies of pointers vanish. */
#include "analysis/engine.h"

#include "base/guard.h"
#include "base/message.h"

enum {
  CLASS_SYMBOL = 0u << 30,
  CLASS_LOCAL = 1u << 30,
  CLASS_POINTED = 2u << 30,
  CLASS_DEREF = 3u << 30
};
enum { CLASS_MASK = (1u << 30) - 1, BINARY_DEPTH = 8 };

/* A local that holds the place itself (no pointer in between), or NULL. */
static const Term *local_root(const TermTable *terms, TermId place) {
  for (;;) {
    const Term *term = term_at(terms, place);
    if (term->kind == TERM_LOCAL)
      return term;
    if (term->kind != TERM_FIELD && term->kind != TERM_INDEX)
      return NULL;
    place = term->a;
  }
}

static uint32_t pointed_class(const Engine *e, TermId pointer) {
  const Term *term = term_at(e->terms, term_unshifted(e->terms, pointer));
  if (term->kind == TERM_LOAD) {
    TextId symbol = engine_class_symbol(engine_class(e, term->a));
    return symbol ? (CLASS_POINTED | symbol) : (uint32_t)CLASS_DEREF;
  }
  if (term->kind == TERM_PARAM)
    return CLASS_DEREF | (term->a + 1);
  return CLASS_DEREF;
}

uint32_t engine_class(const Engine *e, TermId place) {
  const Term *root = local_root(e->terms, place);
  if (root)
    return CLASS_LOCAL | root->a;
  for (;;) {
    const Term *term = term_at(e->terms, place);
    switch (term->kind) {
    case TERM_FIELD:
      return CLASS_SYMBOL | term->b;
    case TERM_GLOBAL:
    case TERM_ABSTRACT:
      return CLASS_SYMBOL | term->a;
    case TERM_INDEX:
      place = term->a;
      break;
    case TERM_DEREF:
      return pointed_class(e, term->a);
    default:
      return CLASS_DEREF;
    }
  }
}

TextId engine_class_symbol(uint32_t class_key) {
  return (class_key & ~(uint32_t)CLASS_MASK) == CLASS_SYMBOL ? class_key & CLASS_MASK : 0;
}

static void note(Engine *e, TextId **list, uint32_t *count, uint32_t *room, TextId symbol) {
  for (uint32_t i = 0; i < *count; i++)
    if ((*list)[i] == symbol)
      return;
  size_t capacity = *room;
  *list = arena_grow(e->arena, *list, sizeof **list, *count, &capacity, *count + 1);
  *room = (uint32_t)capacity;
  (*list)[(*count)++] = symbol;
}

void engine_note_read(Engine *e, TextId symbol) {
  if (e->read_count < EFFECT_SET_LIMIT)
    note(e, &e->reads, &e->read_count, &e->read_room, symbol);
  else
    e->reads_overflow = true;
}

void engine_note_write(Engine *e, TextId symbol) {
  e->impure = true;
  if (e->write_count < EFFECT_SET_LIMIT) // Unsound: beyond, writes of callees are not seen
    note(e, &e->writes, &e->write_count, &e->write_room, symbol);
}

void engine_note_store(Engine *e, State *state, TextId symbol) {
  engine_note_write(e, symbol);
  if (e->store_count < EFFECT_SET_LIMIT)
    note(e, &e->stores, &e->store_count, &e->store_room, symbol);
  engine_written_at_hand(e, state, &symbol, 1);
}

typedef struct {
  const char *key;
  TextId symbol;
} Named;

static int compare_named(const void *a, const void *b) {
  return strcmp(((const Named *)a)->key, ((const Named *)b)->key);
}

const TextId *engine_in_order(Engine *e, const TextId *symbols, uint32_t count) {
  Named *named = arena_new_array(e->transit, Named, count);
  TextId *ordered = arena_new_array(e->transit, TextId, count);
  for (uint32_t i = 0; i < count; i++)
    named[i] = (Named){text_of(e->program->symbols, symbols[i]), symbols[i]};
  if (count)
    qsort(named, count, sizeof *named, compare_named);
  for (uint32_t i = 0; i < count; i++)
    ordered[i] = named[i].symbol;
  return ordered;
}

/* Where not all fit, it counts which come first. */
static const TextId *in_order_of_noting(Engine *e, const TextId *symbols, uint32_t count,
                                        uint32_t noted) {
  bool all_or_none = noted + count <= EFFECT_SET_LIMIT || noted == EFFECT_SET_LIMIT;
  return all_or_none ? symbols : engine_in_order(e, symbols, count);
}

void engine_note_flags(Engine *e, const Summary *summary) {
  e->detaches_self |= (summary->flags & SUMMARY_DETACHES_SELF) != 0;
  e->may_end |= (summary->flags & (SUMMARY_MAY_END | SUMMARY_JUMPS | SUMMARY_ENDS_THREAD)) != 0;
}

void engine_note_summary(Engine *e, const Summary *summary) {
  engine_note_flags(e, summary);
  const TextId *writes =
      in_order_of_noting(e, summary->writes, summary->write_count, e->write_count);
  const TextId *reads = in_order_of_noting(e, summary->reads, summary->read_count, e->read_count);
  for (uint32_t i = 0; i < summary->write_count; i++)
    engine_note_write(e, writes[i]);
  for (uint32_t i = 0; i < summary->read_count; i++)
    engine_note_read(e, reads[i]);
}

TermId engine_fresh(Engine *e, uint32_t result) {
  return term_make(e->terms, TERM_FRESH, 0, e->here, result, 0);
}

TermId engine_address(Engine *e, TermId place) {
  const Term *term = term_at(e->terms, place);
  return term->kind == TERM_DEREF ? term->a : term_make(e->terms, TERM_ADDRESS, 0, place, 0, 0);
}

/* Places deeper than TERM_DEPTH get one name per instruction, so that loops over p = p->next end.
 */
static bool too_deep(const Engine *e, TermId term) {
  return term_at(e->terms, term)->depth > TERM_DEPTH;
}

TermId engine_deref(Engine *e, TermId pointer) {
  const Term *term = term_at(e->terms, pointer);
  if (term->kind == TERM_ADDRESS)
    return term->a;
  return term_make(e->terms, TERM_DEREF, 0, pointer, 0, 0);
}

/* Terms know no types: what is compared is taken as signed. */
static bool fold(uint8_t operator, int64_t a, int64_t b, int64_t *result) {
  if (operator!= OPERATOR_LT)
    return operator_fold(operator, a, b, result);
  *result = a < b;
  return true;
}

TermId engine_unary(Engine *e, uint8_t operator, TermId a) {
  const Term *term = term_at(e->terms, a);
  if (operator== OPERATOR_NOT) {
    if (term->kind == TERM_CONSTANT)
      return term_constant(e->terms, !term->value);
    if (term->kind == TERM_UNARY && term->operator== OPERATOR_NOT) {
      const Term *inner = term_at(e->terms, term->a);
      if (inner->kind == TERM_BINARY &&
          (inner->operator== OPERATOR_EQ || inner->operator== OPERATOR_LT))
        return term->a; // !!(a == b)
    }
  } else if (term->kind == TERM_CONSTANT) {
    return term_constant(e->terms, operator== OPERATOR_NEGATE ? (int64_t)(0 - (uint64_t)term->value)
                                                              : ~term->value);
  }
  return term_make(e->terms, TERM_UNARY, operator, a, 0, 0);
}

TermId engine_binary(Engine *e, uint8_t operator, TermId a, TermId b) {
  if (operator== OPERATOR_NE)
    return engine_unary(e, OPERATOR_NOT, engine_binary(e, OPERATOR_EQ, a, b));
  const Term *x = term_at(e->terms, a), *y = term_at(e->terms, b);
  int64_t result;
  if (x->kind == TERM_CONSTANT && y->kind == TERM_CONSTANT &&
      fold(operator, x->value, y->value, &result))
    return term_constant(e->terms, result);
  if (operator== OPERATOR_EQ && a == b)
    return term_constant(e->terms, 1);
  if (operator== OPERATOR_LT && a == b)
    return term_constant(e->terms, 0);
  bool right_constant = y->kind == TERM_CONSTANT;
  if (operator== OPERATOR_AND && right_constant) { // a flag that was masked out is not set
    const Term *mask =
        x->kind == TERM_BINARY && x->operator== OPERATOR_AND ? term_at(e->terms, x->b) : NULL;
    if (!y->value)
      return b;
    if (mask && mask->kind == TERM_CONSTANT) {
      TermId flags = x->a; // the table may move below
      int64_t both = mask->value & y->value;
      return engine_binary(e, OPERATOR_AND, flags, term_constant(e->terms, both));
    }
  }
  // A sum of sums has no name that anybody tests; and terms are walked as trees
  bool tested = operator== OPERATOR_EQ || operator== OPERATOR_LT;
  if (!tested && !right_constant && x->kind != TERM_CONSTANT &&
      (x->depth > BINARY_DEPTH || y->depth > BINARY_DEPTH))
    return engine_fresh(e, (a * 31 + b) | 1u << 31);
  if ((operator== OPERATOR_ADD || operator== OPERATOR_SUBTRACT) && right_constant && !y->value)
    return a;
  bool symmetric = operator== OPERATOR_EQ || operator== OPERATOR_ADD || operator==
      OPERATOR_AND || operator== OPERATOR_OR || operator== OPERATOR_MULTIPLY;
  if (symmetric && !right_constant && (a > b || x->kind == TERM_CONSTANT))
    return term_make(e->terms, TERM_BINARY, operator, b, a, 0);
  return term_make(e->terms, TERM_BINARY, operator, a, b, 0);
}

TermId engine_shift(Engine *e, TermId pointer, TermId index) {
  const Term *by = term_at(e->terms, index), *base = term_at(e->terms, pointer);
  if (by->kind == TERM_CONSTANT && !by->value)
    return pointer;
  if (base->kind == TERM_ADDRESS) {
    const Term *place = term_at(e->terms, base->a);
    if (place->kind == TERM_INDEX) {
      TermId array = place->a;
      TermId at = engine_binary(e, OPERATOR_ADD, place->b, index);
      return engine_address(e, term_make(e->terms, TERM_INDEX, 0, array, at, 0));
    }
  }
  return term_make(e->terms, TERM_SHIFT, 0, pointer, index, 0);
}

static TermId cast(Engine *e, const Node *node, TermId value) {
  const Type *type = &e->f->types[node->type];
  const Term *term = term_at(e->terms, value);
  if (type->kind == TYPE_BOOL)
    return engine_unary(e, OPERATOR_NOT, engine_unary(e, OPERATOR_NOT, value));
  if (term->kind != TERM_CONSTANT || !type->size || type->size >= 8)
    return value; // Imprecise: a narrowing cast of an unknown value is taken to keep it
  unsigned bits = (unsigned)type->size * 8;
  uint64_t kept = (uint64_t)term->value & ((1ull << bits) - 1);
  if (type->kind == TYPE_SIGNED && kept >> (bits - 1))
    kept |= ~((1ull << bits) - 1);
  return term_constant(e->terms, (int64_t)kept);
}

static TermId slot_value(Engine *e, State *state, uint32_t slot) {
  if (!state_value(state, slot)) // read before it was set: one unknown value for the whole function
    state_set_value(state, slot, term_make(e->terms, TERM_FRESH, 0, NO_INSTRUCTION - 1, slot, 0));
  return state_value(state, slot);
}

static bool is_huge(const Engine *e, const Type *type, TermId id) {
  const Term *term = term_at(e->terms, id);
  return term->kind == TERM_CONSTANT && (term->value < 0 || (type->size == 4 && term->value >> 31));
}

/* `(unsigned long)result >= -4095UL`: numbers in the upper half are negative ones, and none is
 * below zero. Unsound: a number of 32 bits may be that large, so of these only what was signed
 * counts. */
static TermId compare_unsigned(Engine *e, State *state, const Node *node, TermId left,
                               TermId right) {
  const Node *a = &e->f->nodes[node->a], *b = &e->f->nodes[node->b];
  const Type *type = &e->f->types[(a->kind == NODE_CONSTANT ? b : a)->type];
  const Node *cast = a->kind == NODE_CAST ? a : b;
  bool was_signed =
      cast->kind == NODE_CAST && e->f->types[e->f->nodes[cast->a].type].kind == TYPE_SIGNED;
  TermId zero = term_constant(e->terms, 0);
  if (type->kind != TYPE_UNSIGNED || !guard_on("unsigned"))
    return 0;
  int64_t low, high;
  engine_range(e, state, right, &low, &high);
  if (!low && !high)
    return zero;
  if (type->size < 8 && !was_signed)
    return 0;
  if (is_huge(e, type, right))
    return engine_unary(e, OPERATOR_NOT, engine_binary(e, OPERATOR_LT, left, zero));
  return is_huge(e, type, left) ? engine_binary(e, OPERATOR_LT, right, zero) : 0;
}

/* A frame of its own: that of engine_value, which calls itself for each level, is to stay small. */
__attribute__((noinline)) static TermId binary(Engine *e, State *state, const Node *node,
                                               TermId left, TermId right) {
  TermId compared =
      node->operator== OPERATOR_LT ? compare_unsigned(e, state, node, left, right) : 0;
  return compared ? compared : engine_binary(e, node->operator, left, right);
}

TermId engine_value(Engine *e, State *state, NodeId id) {
  const Node *node = &e->f->nodes[id];
  switch ((NodeKind)node->kind) {
  case NODE_CONSTANT:
    return term_constant(e->terms, e->f->constants[node->a].value);
  case NODE_STRING:
  case NODE_FLOATING:
    return term_make(e->terms, TERM_STRING, node->kind, id, 0, 0);
  case NODE_VAR:
    return slot_value(e, state, node->a);
  case NODE_TEMP:
    return slot_value(e, state, e->temp_slots[node->a]);
  case NODE_ADDRESS:
    return engine_address(e, engine_place(e, state, node->a));
  case NODE_FUNCTION:
    return term_make(e->terms, TERM_FUNCTION, 0, e->function->symbols[node->a], 0, 0);
  case NODE_UNARY:
    return engine_unary(e, node->operator, engine_value(e, state, node->a));
  case NODE_BINARY: {
    TermId left = engine_value(e, state, node->a), right = engine_value(e, state, node->b);
    return binary(e, state, node, left, right);
  }
  case NODE_CAST:
    return cast(e, node, engine_value(e, state, node->a));
  case NODE_SHIFT: {
    TermId pointer = engine_value(e, state, node->a), index = engine_value(e, state, node->b);
    return engine_shift(e, pointer, index);
  }
  default: // NODE_UNKNOWN
    return term_make(e->terms, TERM_FRESH, 0, NO_INSTRUCTION - 2, id, 0);
  }
}

TermId engine_place(Engine *e, State *state, NodeId id) {
  const Node *node = &e->f->nodes[id];
  switch ((NodeKind)node->kind) {
  case NODE_LOCAL:
    return term_make(e->terms, TERM_LOCAL, 0, node->a, 0, 0);
  case NODE_GLOBAL:
    return term_make(e->terms, TERM_GLOBAL, 0, e->function->symbols[node->a], 0, 0);
  case NODE_DEREF: {
    TermId pointer = engine_value(e, state, node->a);
    return too_deep(e, pointer) ? engine_deref(e, engine_fresh(e, id)) : engine_deref(e, pointer);
  }
  case NODE_FIELD: {
    TermId base = engine_place(e, state, node->a);
    return term_make(e->terms, TERM_FIELD, 0, base, engine_field(e, node->b), 0);
  }
  case NODE_INDEX: {
    TermId base = engine_place(e, state, node->a), index = engine_value(e, state, node->b);
    if (too_deep(e, index))
      index = engine_fresh(e, id);
    return term_make(e->terms, TERM_INDEX, 0, base, index, 0);
  }
  default: // a function as a place: *f
    return engine_deref(e, engine_value(e, state, id));
  }
}

TermId engine_load(Engine *e, State *state, TermId place) {
  const Term *term = term_at(e->terms, place);
  TermId constant = term->kind == TERM_GLOBAL ? engine_constant(e, term->a) : 0;
  if (constant)
    return constant;
  uint32_t class_key = engine_class(e, place);
  if (engine_class_symbol(class_key))
    engine_note_read(e, engine_class_symbol(class_key));
  if (e->analysis->without & WITHOUT_CANONICAL)
    return engine_fresh(e, 0);
  TermId stored = state_stored(state, place);
  if (stored)
    return stored;
  return term_make(e->terms, TERM_LOAD, 0, place, engine_version(e, state, class_key), 0);
}

/* Surely different places of one class: other roots without a pointer, or other constant indices.
 */
static bool distinct(const Engine *e, TermId a, TermId b) {
  const Term *x = term_at(e->terms, a), *y = term_at(e->terms, b);
  if (x->kind == TERM_INDEX && y->kind == TERM_INDEX && x->a == y->a) {
    const Term *i = term_at(e->terms, x->b), *j = term_at(e->terms, y->b);
    return i->kind == TERM_CONSTANT && j->kind == TERM_CONSTANT && i->value != j->value;
  }
  if (x->kind == TERM_FIELD && y->kind == TERM_FIELD)
    return x->b != y->b || distinct(e, x->a, y->a);
  return (x->kind == TERM_GLOBAL && y->kind == TERM_GLOBAL && x->a != y->a);
}

void engine_havoc(Engine *e, State *state, uint32_t class_key) {
  for (uint32_t i = 0; i < state->memory_count;)
    if (engine_class(e, state->memory[i].place) == class_key)
      state->memory[i] = state->memory[--state->memory_count];
    else
      i++;
  engine_set_version(e, state, class_key, version_of_instruction(e->here));
}

void engine_havoc_place(Engine *e, State *state, TermId place) {
  uint32_t class_key = engine_class(e, place);
  if (!local_root(e->terms, place)) {
    engine_havoc(e, state, class_key);
    return;
  }
  for (uint32_t i = 0; i < state->memory_count;) {
    TermId other = state->memory[i].place;
    if (engine_contains(e, other, place) || engine_contains(e, place, other))
      state->memory[i] = state->memory[--state->memory_count];
    else
      i++;
  }
  engine_set_version(e, state, class_key, version_of_instruction(e->here));
}

void engine_havoc_argument(Engine *e, State *state, TermId arg) {
  const Term *term = term_at(e->terms, arg);
  if (term->kind != TERM_ADDRESS)
    return;
  TermId place = term->a;
  uint32_t class_key = engine_class(e, place);
  for (;;) {
    term = term_at(e->terms, place);
    if (term->kind != TERM_FIELD && term->kind != TERM_INDEX)
      break;
    place = term->a;
  }
  if (term->kind == TERM_LOCAL)
    engine_havoc(e, state, class_key);
}

static bool is_among(const TextId *symbols, uint32_t count, uint32_t class_key) {
  uint32_t low = 0, high = count;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (symbols[middle] < class_key)
      low = middle + 1;
    else
      high = middle;
  }
  return low < count && symbols[low] == class_key;
}

void engine_havoc_symbols(Engine *e, State *state, const TextId *symbols, uint32_t count) {
  for (uint32_t i = 0; i < state->memory_count && count;)
    if (is_among(symbols, count, engine_class(e, state->memory[i].place)))
      state->memory[i] = state->memory[--state->memory_count];
    else
      i++;
  for (uint32_t i = 0; i < count; i++)
    engine_set_version(e, state, symbols[i], version_of_instruction(e->here));
}

void engine_store(Engine *e, State *state, TermId place, TermId value) {
  uint32_t class_key = engine_class(e, place);
  for (uint32_t i = 0; i < state->memory_count;) {
    TermId other = state->memory[i].place;
    bool same_class = engine_class(e, other) == class_key;
    bool inside = engine_contains(e, other, place); // a field of an aggregate that is overwritten
    if (other != place && ((same_class && !distinct(e, place, other)) || inside))
      state->memory[i] = state->memory[--state->memory_count];
    else
      i++;
  }
  engine_set_version(e, state, class_key, version_of_instruction(e->here));
  state_store(state, place, value);
  if (local_root(e->terms, place))
    return;
  if (engine_class_symbol(class_key))
    engine_note_store(e, state, engine_class_symbol(class_key));
  else
    e->impure = true;
}

bool engine_contains(const Engine *e, TermId whole, TermId part) {
  if (whole == part)
    return true;
  if (whole < part) // terms are made after their parts
    return false;
  TermId children[2];
  for (uint32_t i = term_children(term_at(e->terms, whole), children); i-- > 0;)
    if (engine_contains(e, children[i], part))
      return true;
  return false;
}

TextId engine_called_symbol(Engine *e, TermId callee) {
  const Term term = *term_at(e->terms, callee);
  if (term.kind == TERM_FUNCTION)
    return term.a;
  bool known = term.kind == TERM_LOAD && !(e->analysis->without & WITHOUT_SLOTS);
  return known ? engine_class_symbol(engine_class(e, term.a)) : 0;
}
