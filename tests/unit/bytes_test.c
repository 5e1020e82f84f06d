/* bytes_test.c - the byte reader never passes its end, and arenas and text pools keep what they
 * were given.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/bytes.h"
#include "base/hash.h"
#include "base/text.h"

static const uint64_t numbers[] = {
    0, 1, 127, 128, 16383, 16384, UINT32_MAX, (uint64_t)UINT32_MAX + 1, INT64_MAX, UINT64_MAX};

static void integers_come_back(void **state) {
  (void)state;
  ByteWriter w = {0};
  size_t count = sizeof numbers / sizeof *numbers;
  for (size_t i = 0; i < count; i++) {
    bytes_put_u(&w, numbers[i]);
    bytes_put_s(&w, (int64_t)numbers[i]);
    bytes_put_s(&w, -(int64_t)(numbers[i] / 2));
  }
  bytes_put_s(&w, INT64_MIN);
  ByteReader r = bytes_reader(w.at, w.count);
  for (size_t i = 0; i < count; i++) {
    assert_true(bytes_get_u(&r) == numbers[i]);
    assert_true(bytes_get_s(&r) == (int64_t)numbers[i]);
    assert_true(bytes_get_s(&r) == -(int64_t)(numbers[i] / 2));
  }
  assert_true(bytes_get_s(&r) == INT64_MIN);
  assert_false(r.failed);
  assert_ptr_equal(r.at, r.end);
  bytes_get_u8(&r);
  assert_true(r.failed);
  bytes_free(&w);
}

static void small_numbers_are_short(void **state) {
  (void)state;
  ByteWriter w = {0};
  bytes_put_u(&w, 127);
  bytes_put_s(&w, -64);
  assert_int_equal(w.count, 2);
  bytes_free(&w);
}

static void texts_and_raw(void **state) {
  Arena *arena = *state;
  ByteWriter w = {0};
  bytes_put_text(&w, "one");
  bytes_put_text(&w, NULL);
  bytes_put_raw(&w, "xyz", 3);
  ByteReader r = bytes_reader(w.at, w.count);
  assert_string_equal(bytes_get_text(&r, arena), "one");
  assert_string_equal(bytes_get_text(&r, arena), "");
  assert_memory_equal(bytes_get_raw(&r, 3), "xyz", 3);
  assert_null(bytes_get_raw(&r, 1));
  assert_true(r.failed);
  assert_string_equal(bytes_get_text(&r, arena), "");
  bytes_free(&w);
}

static void too_large_is_a_failure(void **state) {
  Arena *arena = *state;
  static const uint8_t endless[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                    0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  ByteReader r = bytes_reader(endless, sizeof endless);
  bytes_get_u(&r);
  assert_true(r.failed);
  ByteWriter w = {0};
  bytes_put_u(&w, (uint64_t)UINT32_MAX + 1);
  r = bytes_reader(w.at, w.count);
  assert_int_equal(bytes_get_u32(&r), 0);
  assert_true(r.failed);
  w.count = 0;
  bytes_put_u(&w, 1000); // a text longer than what follows
  bytes_put_raw(&w, "abc", 3);
  r = bytes_reader(w.at, w.count);
  assert_string_equal(bytes_get_text(&r, arena), "");
  assert_true(r.failed);
  r = bytes_reader(w.at, w.count);
  assert_int_equal(bytes_get_count(&r, 1), 0);
  assert_true(r.failed);
  w.count = 0;
  bytes_put_u(&w, 3);
  bytes_put_raw(&w, "abcdef", 6);
  r = bytes_reader(w.at, w.count);
  assert_int_equal(bytes_get_count(&r, 2), 3);
  assert_false(r.failed);
  bytes_free(&w);
}

static void arenas_give_zeroed_aligned_memory(void **state) {
  Arena *arena = *state;
  for (size_t round = 0; round < 3; round++) {
    for (size_t bytes = 0; bytes < 70000; bytes = bytes * 3 + 1) {
      char *memory = arena_alloc(arena, bytes);
      assert_int_equal((uintptr_t)memory % 16, 0);
      for (size_t i = 0; i < bytes; i++)
        assert_int_equal(memory[i], 0);
      memset(memory, 0xee, bytes);
    }
    size_t before = arena_bytes(arena);
    arena_reset(arena);
    assert_true(arena_bytes(arena) <= before);
  }
  assert_string_equal(arena_printf(arena, "%d-%s", 7, "x"), "7-x");
  assert_string_equal(arena_text_n(arena, "abcdef", 3), "abc");
  assert_null(arena_text(arena, NULL));
}

static void arena_arrays_grow(void **state) {
  Arena *arena = *state;
  uint32_t *at = NULL;
  size_t capacity = 0;
  for (uint32_t i = 0; i < 5000; i++) {
    at = arena_grow(arena, at, sizeof *at, i, &capacity, i + 1);
    at[i] = i;
  }
  for (uint32_t i = 0; i < 5000; i++)
    assert_int_equal(at[i], i);
  ARRAY(uint32_t) list = {0};
  for (uint32_t i = 0; i < 5000; i++)
    array_push(&list, i * 2);
  assert_int_equal(list.count, 5000);
  assert_int_equal(list.at[4999], 9998);
  array_free(&list);
  assert_null(list.at);
}

static void pools_number_texts(void **state) {
  Arena *arena = *state;
  TextPool *pool = text_pool_new();
  assert_int_equal(text_intern(pool, ""), 0);
  for (uint32_t i = 0; i < 3000; i++)
    assert_int_equal(text_intern(pool, arena_printf(arena, "name%u", i)), i + 1);
  const char *first = text_of(pool, 1);
  for (uint32_t i = 0; i < 3000; i++)
    assert_int_equal(text_intern(pool, arena_printf(arena, "name%u", i)), i + 1);
  assert_ptr_equal(text_of(pool, 1), first); // addresses are stable
  assert_int_equal(text_count(pool), 3001);
  assert_int_equal(text_find(pool, "name17"), 18);
  assert_int_equal(text_find(pool, "absent"), 0);
  assert_int_equal(text_intern_n(pool, "name17xyz", 6), 18);
  text_pool_free(pool);
}

static void utf8_is_made_valid(void **state) {
  Arena *arena = *state;
  static const char *const good[] = {"", "abc", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    assert_ptr_equal(text_valid_utf8(arena, good[i]), good[i]);
  static const char *const bad[][2] = {
      {"a\xff\x62", "a\xef\xbf\xbd\x62"},                       // no such byte
      {"\xc3", "\xef\xbf\xbd"},                                 // cut short
      {"\xc0\x80", "\xef\xbf\xbd\xef\xbf\xbd"},                 // overlong
      {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, // surrogate
      {"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_string_equal(text_valid_utf8(arena, bad[i][0]), bad[i][1]);
}

static void prefixes_and_suffixes(void **state) {
  (void)state;
  assert_true(text_starts("pthread_mutex_lock", "pthread_"));
  assert_false(text_starts("p", "pthread_"));
  assert_true(text_ends("a.c", ".c"));
  assert_false(text_ends("c", ".c"));
  assert_true(text_ends("x", ""));
}

static void hashes(void **state) {
  (void)state;
  Hash a = hash_text("a"), b = hash_text("b");
  assert_true(hash_equal(a, hash_bytes("a", 1)));
  assert_false(hash_equal(a, b));
  assert_false(hash_equal(hash_pair(a, b), hash_pair(b, a)));
  assert_true(hash_is_zero((Hash){0}));
  assert_false(hash_is_zero(a));
  char hex[33];
  hash_hex((Hash){1, 0xabcdef}, hex);
  assert_string_equal(hex, "0000000000abcdef0000000000000001");
}

static int set_up(void **state) {
  *state = arena_new();
  return 0;
}

static int tear_down(void **state) {
  arena_free(*state);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(integers_come_back),
      TEST(small_numbers_are_short),
      TEST(texts_and_raw),
      TEST(too_large_is_a_failure),
      TEST(arenas_give_zeroed_aligned_memory),
      TEST(arena_arrays_grow),
      TEST(pools_number_texts),
      TEST(utf8_is_made_valid),
      TEST(prefixes_and_suffixes),
      TEST(hashes),
  };
  return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
