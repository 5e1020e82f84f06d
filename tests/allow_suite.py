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


fault.main((a_comment_at_any_step_accepts, ""), (other_rules_and_places_are_not_accepted, ""),
           (a_reason_is_asked_for, ""), (sarif_keeps_them, ""), (editing_one_analyses_nothing, ""))
