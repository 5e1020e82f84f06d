/* prefix_test.c - how a source begins, and which beginnings are shared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input/prefix.h"

/* "LINE:TEXT|LINE:TEXT" */
static const char *scanned(Arena *arena, const char *text, size_t size) {
  Directives found = prefix_scan(arena, text, size);
  const char *all = "";
  for (uint32_t i = 0; i < found.count; i++) {
    const Directive *d = &found.at[i];
    assert_ptr_equal(d->text, text + d->offset);
    all = arena_printf(arena, "%s%s%u:%.*s", all, i ? "|" : "", d->line, (int)d->length, d->text);
  }
  return all;
}

static void directives_are_found_until_something_else_comes(void **state) {
  (void)state;
  static const struct {
    const char *text, *found;
  } cases[] = {
      {"", ""},
      {"#include <a.h>", "1:#include <a.h>"},
      {"/* x\n */ // y\n\n  # include \"a.h\" // z\n#undef A\nint x;\n#include <b.h>\n",
       "4:# include \"a.h\"|5:#undef A"},
      {"#include <a.h> /* one\ntwo */ #include <b.h>\n", "1:#include <a.h>|2:#include <b.h>"},
      {"#include <a.h>\r\n#define X 1 \r\n", "1:#include <a.h>|2:#define X 1"},
      {"#define F(a) \\\n  (a + \\  \n 1)\n#include MACRO\n",
       "1:#define F(a) \\\n  (a + \\  \n 1)|4:#include MACRO"},
      {"#include <a.h>\n#if X\n#include <b.h>\n#endif\n", "1:#include <a.h>"},
      {"#include <a.h>\n#pragma once\n", "1:#include <a.h>"},
      {"#include <a.h> junk\n#include <b.h>\n", ""},
      {"#include <a.h\n>\n", ""},
      {"#include_next <a.h>\n", ""},
      {"#defined\n", ""},
      {"#include F(a)\n", ""},
      {"#define A /* open\n1 */\n", ""},
      {"#define A \"/*\"\n#include <a.h>\n", ""},
      {"// goes on \\\n#include <a.h>\n#include <b.h>\n", ""},
      {"// goes on ?\?/\n#include <a.h>\n", ""},
      {"#define A ?\?/\n1\n", ""},
      {"#include <a.h> \\\n\n#include <b.h>\n", ""},
      {"/* never closed\n#include <a.h>\n", ""},
      {"\xef\xbb\xbf#include <a.h>\n", ""},
      {"#define A \\", ""},
      {"#", ""},
      {"#include", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Arena *arena = arena_new();
    assert_string_equal(scanned(arena, cases[i].text, strlen(cases[i].text)), cases[i].found);
    arena_free(arena);
  }
}

static void a_nul_ends_it(void **state) {
  (void)state;
  static const char text[] = "#include <a.h>\n#define A \0 1\n#include <b.h>\n";
  Arena *arena = arena_new();
  assert_string_equal(scanned(arena, text, sizeof text - 1), "1:#include <a.h>");
  arena_free(arena);
}

/* ---- the plan */

static char folder[] = "/tmp/overstay-prefix-XXXXXX";

static Job *add_job(Arena *arena, const char *name, const char *text, const char *flag) {
  Job *job = arena_new_one(arena, Job);
  job->source = arena_printf(arena, "%s/%s", folder, name);
  job->directory = folder;
  job->flags.at = arena_new_array(arena, const char *, 2);
  job->flags.at[job->flags.count++] = flag;
  FILE *file = fopen(job->source, "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
  return job;
}

static void shared_beginnings_are_planned(void **state) {
  (void)state;
  Arena *arena = arena_new();
  assert_non_null(mkdtemp(folder));
  const Job *jobs[] = {
      add_job(arena, "0.c", "#include <a.h>\n#include <b.h>\n#include <c.h>\n", "-DX"),
      add_job(arena, "1.c", "#include <a.h>\n#include <b.h>\n", "-DX"),
      add_job(arena, "2.c", "#include <a.h>\n\n#include <b.h>\nint x;\n", "-DX"),
      add_job(arena, "3.c", "#include <a.h>\nint x;\n", "-DX"),
      add_job(arena, "4.c", "#include <a.h>\n#include <b.h>\n", "-DY"), // another command
      add_job(arena, "5.c", "int x;\n", "-DX"),
      add_job(arena, "6.c", "#include <z.h>\n", "-DX"), // only two of these
      add_job(arena, "7.c", "#include <z.h>\n", "-DX"),
  };
  enum { COUNT = sizeof jobs / sizeof *jobs };
  PrefixPlan plan = prefix_plan(arena, NULL, jobs, COUNT);
  assert_int_equal(plan.count, 2);
  assert_int_equal(plan.level_count, 2);
  assert_int_equal(plan.at[0].count, 1);
  assert_int_equal(plan.at[0].users, 4);
  assert_int_equal(plan.at[0].parent, PREFIX_NONE);
  assert_int_equal(plan.at[1].count, 2);
  assert_int_equal(plan.at[1].users, 3);
  assert_int_equal(plan.at[1].parent, 0);
  static const uint32_t expected[COUNT] = {1,           1,           1,           0,
                                           PREFIX_NONE, PREFIX_NONE, PREFIX_NONE, PREFIX_NONE};
  for (size_t i = 0; i < COUNT; i++)
    assert_int_equal(plan.of_job[i], expected[i]);
  for (size_t i = 0; i < COUNT; i++)
    unlink(jobs[i]->source);
  rmdir(folder);
  arena_free(arena);
}

static void others_have_none(void **state) {
  (void)state;
  Arena *arena = arena_new();
  char name[] = "/tmp/overstay-prefix-XXXXXX";
  assert_non_null(mkdtemp(name));
  memcpy(folder, name, sizeof name);
  const char *text = "#include <a.h>\n";
  Job *jobs[] = {add_job(arena, "0.c", text, "-DX"), add_job(arena, "1.c", text, "-DX"),
                 add_job(arena, "2.c", text, "-DX")};
  PrefixPlan plan = prefix_plan(arena, NULL, (const Job *const *)jobs, 3);
  assert_int_equal(plan.count, 1);
  static const char *forced[] = {"pre.h"};
  jobs[0]->forced = (TextList){forced, 1};
  assert_int_equal(prefix_plan(arena, NULL, (const Job *const *)jobs, 3).count, 0);
  jobs[0]->forced.count = 0;
  unlink(jobs[1]->source);
  assert_int_equal(prefix_plan(arena, NULL, (const Job *const *)jobs, 3).count, 0);
  unlink(jobs[0]->source);
  unlink(jobs[2]->source);
  rmdir(folder);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(directives_are_found_until_something_else_comes),
      cmocka_unit_test(a_nul_ends_it),
      cmocka_unit_test(shared_beginnings_are_planned),
      cmocka_unit_test(others_have_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
