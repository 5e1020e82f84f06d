/* rows.c - see rows.h. */
#include "wait/rows.h"

#include "model/term.h"

/* ---- classes */

/* What the pointer was read from names it. */
static TextId pointed_class(TextPool *symbols, const TermTable *terms, TermId pointer) {
  const Term *term = term_at(terms, term_unshifted(terms, pointer));
  TextId class_symbol = term->kind == TERM_LOAD ? wait_class(symbols, terms, term->a) : 0;
  if (!class_symbol)
    return 0;
  char starred[512];
  int length = snprintf(starred, sizeof starred, "*%s", text_of(symbols, class_symbol));
  return length < (int)sizeof starred ? text_intern(symbols, starred) : 0;
}

TextId wait_class(TextPool *symbols, const TermTable *terms, TermId place) {
  if (!place || term_is_in_local(terms, place))
    return 0;
  const Term *term = term_at(terms, place);
  while (term->kind == TERM_INDEX)
    term = term_at(terms, term->a);
  switch ((TermKind)term->kind) {
  case TERM_FIELD:
    return term->b;
  case TERM_GLOBAL:
  case TERM_ABSTRACT:
    return term->a;
  case TERM_DEREF:
    return pointed_class(symbols, terms, term->a);
  default:
    return 0;
  }
}

TextId wait_object(const TermTable *terms, TermId place) {
  const Term *term = term_at(terms, place);
  bool is_member = place && term->kind == TERM_FIELD;
  while (is_member && term->kind == TERM_FIELD)
    term = term_at(terms, term->a);
  return is_member && term->kind == TERM_GLOBAL ? term->a : 0;
}

/* ---- sameness */

static bool has_lock(const WaitRow *row, const HeldLock *lock) {
  for (uint32_t i = 0; i < row->held_count; i++)
    if (row->held[i].class_symbol == lock->class_symbol && row->held[i].flags == lock->flags &&
        row->held[i].object == lock->object && row->held[i].is_given_up == lock->is_given_up)
      return true;
  return false;
}

static bool same_locks(const WaitRow *a, const WaitRow *b) {
  if (a->held_count != b->held_count)
    return false;
  for (uint32_t i = 0; i < a->held_count; i++)
    if (!has_lock(b, &a->held[i]))
      return false;
  return true;
}

bool same_wait(const WaitRow *a, const WaitRow *b) {
  if (a->kind != b->kind || a->symbol != b->symbol || a->flags != b->flags ||
      a->mutex != b->mutex || a->object != b->object)
    return false;
  bool one_for_all = !a->held_count && a->kind != WAIT_JOIN && a->kind != WAIT_SPAWN;
  return (one_for_all || a->instruction == b->instruction) && same_locks(a, b);
}

/* ---- as bytes */

void wait_write(ByteWriter *out, const WaitRow *row, const TextPool *symbols) {
  bytes_put_u8(out, (uint8_t)row->kind);
  bytes_put_text(out, text_of(symbols, row->symbol));
  bytes_put_text(out, text_of(symbols, row->object));
  bytes_put_text(out, text_of(symbols, row->mutex));
  bytes_put_text(out, text_of(symbols, row->through));
  bytes_put_u8(out, row->flags);
  bytes_put_u(out, row->instruction);
  bytes_put_u(out, row->held_count);
  for (uint32_t i = 0; i < row->held_count; i++) {
    const HeldLock *lock = &row->held[i];
    bytes_put_text(out, text_of(symbols, lock->class_symbol));
    bytes_put_text(out, text_of(symbols, lock->object));
    bytes_put_u(out, lock->acquired + 1ull);
    bytes_put_u8(out, lock->flags);
    bytes_put_u8(out, lock->argument);
    bytes_put_u8(out, lock->is_given_up);
  }
}

static TextId read_symbol(ByteReader *in, TextPool *symbols) {
  size_t length = bytes_get_count(in, 1);
  const char *text = bytes_get_raw(in, length);
  return text && length ? text_intern_n(symbols, text, length) : 0;
}

WaitRow wait_read(Arena *arena, ByteReader *in, const ProgramFunction *function,
                  TextPool *symbols) {
  WaitRow row = {.function = function};
  uint8_t kind = bytes_get_u8(in);
  in->failed |= kind >= WAIT_TRY;
  row.kind = (WaitKind)kind;
  row.symbol = read_symbol(in, symbols);
  row.object = read_symbol(in, symbols);
  row.mutex = read_symbol(in, symbols);
  row.through = read_symbol(in, symbols);
  row.flags = bytes_get_u8(in);
  row.instruction = bytes_get_u32(in);
  row.held_count = (uint32_t)bytes_get_count(in, 6);
  HeldLock *held = arena_new_array(arena, HeldLock, row.held_count);
  row.held = held;
  for (uint32_t i = 0; i < row.held_count && !in->failed; i++) {
    held[i].class_symbol = read_symbol(in, symbols);
    held[i].object = read_symbol(in, symbols);
    held[i].acquired = (uint32_t)(bytes_get_u(in) - 1);
    held[i].flags = bytes_get_u8(in);
    held[i].argument = bytes_get_u8(in);
    held[i].is_given_up = bytes_get_u8(in) != 0;
  }
  return row;
}
