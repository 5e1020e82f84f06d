"""A damaged, foreign or hostile database: set aside or read again, never believed."""
import os
import sqlite3

import fault
from fault import expect

LEAK = """#include <pthread.h>
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int leak(int failed) {
  pthread_mutex_lock(&m);
  if (failed)
    return -1;
  pthread_mutex_unlock(&m);
  return 0;
}
"""


def database(project):
    return project.path(".overstay/facts.db")


def cold_run(project):
    project.add("a.c", LEAK)
    project.add("b.c", fault.GOOD)
    return project.check("--reproducible")


def expect_same(project, problems, cold, what):
    run = project.check("--reproducible")
    expect(problems, (run.code, run.out) == (cold.code, cold.out), f"{what}: {run.brief()}")
    return run


def facts_are_verified(project):
    """One bit of the code of every function: SQLite sees nothing wrong with that."""
    problems = []
    cold = cold_run(project)
    expect(problems, cold.code == 1, cold.brief())
    with sqlite3.connect(database(project)) as db:
        for row, code in db.execute("SELECT id, code FROM ir").fetchall():
            changed = bytes([*code[:-1], code[-1] ^ 1])
            db.execute("UPDATE ir SET code = ? WHERE id = ?", (changed, row))
    run = expect_same(project, problems, cold, "code")
    expect(problems, "damaged" in run.err, f"no note: {run.brief()}")
    with sqlite3.connect(database(project)) as db:
        for row, content in db.execute("SELECT ordinal, bytes FROM finding").fetchall():
            db.execute("UPDATE finding SET bytes = ? WHERE ordinal = ?",
                       (content.replace(b"held", b"fine"), row))
    expect_same(project, problems, cold, "findings")
    return problems


def hostile_schemas_are_set_aside(project):
    problems = []
    cold = cold_run(project)
    with sqlite3.connect(database(project)) as db:
        db.execute("CREATE TRIGGER evil AFTER INSERT ON finding BEGIN DELETE FROM finding; END")
    expect_same(project, problems, cold, "trigger")
    expect(problems, os.path.exists(database(project) + ".corrupt-1"), "not renamed")
    return problems


def garbage_is_set_aside(project):
    """Seen to fail while open_write did not try again after renaming."""
    problems = []
    cold = cold_run(project)
    size = os.path.getsize(database(project))
    for number, (offset, text) in enumerate(((0, b"\x7fELF"), (16, b"\xff" * 84),
                                             (size // 2, os.urandom(size // 2)))):
        with open(database(project), "r+b") as file:
            file.seek(offset)
            file.write(text)
        run = expect_same(project, problems, cold, f"garbage at {offset}")
        expect(problems, os.path.exists(f"{database(project)}.corrupt-{number + 1}")
               or "damaged" in run.err, f"{offset}: {run.brief()}")
    return problems


def newer_schemas_are_refused(project):
    """Seen to fail without the comparison of user_version."""
    problems = []
    cold_run(project)
    with sqlite3.connect(database(project)) as db:
        db.execute("PRAGMA user_version = 77")
    run = project.check()
    expect(problems, run.code == 4 and "newer" in run.err, run.brief())
    return problems


fault.main((facts_are_verified, "seals"), (hostile_schemas_are_set_aside, "schema"),
           (garbage_is_set_aside, ""), (newer_schemas_are_refused, ""))
