"""EIO at the n-th write, sync or truncation of the database, and a write that does half: the report
is whole, exit 4, and the database is as before or after, never between."""
import shutil

import fault
from fault import expect

UNITS = 4
# retval: the kernel says that it wrote so much, and wrote nothing: SQLite has to write the rest.
CALLS = (("pwrite64", "error=EIO", (1, 2, 5, 12, 30)), ("pwrite64", "retval=11", (1, 3, 9, 25)),
         ("fdatasync", "error=EIO", (1, 2)), ("ftruncate", "error=EIO", (1,)))


def disk_errors_are_survived(project):
    """strace makes the calls fail; that some runs end with 4 shows that they did."""
    problems = []
    if not shutil.which("strace"):
        return ["strace is missing: nothing can be made to fail"]
    project.add_leaks(UNITS, 0)
    cold = project.check("--reproducible", "-f", "json", "--no-cache")
    program, failed = fault.OVERSTAY, 0
    quiet = {"ASAN_OPTIONS": "detect_leaks=0"}  # which does not work under strace
    for call, how, numbers in CALLS:
        for number in numbers:
            shutil.rmtree(project.path("disk"), ignore_errors=True)
            fault.OVERSTAY = "strace"
            run = project.run("-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                              f"inject={call}:{how}:when={number}", program, "check", "-j", "2",
                              "--reproducible", "-f", "json", "--db", "disk/facts.db",
                              environment=quiet)
            fault.OVERSTAY = program
            failed += run.code == 4
            expect(problems, run.code in (1, 4), f"{call} {how} {number}: {run.brief()}")
            expect(problems, run.out.count('"rule"') == cold.out.count('"rule"'),
                   f"{call} {how} {number}, not the whole report: {run.brief()}")
            run = project.check("--reproducible", "-f", "json", "--db", "disk/facts.db")
            expect(problems, run.code == 1 and run.out.count('"rule"') == cold.out.count('"rule"'),
                   f"after {call} {number}: {run.brief()}")
            expect(problems, "damaged" not in run.err, f"after {call} {number}: {run.brief()}")
    expect(problems, failed >= 3, f"only {failed} runs noticed")
    run = project.run("db", "check", "--db", "disk/facts.db")
    expect(problems, "sound" in run.out, run.brief())
    return problems


fault.main((disk_errors_are_survived, "rescue"))
