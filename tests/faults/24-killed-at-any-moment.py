"""kill -9 at any moment of a run, and runs that meet on one database: what comes next is as from
scratch.

OVERSTAY_KILLS=200 tests/faults/24-killed-at-any-moment.py is the long form (12 is the short one).
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


def killed_runs_leave_no_trace(project):
    problems, kills = [], int(os.environ.get("OVERSTAY_KILLS", "12"))
    dice = random.Random(24)
    project.add_leaks(UNITS, 0)
    began = time.monotonic()
    expected = {0: cold_report(project)}
    length = time.monotonic() - began
    interrupted = 0
    for kill in range(kills):
        shared = dice.randrange(3)
        project.add_leaks(UNITS, shared)
        if shared not in expected:
            expected[shared] = cold_report(project)
        if kill % 2:
            shutil.rmtree(project.path(".overstay"), ignore_errors=True)  # from nothing
        process = project.start("check", "-j", "2", environment={"OVERSTAY_TEST_TRANSACTION": "1"})
        time.sleep(dice.random() * length)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            interrupted += 1
        process.communicate()
        if kill % 6 and kills > 12:
            continue  # several in a row
        run = project.check("--reproducible", "-f", "sarif")
        expect(problems, (run.code, without_state(run.out)) ==
               (expected[shared][0], without_state(expected[shared][1])), f"{kill}: {run.brief()}")
        expect(problems, "damaged" not in run.err, f"{kill}: {run.brief()}")
    is_whole(project, problems, "after all kills")
    expect(problems, interrupted >= kills // 3, f"only {interrupted} of {kills} were in time")
    expect(problems, not [name for name in os.listdir(project.path(".overstay"))
                          if "corrupt" in name], "something was set aside")
    return problems


fault.main((killed_runs_leave_no_trace, "one-transaction"))
