#!/usr/bin/env python3
"""Findings that a project lives with: overstay baseline write and check, and --baseline.

usage: baseline_suite.py      (run.py runs it; ends in "N passed, N failed")
"""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "faults"))

import fault  # pylint: disable=wrong-import-position
from fault import expect  # pylint: disable=wrong-import-position

NAME = ".overstay-baseline.jsonl"


def leak(name, before=""):
    return fault.LEAK.replace("leakN", name).replace("N", "0") + before


def begin(project, *names):
    """A unit with a leak for each name, and a baseline that lists them."""
    project.write("shared.h", fault.SHARED % 1)
    for name in names:
        project.add(f"{name}.c", leak(name))
    project.write_commands()
    return project.run("baseline", "write")


def lines(project):
    with open(project.path(NAME), encoding="utf-8") as file:
        return file.read().splitlines()


def states(project, *options):
    run = project.check("--baseline", NAME, "-f", "json", *options)
    return run, {found["function"].rpartition(":")[2]: found["state"]
                 for found in json.loads(run.out)["findings"]}


def one_sorted_object_a_line(project):
    problems = []
    run = begin(project, "b", "a")
    expect(problems, run.code == 0 and f"2 findings written to {NAME}" in run.err, run.brief())
    objects = [json.loads(line) for line in lines(project)]
    expect(problems, [entry["path"] for entry in objects] == ["a.c", "b.c"], objects)
    for entry, line in zip(objects, lines(project)):
        expect(problems, list(entry) == sorted(entry), line)
        expect(problems, project.root not in line and "line" not in entry, line)
    first = lines(project)
    project.write("a.c", "\n\n/* moved */\n" + leak("a"))
    project.run("baseline", "write")
    expect(problems, lines(project) == first, "other lines after code moved down")
    return problems


def known_ones_are_marked_and_pass(project):
    problems = []
    begin(project, "a", "b")
    run = project.run("baseline", "check")
    expect(problems, run.code == 0 and not run.out, run.brief())
    expect(problems, "0 new, 2 in the baseline" in run.err, run.brief())
    run, said = states(project)
    expect(problems, run.code == 0 and said == {"a": "known", "b": "known"}, said)
    expect(problems, project.check().code == 1, "a plain check passes")
    for command in (["report"], ["report", "-f", "json"]):
        run = project.run(*command, "--baseline", NAME)
        expect(problems, run.code == 0, run.brief())
    return problems


def new_ones_fail(project):
    problems = []
    begin(project, "a", "b")
    project.add("c.c", leak("c"))
    project.check()  # what the last run found does not make it known
    run = project.check("--baseline", NAME)
    expect(problems, run.code == 1 and "c.c:7" in run.out and "a.c:" not in run.out, run.brief())
    expect(problems, "1 new, 2 in the baseline" in run.err, run.brief())
    expect(problems, project.run("baseline", "check").code == 1, "baseline check")
    expect(problems, project.run("baseline", "check", "--fail-on", "never").code == 0, "never")
    run, said = states(project, "c.c")
    expect(problems, run.code == 1 and said == {"c": "new"}, said)
    project.add("d.c", leak("a").replace("int a(", "static int a("))  # a namesake
    run, said = states(project)
    expect(problems, run.code == 1 and list(said.values()).count("new") == 2, run.out)
    return problems


def moves_and_renames_are_followed(project):
    problems = []
    begin(project, "a", "b", "c", "d")
    project.entries.clear()
    os.rename(project.path("a.c"), project.path("elsewhere.c"))          # the file
    project.add("elsewhere.c")
    project.add("b.c", leak("renamed"))                                  # the function
    project.add("c.c", leak("c").replace("if (a > ", "if (a + 2 > "))    # the code around it
    project.add("d.c", "int before(void) { return 0; }\n\n" + leak("d")) # the place
    run, said = states(project)
    expect(problems, run.code == 0 and "new" not in said.values() and len(said) == 4,
           f"{said} {run.err}")
    return problems


def sarif_marks_them(project):
    problems = []
    begin(project, "a")
    project.add("b.c", leak("b"))
    results = json.loads(project.check("--baseline", NAME, "-f", "sarif").out)["runs"][0]["results"]
    said = [result.get("baselineState") for result in results]
    expect(problems, said == ["unchanged", "new"], said)
    results = json.loads(project.check("-f", "sarif").out)["runs"][0]["results"]
    expect(problems, not any("baselineState" in result for result in results), "without a baseline")
    return problems


def gone_ones_are_told(project):
    problems = []
    begin(project, "a", "b")
    project.write("b.c", fault.GOOD)
    run = project.run("baseline", "check")
    expect(problems, run.code == 0 and "gone: b.c: '" in run.err and "[lock-leak]" in run.err and
           "still lists it" in run.err, run.brief())
    run = project.run("baseline", "write")
    expect(problems, run.code == 0 and len(lines(project)) == 1, run.brief())
    expect(problems, "gone" not in project.run("baseline", "check").err, "still told")
    return problems


def what_a_comment_accepts_is_not_in_it(project):
    problems = []
    project.write("shared.h", fault.SHARED % 1)
    project.add("a.c", leak("a").replace("return shared(a);",
                                         "return shared(a); // overstay-allow(lock-leak): meant"))
    project.write_commands()
    run = project.run("baseline", "write")
    expect(problems, run.code == 0 and lines(project) == [], run.brief())
    return problems


def merged_and_broken_files(project):
    problems = []
    begin(project, "a", "b")
    good = lines(project)
    project.write(NAME, "\n".join([good[1], "", good[0], good[1]]) + "\n")
    expect(problems, project.run("baseline", "check").code == 0, "another order, one line twice")
    for text, wanted in (("<<<<<<< HEAD\n" + good[0], ":1: this is no JSON object"),
                         (good[0] + "\n[]\n", ":2: this is no JSON object"),
                         (good[0].replace('"rule"', '"rolle"'), ':1: "rule" is missing'),
                         (good[0].replace('"loose": "', '"loose": "x'), ':1: "loose" is not 32'),
                         (good[0].replace('"error"', '"horror"'), ':1: "severity" cannot be'),
                         (good[0][:40], ":1: this is no JSON object"),
                         ("\0\0", ":1: this is no JSON object")):
        project.write(NAME, text)
        run = project.run("baseline", "check")
        expect(problems, run.code == 2 and NAME + wanted in run.err, f"{wanted}: {run.brief()}")
    os.unlink(project.path(NAME))
    run = project.run("baseline", "check")
    expect(problems, run.code == 2 and "overstay baseline write makes it" in run.err, run.brief())
    for arguments in (["baseline"], ["baseline", "wirte"], ["baseline", "write", "a.c"]):
        expect(problems, project.run(*arguments).code == 2, arguments)
    return problems


def from_the_configuration(project):
    problems = []
    begin(project, "a")
    os.rename(project.path(NAME), project.path("known.jsonl"))
    project.write(".overstay.ini", "baseline = known.jsonl\n")
    expect(problems, project.check().code == 0, "check does not use it")
    project.add("b.c", leak("b"))
    expect(problems, project.check().code == 1, "new")
    run = project.run("baseline", "write")
    expect(problems, run.code == 0 and not os.path.exists(project.path(NAME)), run.brief())
    expect(problems, project.check().code == 0, "after write")
    return problems


def with_a_revision(project):
    """New is what neither the revision nor the baseline has."""
    problems = []
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "a",
                   "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a",
                   "GIT_COMMITTER_EMAIL": "a@example.org"}

    def git(*arguments):
        subprocess.run(["git", *arguments], cwd=project.root, env=environment, check=True,
                       stdout=subprocess.DEVNULL)
    git("init", "-q")
    project.write(".gitignore", ".overstay/\n")
    begin(project, "a")
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    project.add("b.c", leak("b"))
    project.write_commands()
    project.run("baseline", "write")  # a branch that takes its new finding into the baseline
    project.add("c.c", leak("c"))
    project.write_commands()
    git("add", "-A")
    for view in (["--new-from-rev", "HEAD"], ["--staged"]):
        run, said = states(project, *view)
        expect(problems, run.code == 1 and said == {"c": "new"}, f"{view}: {said} {run.err}")
    run = project.check(*view)
    expect(problems, "b.c:" in run.out and "c.c:" in run.out, run.brief())
    return problems


def units_that_failed(project):
    problems = []
    begin(project, "a", "b")
    run = project.run("baseline", "check", environment={"OVERSTAY_TEST_CRASH_UNIT": "1"})
    expect(problems, "gone:" not in run.err, run.brief())
    project.add("c.c")  # is not there
    run = project.check("--baseline", NAME)
    expect(problems, run.code == 3 and "gone:" not in run.err, run.brief())
    project.write_commands()
    run = project.run("baseline", "write")
    expect(problems, run.code == 3 and len(lines(project)) == 2, run.brief())
    return problems


if __name__ == "__main__":
    TESTS = (one_sorted_object_a_line, sarif_marks_them, known_ones_are_marked_and_pass, new_ones_fail,
             moves_and_renames_are_followed, gone_ones_are_told,
             what_a_comment_accepts_is_not_in_it, merged_and_broken_files, from_the_configuration,
             with_a_revision, units_that_failed)
    fault.main(*((function, "moved" if function is moves_and_renames_are_followed else "")
                 for function in TESTS
                 if not sys.argv[1:] or function.__name__ in sys.argv[1:]))
