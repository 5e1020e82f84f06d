/* allow_test.c - which comments are found, and which lines they are about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ir/allow.h"

static Arena *arena;

static Allow *scan(const char *text, uint32_t *count) {
  return allow_scan(arena, text, strlen(text), count);
}

static void line_and_the_next(void **state) {
  (void)state;
  uint32_t count;
  const Allow *allows =
      scan("int a;\n/* overstay-allow(lock-leak): handed to the caller */\nint b;\n"
           "x(); // overstay-allow(a, b)\n",
           &count);
  assert_int_equal(count, 2);
  assert_string_equal(allows[0].rules, "lock-leak");
  assert_string_equal(allows[0].reason, "handed to the caller");
  assert_int_equal(allows[0].line, 2);
  assert_int_equal(allows[0].first, 2);
  assert_int_equal(allows[0].last, 3);
  assert_string_equal(allows[1].reason, "");
  assert_int_equal(allows[1].first, 4);
  assert_true(allow_names(&allows[1], "a"));
  assert_true(allow_names(&allows[1], "b"));
  assert_false(allow_names(&allows[1], "ab"));
  assert_false(allow_names(&allows[0], "lock"));
}

static void regions(void **state) {
  (void)state;
  uint32_t count;
  const Allow *allows = scan("int a;\n// overstay-allow-begin(r): generated\nint b;\n\n"
                             "// overstay-allow-end(r)\nint c;\n"
                             "/* overstay-allow-begin(s): to the end */\n",
                             &count);
  assert_int_equal(count, 2);
  assert_int_equal(allows[0].first, 2);
  assert_int_equal(allows[0].last, 5);
  assert_int_equal(allows[1].first, 7);
  assert_int_equal(allows[1].last, UINT32_MAX);
}

static void whole_file(void **state) {
  (void)state;
  uint32_t count;
  const Allow *allows =
      scan("\n/* A file.\n * overstay-allow(r): it is old\n */\nint a;\n", &count);
  assert_int_equal(count, 1);
  assert_int_equal(allows[0].line, 3);
  assert_int_equal(allows[0].first, 1);
  assert_int_equal(allows[0].last, UINT32_MAX);
}

static void only_comments(void **state) {
  (void)state;
  uint32_t count;
  scan("const char *s = \"// overstay-allow(r): no\"; char c = '\"'; int overstay-allow(r);\n",
       &count);
  assert_int_equal(count, 0);
  scan("char c = '\\''; // overstay-allow(r): yes\n", &count);
  assert_int_equal(count, 1);
  scan("// to be continued \\\n overstay-allow(r): yes", &count);
  assert_int_equal(count, 1);
  scan("/* overstay-allow(r", &count);
  assert_int_equal(count, 0);
  scan("/* overstay-allow-begin(r): open", &count);
  assert_int_equal(count, 1);
  scan("// overstay-allow", &count);
  assert_int_equal(count, 0);
}

static void bytes(void **state) {
  (void)state;
  uint32_t count, back;
  const Allow *allows = scan("int a; /* overstay-allow(r): why */\n", &count);
  ByteWriter out = {0};
  allows_write(&out, allows, count);
  ByteReader in = bytes_reader(out.at, out.count);
  const Allow *read = allows_read(arena, &in, &back);
  assert_int_equal(back, 1);
  assert_string_equal(read[0].reason, "why");
  assert_int_equal(read[0].last, allows[0].last);
  in = bytes_reader(out.at, out.count - 1);
  allows_read(arena, &in, &back);
  assert_int_equal(back, 0);
  bytes_free(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(line_and_the_next), cmocka_unit_test(regions), cmocka_unit_test(whole_file),
      cmocka_unit_test(only_comments),     cmocka_unit_test(bytes),
  };
  arena = arena_new();
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  arena_free(arena);
  return failed;
}
