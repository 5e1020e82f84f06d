/* contracts.c - rows of what functions do to locks as their callers see it, and of what callers
 * have to know besides. */
#include <string.h>

#include "link/called.h"
#include "rule/pass.h"

bool is_root(const ProgramFunction *function) {
  return !function->caller_count || function->address_taken;
}

/* Hangs on nothing that only this function knows. */
static bool is_named(const Pass *pass, TermId place) {
  const TermTable *terms = pass->engine->terms;
  const Term *term = term_at(terms, place);
  while (term->kind == TERM_LOAD || term_kind_is_way((TermKind)term->kind))
    term = term_at(terms, term->a);
  return term->kind == TERM_PARAM || term->kind == TERM_GLOBAL || term->kind == TERM_ABSTRACT ||
         term->kind == TERM_RESULT;
}

static const char *acquirer(const Pass *pass, uint32_t instruction) {
  const Engine *e = pass->engine;
  if (instruction == NO_INSTRUCTION || e->f->instructions[instruction].kind != INST_CALL)
    return "";
  bool by_pointer;
  TextId symbol = called_symbol(e->function, instruction, &by_pointer);
  return by_pointer ? "" : text_of(pass->program->symbols, symbol);
}

static void add_row(Pass *pass, const Partition *exits, uint32_t finding) {
  array_push(&pass->rows,
             (ContractRow){.function = pass->engine->function,
                           .class_key = lock_class(pass, exits->lock.place),
                           .pattern = exits->pattern,
                           .named = is_named(pass, exits->lock.place),
                           .root = is_root(pass->engine->function),
                           .handed_out = exits->handed_out,
                           .sometimes = exits->pattern == EXITS_ALL_RELEASE && exits->held_count,
                           .direct = exits->lock.acquired != NO_INSTRUCTION &&
                                     is_direct(pass, exits->lock.acquired),
                           .left_function = text_of(pass->program->symbols, exits->left_function),
                           .acquirer = acquirer(pass, exits->lock.acquired),
                           .finding = finding});
}

void contract(Pass *pass, const Partition *exits) { add_row(pass, exits, NO_FINDING); }

void defer(Pass *pass, Finding *finding, const Partition *exits) {
  add_row(pass, exits, keep_back(pass, finding));
}

bool has_key(const ProgramFunction *function, const char *key) {
  return !strcmp(function->declared.key, key);
}

/* ---- kept with what was judged of a function */

void contract_row_write(const Pass *pass, ByteWriter *out, const ContractRow *row) {
  bytes_put_text(out, row->class_key);
  bytes_put_u(out, row->pattern);
  bytes_put_u8(out, row->named);
  bytes_put_u8(out, row->direct);
  bytes_put_u8(out, row->handed_out);
  bytes_put_u8(out, row->sometimes);
  bytes_put_text(out, row->left_function);
  bytes_put_text(out, row->acquirer);
  kept_back_write(pass, out, row->finding);
}

ContractRow contract_row_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  ContractRow row = {.function = function, .class_key = bytes_get_text(in, pass->arena)};
  row.root = is_root(function);
  row.pattern = (ExitPattern)bytes_get_u32(in);
  row.named = bytes_get_u8(in);
  row.direct = bytes_get_u8(in);
  row.handed_out = bytes_get_u8(in);
  row.sometimes = bytes_get_u8(in);
  row.left_function = bytes_get_text(in, pass->arena);
  row.acquirer = bytes_get_text(in, pass->arena);
  row.finding = kept_back_read(pass, in);
  return row;
}

void release_write(const Pass *pass, ByteWriter *out, const Release *release) {
  bytes_put_text(out, text_of(pass->program->symbols, release->class_symbol));
}

Release release_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  TextId symbol = text_intern(pass->program->symbols, bytes_get_text(in, pass->arena));
  return (Release){function, symbol};
}

void mixed_function_write(const Pass *pass, ByteWriter *out, const MixedFunction *mixed) {
  (void)pass;
  bytes_put_u8(out, mixed->direct);
}

MixedFunction mixed_function_read(const Pass *pass, const ProgramFunction *function,
                                  ByteReader *in) {
  (void)pass;
  return (MixedFunction){function->declared.key, bytes_get_u8(in)};
}
