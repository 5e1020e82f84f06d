/* counted.c - see counted.h. */
#include "refs/counted.h"

#include <string.h>

#include "base/message.h"
#include "refs/ending.h"

enum { ROUNDS = 4 };

/* ---- reading what is asked for */

static void want_number(ReferReading *x, uint32_t number) {
  x->wanted[number / 8] |= (uint8_t)(1u << number % 8);
}

/* Also where a record is only declared. */
static void want(ReferReading *x, TextId name) {
  const char *key = text_of(x->texts, name), *number = strrchr(key, '#');
  want_number(x, refer_number(key));
  if (number)
    want_number(
        x, refer_number(text_of(x->texts, text_intern_n(x->texts, key, (size_t)(number - key)))));
}

static bool is_wanted(const ReferReading *x, const ReferHeader *header) {
  for (uint32_t i = 0; i < header->count; i++)
    if (x->wanted[header->numbers[i] / 8] & 1u << header->numbers[i] % 8)
      return true;
  return false;
}

static void read_row(ReferReading *x, size_t row) {
  Referring *r = &x->c->r;
  const ReferBytes *bytes = &x->rows[row];
  ByteReader in = bytes_reader(bytes->bytes, bytes->count);
  refer_header_read(r->arena, &in);
  ReferFacts facts = refer_facts_read(r->arena, &in, bytes->function, r->paths, x->texts);
  if (in.failed)
    bug("what is stored of references in '%s' cannot be read", bytes->function->declared.key);
  r->facts[bytes->function->id] = arena_copy(r->arena, &facts, sizeof facts);
  x->is_read[row] = true;
}

const ReferFacts *read_facts(ReferReading *x, uint32_t function) {
  if (x->row_of[function] && !x->is_read[x->row_of[function] - 1])
    read_row(x, x->row_of[function] - 1);
  return x->c->r.facts[function];
}

static bool read_wanted(ReferReading *x) {
  bool any = false;
  for (size_t i = 0; i < x->count; i++)
    if (!x->is_read[i] && is_wanted(x, &x->headers[i])) {
      read_row(x, i);
      any = true;
    }
  return any;
}

/* It hangs on the caller what becomes of the object. Of what a callee leaves to this function that
 * is not known. */
static bool ends_by_caller(const Referring *r, const ReferEffect *effect) {
  const ReferEvent *event = &r->facts[effect->function]->events[effect->event];
  PathId object = object_of_place(r->paths, effect->place);
  bool is_parameter = !object || path_at(r->paths, object)->kind == PATH_PARAMETER;
  return is_parameter && (event->kind == REFER_CALL || event->ends & ENDS_BY_CALLER);
}

/* Who is given the address of a number, or of what has one, and ends it. */
static void want_callers(ReferReading *x) {
  const Referring *r = &x->c->r;
  for (size_t i = 0; i < r->effects.count; i++) {
    const ReferEffect *effect = &r->effects.at[i];
    if (effect->kind == REFER_DOWN && ends_by_caller(r, effect))
      want(x, r->program->functions[effect->function].key);
  }
}

/* ---- records */

static Counted *record_at(CountedRecords *c, TextId record, TextId member) {
  for (size_t i = 0; i < c->all.count; i++)
    if (c->all.at[i].record == record && c->all.at[i].member == member)
      return &c->all.at[i];
  array_push(&c->all, (Counted){.record = record, .member = member});
  return &c->all.at[c->all.count - 1];
}

TextId member_symbol(const PathTable *paths, PathId member) {
  return member ? path_at(paths, member)->number : 0;
}

/* Something is done with the object behind the test of its number. */
static bool may_end(const Referring *r, const ReferEffect *down) {
  const ReferFacts *facts = r->facts[down->function];
  PathId object = object_of_place(r->paths, down->place);
  const ReferEvent *own = &facts->events[down->event];
  bool any = own->ends;
  for (uint32_t i = 0; i < own->arg_count; i++)
    any |= own->args[i].kind == MEANS_FUNCTION;
  for (uint32_t i = 0; i < facts->count && !any; i++)
    any = (facts->events[i].kind == REFER_CALL || facts->events[i].kind == REFER_FREE) &&
          is_given(r->paths, &facts->events[i], object) &&
          is_behind(facts, i, down->event, down->place);
  return any;
}

/* Records of which a number goes up and down. */
static void find_candidates(CountedRecords *c) {
  const Referring *r = &c->r;
  for (size_t i = 0; i < r->effects.count; i++) {
    const ReferEffect *effect = &r->effects.at[i];
    TextId record = record_of_place(r->paths, effect->place);
    if (!record ||
        (effect->kind != REFER_UP && effect->kind != REFER_DOWN && effect->kind != REFER_BEGIN))
      continue;
    Counted *counted =
        record_at(c, record, member_symbol(r->paths, member_of_place(r->paths, effect->place)));
    counted->goes_up |= effect->kind != REFER_DOWN;
    counted->goes_down |= effect->kind == REFER_DOWN && may_end(r, effect);
  }
}

/* ---- all */

/* Before all is read that has to do with them, or after. */
static void judge_records(ReferReading *x, bool is_last) {
  CountedRecords *c = x->c;
  hash_map_clear(&c->by_function);
  for (size_t i = 0; i < c->all.count; i++) {
    Counted *counted = &c->all.at[i];
    Ending e = {.c = c, .counted = counted, .reading = x, .number = (uint32_t)i};
    counted->destructors.count = 0;
    bool may_be = counted->goes_down && (!is_last || (counted->goes_up && counted->is_counted));
    counted->is_counted = false;
    if (may_be)
      find_destructors(&e);
    if (is_last && counted->is_counted)
      find_exposed(&e);
  }
}

/* All that is about a counted record, or about what its number is a part of. */
static void want_counted(ReferReading *x) {
  const Referring *r = &x->c->r;
  for (size_t i = 0; i < x->c->all.count; i++)
    if (x->c->all.at[i].is_counted)
      want(x, x->c->all.at[i].record);
  for (size_t i = 0; i < r->effects.count; i++) {
    const ReferEffect *effect = &r->effects.at[i];
    bool is_counted = effect->kind == REFER_DOWN &&
                      counted_record(x->c, record_of_place(r->paths, effect->place));
    while (is_counted && effect->inner != NO_REFER_EFFECT) {
      effect = &r->effects.at[effect->inner];
      if (record_of_place(r->paths, effect->place))
        want(x, record_of_place(r->paths, effect->place));
    }
  }
}

void counted_find(CountedRecords *c, Program *program, const ReferBytes *rows, size_t count) {
  Arena *arena = arena_new();
  c->r = (Referring){.arena = arena,
                     .program = program,
                     .paths = paths_new(program->symbols),
                     .facts = arena_new_array(arena, ReferFacts *, program->function_count + 1u)};
  ReferReading x = {.c = c,
                    .rows = rows,
                    .headers = arena_new_array(arena, ReferHeader, count + 1),
                    .count = count,
                    .wanted = arena_new_array(arena, uint8_t, REFER_NUMBERS / 8),
                    .is_read = arena_new_array(arena, bool, count + 1),
                    .row_of = arena_new_array(arena, uint32_t, program->function_count + 1u),
                    .texts = program->symbols};
  for (size_t i = 0; i < count; i++) {
    ByteReader in = bytes_reader(rows[i].bytes, rows[i].count);
    x.headers[i] = refer_header_read(arena, &in);
    x.row_of[rows[i].function->id] = (uint32_t)i + 1;
    if (x.headers[i].is_primitive)
      read_row(&x, i);
  }
  find_effects(&c->r);
  for (uint32_t round = 0; round < ROUNDS; round++) {
    want_callers(&x);
    if (!read_wanted(&x))
      break;
    find_effects(&c->r);
  }
  find_candidates(c);
  judge_records(&x, false);
  drop_unowned(c);
  want_counted(&x);
  read_wanted(&x);
  find_effects(&c->r);
  find_candidates(c);
  judge_records(&x, true);
}

void counted_free(CountedRecords *c) {
  for (size_t i = 0; i < c->all.count; i++)
    array_free(&c->all.at[i].destructors);
  array_free(&c->all);
  array_free(&c->r.effects);
  hash_map_free(&c->by_function);
  paths_free(c->r.paths);
  arena_free(c->r.arena);
}

const Counted *counted_record(const CountedRecords *c, TextId record) {
  for (size_t i = 0; i < c->all.count; i++)
    if (c->all.at[i].is_counted && c->all.at[i].record == record)
      return &c->all.at[i];
  return NULL;
}
