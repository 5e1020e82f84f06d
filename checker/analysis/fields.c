/* fields.c - which field a name means. The pointers of a union are one place.
 *
 * A model does not know the record: its `d->pool` has the plain name. Where the function that calls
 * names that field of that record itself, it is the same one, and what is known of it holds for
 * both. */
#include "analysis/engine.h"

#include "base/guard.h"

#include <string.h>

/* Up to the field's own name. */
static size_t owner_length(const Symbol *field) { return strlen(field->key) - strlen(field->name); }

static bool is_place_of(const Symbol *first, const Symbol *field) {
  size_t length = owner_length(field);
  return first->kind == SYMBOL_FIELD && (first->flags & SYMBOL_OVERLAID) &&
         first->offset == field->offset && owner_length(first) == length &&
         !strncmp(first->key, field->key, length);
}

TextId engine_field(const Engine *e, Index symbol) {
  const Function *f = e->f;
  if (!(f->symbols[symbol].flags & SYMBOL_OVERLAY) || !guard_on("overlaid"))
    return e->function->symbols[symbol];
  for (Index i = 0; i < f->symbol_count; i++)
    if (is_place_of(&f->symbols[i], &f->symbols[symbol]))
      return e->function->symbols[i];
  return e->function->symbols[symbol];
}

TextId engine_field_in_code(const Engine *e, TextId symbol) {
  const Function *f = e->f;
  TextId found = 0;
  for (Index i = 1; i < f->node_count; i++) {
    if (f->nodes[i].kind != NODE_FIELD || engine_field(e, f->nodes[i].b) != symbol)
      continue;
    TextId used = e->function->symbols[f->nodes[i].b];
    if (found && used != found)
      return symbol;
    found = used;
  }
  return found ? found : symbol;
}

static const Type *record_behind(const Function *f, NodeId argument) {
  const Type *type = &f->types[f->nodes[argument].type];
  return type->kind == TYPE_POINTER && f->types[type->element].kind == TYPE_RECORD
             ? &f->types[type->element]
             : NULL;
}

static bool is_field_of(const Symbol *symbol, const Type *record, const char *name) {
  size_t length = strlen(record->key);
  return symbol->kind == SYMBOL_FIELD && !strncmp(symbol->key, record->key, length) &&
         symbol->key[length] == '.' && !strcmp(symbol->key + length + 1, name);
}

TextId engine_field_named(const Engine *e, const Instruction *call, const TermTable *terms,
                          const Term *field) {
  const Term *whole = term_at(terms, field->a);
  const Term *pointer = whole->kind == TERM_DEREF ? term_at(terms, whole->a) : whole;
  if (pointer->kind != TERM_PARAM || pointer->a >= call->arg_count)
    return field->b;
  const Function *f = e->f;
  const Type *record = record_behind(f, f->args[call->args + pointer->a]);
  const char *name = text_of(e->program->symbols, field->b);
  for (uint32_t i = 0; i < f->symbol_count && record; i++)
    if (is_field_of(&f->symbols[i], record, name))
      return engine_field(e, i);
  return field->b;
}
