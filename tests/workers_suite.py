#!/usr/bin/env python3
"""One worker and many give the same bytes, warm and cold, also when a worker dies on the way."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "faults"))

import fault  # pylint: disable=wrong-import-position
from fault import expect  # pylint: disable=wrong-import-position

UNIT = """#include <pthread.h>
#include "shared.h"
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int leakN(int a) {
  pthread_mutex_lock(&lock);
  if (a > N)
    return shared(a);
  pthread_mutex_unlock(&lock);
  return 0;
}
"""
SHARED = """static inline int shared(int a) { return a + 1; }
"""


def add_units(project):
    project.write("shared.h", SHARED)
    for number in range(40):
        # Of very different length, so that answers do not come in the order of the questions.
        filler = "".join(f"int f{number}_{i}(int a) {{ return a + {i}; }}\n"
                         for i in range((number * 37) % 11 * 200))
        project.add(f"src/unit{number}.c", UNIT.replace("N", str(number)) + filler, ["-I.."],
                    directory="src")
        project.entries[-1]["file"] = f"unit{number}.c"


def reports(project, workers, environment):
    found = {}
    for form in ("text", "json", "sarif"):
        run = project.check("-j", str(workers), "--reproducible", "-f", form, "--no-cache",
                            environment=environment)
        found[form] = (run.code, run.out)
    return found


def many_workers_give_the_same(project):
    problems = []
    add_units(project)
    one = reports(project, 1, {})
    for workers in (2, 7):
        expect(problems, reports(project, workers, {}) == one, f"{workers} workers differ from one")
    expect(problems, one["text"][0] == 1 and one["text"][1].count("[lock-leak]") == 40,
           one["text"][1][-500:])
    return problems


def so_they_do_when_one_dies(project):
    problems = []
    add_units(project)
    for hook in ("OVERSTAY_TEST_CRASH_UNIT", "OVERSTAY_TEST_CRASH_ONCE"):
        one = reports(project, 1, {hook: "9"})
        expect(problems, reports(project, 4, {hook: "9"}) == one, f"{hook}: the reports differ")
    return problems


def a_second_run_gives_the_same(project):
    problems = []
    add_units(project)
    cold = project.check("--reproducible", "-f", "text")
    warm = project.check("--reproducible", "-f", "text")
    report = project.run("report", "--reproducible", "-f", "text")
    expect(problems, "40 unchanged" in warm.err, warm.err)
    expect(problems, cold.out == warm.out == report.out and cold.out, "the reports differ")
    expect(problems, cold.code == warm.code == report.code == 1, "the exit codes differ")
    return problems


fault.main((many_workers_give_the_same, ""), (so_they_do_when_one_dies, ""),
           (a_second_run_gives_the_same, ""))
