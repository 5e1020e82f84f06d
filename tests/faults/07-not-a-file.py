"""Devices, FIFOs, folders and files without end as source or -include: refused when named, and
ended by a limit when a source includes them."""
import os
import time

import fault
from fault import expect

NAMES = ("/dev/zero", "fifo.c", "folder.c", "/proc/self/mem", "/dev/tty")


def make(project):
    os.mkfifo(project.path("fifo.c"))
    os.mkdir(project.path("folder.c"))


def named_ones_are_refused(project):
    problems = []
    make(project)
    for name in NAMES:
        project.add(name, flags=["-x", "c"])
    for number, name in enumerate(("/dev/zero", "fifo.c", "folder.c", "deep")):
        project.add(f"forced{number}.c", fault.GOOD, ["-Iincludes", "-include", name])
    project.add("good.c", fault.GOOD)
    os.makedirs(project.path("includes"))
    os.mkfifo(project.path("includes/deep"))
    start = time.monotonic()
    run = project.check("--tu-timeout", "4s", timeout=100)
    expect(problems, run.code == 3, run.brief())
    expect(problems, time.monotonic() - start < 4, "it waited for one of them")
    # The file of /proc calls itself regular; libclang gives it up at once.
    expect(problems, project.units() == {"read": 1, "not parsed": 1, "unreadable": 8}, f"units: {project.units()}")
    expect(problems, run.err.count("is not a regular file") >= 8, run.err)
    return problems


def included_ones_cost_one_unit(project):
    problems = []
    make(project)
    project.add("zero.c", '#include "/dev/zero"\n')
    project.add("fifo-user.c", '#include "fifo.c"\n')
    project.add("good.c", fault.GOOD)
    run = project.check("--tu-timeout", "2s", "--tu-memory", "1G", timeout=90)
    expect(problems, run.code in (0, 3), run.brief())  # libclang may refuse them itself
    expect(problems, project.units().get("read", 0) >= 1, f"units: {project.units()}")
    expect(problems, sum(project.units().values()) == 3, f"units: {project.units()}")
    return problems


fault.main((named_ones_are_refused, "regular"),
           (included_ones_cost_one_unit, "deadline"))
