/* term.c - see term.h. Terms stand in one array; a hash table of ids finds equal ones.
 *
 * Slots carry the generation in which they were filled, so that a reset costs nothing even after a
 * huge function. A table that was read or copied has no slots until the first insertion: most
 * summaries are only ever looked at.
 */
#include "model/term.h"

#include <string.h>

#include "base/array.h"
#include "base/message.h"
#include "ir/ir.h"

typedef struct {
  TermId id;
  uint32_t generation;
} Slot;

struct TermTable {
  Arena *arena; // NULL: memory of its own
  Term *terms;  // terms[0] is TERM_NONE
  size_t count, capacity;
  Slot *slots;
  size_t slot_count; // in use: 0, or a power of two; a small function after a huge one takes few
  size_t slot_room;
  uint32_t generation;
};

enum { FIRST_SLOTS = 64, MOST_TERMS = 1u << 30 };

static void *table_memory(TermTable *t, void *old, size_t used, size_t bytes) {
  if (!t->arena)
    return memory_resize(old, bytes);
  void *memory = arena_alloc(t->arena, bytes);
  if (used)
    memcpy(memory, old, used);
  return memory;
}

static void table_reserve(TermTable *t, size_t needed) {
  if (needed <= t->capacity)
    return;
  size_t room = t->capacity * 2;
  if (room < needed)
    room = needed;
  t->terms = table_memory(t, t->terms, sizeof *t->terms * t->count, sizeof *t->terms * room);
  t->capacity = room;
}

static void table_start(TermTable *t) {
  if (!t->capacity)
    table_reserve(t, 32);
  t->terms[0] = (Term){0};
  t->count = 1;
  t->generation = 1;
}

TermTable *terms_new(void) {
  TermTable *t = memory_resize(NULL, sizeof *t);
  *t = (TermTable){0};
  table_start(t);
  return t;
}

TermTable *terms_new_in(Arena *arena, uint32_t room) {
  TermTable *t = arena_new_one(arena, TermTable);
  t->arena = arena;
  table_reserve(t, (size_t)room + 1);
  table_start(t);
  return t;
}

void terms_free(TermTable *t) {
  if (!t || t->arena)
    return;
  memory_free(t->terms);
  memory_free(t->slots);
  memory_free(t);
}

/* From here on all slots are free. */
static void empty_slots(TermTable *t) {
  if (++t->generation)
    return;
  if (t->slot_room) // wrapped around: old slots would look new
    memset(t->slots, 0, sizeof *t->slots * t->slot_room);
  t->generation = 1;
}

void terms_reset(TermTable *t) {
  t->count = 1;
  t->slot_count = t->slot_room < FIRST_SLOTS ? t->slot_room : FIRST_SLOTS;
  empty_slots(t);
}

uint32_t terms_count(const TermTable *t) { return (uint32_t)t->count; }

const Term *term_at(const TermTable *t, TermId id) {
  if (id >= t->count)
    bug("term %u of %zu", id, t->count);
  return &t->terms[id];
}

static uint64_t mix(uint64_t x) {
  x ^= x >> 32;
  x *= UINT64_C(0xd6e8feb86659fd93);
  x ^= x >> 32;
  return x;
}

static size_t hash_term(const Term *term) {
  uint64_t head = (uint64_t)term->kind << 8 | term->operator;
  uint64_t x = mix(((uint64_t)term->a << 32 | term->b) ^ head * UINT64_C(0x9e3779b97f4a7c15));
  return (size_t)mix(x ^ (uint64_t)term->value * UINT64_C(0xc2b2ae3d27d4eb4f));
}

static bool same_term(const Term *x, const Term *y) {
  return x->kind == y->kind && x->operator== y->operator&& x->a == y->a && x->b == y->b &&
                               x->value == y->value;
}

/* The slot that holds an equal term, or the free one where it belongs. */
static Slot *find_slot(const TermTable *t, const Term *term) {
  size_t mask = t->slot_count - 1;
  for (size_t i = hash_term(term) & mask;; i = (i + 1) & mask) {
    Slot *slot = &t->slots[i];
    if (slot->generation != t->generation || same_term(&t->terms[slot->id], term))
      return slot;
  }
}

static void rehash(TermTable *t) {
  size_t room = t->slot_count ? t->slot_count : FIRST_SLOTS;
  while (room < t->count * 2 + 2)
    room *= 2;
  if (room > t->slot_room) {
    t->slots = table_memory(t, t->slots, 0, sizeof *t->slots * room);
    memset(t->slots, 0, sizeof *t->slots * room);
    t->slot_room = room;
  }
  t->slot_count = room;
  empty_slots(t);
  for (size_t id = 1; id < t->count; id++) {
    Slot *slot = find_slot(t, &t->terms[id]);
    if (slot->generation != t->generation)
      *slot = (Slot){(TermId)id, t->generation};
  }
}

TermId term_whole(const TermTable *t, TermId place) {
  const Term *term = term_at(t, place);
  for (; term->kind == TERM_FIELD || term->kind == TERM_INDEX; term = term_at(t, place))
    place = term->a;
  return place;
}

bool term_is_part(const TermTable *terms, TermId place, TermId whole) {
  while (place != whole) {
    const Term *term = term_at(terms, place);
    if (term->kind != TERM_FIELD && term->kind != TERM_INDEX)
      return false;
    place = term->a;
  }
  return true;
}

bool term_is_in_local(const TermTable *t, TermId place) {
  return term_at(t, term_whole(t, place))->kind == TERM_LOCAL;
}

bool term_kind_is_way(TermKind kind) {
  return kind == TERM_FIELD || kind == TERM_INDEX || kind == TERM_DEREF || kind == TERM_ADDRESS ||
         kind == TERM_SHIFT || kind == TERM_CAST;
}

TermId term_unshifted(const TermTable *t, TermId value) {
  const Term *term = term_at(t, value);
  for (; term->kind == TERM_SHIFT || term->kind == TERM_CAST; term = term_at(t, value))
    value = term->a;
  return value;
}

uint32_t term_children(const Term *term, TermId children[2]) {
  TermId a = 0, b = 0;
  switch ((TermKind)term->kind) {
  case TERM_LOAD:
  case TERM_ADDRESS:
  case TERM_UNARY:
  case TERM_CAST:
  case TERM_DEREF:
  case TERM_FIELD:
    a = term->a;
    break;
  case TERM_BINARY:
  case TERM_SHIFT:
  case TERM_LIST:
  case TERM_INDEX:
    a = term->a;
    b = term->b;
    break;
  case TERM_PURE:
    a = term->b;
    break;
  case TERM_NONE:
  case TERM_CONSTANT:
  case TERM_PARAM:
  case TERM_RESULT:
  case TERM_FUNCTION:
  case TERM_STRING:
  case TERM_ANY:
  case TERM_GLOBAL:
  case TERM_ABSTRACT:
  case TERM_LOCAL:
  case TERM_FRESH:
  case TERM_PHI:
  case TERM_KINDS:
    break;
  }
  uint32_t count = 0;
  if (a)
    children[count++] = a;
  if (b)
    children[count++] = b;
  return count;
}

bool term_any(const TermTable *t, TermId id, TermPredicate *holds, const void *context) {
  const Term *term = term_at(t, id);
  if (holds(term, context))
    return true;
  TermId children[2];
  for (uint32_t i = term_children(term, children); i-- > 0;)
    if (term_any(t, children[i], holds, context))
      return true;
  return false;
}

static uint16_t depth_of(const TermTable *t, const Term *term) {
  TermId children[2];
  uint32_t count = term_children(term, children), depth = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t below = t->terms[children[i]].depth + 1u;
    depth = below > depth ? below : depth;
  }
  return (uint16_t)(depth > UINT16_MAX ? UINT16_MAX : depth);
}

static TermId intern(TermTable *t, Term term) {
  if (t->count * 2 + 2 > t->slot_count)
    rehash(t);
  Slot *slot = find_slot(t, &term);
  if (slot->generation == t->generation)
    return slot->id;
  if (t->count >= MOST_TERMS)
    die(EXIT_INTERNAL, "out of memory (%zu terms in one function)", t->count);
  term.depth = depth_of(t, &term);
  table_reserve(t, t->count + 1);
  t->terms[t->count] = term;
  *slot = (Slot){(TermId)t->count, t->generation};
  return (TermId)t->count++;
}

static bool constant_of(const TermTable *t, TermId id, int64_t *value) {
  *value = t->terms[id].value;
  return t->terms[id].kind == TERM_CONSTANT;
}

static int64_t wrapping_sum(int64_t x, int64_t y) { return (int64_t)((uint64_t)x + (uint64_t)y); }

/* p shifted by b: as the canonical forms of ir.h want it. */
static TermId make_shift(TermTable *t, TermId pointer, TermId by) {
  int64_t shift, old;
  if (constant_of(t, by, &shift)) {
    if (!shift)
      return pointer;
    Term base = t->terms[pointer];
    if (base.kind == TERM_SHIFT && constant_of(t, base.b, &old))
      return make_shift(t, base.a, term_constant(t, wrapping_sum(old, shift)));
    Term place = base.kind == TERM_ADDRESS ? t->terms[base.a] : (Term){0};
    if (place.kind == TERM_INDEX && constant_of(t, place.b, &old)) {
      TermId index = term_constant(t, wrapping_sum(old, shift));
      TermId element = term_make(t, TERM_INDEX, 0, place.a, index, 0);
      return term_make(t, TERM_ADDRESS, 0, element, 0, 0);
    }
  }
  return intern(t, (Term){.kind = TERM_SHIFT, .a = pointer, .b = by});
}

TermId term_make(TermTable *t, TermKind kind, uint8_t operator, uint32_t a, uint32_t b,
                 int64_t value) {
  Term term = {.kind = (uint8_t)kind, .operator= operator, .a = a, .b = b, .value = value};
  TermId children[2];
  for (uint32_t i = term_children(&term, children); i-- > 0;)
    if (children[i] >= t->count)
      bug("term %u of %zu", children[i], t->count);
  if (kind == TERM_DEREF && t->terms[a].kind == TERM_ADDRESS)
    return t->terms[a].a;
  if (kind == TERM_ADDRESS && t->terms[a].kind == TERM_DEREF)
    return t->terms[a].a;
  if (kind == TERM_SHIFT)
    return make_shift(t, a, b);
  return intern(t, term);
}

TermId term_constant(TermTable *t, int64_t value) {
  return intern(t, (Term){.kind = TERM_CONSTANT, .value = value});
}

bool term_kind_is_place(TermKind kind) {
  switch (kind) {
  case TERM_GLOBAL:
  case TERM_ABSTRACT:
  case TERM_DEREF:
  case TERM_FIELD:
  case TERM_INDEX:
  case TERM_LOCAL:
    return true;
  default:
    return false;
  }
}

bool term_is_place(const TermTable *t, TermId id) {
  return term_kind_is_place((TermKind)term_at(t, id)->kind);
}

bool terms_field_equal(const TextPool *symbols, TextId a, TextId b) {
  if (a == b)
    return true;
  const char *x = text_of(symbols, a), *y = text_of(symbols, b);
  const char *x_dot = strrchr(x, '.'), *y_dot = strrchr(y, '.');
  if (!x_dot == !y_dot) // two plain names, or two keys with tags
    return false;
  return !strcmp(x_dot ? x_dot + 1 : x, y_dot ? y_dot + 1 : y);
}

TermSubset terms_subset(Arena *arena, const TermTable *t, const TermId *roots, size_t count) {
  TermSubset subset = {.number = arena_new_array(arena, uint32_t, t->count)};
  ARRAY(TermId) stack = {0}, order = {0};
  for (size_t i = count; i-- > 0;)
    array_push(&stack, roots[i]);
  while (stack.count) {
    TermId id = stack.at[stack.count - 1];
    if (!id || subset.number[id]) {
      stack.count--;
      continue;
    }
    TermId children[2];
    uint32_t open = 0;
    for (uint32_t n = term_children(term_at(t, id), children); n-- > 0;) {
      if (!subset.number[children[n]]) {
        array_push(&stack, children[n]);
        open++;
      }
    }
    if (open)
      continue;
    array_push(&order, id);
    subset.number[id] = ++subset.count;
    stack.count--;
  }
  subset.order = arena_copy(arena, order.at, sizeof(TermId) * order.count);
  array_free(&stack);
  array_free(&order);
  return subset;
}

/* With the children named by their numbers. */
static Term renumbered(Term term, const uint32_t *number) {
  TermId children[2];
  uint32_t count = term_children(&term, children);
  if (term.kind == TERM_PURE)
    term.b = term.b ? number[term.b] : 0;
  else if (count)
    term.a = number[term.a];
  if (count == 2)
    term.b = number[term.b];
  return term;
}

TermTable *terms_copy_subset(Arena *arena, const TermTable *from, const TermSubset *subset) {
  TermTable *to = terms_new_in(arena, subset->count);
  for (uint32_t i = 0; i < subset->count; i++)
    to->terms[to->count++] = renumbered(from->terms[subset->order[i]], subset->number);
  return to;
}

/* ---- bytes */

/* Where a term of this kind keeps a symbol: 'a', 'b', or 0. */
static char symbol_slot(TermKind kind) {
  switch (kind) {
  case TERM_FUNCTION:
  case TERM_STRING:
  case TERM_PURE:
  case TERM_GLOBAL:
  case TERM_ABSTRACT:
    return 'a';
  case TERM_FIELD:
    return 'b';
  default:
    return 0;
  }
}

static void write_term(ByteWriter *w, const Term *term, const TextPool *symbols) {
  char slot = symbol_slot((TermKind)term->kind);
  bytes_put_u8(w, term->kind);
  bytes_put_u8(w, term->operator);
  if (slot == 'a')
    bytes_put_text(w, text_of(symbols, term->a));
  else
    bytes_put_u(w, term->a);
  if (slot == 'b')
    bytes_put_text(w, text_of(symbols, term->b));
  else
    bytes_put_u(w, term->b);
  bytes_put_s(w, term->value);
}

void terms_write(ByteWriter *w, const TermTable *t, const TextPool *symbols) {
  bytes_put_u(w, t->count - 1);
  for (size_t id = 1; id < t->count; id++)
    write_term(w, &t->terms[id], symbols);
}

void terms_write_subset(ByteWriter *w, const TermTable *t, const TextPool *symbols,
                        const TermSubset *subset) {
  bytes_put_u(w, subset->count);
  for (uint32_t i = 0; i < subset->count; i++) {
    Term term = renumbered(t->terms[subset->order[i]], subset->number);
    write_term(w, &term, symbols);
  }
}

static uint32_t read_part(ByteReader *r, bool is_symbol, TextPool *symbols, Arena *scratch) {
  return is_symbol ? text_intern(symbols, bytes_get_text(r, scratch)) : bytes_get_u32(r);
}

/* Operands that must be there, and be of the right sort, for others to walk the term safely. */
static bool well_formed(const TermTable *t, const Term *term) {
  TermId children[2];
  uint32_t count = term_children(term, children);
  for (uint32_t i = 0; i < count; i++)
    if (children[i] >= t->count)
      return false;
  TermKind kind = (TermKind)term->kind;
  bool a_is_place = count && term->a < t->count && term_kind_is_place(t->terms[term->a].kind);
  switch (kind) {
  case TERM_BINARY:
  case TERM_SHIFT:
    return count == 2;
  case TERM_INDEX:
    return count == 2 && a_is_place;
  case TERM_LOAD:
  case TERM_ADDRESS:
  case TERM_FIELD:
    return count == 1 && a_is_place;
  case TERM_DEREF:
  case TERM_UNARY:
  case TERM_CAST:
    return count == 1;
  case TERM_PURE:
    return !term->b || t->terms[term->b].kind == TERM_LIST;
  case TERM_LIST:
    return term->a && (!term->b || t->terms[term->b].kind == TERM_LIST);
  default:
    return true;
  }
}

bool terms_read(ByteReader *r, TermTable *t, TextPool *symbols, Arena *scratch) {
  terms_reset(t);
  size_t count = bytes_get_count(r, 5);
  if (r->failed || count >= MOST_TERMS)
    return false;
  table_reserve(t, count + 1);
  for (size_t i = 0; i < count; i++) {
    Term term = {.kind = bytes_get_u8(r)};
    term.operator= bytes_get_u8(r);
    char slot = term.kind < TERM_KINDS ? symbol_slot((TermKind)term.kind) : 0;
    term.a = read_part(r, slot == 'a', symbols, scratch);
    term.b = read_part(r, slot == 'b', symbols, scratch);
    term.value = bytes_get_s(r);
    if (r->failed || term.kind == TERM_NONE || term.kind >= TERM_KINDS ||
        term.operator>= OPERATOR_COUNT || !well_formed(t, &term)) {
      r->failed = true;
      terms_reset(t);
      return false;
    }
    term.depth = depth_of(t, &term);
    t->terms[t->count++] = term;
  }
  return true;
}
