#!/usr/bin/env python3
"""Tests of the test tools: a runner that lets things pass is worse than none.

usage: tools_suite.py      (run.py runs it; ends in "N passed, N failed")
"""
import collections
import os
import sys
import tempfile
import unittest

import consistency
import depth_sites
import expect
import findings
import growth_sites
import mutate
import run

SOURCE = """#include <pthread.h>
void f(void) {
  g(); // note: "acquired"
  return; // expect: lock-leak "'m' is"
}
int one_line(void) { return 0; } // fact: acquires lock m
// run: --only lock-leak
// flags: -DX=1
"""


def finding(line, rule="lock-leak", message="'m' is still held", steps=()):
    return findings.Finding("a.c", line, rule, message, list(steps))


ACQUIRED = findings.Place("a.c", 3, "f", "acquired here")


class Comments(unittest.TestCase):
    def setUp(self):
        self.fixture = expect.Fixture({"a.c": SOURCE})

    def test_are_read(self):
        self.assertEqual([(a.line, a.tag, a.rule, a.text) for a in self.fixture.announced],
                         [(3, "note", "", "acquired"), (4, "expect", "lock-leak", "'m' is")])
        self.assertEqual(self.fixture.run_options, ["--only", "lock-leak"])
        self.assertEqual(self.fixture.flags, ["-DX=1"])
        self.assertEqual(self.fixture.facts, [("a.c", 6, "one_line", "acquires lock m")])

    def test_expect_without_rule_is_refused(self):
        with self.assertRaises(ValueError):
            expect.Fixture({"a.c": 'int x; // expect: "text"\n'})

    def test_unknown_confidence_is_refused(self):
        with self.assertRaises(ValueError):
            expect.Fixture({"a.c": 'int x; // expect: lock-leak@maybe "text"\n'})


class Comparison(unittest.TestCase):
    def compare(self, source, *found):
        return expect.compare(expect.Fixture({"a.c": source}).announced, list(found))

    def problems(self, *found):
        return self.compare(SOURCE, *found)[0]

    def test_met(self):
        self.assertEqual(self.problems(finding(4, steps=[ACQUIRED])), [])

    def test_missing_finding_and_note(self):
        self.assertEqual(len(self.problems()), 2)

    def test_wrong_line_rule_text_or_step(self):
        self.assertEqual(len(self.problems(finding(5, steps=[ACQUIRED]))), 2)
        self.assertEqual(len(self.problems(finding(4, "lock-double", steps=[ACQUIRED]))), 2)
        self.assertEqual(len(self.problems(finding(4, message="'n' is", steps=[ACQUIRED]))), 2)
        self.assertEqual(len(self.problems(finding(4, steps=[findings.Place("a.c", 2, "f", "acquired")]))), 1)

    def test_one_too_many(self):
        self.assertEqual(len(self.problems(finding(4, steps=[ACQUIRED]), finding(4))), 1)
        self.assertEqual(len(self.problems(finding(4, steps=[ACQUIRED]), finding(6))), 1)

    def test_confidence(self):
        source = 'x(); // expect: lock-leak@possible "m"\n'
        possible, likely = finding(1), finding(1)
        possible.confidence, likely.confidence = "possible", "likely"
        self.assertEqual(self.compare(source, possible)[0], [])
        self.assertEqual(len(self.compare(source, likely)[0]), 2)
        self.assertEqual(self.compare('x(); // expect: lock-leak\n', likely)[0], [])

    def test_known_gaps(self):
        miss, false = "x(); // expect-miss: lock-leak\n", "x(); // expect-false: lock-leak\n"
        self.assertEqual(self.compare(miss)[0], [])
        self.assertEqual(len(self.compare(miss, finding(1))[0]), 1)
        self.assertEqual(self.compare(false, finding(1))[0], [])
        self.assertEqual(len(self.compare(false)[0]), 1)
        self.assertEqual(self.compare(miss)[1],
                         collections.Counter({("expect-miss", "lock-leak"): 1}))


class Pages(unittest.TestCase):
    def test_blocks_keep_their_lines(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "page.md")
            with open(path, "w", encoding="utf-8") as out:
                out.write("# t\n\n```c\nint a;\n```\n\n```\nno\n```\n```c\nint b;\n```\n")
            blocks = list(run.code_blocks(path))
        self.assertEqual([number for number, _ in blocks], [1, 2])
        self.assertEqual(blocks[0][1].split("\n")[3], "int a;")
        self.assertEqual(blocks[1][1].split("\n")[10], "int b;")


class Layers(unittest.TestCase):
    def test_crossing_is_noticed(self):
        self.assertEqual(consistency.layer_problem("analysis", "ir/ir.h", ""), "")
        self.assertNotEqual(consistency.layer_problem("analysis", "store/store.h", ""), "")
        self.assertNotEqual(consistency.layer_problem("ir", "analysis/state.h", ""), "")
        self.assertNotEqual(consistency.layer_problem("analysis", "", "sqlite3.h"), "")
        self.assertNotEqual(consistency.layer_problem("rule", "", "clang-c/Index.h"), "")
        self.assertEqual(consistency.layer_problem("store", "", "sqlite3.h"), "")

    def test_comments_are_no_code(self):
        text = consistency.without_comments('a /* malloc( */ "free(" // calloc(\nb')
        self.assertIsNone(consistency.ALLOCATION.search(text))
        self.assertEqual(text.count("\n"), 1)


class Mutants(unittest.TestCase):
    LINES = ["int f(void) {", "  pthread_mutex_lock(&m);", "  if (x)", "    pthread_mutex_unlock(&m);",
             "  pthread_mutex_unlock(&m);", "}"]

    def test_releases_after_their_acquire(self):
        function = mutate.Function("/t", "/t/a.c", "f", 1, 6, "int", [])
        mutate.find_releases(function, self.LINES)
        self.assertEqual(function.releases, [4, 5])
        only = mutate.Function("/t", "/t/a.c", "f", 3, 6, "int", [])
        mutate.find_releases(only, self.LINES)
        self.assertEqual(only.releases, [])

    def test_change_one_line(self):
        function = mutate.Function("/t", "/t/a.c", "f", 1, 6, "char *", [4, 5])
        deleted = mutate.mutated(self.LINES, mutate.Mutant(function, 4, "deleted"))
        self.assertEqual(deleted[3], "    ;")
        passed = mutate.mutated(self.LINES, mutate.Mutant(function, 5, "passed"))
        self.assertIn("return 0; pthread_mutex_unlock(&m); }", passed[4])
        self.assertEqual(passed[:4], self.LINES[:4])


class DepthSites(unittest.TestCase):
    """Each text is one file; what is found is (function, line, kind)."""

    def found(self, text):
        lines, functions = text.split("\n"), []
        for number, line in enumerate(lines, 1):
            if line.startswith("int "):
                name = line[4:line.index("(")]
                functions.append(mutate.Function("/t", "/t/a.c", name, number, 0, "int", []))
            elif line == "}":
                functions[-1].last = number
        return {(name, site.line, site.kind): site.text.strip()
                for name, sites in depth_sites.find_in_file(functions, lines).items()
                for site in sites}

    def test_argument_and_its_limit(self):
        found = self.found("int f(int depth) {\n  if (a || depth >= MOST)\n    return 0;\n"
                           "  return f(depth + 1);\n}")
        self.assertEqual(found, {("f", 2, "test"): "if (a || (depth, 0))",
                                 ("f", 4, "count"): "return f(depth);"})

    def test_cell_in_one_of_two(self):
        found = self.found("int g(struct s *s) {\n  if (s->depth > 9) return 1;\n  s->depth++;\n"
                           "  f(s);\n  s->depth--;\n}\nint f(struct s *s) {\n  g(s);\n}")
        self.assertEqual(found, {("g", 2, "test"): "if ((s->depth, 0)) return 1;",
                                 ("g", 3, "count"): "s->depth;"})

    def test_only_what_bounds_alone(self):
        tested_twice = ("int g(int depth) {\n  if (depth > 9) return 1;\n  return f(depth + 1);\n}\n"
                        "int f(int depth) {\n  if (depth > 9) return 1;\n  return g(depth);\n}")
        self.assertEqual(list(self.found(tested_twice)), [("g", 3, "count")])
        self.assertEqual(self.found("int f(int depth) {\n  print(depth);\n  f(depth + 1);\n}"), {})
        self.assertEqual(self.found("int f(int depth) {\n  if (depth > 9) return 1;\n"
                                    "  return g(depth + 1);\n}"), {})

    def test_guards_and_counts_to_zero(self):
        self.assertEqual(self.found("int f(void) {\n  check_stack_depth();\n  f();\n}"),
                         {("f", 2, "guard"): "0;"})
        found = self.found("int f(int level) {\n  if (!level)\n    return 0;\n  f(level - 1);\n}")
        self.assertEqual(found, {("f", 2, "test"): "if (0)", ("f", 4, "count"): "f(level);"})


def main():
    result = unittest.TextTestRunner(stream=sys.stderr, verbosity=0).run(
        unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__]))
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 1 if failed else 0


class Containers(unittest.TestCase):
    """What mutate.py takes for a container, and what is left of the text without its removals."""
    TEXT = """static struct job *jobs;
static list *waiting, *kept;
static struct list_head all;
struct job *own(struct job *jobs, struct job *job) { job->next = jobs; jobs = job; return jobs; }
void job_add(struct job *job) { /* waiting = NULL; */
  job->next = jobs;
  jobs = job;
  listAddNodeTail(waiting, job);
  listAddNodeTail(kept, job);
  list_add(&job->link, &all);
}
void job_end(struct job *job) {
  jobs = jobs->next;
  if (listDelNode(waiting,
                  job->node))
    list_del(&job->link);
  list_del(&job->other);
  jobs = NULL;
}
"""

    def setUp(self):
        with tempfile.TemporaryDirectory() as folder:
            self.file = os.path.join(folder, "a.c")
            with open(self.file, "w", encoding="utf-8") as out:
                out.write(self.TEXT)
            self.found = growth_sites.find({self.file: self.TEXT})

    def test_are_found_where_something_leaves_them(self):
        self.assertEqual([(each.name, len(each.inserts), len(each.removals), len(each.resets))
                          for each in self.found],
                         [("all", 1, 1, 0), ("jobs", 1, 1, 1), ("waiting", 1, 1, 0)])

    def test_nothing_leaves_them_any_more(self):
        before = self.TEXT.split("\n")
        for container, gone in zip(self.found, ({16: "    (0);"}, {13: "  (0);", 18: "(0);"},
                                                {14: "  if ((0)", 15: ")"})):
            after = growth_sites.changes_of(container, {self.file: self.TEXT})[self.file]
            self.assertEqual({number: line for number, line in enumerate(after, 1)
                              if line != before[number - 1]}, gone)


if __name__ == "__main__":
    sys.exit(main())
