"""The n-th allocation fails, alone or with all after it: in the supervisor the run ends with 4 and
says why, in a worker its unit is lost. What comes next is as from scratch.

no_memory.c counts, in front of the allocator. OVERSTAY_ALLOCATIONS=400 is the long form (30).
"""
import os
import random
import shutil
import subprocess

import fault
from fault import expect

SHIM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "no_memory.c")
FIRST = 40  # each of the first ones is tried: reading the list of commands
UNITS = 3


def build_shim(project):
    library = project.path("no_memory.so")
    for compiler in ("cc", "gcc", "clang", "clang-19"):
        if shutil.which(compiler) and not subprocess.run(
                [compiler, "-shared", "-fPIC", "-O1", "-o", library, SHIM, "-ldl"],
                check=False).returncode:
            return library
    raise RuntimeError("no compiler for no_memory.c")


def run_short_of(project, library, what, **more):
    """The sanitizers' allocator stands behind ours."""
    sanitizers = "verify_asan_link_order=0:detect_leaks=0:allocator_may_return_null=1"
    return project.run("check", "-j", "2", "--reproducible", "-f", "json", timeout=120,
                       environment={"LD_PRELOAD": library, "NO_MEMORY": what,
                                    "ASAN_OPTIONS": sanitizers, **more})


def count_allocations(project, library):
    run_short_of(project, library, "supervisor:0", NO_MEMORY_COUNT=project.path("count"))
    with open(project.path("count"), encoding="utf-8") as file:
        return int(file.read())


def judge(project, what, run, cold):
    problems = []
    whole = run.out.count('"rule"') == cold.out.count('"rule"')
    if what.startswith("supervisor"):
        expect(problems, run.code in (1, 4), f"{what}: {run.brief()}")
        expect(problems, run.code != 4 or "memory" in run.err, f"{what}, not why: {run.brief()}")
    else:
        expect(problems, run.code in (1, 3, 4), f"{what}: {run.brief()}")
    if run.code == 1 and "was not analysed" not in run.err:
        expect(problems, whole, f"{what}, not the whole report: {run.brief()}")
    if run.code == 3:
        expect(problems, "was not analysed" in run.err, f"{what}: {run.brief()}")
    expect(problems, "damaged" not in run.err, f"{what}, a sound database set aside: {run.brief()}")
    left = [name for name in fault.beside(project.root) if ".run-" in name or ".new-" in name]
    expect(problems, not left, f"{what}, left behind: {left}")
    return problems


def memory_runs_out(project):
    problems = []
    project.add_leaks(UNITS, 0)
    library = build_shim(project)
    cold = project.check("--reproducible", "-f", "json", "--no-cache")
    dice, points = random.Random(23), int(os.environ.get("OVERSTAY_ALLOCATIONS", "30"))
    top = count_allocations(project, library)
    numbers = list(range(1, FIRST)) + [dice.randrange(FIRST, top) for _ in range(points)]
    tries = [f"supervisor:{number}{'+' * (i % 2)}" for i, number in enumerate(numbers)]
    tries += [f"worker:{dice.randrange(1, 2 * top)}{'+' * (i % 2)}" for i in range(points // 2)]
    codes = {}
    for i, what in enumerate(tries):
        if i % 3 == 0:
            shutil.rmtree(project.path(".overstay"), ignore_errors=True)
        run = run_short_of(project, library, what)
        codes[run.code] = codes.get(run.code, 0) + 1
        problems += judge(project, what, run, cold)
        if i % 8 and points < 100:
            continue
        run = project.check("--reproducible", "-f", "json")
        expect(problems, run.code == 1 and run.out.count('"rule"') == cold.out.count('"rule"') and
               "damaged" not in run.err, f"after {what}: {run.brief()}")
    print(f"{len(tries)} runs, one of about {top} allocations failed: exit codes {codes}")
    expect(problems, codes.get(4, 0) >= points // 2, f"too few runs noticed: {codes}")
    run = project.run("db", "check")
    expect(problems, "sound" in run.out, run.brief())
    return problems


fault.main((memory_runs_out, "memory"))
