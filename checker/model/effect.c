/* effect.c - summaries as bytes, as hashes, and as copies that stand alone.
 *
 * Terms are written in the order of a walk from the cases, texts as texts: what is written, and so
 * the hash, does not depend on what else the tables hold or on the order in which they grew.
 */
#include "model/effect.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* Every term of the summary, in the one order that writing, reading and copying share. */
static TermId *list_roots(Arena *arena, const Summary *s, size_t *count) {
  size_t room = 0;
  for (uint32_t i = 0; i < s->case_count; i++)
    room += s->cases[i].condition_count + (size_t)s->cases[i].effect_count * 4 + 1;
  TermId *roots = arena_new_array(arena, TermId, room);
  *count = 0;
  for (uint32_t i = 0; i < s->case_count; i++) {
    const Case *c = &s->cases[i];
    for (uint32_t k = 0; k < c->condition_count; k++)
      roots[(*count)++] = c->conditions[k].value;
    for (uint32_t k = 0; k < c->effect_count; k++) {
      const Effect *effect = &c->effects[k];
      roots[(*count)++] = effect->place;
      roots[(*count)++] = effect->other;
      roots[(*count)++] = effect->third;
      roots[(*count)++] = effect->with;
    }
    roots[(*count)++] = c->result;
  }
  return roots;
}

static TermSubset needed_terms(Arena *arena, const Summary *s) {
  if (!s->terms)
    return (TermSubset){0};
  size_t count;
  TermId *roots = list_roots(arena, s, &count);
  return terms_subset(arena, s->terms, roots, count);
}

static uint32_t number_of(const TermSubset *subset, TermId id) {
  return subset->number ? subset->number[id] : 0;
}

void fates_join(Fates *into, const Fates *from) {
  uint32_t elsewhere = (into->keeps & ~into->stores) | (from->keeps & ~from->stores);
  into->keeps |= from->keeps;
  into->closes |= from->closes;
  into->returns |= from->returns;
  into->copies |= from->copies;
  into->disturbs |= from->disturbs;
  into->takes |= from->takes;
  into->shows |= from->shows;
  into->stores = into->keeps & ~elsewhere;
  into->into |= from->into;
}

bool summary_never_returns(const Summary *summary) {
  return summary && !summary->case_count &&
         !(summary->flags & (SUMMARY_DEGRADED | SUMMARY_UNKNOWN));
}

Summary *summary_copy(Arena *arena, const Summary *s) {
  Arena *scratch = arena_new();
  TermSubset subset = needed_terms(scratch, s);
  Summary *copy = arena_copy(arena, s, sizeof *s);
  copy->terms = s->terms ? terms_copy_subset(arena, s->terms, &subset) : terms_new_in(arena, 0);
  copy->cases = arena_copy(arena, s->cases, sizeof *s->cases * s->case_count);
  copy->writes = arena_copy(arena, s->writes, sizeof *s->writes * s->write_count);
  copy->stores = arena_copy(arena, s->stores, sizeof *s->stores * s->store_count);
  copy->reads = arena_copy(arena, s->reads, sizeof *s->reads * s->read_count);
  for (uint32_t i = 0; i < copy->case_count; i++) {
    Case *c = &copy->cases[i];
    c->conditions = arena_copy(arena, c->conditions, sizeof *c->conditions * c->condition_count);
    c->effects = arena_copy(arena, c->effects, sizeof *c->effects * c->effect_count);
    for (uint32_t k = 0; k < c->condition_count; k++)
      c->conditions[k].value = number_of(&subset, c->conditions[k].value);
    for (uint32_t k = 0; k < c->effect_count; k++) {
      Effect *effect = &c->effects[k];
      effect->place = number_of(&subset, effect->place);
      effect->other = number_of(&subset, effect->other);
      effect->third = number_of(&subset, effect->third);
      effect->with = number_of(&subset, effect->with);
    }
    c->result = number_of(&subset, c->result);
  }
  arena_free(scratch);
  return copy;
}

/* ---- writing */

static int compare_texts(const void *x, const void *y) {
  return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static void write_classes(ByteWriter *w, const TextId *ids, uint32_t count,
                          const TextPool *symbols) {
  Arena *scratch = arena_new();
  const char **texts = arena_new_array(scratch, const char *, count);
  for (uint32_t i = 0; i < count; i++)
    texts[i] = text_of(symbols, ids[i]);
  qsort(texts, count, sizeof *texts, compare_texts);
  bytes_put_u(w, count);
  for (uint32_t i = 0; i < count; i++)
    bytes_put_text(w, texts[i]);
  arena_free(scratch);
}

static void write_effect(ByteWriter *w, const Effect *effect, const TermSubset *subset,
                         const TextPool *symbols) {
  bytes_put_u8(w, effect->action);
  bytes_put_u8(w, effect->resource);
  bytes_put_u8(w, effect->flags);
  bytes_put_u(w, number_of(subset, effect->place));
  bytes_put_u(w, number_of(subset, effect->other));
  bytes_put_u(w, number_of(subset, effect->third));
  bytes_put_u(w, number_of(subset, effect->with));
  bytes_put_text(w, text_of(symbols, effect->text));
  bytes_put_text(w, text_of(symbols, effect->attribute));
}

static void write_case(ByteWriter *w, const Case *c, const TermSubset *subset,
                       const TextPool *symbols) {
  bytes_put_u(w, c->condition_count);
  for (uint32_t i = 0; i < c->condition_count; i++) {
    bytes_put_u(w, number_of(subset, c->conditions[i].value));
    bytes_put_u8(w, c->conditions[i].is_true);
  }
  bytes_put_u(w, c->effect_count);
  for (uint32_t i = 0; i < c->effect_count; i++)
    write_effect(w, &c->effects[i], subset, symbols);
  bytes_put_u(w, c->fates.keeps);
  bytes_put_u(w, c->fates.closes);
  bytes_put_u(w, c->fates.returns);
  bytes_put_u(w, c->fates.copies);
  bytes_put_u(w, c->fates.disturbs);
  bytes_put_u(w, c->fates.takes);
  bytes_put_u(w, c->fates.shows);
  bytes_put_u(w, c->fates.stores);
  bytes_put_u(w, c->fates.into);
  bytes_put_u(w, number_of(subset, c->result));
  bytes_put_s(w, c->low);
  bytes_put_s(w, c->high);
  bytes_put_u8(w, (uint8_t)((c->no_zero ? 1 : 0) | (c->no_return ? 2 : 0)));
}

void summary_write(ByteWriter *w, const Summary *s, const TextPool *symbols) {
  Arena *scratch = arena_new();
  TermSubset subset = needed_terms(scratch, s);
  if (s->terms)
    terms_write_subset(w, s->terms, symbols, &subset);
  else
    bytes_put_u(w, 0);
  bytes_put_u(w, s->flags);
  bytes_put_u(w, s->case_count);
  for (uint32_t i = 0; i < s->case_count; i++)
    write_case(w, &s->cases[i], &subset, symbols);
  write_classes(w, s->writes, s->write_count, symbols);
  write_classes(w, s->stores, s->store_count, symbols);
  write_classes(w, s->reads, s->read_count, symbols);
  arena_free(scratch);
}

Hash summary_hash(const Summary *s, const TextPool *symbols) {
  ByteWriter w = {0};
  summary_write(&w, s, symbols);
  Hash hash = hash_bytes(w.at, w.count);
  bytes_free(&w);
  return hash;
}

/* ---- reading */

typedef struct {
  ByteReader *bytes;
  Arena *arena, *scratch;
  TextPool *symbols;
  const TermTable *terms;
} Reader;

static TermId read_term(Reader *r) {
  TermId id = bytes_get_u32(r->bytes);
  if (id < terms_count(r->terms))
    return id;
  r->bytes->failed = true;
  return 0;
}

static TextId read_text(Reader *r) {
  return text_intern(r->symbols, bytes_get_text(r->bytes, r->scratch));
}

static void read_effect(Reader *r, Effect *effect) {
  effect->action = bytes_get_u8(r->bytes);
  effect->resource = bytes_get_u8(r->bytes);
  effect->flags = bytes_get_u8(r->bytes);
  effect->place = read_term(r);
  effect->other = read_term(r);
  effect->third = read_term(r);
  effect->with = read_term(r);
  effect->text = read_text(r);
  effect->attribute = read_text(r);
  bool needs_place = effect->resource == RESOURCE_LOCK && effect->action != ACTION_RELEASE_ALL &&
                     effect->action != ACTION_WAIT;
  if (effect->action >= ACTION_COUNT || effect->resource >= RESOURCE_COUNT ||
      (needs_place && !term_is_place(r->terms, effect->place)))
    r->bytes->failed = true;
}

static void read_case(Reader *r, Case *c) {
  c->condition_count = (uint32_t)bytes_get_count(r->bytes, 2);
  c->conditions = arena_new_array(r->arena, Condition, c->condition_count);
  for (uint32_t i = 0; i < c->condition_count && !r->bytes->failed; i++) {
    c->conditions[i].value = read_term(r);
    uint8_t is_true = bytes_get_u8(r->bytes);
    c->conditions[i].is_true = is_true != 0;
    if (!c->conditions[i].value || is_true > 1 || term_is_place(r->terms, c->conditions[i].value))
      r->bytes->failed = true;
  }
  c->effect_count = (uint32_t)bytes_get_count(r->bytes, 9);
  c->effects = arena_new_array(r->arena, Effect, c->effect_count);
  for (uint32_t i = 0; i < c->effect_count && !r->bytes->failed; i++)
    read_effect(r, &c->effects[i]);
  c->fates.keeps = bytes_get_u32(r->bytes);
  c->fates.closes = bytes_get_u32(r->bytes);
  c->fates.returns = bytes_get_u32(r->bytes);
  c->fates.copies = bytes_get_u32(r->bytes);
  c->fates.disturbs = bytes_get_u32(r->bytes);
  c->fates.takes = bytes_get_u32(r->bytes);
  c->fates.shows = bytes_get_u32(r->bytes);
  c->fates.stores = bytes_get_u32(r->bytes);
  c->fates.into = bytes_get_u32(r->bytes);
  c->result = read_term(r);
  c->low = bytes_get_s(r->bytes);
  c->high = bytes_get_s(r->bytes);
  uint8_t bits = bytes_get_u8(r->bytes);
  c->no_zero = bits & 1;
  c->no_return = bits & 2;
  if (bits > 3)
    r->bytes->failed = true;
}

static TextId *read_classes(Reader *r, uint32_t *count) {
  *count = (uint32_t)bytes_get_count(r->bytes, 1);
  TextId *ids = arena_new_array(r->arena, TextId, *count);
  for (uint32_t i = 0; i < *count; i++)
    ids[i] = read_text(r);
  qsort(ids, *count, sizeof *ids, compare_ids);
  return ids;
}

static Summary *read_all(Reader *r) {
  TermTable *terms = terms_new_in(r->arena, 0);
  r->terms = terms;
  if (!terms_read(r->bytes, terms, r->symbols, r->scratch))
    return NULL;
  Summary *s = arena_new_one(r->arena, Summary);
  s->terms = terms;
  s->flags = bytes_get_u32(r->bytes);
  s->case_count = (uint32_t)bytes_get_count(r->bytes, 6);
  s->cases = arena_new_array(r->arena, Case, s->case_count);
  for (uint32_t i = 0; i < s->case_count && !r->bytes->failed; i++)
    read_case(r, &s->cases[i]);
  s->writes = read_classes(r, &s->write_count);
  s->stores = read_classes(r, &s->store_count);
  s->reads = read_classes(r, &s->read_count);
  return r->bytes->failed ? NULL : s;
}

Summary *summary_read(Arena *arena, ByteReader *bytes, TextPool *symbols) {
  Reader r = {.bytes = bytes, .arena = arena, .scratch = arena_new(), .symbols = symbols};
  Summary *s = read_all(&r);
  arena_free(r.scratch);
  if (s)
    s->hash = summary_hash(s, symbols);
  return s;
}

/* ---- flags */

static bool touches_lock(const Effect *effect) {
  return effect_is_tracked(effect) || effect->action == ACTION_RELEASE_ALL;
}

void summary_set_flags(Summary *s) {
  bool locks = false, returns = true;
  for (uint32_t i = 0; i < s->case_count; i++) {
    returns &= !s->cases[i].no_return;
    for (uint32_t k = 0; k < s->cases[i].effect_count; k++)
      locks |= touches_lock(&s->cases[i].effects[k]);
  }
  s->flags &= ~(uint32_t)(SUMMARY_IDENTITY | SUMMARY_NO_LOCKS);
  if (!locks)
    s->flags |= SUMMARY_NO_LOCKS;
  if (!locks && returns && s->case_count == 1)
    s->flags |= SUMMARY_IDENTITY;
}
