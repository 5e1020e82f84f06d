#!/usr/bin/env python3
"""What a unit without a result takes from the others: claims about the whole program fall to possible
and name it; it comes back, and all is as from scratch."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "faults"))

import fault  # pylint: disable=wrong-import-position
from fault import expect  # pylint: disable=wrong-import-position

HEAD = """#include <pthread.h>
struct pool { pthread_mutex_t lock; int free; };
extern pthread_mutex_t everybodys;
void give_back(void);
"""
# Held by result: whether that is a leak depends on who calls it, and on who gives back.
TAKER = """int fill(struct pool *p, int a) {
  pthread_mutex_lock(&p->lock);
  if (a)
    return 1;
  pthread_mutex_unlock(&p->lock);
  return 0;
}
"""
OWN = """static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
int keep(int a) {
  pthread_mutex_lock(&own);
  if (a)
    return 1;
  pthread_mutex_unlock(&own);
  return 0;
}
"""
USER = """int use(int a) {
  pthread_mutex_lock(&everybodys);
  if (a < 0) {
    give_back();
    return -1;
  }
  pthread_mutex_unlock(&everybodys);
  return 0;
}
"""
GIVER = "pthread_mutex_t everybodys;\nvoid give_back(void) { pthread_mutex_unlock(&everybodys); }\n"
DOUBLE = """int twice(struct pool *p) {
  pthread_mutex_lock(&p->lock);
  pthread_mutex_lock(&p->lock);
  pthread_mutex_unlock(&p->lock);
  return 0;
}
"""
LOST = {"OVERSTAY_TEST_CRASH_UNIT": "2"}
OPTIONS = ("--reproducible", "-f", "json", "--min-confidence", "possible")


def findings(run):
    return {finding["object"].split("#")[0]: finding for finding in json.loads(run.out)["findings"]}


def names(finding, source):
    return [step["text"] for step in finding["steps"] if f"'{source}' was not analysed" in
            step["text"]]


def lose(project, first, second):
    """A whole run, one that loses the second unit, one that has it again, and one from nothing."""
    project.add("a.c", HEAD + first)
    project.add("b.c", HEAD + second)
    whole = project.check(*OPTIONS)
    project.write("b.c", HEAD + second + "int more;\n")
    lost = project.check(*OPTIONS, environment=LOST)
    again = project.check(*OPTIONS)
    cold = project.check(*OPTIONS, "--no-cache")
    return whole, lost, again, cold


def came_back(problems, again, cold):
    expect(problems, "1 analysed, 1 unchanged" in again.err, again.brief())
    expect(problems, json.loads(again.out)["findings"] == json.loads(cold.out)["findings"],
           f"not as from scratch: {again.brief()}")


def what_the_program_lacks_is_possible(project):
    problems = []
    whole, lost, again, cold = lose(project, TAKER, "int other;\n")
    before, after = findings(whole)["struct pool"], findings(lost).get("struct pool")
    expect(problems, before["confidence"] == "likely" and whole.code == 1, whole.brief())
    expect(problems, after and after["confidence"] == "possible" and names(after, "b.c"),
           lost.brief())
    expect(problems, after and after["fingerprint"] == before["fingerprint"], "another finding")
    came_back(problems, again, cold)
    return problems


def what_a_file_keeps_to_itself_is_not(project):
    """Silent twin of the above: nobody else can name the lock."""
    problems = []
    _, lost, _, _ = lose(project, OWN, "int other;\n")
    found = findings(lost).get("a.c:own")
    expect(problems, found and found["confidence"] == "likely" and not names(found, "b.c"),
           lost.brief())
    return problems


def what_a_path_shows_is_not(project):
    problems = []
    _, lost, _, _ = lose(project, DOUBLE, "int other;\n")
    found = findings(lost).get("struct pool")
    expect(problems, found and found["confidence"] == "likely", lost.brief())
    return problems


def a_lost_callee_is_no_leak(project):
    """Its caller is analysed again without a definition."""
    problems = []
    whole, lost, again, cold = lose(project, USER, GIVER)
    expect(problems, whole.code == 0 and not findings(whole), whole.brief())
    found = findings(lost).get("everybodys")
    expect(problems, found and found["confidence"] == "possible" and
           any("'give_back'" in text for text in names(found, "b.c")), lost.brief())
    shown = project.check("--no-cache", environment=LOST)
    expect(problems, shown.code == 3 and not shown.out, shown.brief())
    came_back(problems, again, cold)
    return problems


def who_was_too_slow_is_tried_again(project):
    """With nothing changed: the machine may have been. No guard: failed units are never fresh."""
    problems = []
    project.add("a.c", HEAD + TAKER)
    project.add("b.c", HEAD + "int other;\n")
    run = project.check(*OPTIONS, "--tu-timeout", "2s",
                        environment={"OVERSTAY_TEST_STALL_UNIT": "2"})
    expect(problems, project.units() == {"read": 1, "too slow": 1}, run.brief())
    found = findings(run).get("struct pool")
    expect(problems, not found or found["confidence"] == "possible", run.brief())
    run = project.check(*OPTIONS)
    expect(problems, project.units() == {"read": 2}, run.brief())
    expect(problems, findings(run)["struct pool"]["confidence"] == "likely", run.brief())
    return problems


fault.main((what_the_program_lacks_is_possible, "doubt"), (what_a_file_keeps_to_itself_is_not, ""),
           (what_a_path_shows_is_not, ""), (a_lost_callee_is_no_leak, "doubt"),
           (who_was_too_slow_is_tried_again, "doubt"))
