/* term_test.c - equal terms have equal ids, places have one form, and tables survive bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ir/ir.h"
#include "model/term.h"

static TermId make(TermTable *t, TermKind kind, uint32_t a, uint32_t b) {
  return term_make(t, kind, 0, a, b, 0);
}

static const char *text_of_term(const TermTable *t, const TextPool *symbols, TermId id) {
  static char text[256];
  FILE *out = fmemopen(text, sizeof text, "w");
  term_print(out, t, symbols, id, NULL);
  fclose(out);
  return text;
}

static void equal_terms_have_equal_ids(void **state) {
  (void)state;
  TermTable *t = terms_new();
  TermId ids[1000];
  for (uint32_t round = 0; round < 3; round++) {
    for (uint32_t i = 0; i < 1000; i++) {
      TermId p = make(t, TERM_PARAM, i % 10, 0);
      TermId id = term_make(t, TERM_BINARY, OPERATOR_ADD, p, term_constant(t, i), 0);
      if (round == 0)
        ids[i] = id;
      assert_int_equal(ids[i], id);
    }
  }
  assert_int_equal(terms_count(t), 1 + 10 + 1000 + 1000);
  assert_int_equal(term_at(t, ids[5])->depth, 1);
  terms_reset(t);
  assert_int_equal(terms_count(t), 1);
  assert_int_equal(term_constant(t, 7), 1); // nothing of before the reset is found
  assert_int_equal(term_constant(t, 7), 1);
  terms_free(t);
}

static void places_have_one_form(void **state) {
  (void)state;
  TextPool *symbols = text_pool_new();
  TermTable *t = terms_new();
  TextId table = text_intern(symbols, "table"), lock = text_intern(symbols, "struct pool#12.lock");
  TermId p = make(t, TERM_PARAM, 0, 0), global = make(t, TERM_GLOBAL, table, 0);
  assert_int_equal(make(t, TERM_DEREF, make(t, TERM_ADDRESS, global, 0), 0), global);
  assert_int_equal(make(t, TERM_ADDRESS, make(t, TERM_DEREF, p, 0), 0), p);
  assert_int_equal(make(t, TERM_SHIFT, p, term_constant(t, 0)), p);
  TermId two = term_constant(t, 2), three = term_constant(t, 3), five = term_constant(t, 5);
  TermId shifted = make(t, TERM_SHIFT, make(t, TERM_SHIFT, p, two), three);
  assert_int_equal(shifted, make(t, TERM_SHIFT, p, five));
  assert_int_equal(make(t, TERM_SHIFT, shifted, term_constant(t, -5)), p);
  TermId element = make(t, TERM_ADDRESS, make(t, TERM_INDEX, global, two), 0);
  TermId moved = make(t, TERM_ADDRESS, make(t, TERM_INDEX, global, five), 0);
  assert_int_equal(make(t, TERM_SHIFT, element, three), moved);
  TermId field = make(t, TERM_FIELD, make(t, TERM_DEREF, p, 0), lock);
  assert_string_equal(text_of_term(t, symbols, field), "$0->lock");
  assert_string_equal(text_of_term(t, symbols, moved), "&table[5]");
  assert_true(term_is_place(t, field));
  assert_false(term_is_place(t, p));
  terms_free(t);
  text_pool_free(symbols);
}

static void fields_of_models_match_keys(void **state) {
  (void)state;
  TextPool *symbols = text_pool_new();
  TextId plain = text_intern(symbols, "lock"), key = text_intern(symbols, "struct a#12.lock");
  TextId other = text_intern(symbols, "struct b#34.lock"), clock = text_intern(symbols, "clock");
  assert_true(terms_field_equal(symbols, plain, key));
  assert_true(terms_field_equal(symbols, key, plain));
  assert_true(terms_field_equal(symbols, key, key));
  assert_false(terms_field_equal(symbols, key, other));
  assert_false(terms_field_equal(symbols, clock, key));
  assert_false(terms_field_equal(symbols, clock, plain));
  text_pool_free(symbols);
}

/* A table with every kind that may be stored. */
static TermId fill(TermTable *t, TextPool *symbols) {
  TermId p = make(t, TERM_PARAM, 1, 0), deref = make(t, TERM_DEREF, p, 0);
  TermId field = make(t, TERM_FIELD, deref, text_intern(symbols, "struct s#1.f"));
  TermId load = make(t, TERM_LOAD, field, 0);
  TermId list = make(t, TERM_LIST, load, make(t, TERM_LIST, make(t, TERM_ANY, 0, 0), 0));
  TermId pure = make(t, TERM_PURE, text_intern(symbols, "get"), list);
  TermId cast = term_make(t, TERM_CAST, 0, pure, 0, -32);
  TermId global = make(t, TERM_GLOBAL, text_intern(symbols, "a.c:table"), 0);
  TermId at = make(t, TERM_ADDRESS, make(t, TERM_INDEX, global, cast), 0);
  TermId shift = make(t, TERM_SHIFT, at, p);
  TermId not = term_make(t, TERM_UNARY, OPERATOR_NOT, shift, 0, 0);
  make(t, TERM_STRING, text_intern(symbols, "hello"), 0);
  make(t, TERM_FUNCTION, text_intern(symbols, "main"), 0);
  make(t, TERM_ABSTRACT, text_intern(symbols, "rcu"), 0);
  make(t, TERM_RESULT, 0, 0);
  return term_make(t, TERM_BINARY, OPERATOR_EQ, not, term_constant(t, INT64_MIN), 0);
}

static void tables_survive_bytes(void **state) {
  (void)state;
  TextPool *symbols = text_pool_new(), *others = text_pool_new();
  text_intern(others, "so that numbers differ");
  Arena *arena = arena_new();
  TermTable *t = terms_new(), *copy = terms_new_in(arena, 1);
  TermId last = fill(t, symbols);
  ByteWriter w = {0}, again = {0};
  terms_write(&w, t, symbols);
  ByteReader r = bytes_reader(w.at, w.count);
  assert_true(terms_read(&r, copy, others, arena));
  assert_ptr_equal(r.at, r.end);
  assert_int_equal(terms_count(copy), terms_count(t));
  terms_write(&again, copy, others);
  assert_int_equal(w.count, again.count);
  assert_memory_equal(w.at, again.at, w.count);
  assert_string_equal(text_of_term(copy, others, last),
                      "!(&table[(i32)get($1->f, _)] + $1) == -9223372036854775808");
  // found again after reading, although the slots were not stored
  assert_int_equal(make(copy, TERM_PARAM, 1, 0), make(t, TERM_PARAM, 1, 0));
  bytes_free(&w);
  bytes_free(&again);
  terms_free(t);
  arena_free(arena);
  text_pool_free(symbols);
  text_pool_free(others);
}

static void damage_never_hurts(void **state) {
  (void)state;
  TextPool *symbols = text_pool_new();
  Arena *arena = arena_new();
  TermTable *t = terms_new(), *copy = terms_new();
  fill(t, symbols);
  ByteWriter w = {0};
  terms_write(&w, t, symbols);
  for (size_t at = 0; at < w.count; at++) {
    uint8_t old = w.at[at];
    for (int bit = 0; bit < 8; bit++) {
      w.at[at] = (uint8_t)(old ^ 1 << bit);
      ByteReader r = bytes_reader(w.at, w.count);
      bool good = terms_read(&r, copy, symbols, arena);
      assert_true(good || terms_count(copy) == 1);
      for (TermId id = 1; good && id < terms_count(copy); id++)
        text_of_term(copy, symbols, id);
    }
    w.at[at] = old;
    ByteReader shorter = bytes_reader(w.at, at);
    assert_false(terms_read(&shorter, copy, symbols, arena));
  }
  bytes_free(&w);
  terms_free(t);
  terms_free(copy);
  arena_free(arena);
  text_pool_free(symbols);
}

static void subsets_do_not_depend_on_the_rest(void **state) {
  (void)state;
  TextPool *symbols = text_pool_new();
  Arena *arena = arena_new();
  TermTable *small = terms_new(), *large = terms_new();
  for (int i = 0; i < 100; i++)
    make(large, TERM_PARAM, (uint32_t)i, 0);
  TermId roots[2] = {fill(small, symbols), fill(large, symbols)};
  ByteWriter bytes[2] = {{0}, {0}};
  TermTable *tables[2] = {small, large};
  for (int i = 0; i < 2; i++) {
    TermSubset subset = terms_subset(arena, tables[i], &roots[i], 1);
    terms_write_subset(&bytes[i], tables[i], symbols, &subset);
    TermTable *alone = terms_copy_subset(arena, tables[i], &subset);
    assert_int_equal(terms_count(alone), subset.count + 1);
    TermId last = subset.number[roots[i]];
    char whole[256];
    snprintf(whole, sizeof whole, "%s", text_of_term(tables[i], symbols, roots[i]));
    assert_string_equal(text_of_term(alone, symbols, last), whole);
  }
  assert_int_equal(bytes[0].count, bytes[1].count);
  assert_memory_equal(bytes[0].at, bytes[1].at, bytes[0].count);
  bytes_free(&bytes[0]);
  bytes_free(&bytes[1]);
  terms_free(small);
  terms_free(large);
  arena_free(arena);
  text_pool_free(symbols);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(equal_terms_have_equal_ids),
      cmocka_unit_test(places_have_one_form),
      cmocka_unit_test(fields_of_models_match_keys),
      cmocka_unit_test(tables_survive_bytes),
      cmocka_unit_test(damage_never_hurts),
      cmocka_unit_test(subsets_do_not_depend_on_the_rest),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
