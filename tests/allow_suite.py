#!/usr/bin/env python3
"""Comments that accept findings: where they stand, what they say, and that they cost no analysis."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "faults"))

import fault  # pylint: disable=wrong-import-position
from fault import expect  # pylint: disable=wrong-import-position

LEAK = """#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int leak(int a) {
  pthread_mutex_lock(&lock);ON-ACQUIRE
  if (a) {BEFORE
    return 1;ON-RETURN
  }
  pthread_mutex_unlock(&lock);
  return 0;
}
"""
ALLOW = " /* overstay-allow(lock-leak): the caller gives it back */"


def leak(**comments):
    text = LEAK
    for place in ("ON-ACQUIRE", "BEFORE", "ON-RETURN"):
        text = text.replace(place, comments.get(place.lower().replace("-", "_"), ""))
    return text


def report(project):
    run = project.check("-f", "json", "--stats")
    return run, json.loads(run.out)


def a_comment_at_any_step_accepts(project):
    problems = []
    for place in ("on_acquire", "before", "on_return"):
        project.entries.clear()
        project.add("a.c", leak(**{place: ALLOW}))
        run, said = report(project)
        expect(problems, run.code == 0 and not said["findings"], f"{place}: {run.brief()}")
        expect(problems, [found["reason"] for found in said["suppressed"]] ==
               ["the caller gives it back"], f"{place}: {said['suppressed']}")
        expect(problems, "1 suppressed" in run.err, run.err)
    return problems


def other_rules_and_places_are_not_accepted(project):
    problems = []
    project.add("a.c", leak(before=ALLOW.replace("lock-leak", "lock-double")))
    project.add("b.c", "int b; " + ALLOW + "\n\n\n" + leak())
    run, said = report(project)
    rules = sorted(found["rule"] for found in said["findings"])
    expect(problems, run.code == 1 and rules == ["allow-unused"] * 2 + ["lock-leak"] * 2, rules)
    return problems


def a_reason_is_asked_for(project):
    problems = []
    project.add("a.c", leak(before=ALLOW.replace(": the caller gives it back", "")))
    run, said = report(project)
    expect(problems, run.code == 0 and [found["rule"] for found in said["findings"]] ==
           ["allow-without-reason"], run.brief())
    return problems


def sarif_keeps_them(project):
    problems = []
    project.add("a.c", leak(before=ALLOW))
    results = json.loads(project.check("-f", "sarif").out)["runs"][0]["results"]
    expect(problems, len(results) == 1 and results[0]["suppressions"] ==
           [{"kind": "inSource", "justification": "the caller gives it back"}], results)
    return problems


def editing_one_analyses_nothing(project):
    problems = []
    project.add("a.c", leak())
    run, _ = report(project)
    for comment in (ALLOW, ALLOW.replace("gives", "gave"), ""):
        project.write("a.c", leak(before=comment))
        run, said = report(project)
        expect(problems, "functions analysed: 0 of" in run.err, run.err)
        expect(problems, len(said["findings"]) == (0 if comment else 1), said["findings"])
        expect(problems, not comment or said["suppressed"][0]["reason"] in comment, said)
    return problems


def regions_and_files(project):
    problems = []
    begin, end = ("// overstay-allow-%s(lock-leak, lock-double)%s\n" % part
                  for part in (("begin", ": generated"), ("end", "")))
    body = leak().partition("\n")[2]
    for what, text, left in (
            ("region", "#include <pthread.h>\n" + begin + body + end, 0),
            ("after the region", "#include <pthread.h>\n" + begin + end + body, 1),
            ("open region", "#include <pthread.h>\n" + begin + body, 0),
            ("file", "/* Made by a tool.\n * overstay-allow(lock-leak): not ours\n */\n" + leak(), 0),
            ("second comment", "/* A. */\n/* overstay-allow(lock-leak): no */\n" + leak(), 1)):
        project.entries.clear()
        project.add("a.c", text)
        _, said = report(project)
        found = [one["rule"] for one in said["findings"]]
        expect(problems, found.count("lock-leak") == left, f"{what}: {found}")
        expect(problems, ("allow-unused" in found) == bool(left), f"{what}: {found}")
    return problems


def a_step_in_another_file(project):
    """Where the lock is taken, two calls away and in a header, the comment counts as well."""
    problems = []
    project.write("enter.h", "static inline void enter(pthread_mutex_t *m) {\n"
                  "  pthread_mutex_lock(m);\n}\n")
    text = leak(on_acquire=ALLOW).replace("pthread_mutex_lock(&lock)", "enter(&lock)")
    project.add("a.c", text.replace("\n", '\n#include "enter.h"\n', 1))
    run, said = report(project)
    expect(problems, run.code == 0 and len(said["suppressed"]) == 1, run.brief())
    return problems


def notes(project, *options):
    run = project.check("-f", "json", *options)
    return [found["rule"] for found in json.loads(run.out)["findings"]
            if found["rule"].startswith("allow-")]


def unused_only_when_that_is_known(project):
    problems = []
    good = leak().replace("return 1;", "a = 1;")
    unused = good.replace("a = 1;", "a = 1;" + ALLOW)
    cases = {
        "plain": (unused, ["allow-unused"]),
        "between functions": (good + ALLOW + "\n\nint a;\n", ["allow-unused"]),
        "not in this build": (good + "#ifdef _WIN32\n" + ALLOW + "\n#endif\n", []),
        "not in this build, in a function": (
            good.replace("a = 1;", "\n#ifdef _WIN32\n" + ALLOW + "\n\n#endif\n"), []),
        "in this build, in a function": (
            good.replace("a = 1;", "\n#ifndef _WIN32\n a = 2;" + ALLOW + "\n#endif\n"),
            ["allow-unused"]),
        "an error in the function": (unused.replace("a = 1;", "a = undeclared;"), []),
        "an error in another": (unused + "int other(void) { return undeclared; }\n",
                                ["allow-unused"])}
    for what, (text, wanted) in cases.items():
        project.entries.clear()
        project.add("a.c", text)
        expect(problems, notes(project) == wanted, f"{what}: {notes(project)}")
    project.write("guarded.h", "// A header.\n#ifndef GUARD\n#define GUARD\n" + ALLOW +
                  "\n\nint declared(void);\n#endif\n")
    project.add("a.c", good.replace("\n", '\n#include "guarded.h"\n', 1))
    expect(problems, notes(project) == ["allow-unused"], "in a header with a guard")
    project.entries.clear()
    project.add("a.c", unused)
    for options in (["--disable", "lock-leak"], ["--disable", "allow-unused"],
                    ["--only", "lock-double"], ["--only", "allow-without-reason"]):
        expect(problems, not notes(project, *options), f"{options}: {notes(project, *options)}")
    expect(problems, notes(project, "--only", "allow-unused,lock-leak") == ["allow-unused"], "only")
    project.add("b.c", good)
    project.entries[-1]["file"] = "missing.c"
    expect(problems, not notes(project), f"a unit failed: {notes(project)}")
    return problems


fault.main((a_comment_at_any_step_accepts, ""), (other_rules_and_places_are_not_accepted, ""),
           (a_reason_is_asked_for, ""), (sarif_keeps_them, ""), (editing_one_analyses_nothing, ""),
           (regions_and_files, ""), (a_step_in_another_file, ""),
           (unused_only_when_that_is_known, "allow-analysed"))
