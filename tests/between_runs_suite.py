#!/usr/bin/env python3
"""Findings between runs: new, known, moved or gone, after each of a sequence of edits; and since
when they are known."""
import json
import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "faults"))

import fault  # pylint: disable=wrong-import-position
from fault import expect  # pylint: disable=wrong-import-position

LONG_AGO = 1000000000  # 2001-09-09T01:46:40Z
HEAD = """#include <pthread.h>
struct pool { pthread_mutex_t lock; int free; };
static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
"""
# Equal rule, class and function; one is told in other words.
TWINS = """int take(struct pool *p, int a) {
  pthread_mutex_lock(&p->lock);
  if (a == 1)
    pthread_mutex_lock(&p->lock);
  else if (a == 2)
    pthread_mutex_lock(&p->lock);
  pthread_mutex_unlock(&p->lock);
  pthread_mutex_lock(&p->lock);
  pthread_mutex_lock(&p->lock);
  pthread_mutex_unlock(&p->lock);
  return 0;
}
"""
# Three that say the same, word for word.
EQUAL = """int again(int a) {
  pthread_mutex_lock(&own);
  pthread_mutex_lock(&own);
  pthread_mutex_unlock(&own);
  a++;
  pthread_mutex_lock(&own);
  pthread_mutex_lock(&own);
  pthread_mutex_unlock(&own);
  a++;
  pthread_mutex_lock(&own);
  pthread_mutex_lock(&own);
  pthread_mutex_unlock(&own);
  return a;
}
"""
ONCE = "  pthread_mutex_lock(&own);\n  pthread_mutex_lock(&own);\n"
MENDED = EQUAL.replace(ONCE, "  pthread_mutex_lock(&own);\n", 1)
STATIC = """static int inner(int a) {
  pthread_mutex_lock(&own);
  if (a)
    pthread_mutex_lock(&own);
  pthread_mutex_unlock(&own);
  return a;
}
int outer(int a) { return inner(a); }
"""
GOOD = STATIC.replace("    pthread_mutex_lock(&own);", "    a = 2;")


class Sequence:
    """A project with a database that sees every step."""

    def __init__(self, project):
        self.project, self.problems = project, []

    def files(self, **texts):
        """These sources and no others; a name has __ for a slash."""
        for entry in self.project.entries:
            os.remove(self.project.path(entry["file"]))
        self.project.entries = []
        for name, text in texts.items():
            self.project.add(name.replace("__", "/") + ".c", text)

    def step(self, what, gone=0, back=False, **states):
        """What is new may have been there once (`back`)."""
        run = self.project.check("-f", "json", "--min-confidence", "possible")
        report = json.loads(run.out)
        found = {}
        for finding in report["findings"]:
            found[finding["state"]] = found.get(finding["state"], 0) + 1
            old = finding["first_seen"].startswith("2001-")
            expect(self.problems, old == (back or finding["state"] != "new"),
                   f"{what}: first seen {finding['first_seen']}, but {finding['state']}")
        expect(self.problems, found == states and len(report["gone"]) == gone,
               f"{what}: {found}, {len(report['gone'])} gone")
        expect(self.problems, (f"{gone} gone" in run.err) == (gone > 0), f"{what}: {run.err}")
        with sqlite3.connect(self.project.path(".overstay/facts.db")) as database:
            database.execute("UPDATE history SET first_seen = ?", (LONG_AGO,))
            database.execute("DELETE FROM meta WHERE key = 'history_seal'")
        return report


def twins_are_a_multiset(project):
    s = Sequence(project)
    s.files(a=HEAD + TWINS)
    s.step("cold", new=3)
    s.step("nothing changed", known=3)
    s.files(a=HEAD + TWINS.replace("    pthread_mutex_lock(&p->lock);", "    a = 5;", 1))
    s.step("one is mended", known=2, gone=1)
    s.step("and stays so", known=2)
    s.files(a=HEAD + TWINS)
    s.step("it is back", known=2, new=1, back=True)
    s.files(a=HEAD + TWINS.replace("(a == 1)", "(a == 1 && p->free)"))
    s.step("one is told in other words", known=3)
    return s.problems


def equal_ones_are_counted(project):
    s = Sequence(project)
    s.files(a=HEAD + EQUAL)
    s.step("cold", new=3)
    s.files(a=HEAD + MENDED)
    s.step("the first is mended", known=2, gone=1)
    s.files(a=HEAD + EQUAL.replace(ONCE, "  pthread_mutex_lock(&own);\n", 2))
    s.step("and the second", known=1, gone=1)
    s.files(a=HEAD + EQUAL)
    s.step("both are back", known=1, new=2, back=True)
    return s.problems


def a_file_is_renamed(project):
    s = Sequence(project)
    s.files(a=HEAD + STATIC + EQUAL)
    s.step("cold", new=4)
    s.files(b=HEAD + STATIC + EQUAL)
    report = s.step("another name", moved=4)
    expect(s.problems, "b.c:inner" in [finding["function"] for finding in report["findings"]],
           f"{report['findings']}")
    s.step("it stays there", known=4)
    s.files(sub__b=HEAD + STATIC + MENDED)
    s.step("another folder, and one mended", moved=3, gone=1)
    return s.problems


def a_function_moves(project):
    s = Sequence(project)
    shared = HEAD.replace("static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER",
                          "extern pthread_mutex_t own")
    define = "pthread_mutex_t own;\n"
    s.files(a=shared + define + STATIC, b=shared)
    s.step("cold", new=1)
    s.files(a=shared + define, b=shared + STATIC)
    s.step("a static function in another file", moved=1)
    s.files(a=shared + define, b=shared + STATIC.replace("inner", "core"))
    s.step("another name, the same code", moved=1)
    s.files(a=shared + define, b=shared + STATIC.replace("inner", "heart").replace("(a)", "(!a)"))
    s.step("another name and other code", new=1, gone=1)
    return s.problems


def who_is_still_there_has_not_moved(project):
    """Mended here, made there: two files may have functions of one name."""
    s = Sequence(project)
    s.files(a=HEAD + STATIC, b=HEAD + GOOD.replace("outer", "other"))
    s.step("cold", new=1)
    s.files(a=HEAD + GOOD, b=HEAD + STATIC.replace("outer", "other"))
    s.step("mended here, made there", new=1, gone=1)
    return s.problems


def a_record_gets_a_field(project):
    """Its name in the reports tells its layout."""
    s = Sequence(project)
    s.files(a=HEAD + TWINS)
    s.step("cold", new=3)
    s.files(a=HEAD.replace("int free;", "int free; long more;") + TWINS)
    s.step("a field more", known=3)
    return s.problems


def what_failed_has_not_gone(project):
    """The unit is lost to its parser, then it comes back."""
    s = Sequence(project)
    s.files(a=HEAD + STATIC, b=HEAD + EQUAL)
    s.step("cold", new=4)
    s.files(a=HEAD + STATIC, b=HEAD + EQUAL + "int more;\n")
    os.environ["OVERSTAY_TEST_CRASH_UNIT"] = "2"
    try:
        s.step("one unit crashes", known=1)
    finally:
        del os.environ["OVERSTAY_TEST_CRASH_UNIT"]
    s.step("and is read again", known=4)
    return s.problems


def paths_and_rules_narrow_what_is_gone(project):
    """Seen to fail when all that ever went was told."""
    s = Sequence(project)
    s.files(a=HEAD + STATIC, b=HEAD + EQUAL)
    s.step("cold", new=4)
    s.files(a=HEAD + STATIC, b=HEAD)
    project.check("-f", "json")
    for options, gone in (((), 3), (("--disable", "lock-double"), 0), (("a.c",), 0)):
        report = json.loads(project.run("report", "-f", "json", *options).out)
        expect(s.problems, len(report["gone"]) == gone, f"{options}: {report['gone']}")
    report = json.loads(project.run("report", "-f", "json", "--reproducible").out)
    expect(s.problems, "gone" not in report, "a reproducible report tells of other runs")
    return s.problems


def the_history_is_exported(project):
    """Proves itself: the entry that is gone has to stay, with the days it was seen."""
    s = Sequence(project)
    s.files(a=HEAD + STATIC, b=HEAD + EQUAL)
    s.step("cold", new=4)
    s.files(a=HEAD + GOOD, b=HEAD + EQUAL)
    s.step("one is mended", known=3, gone=1)
    run = project.run("db", "export")
    rows = [json.loads(line) for line in run.out.splitlines()]
    expect(s.problems, run.code == 0 and len(rows) == 4, run.brief())
    expect(s.problems, [row["fingerprint"] for row in rows] ==
           sorted({row["fingerprint"] for row in rows}), "not by fingerprint, or not distinct")
    gone = [row for row in rows if row["gone"]]
    expect(s.problems, [(row["rule"], row["function"], row["object"]) for row in gone] ==
           [("lock-double", "a.c:inner", "a.c:own")], f"gone: {gone}")
    for row in rows:
        expect(s.problems, row["first_seen"] == "2001-09-09T01:46:40Z" < row["last_seen"],
               f"seen when: {row}")
    report = json.loads(project.run("report", "-f", "json").out)
    expect(s.problems, {row["fingerprint"] for row in rows if not row["gone"]} ==
           {finding["fingerprint"] for finding in report["findings"]}, "other findings")
    again = project.run("db", "export", "--output", "history.jsonl")
    with open(project.path("history.jsonl"), encoding="utf-8") as file:
        expect(s.problems, again.out == "" and file.read() == run.out, "--output differs")
    return s.problems


def statistics_are_told_again(project):
    """Proves itself: what `report` can know is what `check` said."""
    s = Sequence(project)
    s.files(a=HEAD + STATIC, b=HEAD + EQUAL)

    def facts(run):
        return [line for line in run.err.splitlines()
                if line.startswith(("findings: ", "functions with", "mixed", "calls "))]

    first, again = project.check("--stats"), project.run("report", "--stats")
    expect(s.problems, len(facts(first)) == 4 and facts(first) == facts(again), again.brief())
    expect(s.problems, "lock-double 4" in again.err, again.brief())
    expect(s.problems, "slowest: " in again.err and again.err.count(" s  ") == 2, again.brief())
    expect(s.problems, "functions analysed" not in again.err and "peak" not in again.err,
           "report speaks of a run that it did not see")
    return s.problems


fault.main((twins_are_a_multiset, "loose,moved"), (equal_ones_are_counted, "twins"),
           (a_file_is_renamed, "moved"), (a_function_moves, "moved"),
           (who_is_still_there_has_not_moved, "moved-away"), (a_record_gets_a_field, "moved"),
           (what_failed_has_not_gone, "complete"), (paths_and_rules_narrow_what_is_gone, ""),
           (the_history_is_exported, ""), (statistics_are_told_again, ""))
