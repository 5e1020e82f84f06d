/* path_test.c - names of files: joined, normal, below and seen from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/path.h"

static void normal_forms(void **state) {
  (void)state;
  static const char *const pairs[][2] = {
      {"a/./b/../c", "a/c"},  {"/a//b/", "/a/b"}, {"/..", "/"},      {"/../a", "/a"}, {"..", ".."},
      {"../../a", "../../a"}, {"a/..", "."},      {"a/../..", ".."}, {"./a", "a"},    {"/", "/"},
      {"a/b/../../c", "c"},   {"", "."},
  };
  Arena *arena = arena_new();
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    assert_string_equal(path_normal(arena, pairs[i][0]), pairs[i][1]);
  arena_free(arena);
}

static void inside_is_by_folder(void **state) {
  (void)state;
  assert_true(path_inside("/a", "/a/b"));
  assert_true(path_inside("/a", "/a"));
  assert_true(path_inside("/", "/a"));
  assert_false(path_inside("/a", "/ab"));
  assert_false(path_inside("/a/b", "/a"));
}

static void shown_names(void **state) {
  (void)state;
  Arena *arena = arena_new();
  assert_string_equal(path_below(arena, "/a", "/a/b/c"), "b/c");
  assert_string_equal(path_below(arena, "/a", "/b/c"), "/b/c");
  assert_string_equal(path_below(arena, "/", "/b/c"), "b/c");
  assert_string_equal(path_seen_from(arena, "/a/b", "/a/b/c"), "c");
  assert_string_equal(path_seen_from(arena, "/a/b", "/a/c/d"), "../c/d");
  assert_string_equal(path_seen_from(arena, "/a/b", "/x"), "../../x");
  assert_string_equal(path_seen_from(arena, "/", "/x"), "x");
  assert_string_equal(path_join(arena, "/a/", "b"), "/a/b");
  assert_string_equal(path_join(arena, "/a", "/b"), "/b");
  assert_string_equal(path_folder(arena, "/a"), "/");
  assert_string_equal(path_folder(arena, "a"), ".");
  assert_string_equal(path_base("/a/b"), "b");
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(normal_forms),
      cmocka_unit_test(inside_is_by_folder),
      cmocka_unit_test(shown_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
