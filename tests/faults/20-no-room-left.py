"""No room for the database: the run is finished from memory, its report is whole, and it exits with
4. No room for a report: exit 4 and no half file. The next run with room is as from scratch. A limit on the size of files stands in for a full disk: both fail in write()."""
import os

import fault
from fault import expect

UNITS, MANY_UNITS = 6, 60  # the report of many is larger than what SQLite needs to read
FULL = "trap '' XFSZ; ulimit -f %d; exec \"$@\""


def run_in(project, blocks, *arguments):
    """With no file larger than so many blocks of 512 bytes."""
    program, fault.OVERSTAY = fault.OVERSTAY, "sh"
    try:
        return project.run("-c", FULL % blocks, "sh", program, *arguments)
    finally:
        fault.OVERSTAY = program


def no_room_for_the_database(project):
    """That some of the runs end with 4 shows that they had no room."""
    problems = []
    project.add_leaks(UNITS, 0)
    cold = project.check("--reproducible", "-f", "sarif", "--no-cache")
    failed = 0
    for blocks in (0, 1, 8, 40, 80, 120):
        run = run_in(project, blocks, "check", "-j", "2", "--reproducible", "-f", "sarif",
                     "--db", "small/facts.db")
        failed += run.code == 4
        expect(problems, run.code in (1, 4), f"{blocks}: {run.brief()}")
        expect(problems, run.code == 1 or "are not kept" in run.err, f"{blocks}: {run.brief()}")
        expect(problems, run.out.count('"ruleId"') == cold.out.count('"ruleId"'),
               f"{blocks}, not the whole report: {run.brief()}")
        expect(problems, not [name for name in fault.beside(project.path(".")) if ".run-" in name],
               f"{blocks}: files of the run are left")
    expect(problems, failed >= 3, f"only {failed} runs had no room")
    run = project.check("--reproducible", "-f", "sarif", "--db", "small/facts.db")
    expect(problems, run.code == 1 and run.out.count('"ruleId"') == cold.out.count('"ruleId"'),
           run.brief())
    run = project.run("db", "check", "--db", "small/facts.db")
    expect(problems, "sound" in run.out, run.brief())
    return problems


def no_room_for_a_report(project):
    problems = []
    project.add_leaks(MANY_UNITS, 0)
    project.check()
    for options, name in ((("-o", "sarif=report.sarif"), "report.sarif"),
                          (("-f", "json", "--output", "report.json"), "report.json")):
        run = run_in(project, 80, "report", *options)
        expect(problems, run.code == 4 and "cannot write" in run.err, run.brief())
        left = [file for file in os.listdir(project.root) if file.startswith(name)]
        expect(problems, not left, f"left behind: {left}")
    run = project.run("report", "--output", "/dev/full")
    expect(problems, run.code == 4, run.brief())
    return problems


fault.main((no_room_for_the_database, "rescue"), (no_room_for_a_report, ""))
