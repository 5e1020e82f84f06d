"""Two and four runs at once on one database, and a gc among them: each waits for its turn, and all
say the same. OVERSTAY_ROUNDS=50 is the long form."""
import os
import sqlite3

import fault
from fault import expect

UNITS, ROUNDS = 10, int(os.environ.get("OVERSTAY_ROUNDS", "4"))


def finish(process):
    out, err = process.communicate(timeout=300)
    return fault.Run(process.returncode, out.decode("utf-8", "replace"),
                     err.decode("utf-8", "replace"))


def check_options():
    return ("check", "-j", "2", "--reproducible", "-f", "json", "--progress", "never")


def runs_take_turns(project):
    problems = []
    for number in range(ROUNDS):
        project.add_leaks(UNITS, number)
        cold = project.run(*check_options(), "--no-cache")
        together = [project.start(*check_options()) for _ in range(2 + 2 * (number % 2))]
        if number:
            together.append(project.start("db", "gc"))
        runs = [finish(process) for process in together]
        cleaned = runs.pop() if number else None
        expect(problems, not cleaned or cleaned.code == 0, cleaned and cleaned.brief())
        analysed = 0
        for run in runs:
            expect(problems, run.code == 1 and run.out.count('"rule"') == cold.out.count('"rule"'),
                   run.brief())
            analysed += f"{UNITS} analysed" in run.err
        expect(problems, analysed == 1, f"round {number}: {analysed} runs read the units")
    run = project.run("db", "check")
    expect(problems, "sound" in run.out, run.brief())
    with sqlite3.connect(project.path(".overstay/facts.db")) as db:
        expect(problems, db.execute("SELECT count(*) FROM unit WHERE viewed").fetchone()[0] == UNITS,
               "the view is not the units")
    return problems


def one_reads_while_another_writes(project):
    problems = []
    project.add_leaks(UNITS, 0)
    project.check()
    project.add_leaks(UNITS, 1)
    writer = project.start(*check_options())
    for _ in range(6):
        run = project.run("report", "--reproducible", "-f", "text")
        expect(problems, run.code == 1 and run.out.count("[lock-leak]") == UNITS, run.brief())
    expect(problems, finish(writer).code == 1, "the writer")
    return problems


fault.main((runs_take_turns, "run-lock"), (one_reads_while_another_writes, ""))
