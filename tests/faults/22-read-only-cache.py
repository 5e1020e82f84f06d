"""A database that can only be read is used, also with changes of an interrupted run beside it; what
is new is analysed and not kept, and one note says so. Needs root, for a read-only mount."""
import os
import shutil
import subprocess
import sys

import fault
from fault import expect

MOUNT = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$0" && exec "$@"'


def can_mount(project):
    return not os.geteuid() and shutil.which("unshare") and subprocess.run(
        ["unshare", "-m", "sh", "-c", MOUNT, project.root, "true"],
        capture_output=True, check=False).returncode == 0


def check_read_only(project):
    done = subprocess.run(["unshare", "-m", "sh", "-c", MOUNT, project.root, fault.OVERSTAY,
                           "check", "--reproducible"], capture_output=True, text=True, check=False)
    return fault.Run(done.returncode, done.stdout, done.stderr)


def it_is_used(project):
    """Seen to fail while the database was opened in place: SQLite cannot open one in WAL mode in a
    folder that it cannot write."""
    problems = []
    project.add("a.c", fault.GOOD)
    project.add("b.c", fault.GOOD.replace("good", "other"))
    cold = project.check("--reproducible")
    if not can_mount(project):
        print("no read-only mount here: only that a plain run works was tested")
        return problems
    run = check_read_only(project)
    expect(problems, run.code == cold.code and run.out == cold.out, run.brief())
    expect(problems, "0 analysed, 2 unchanged" in run.err, run.brief())
    expect(problems, run.err.count("not kept") == 1, run.brief())
    project.write("b.c", fault.GOOD.replace("good", "changed"))
    for _ in range(2):
        run = check_read_only(project)
        expect(problems, "1 analysed, 1 unchanged" in run.err, run.brief())
    return problems


WRITER = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("PRAGMA wal_autocheckpoint = 0")
db.execute("DELETE FROM unit WHERE source = 'b.c'")
db.commit()
os._exit(0)
"""


def unfinished_changes_are_seen(project):
    """Seen to fail with immutable=1 alone, which does not look at the -wal."""
    problems = []
    project.add("a.c", fault.GOOD)
    project.add("b.c", fault.GOOD.replace("good", "other"))
    project.check()
    database = project.path(".overstay/facts.db")
    subprocess.run([sys.executable, "-c", WRITER, database], check=True)
    expect(problems, os.path.getsize(database + "-wal") > 0, "the writer left no -wal")
    if not can_mount(project):
        return problems
    run = check_read_only(project)
    expect(problems, "1 analysed, 1 unchanged" in run.err, run.brief())
    return problems


fault.main((it_is_used, ""), (unfinished_changes_are_seen, ""))
