"""kill -9 at any moment of a run: what comes next is as from scratch. It tells how many of the kills
ended a running process, and in which phase.

OVERSTAY_KILLS=200 tests/faults/24-killed-at-any-moment.py is the long form (14 is the short one).
"""
import os
import random
import re
import shutil
import signal
import sqlite3
import time

import fault
from fault import expect

UNITS = 8


def cold_report(project):
    run = project.check("--reproducible", "-f", "sarif", "--no-cache")
    return run.code, run.out


def without_state(report):
    """New and known, and the date of the run before, differ after a run that was killed."""
    return re.sub(r'"baselineState": *"\w+"', '""', report)


def database(project):
    return project.path(".overstay/facts.db")


def is_whole(project, problems, what):
    with sqlite3.connect(database(project)) as db:
        expect(problems, db.execute("PRAGMA integrity_check").fetchone()[0] == "ok", what)
    run = project.run("db", "check")
    expect(problems, run.code == 0 and "sound" in run.out, f"{what}: {run.brief()}")


def phases_of(project):
    """What the run last begun has told (checker/run/phase.h): [(name, seconds by the clock)]."""
    try:
        with open(project.path("phases"), encoding="utf-8") as file:
            return [(line.split()[0], float(line.split()[1])) for line in file]
    except FileNotFoundError:
        return []


def begin(project, environment):
    if os.path.exists(project.path("phases")):
        os.remove(project.path("phases"))
    return project.start("check", "-j", "2", environment={
        "OVERSTAY_TEST_TRANSACTION": "1", "OVERSTAY_TEST_PHASES": project.path("phases"),
        **environment})


class Kills:
    """Ends runs in turn at any moment, and at a random moment of each phase: some are short."""
    PHASES = ("read", "link", "analysis", "store", "report")

    def __init__(self, project):
        self.project, self.dice = project, random.Random(24)
        began = time.monotonic()
        begin(project, {}).communicate()
        ended = time.monotonic()
        times = phases_of(project)
        self.length = {name: after - at for (name, at), (_, after) in
                       zip(times, times[1:] + [("end", ended)])}
        self.length["any"] = ended - began
        self.landed = {name: 0 for name in ("start", *self.PHASES)}
        self.count = 0

    def kill(self):
        aim = (*self.PHASES, "any", "any")[self.count % 7]
        self.count += 1
        wait = self.dice.random() * self.length[aim]
        timer = {} if aim == "any" else {"OVERSTAY_TEST_KILL": f"{aim}:{int(wait * 1e9)}"}
        process = begin(self.project, timer)
        if aim == "any":
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)  # without effect when it has ended
        process.communicate()
        if process.returncode == -signal.SIGKILL:
            reached = phases_of(self.project)
            self.landed[reached[-1][0] if reached else "start"] += 1

    def tell(self):
        return (f"{sum(self.landed.values())} of {self.count} kills ended a running process: " +
                ", ".join(f"{count} in {name}" for name, count in self.landed.items()))


def killed_runs_leave_no_trace(project):
    problems, count = [], int(os.environ.get("OVERSTAY_KILLS", "14"))
    dice = random.Random(24)
    project.add_leaks(UNITS, 0)
    expected = {0: cold_report(project)}
    kills = Kills(project)
    for kill in range(count):
        shared = dice.randrange(3)
        project.add_leaks(UNITS, shared)
        if shared not in expected:
            expected[shared] = cold_report(project)
        if kill % 2:
            shutil.rmtree(project.path(".overstay"), ignore_errors=True)  # from nothing
        kills.kill()
        if kill % 6 and count > 14:
            continue  # several in a row
        run = project.check("--reproducible", "-f", "sarif")
        expect(problems, (run.code, without_state(run.out)) ==
               (expected[shared][0], without_state(expected[shared][1])), f"{kill}: {run.brief()}")
        expect(problems, "damaged" not in run.err, f"{kill}: {run.brief()}")
    is_whole(project, problems, "after all kills")
    print(kills.tell())
    expect(problems, sum(kills.landed.values()) >= count // 2, "too few were in time")
    expect(problems, count < 50 or min(kills.landed[name] for name in Kills.PHASES) > 0,
           "a phase was never hit")
    expect(problems, not [name for name in os.listdir(project.path(".overstay"))
                          if "corrupt" in name], "something was set aside")
    return problems


fault.main((killed_runs_leave_no_trace, "one-transaction"))
