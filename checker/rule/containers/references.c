/* references.c - what functions do to counted references, as it is remembered of each function, and
 * put together for the whole program. */
#include <stdlib.h>
#include <string.h>

#include "rule/pass.h"

/* ---- one function */

/* Only what a rule may ask for: a function without pointers to records leaves nothing. */
void remember_references(Pass *pass, Values *values) {
  const Engine *e = pass->engine;
  ReferFacts facts = {0};
  if (values)
    facts = facts_of_references(e->arena, pass->program, e->function, values);
  if (!facts.count)
    return;
  ByteWriter out = {0};
  refer_facts_write(&out, &facts, values->paths, pass->program->symbols);
  array_push(&pass->refer_rows, (ReferRow){.function = e->function,
                                           .bytes = arena_copy(pass->arena, out.at, out.count),
                                           .count = out.count});
  bytes_free(&out);
}

void refer_row_write(const Pass *pass, ByteWriter *out, const ReferRow *row) {
  (void)pass;
  bytes_put_u(out, row->count);
  bytes_put_raw(out, row->bytes, row->count);
}

ReferRow refer_row_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  ReferRow row = {.function = function, .count = bytes_get_count(in, 1)};
  const void *bytes = bytes_get_raw(in, row.count);
  row.bytes = bytes ? arena_copy(pass->arena, bytes, row.count) : NULL;
  return row;
}

/* ---- the program */

static int by_function(const void *left, const void *right) {
  const ReferRow *a = left, *b = right;
  return (a->function->id > b->function->id) - (a->function->id < b->function->id);
}

void find_references(Pass *pass) {
  size_t count = pass->refer_rows.count;
  if (!count)
    return;
  qsort(pass->refer_rows.at, count, sizeof *pass->refer_rows.at, by_function);
  pass->counted = arena_new_one(pass->arena, CountedRecords);
  counted_find(pass->counted, pass->program, pass->refer_rows.at, count);
  pass->references = reference_cycles(pass->arena, pass->counted);
}

void references_free(Pass *pass) {
  if (pass->counted)
    counted_free(pass->counted);
}

/* ---- what the rules ask */

/* Without the number that tells records of one name apart. */
const char *owning_field_name(Pass *pass, const OwningField *field) {
  const char *key = text_of(pass->program->symbols, field->field), *number = strchr(key, '#'),
             *member = strrchr(key, '.');
  return number && member ? arena_printf(pass->arena, "%.*s%s", (int)(number - key), key, member)
                          : key;
}

const char *owning_fields_in_words(Pass *pass, const ReferenceCycle *cycle) {
  const char *text = arena_printf(pass->arena, "'%s'", owning_field_name(pass, &cycle->fields[0]));
  for (uint32_t i = 1; i < cycle->count; i++)
    text = arena_printf(pass->arena, "%s%s'%s'", text, i + 1 < cycle->count ? ", " : " and ",
                        owning_field_name(pass, &cycle->fields[i]));
  return text;
}

Position position_of_reference(Pass *pass, const ReferEffect *effect) {
  return position_of(function_with(pass, effect->function), effect->instruction, false);
}
