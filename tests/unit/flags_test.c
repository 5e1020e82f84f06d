/* flags_test.c - what of a command reaches libclang, and how commands are split. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "input/flags.h"
#include "input/split.h"

static const char *joined(Arena *arena, const TextList *list) {
  const char *text = "";
  for (uint32_t i = 0; i < list->count; i++)
    text = arena_printf(arena, "%s%s%s", text, i ? "|" : "", list->at[i]);
  return text;
}

static Flags *filter(Arena *arena, const char *command, const char *file) {
  Arguments arguments = {0};
  assert_true(arguments_split(arena, &arguments, command, SPLIT_SHELL));
  CompileCommand entry = {"/", file, arguments.at, (uint32_t)arguments.count};
  return flags_filter(arena, &entry);
}

static void commands_are_filtered(void **state) {
  (void)state;
  static const struct {
    const char *command, *kept;
  } cases[] = {
      {"gcc -c a.c", ""},
      {"gcc -D A=1 -DB -UC -U D", "-DA=1|-DB|-UC|-UD"},
      {"gcc -I a -Ib -isystem c -iquoted -idirafter e",
       "-Ia|-Ib|-isystem|c|-iquote|d|-idirafter|e"},
      {"gcc -O2 -g -Wall -fPIC -o x -MD -MF y -std=c99 -pthread", "-fPIC|-std=c99|-pthread"},
      {"gcc -std=gnu23 --std=c11 -std=c++17", "-std=gnu2x|-std=c11"},
      {"gcc -include pre.h", "-Xclang|-include|-Xclang|pre.h"},
      {"gcc -Wp,-MD,x.d,-DA=1,-UB", "-DA=1|-UB"},
      {"gcc -xc -", "-x|c"},
      {"ccache gcc -DA", "-DA"},
      {"libtool --mode=compile --tag=CC gcc -DA", "-DA"},
      {"/usr/bin/arm-linux-gnueabihf-gcc-12 -mthumb -march=armv7-a -mabi=aapcs",
       "--target=arm-linux-gnueabihf|-mthumb|-march=armv7-a"},
      {"gcc -march=haswell -march=znver99 -msse4.2 -mno-avx -mred-zone",
       "-march=haswell|-msse4.2|-mno-avx"},
      {"clang --target=aarch64-linux-gnu -march=armv8-a+crc -msse2",
       "--target=aarch64-linux-gnu|-march=armv8-a+crc"},
      {"c99 -DA", "-std=c99|-DA"},
      {"gcc -nostdinc -isystem /usr/lib/gcc/x86_64-linux-gnu/12/include", "-nostdlibinc"},
      {"gcc -nostdinc", "-nostdinc"},
      {"gcc -D", ""},
  };
#if defined(__x86_64__)
  Arena *arena = arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_string_equal(joined(arena, &filter(arena, cases[i].command, "/a.c")->kept),
                        cases[i].kept);
  arena_free(arena);
#else
  (void)cases; // the machine flags of the host are others
#endif
}

static void languages_are_told_apart(void **state) {
  (void)state;
  Arena *arena = arena_new();
  assert_int_equal(filter(arena, "gcc", "/a.c")->language, LANGUAGE_C);
  assert_int_equal(filter(arena, "g++", "/a.c")->language, LANGUAGE_CXX);
  assert_int_equal(filter(arena, "clang++-19", "/a.c")->language, LANGUAGE_CXX);
  assert_int_equal(filter(arena, "gcc", "/a.cpp")->language, LANGUAGE_CXX);
  assert_int_equal(filter(arena, "gcc -x c", "/a.cpp")->language, LANGUAGE_C);
  assert_int_equal(filter(arena, "gcc -x c -x none", "/a.cpp")->language, LANGUAGE_CXX);
  assert_int_equal(filter(arena, "gcc", "/a.S")->language, LANGUAGE_ASSEMBLER);
  assert_int_equal(filter(arena, "gcc -x ast", "/a.c")->language, LANGUAGE_OTHER);
  assert_int_equal(filter(arena, "gcc", "/a.o")->language, LANGUAGE_OTHER);
  arena_free(arena);
}

static void lines_are_split_as_a_shell_does(void **state) {
  (void)state;
  static const struct {
    const char *line;
    SplitManner manner;
    const char *parts;
  } cases[] = {
      {"a  b\tc\n", SPLIT_SHELL, "a|b|c"},
      {"'a b' \"c d\" e\\ f", SPLIT_SHELL, "a b|c d|e f"},
      {"-DA=\\\"x\\\" \"\\a\\$\"", SPLIT_SHELL, "-DA=\"x\"|\\a$"},
      {"'a\\b' '' x''y", SPLIT_SHELL, "a\\b||xy"},
      {"'a\\'b' \"\\a\"", SPLIT_RESPONSE, "a'b|a"},
      {"$(x) `y` $Z *", SPLIT_SHELL, "$(x)|`y`|$Z|*"},
  };
  Arena *arena = arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arguments arguments = {0};
    assert_true(arguments_split(arena, &arguments, cases[i].line, cases[i].manner));
    TextList list = {arguments.at, (uint32_t)arguments.count};
    assert_string_equal(joined(arena, &list), cases[i].parts);
  }
  Arguments open = {0};
  assert_false(arguments_split(arena, &open, "a 'b", SPLIT_SHELL));
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(commands_are_filtered),
      cmocka_unit_test(languages_are_told_apart),
      cmocka_unit_test(lines_are_split_as_a_shell_does),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
