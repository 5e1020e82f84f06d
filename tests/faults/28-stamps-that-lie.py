"""A file whose size and time are as before, but not its content: the content decides."""
import os

import fault
from fault import expect

BEFORE = "int f(int a) { return a + 1; }\n"
AFTER = "int g(int a) { return a + 1; }\n"


def content_decides(project):
    problems = []
    for name in ("a.c", "b.h"):
        project.write(name, BEFORE)
    project.add("a.c")
    project.add("c.c", '#include "b.h"\n')
    old = (10 ** 18, 10 ** 18)
    for name in ("a.c", "b.h", "c.c"):
        os.utime(project.path(name), ns=old)
    project.check()
    for name, changed in (("a.c", "1 analysed"), ("b.h", "1 analysed"), ("", "0 analysed")):
        if name:
            project.write(name, AFTER)
            os.utime(project.path(name), ns=old)
        run = project.check()
        expect(problems, changed in run.err, f"{name}: {run.brief()}")
    return problems


def a_clock_set_back_changes_nothing(project):
    """No guard: newer times are never asked for, only equal ones."""
    problems = []
    project.add("a.c", BEFORE)
    project.check()
    for time in (1, 2 * 10 ** 18):
        os.utime(project.path("a.c"), ns=(time, time))
        run = project.check()
        expect(problems, "0 analysed" in run.err, run.brief())
    project.write("a.c", AFTER)
    os.utime(project.path("a.c"), ns=(1, 1))
    expect(problems, "1 analysed" in project.check().err, "an older file is not seen as changed")
    return problems


fault.main((content_decides, "content"), (a_clock_set_back_changes_nothing, ""))
