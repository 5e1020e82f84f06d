"""A database on a network file system, where SQLite's shared memory and locks do not work: a run works
on a private copy and puts it in place when it ends, whole or not at all.

A switch of builds for development says that a folder is such a one: there is none here. What is
shown is that nothing but a rename ever touches the file in its place."""
import os
import signal
import sqlite3
import subprocess
import tempfile
import time

import fault
from fault import expect

UNITS = 6
NAMES = {"facts.db", "facts.db.lock"}


class Network:
    """With a folder for temporary files of its own, in which nothing may stay."""

    def __init__(self, project):
        self.project, self.folder = project, project.path("net")
        self.temporary = tempfile.mkdtemp(prefix="tmp-", dir=project.root)
        self.environment = {"OVERSTAY_TEST_NETWORK": "1", "TMPDIR": self.temporary}

    def arguments(self, command="check", *options):
        more = ("-j", "2") if command == "check" else ()
        return (command, "--db", os.path.join(self.folder, "facts.db"), *more, *options)

    def run(self, *arguments):
        return self.project.run(*self.arguments(*arguments), environment=self.environment)

    def start(self, *arguments, **more):
        return self.project.start(*self.arguments(*arguments),
                                  environment=self.environment | more)

    def state(self):
        """What a reader of the file could see: what is beside it, and its bytes."""
        with open(os.path.join(self.folder, "facts.db"), "rb") as file:
            return fault.beside(self.folder), file.read(), os.fstat(file.fileno()).st_ino


def a_copy_is_published(project):
    problems = []
    net = Network(project)
    project.add_leaks(UNITS, 0)
    run = net.run("check", "-f", "json", "--reproducible")
    expect(problems, run.code == 1 and "are not kept" not in run.err, run.brief())
    names, _, first = net.state()
    expect(problems, set(names) == NAMES, f"beside it: {names}")
    report = net.run("report", "-f", "json", "--reproducible")
    expect(problems, report.out.count('"rule"') == run.out.count('"rule"'), report.brief())
    project.add_leaks(UNITS, 1)
    run = net.run("check")
    expect(problems, "0 new, 6 known" in run.err, run.brief())
    names, _, second = net.state()
    expect(problems, second != first, "it was written in its place")
    expect(problems, not os.listdir(net.temporary), f"left: {os.listdir(net.temporary)}")
    run = project.run("db", "check", "--db", "net/facts.db")
    expect(problems, "sound" in run.out, run.brief())
    return problems


def nobody_sees_half_a_run(project):
    """Killed at random: the file is as it was, or as it will be; then what was left is removed."""
    problems = []
    net = Network(project)
    project.add_leaks(UNITS, 0)
    net.run("check")
    for kill in range(6):
        project.add_leaks(UNITS, kill + 1)
        names, before, _ = net.state()
        process = net.start("check", OVERSTAY_TEST_TRANSACTION="1",
                            OVERSTAY_TEST_KILL=("analysis:0", "store:100000", "link:0")[kill % 3])
        process.communicate()
        expect(problems, process.returncode == -signal.SIGKILL, f"{kill}: not killed")
        names, after, _ = net.state()
        expect(problems, after == before and set(names) == NAMES, f"{kill}: {names}")
    expect(problems, len(os.listdir(net.temporary)) == 1, "a copy for each killed run")
    run = net.run("check")
    expect(problems, f"{UNITS} analysed" in run.err, run.brief())
    expect(problems, not os.listdir(net.temporary), f"left: {os.listdir(net.temporary)}")
    return problems


def two_runs_take_turns(project):
    problems = []
    net = Network(project)
    project.add_leaks(UNITS, 0)
    runs = [net.start("check") for _ in range(3)]
    said = [process.communicate(timeout=300)[1].decode() for process in runs]
    expect(problems, all(process.returncode == 1 for process in runs), "\n".join(said))
    expect(problems, sum(f"{UNITS} analysed" in text for text in said) == 1, "\n".join(said))
    return problems


def a_log_in_its_place_is_taken_along(project):
    """Of a run that knew nothing of networks. Seen to fail when the file alone was copied."""
    problems = []
    net = Network(project)
    project.add_leaks(UNITS, 0)
    net.run("check")
    path = os.path.join(net.folder, "facts.db")
    subprocess.run(["python3", "-c", "import os, sqlite3, sys\n"
                    "db = sqlite3.connect(sys.argv[1])\n"
                    "db.execute('PRAGMA wal_autocheckpoint = 0')\n"
                    "db.execute(\"DELETE FROM unit WHERE source = 'unit1.c'\")\n"
                    "db.commit()\nos._exit(0)", path], check=True)
    expect(problems, os.path.getsize(path + "-wal") > 0, "the writer left no -wal")
    run = net.run("check")
    expect(problems, "1 analysed, 5 unchanged" in run.err, run.brief())
    expect(problems, set(net.state()[0]) == NAMES, f"beside it: {net.state()[0]}")
    with sqlite3.connect(path) as db:
        expect(problems, db.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "broken")
    return problems


def damage_is_set_aside_there(project):
    problems = []
    net = Network(project)
    project.add_leaks(UNITS, 0)
    net.run("check")
    with open(os.path.join(net.folder, "facts.db"), "r+b") as file:
        file.write(b"not a database of anybody's")
    run = net.run("check")
    expect(problems, run.code == 1 and f"{UNITS} analysed" in run.err, run.brief())
    expect(problems, set(net.state()[0]) == NAMES | {"facts.db.corrupt-1"}, f"{net.state()[0]}")
    expect(problems, not os.listdir(net.temporary), f"left: {os.listdir(net.temporary)}")
    return problems


def no_room_to_publish(project):
    """The limit on the size of files is as in 20. The old file stays, and nothing beside it."""
    problems = []
    net = Network(project)
    project.add_leaks(UNITS, 0)
    net.run("check")
    names, before, _ = net.state()
    project.add_leaks(60, 1)
    program, fault.OVERSTAY = fault.OVERSTAY, "sh"
    size = len(before) // 512 - 8
    try:
        run = project.run("-c", f"trap '' XFSZ; ulimit -f {size}; exec \"$@\"", "sh", program,
                          *net.arguments(), environment=net.environment)
    finally:
        fault.OVERSTAY = program
    expect(problems, run.code == 4, run.brief())
    names, after, _ = net.state()
    expect(problems, after == before and set(names) == NAMES, f"beside it: {names}")
    return problems


def a_killed_reader_leaves_little(project):
    """Only what the next run removes, and never in the folder of the database."""
    problems = []
    net = Network(project)
    project.add_leaks(UNITS, 0)
    net.run("check")
    process = net.start("report")
    time.sleep(0.02)
    process.kill()
    process.communicate()
    net.run("report")
    expect(problems, not os.listdir(net.temporary), f"left: {os.listdir(net.temporary)}")
    expect(problems, set(net.state()[0]) == NAMES, f"beside it: {net.state()[0]}")
    return problems


fault.main((a_copy_is_published, "network"), (nobody_sees_half_a_run, "network"),
           (two_runs_take_turns, "run-lock"), (a_log_in_its_place_is_taken_along, ""),
           (damage_is_set_aside_there, ""), (no_room_to_publish, ""),
           (a_killed_reader_leaves_little, ""))
