/* html_test.c - the parts of the HTML report that read what others wrote: lines of C, and the
 * Markdown of rule pages. Nothing of it may become markup, whatever the bytes are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "html/page.h"

typedef struct {
  Html h;
  char *text;
  size_t length;
} Scene;

static Scene begin(void) {
  Scene scene = {.h = {.arena = arena_new(), .whole = arena_new(), .up = ""}};
  return scene;
}

static const char *end(Scene *scene) {
  fclose(scene->h.out);
  const char *copy = arena_text(scene->h.whole, scene->text);
  memory_free(scene->text);
  return copy;
}

static const char *markdown(Scene *scene, const char *text, const char *section) {
  scene->h.out = open_memstream(&scene->text, &scene->length);
  put_markdown(&scene->h, text, section);
  return end(scene);
}

static const char *coloured(Scene *scene, const char *text, bool in_comment, Marked marked) {
  scene->h.out = open_memstream(&scene->text, &scene->length);
  put_coloured(&scene->h, text, strlen(text), in_comment, marked);
  return end(scene);
}

static void finish(Scene *scene) {
  arena_free(scene->h.arena);
  arena_free(scene->h.whole);
}

static void check_colours(const char *text, const char *expected, bool goes_on) {
  static const char letters[] = " ktndc";
  uint8_t colours[200];
  assert_true(strlen(text) < sizeof colours);
  assert_int_equal(colour_line(text, strlen(text), false, colours), goes_on);
  for (size_t i = 0; text[i]; i++)
    if (letters[colours[i]] != expected[i])
      fail_msg("%s: %zu is '%c', not '%c'", text, i, letters[colours[i]], expected[i]);
}

static void lines_have_colours(void **state) {
  (void)state;
  check_colours("int x = 0x1f;", "kkk     nnnn ", false);
  check_colours("return \"/* no */\";", "kkkkkk tttttttttt ", false);
  check_colours("a /* b", "  cccc", true);
  check_colours("a /* b */ if", "  ccccccc kk", false);
  check_colours("x = '\\''; // y", "    tttt  cccc", false);
  check_colours("  # include <a.h>", "  ddddddddd      ", false);
  check_colours("printf(\"unfinished \\", "       tttttttttttttt", false);
  check_colours("interrupt(1.5e3)", "          nnnnn ", false);
  assert_false(colour_line("", 0, false, NULL));
  assert_true(colour_line("still", 5, true, NULL));
  assert_false(colour_line("*/", 2, true, NULL));
}

static void marks_and_colours_nest(void **state) {
  (void)state;
  Scene scene = begin();
  assert_string_equal(coloured(&scene, "return <a>;", false, (Marked){7, 10, NULL}),
                      "<span class=\"k\">return</span> <mark>&lt;a&gt;</mark>;");
  assert_string_equal(
      coloured(&scene, "if (x)", false, (Marked){1, 5, "contrast"}),
      "<span class=\"k\">i</span><mark class=\"contrast\"><span class=\"k\">f</span> "
      "(x</mark>)");
  assert_string_equal(coloured(&scene, "\tx\033\xff", false, (Marked){0}),
                      "        x&lt;U+001B&gt;\xef\xbf\xbd");
  finish(&scene);
}

static void pages_are_rendered(void **state) {
  (void)state;
  Scene scene = begin();
  assert_string_equal(
      markdown(&scene, "# title\n\nOne *two* **three**\nfour `<b>`.\n", NULL),
      "<p>One <em>two</em> <strong>three</strong>\nfour <code>&lt;b&gt;</code>.</p>\n");
  assert_string_equal(markdown(&scene, "- a\n- b\n  c\n\n## Next\n", NULL),
                      "<ul><li>a</li>\n<li>b\n  c</li></ul>\n<h2>Next</h2>\n");
  assert_string_equal(
      markdown(&scene, "[x](lock-leak.md) [y](https://e/?a&b) [z](javascript:alert)\n", NULL),
      "<p><a href=\"../rule/lock-leak.html\">x</a> <a rel=\"noreferrer\" "
      "href=\"https://e/?a&amp;b\">y</a> z</p>\n");
  assert_string_equal(markdown(&scene, "| a | b |\n|---|---|\n| `c` | d |\n", NULL),
                      "<table><tbody>\n<tr><th> a </th><th> b </th></tr>\n<tr><td> <code>c</code> "
                      "</td><td> d </td></tr>\n</tbody></table>\n");
  assert_string_equal(
      markdown(&scene, "```c\nint a; // expect: lock-leak \"x\"\n```\n", NULL),
      "<pre tabindex=\"0\"><code><span class=\"k\">int</span> a;  <span class=\"chip "
      "error\">lock-leak</span>\n</code></pre>\n");
  assert_string_equal(markdown(&scene, "# t\nno\n## Why\nyes\n### more\n## How\nno\n", "Why"),
                      "<p>yes</p>\n");
  finish(&scene);
}

static bool is_balanced(const char *markup) {
  int open = 0;
  for (const char *c = markup; *c; c++)
    if (*c == '<')
      open += c[1] == '/' ? -1 : 1;
  return !open;
}

/* Of any bytes: tags are ours, and each is closed. */
static void nothing_becomes_markup(void **state) {
  (void)state;
  static const char letters[] = "`*[]()|#-\n\n <>\"&/\\'\tab\033\xe2\x80\xae\xff";
  Scene scene = begin();
  srand(4711);
  for (int round = 0; round < 3000; round++) {
    char text[120];
    size_t length = (size_t)rand() % (sizeof text - 1);
    for (size_t i = 0; i < length; i++)
      text[i] = letters[(size_t)rand() % (sizeof letters - 1)];
    text[length] = 0;
    const char *page = markdown(&scene, text, NULL);
    if (!is_balanced(page) || strstr(page, "javascript"))
      fail_msg("'%s' gives '%s'", text, page);
    for (char *c = text; (c = strchr(c, '\n'));)
      *c = ' ';
    size_t from = length ? (size_t)rand() % length : 0;
    const char *line = coloured(&scene, text, rand() % 2, (Marked){from, length, NULL});
    if (!is_balanced(line))
      fail_msg("'%s' gives '%s'", text, line);
    arena_reset(scene.h.arena);
    arena_reset(scene.h.whole);
  }
  finish(&scene);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_have_colours),
      cmocka_unit_test(marks_and_colours_nest),
      cmocka_unit_test(pages_are_rendered),
      cmocka_unit_test(nothing_becomes_markup),
  };
  return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
