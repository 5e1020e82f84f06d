#!/usr/bin/env python3
"""What runs after the first one cost: nothing changed, one source edited, a comment in a header.

usage: warm.py [--binary PATH] [--rounds N] [--header PATH] DIR...

A DIR has a compile_commands.json, in which absolute paths may lead to DIR. It is copied, so that
nothing in it changes. All figures are user + system seconds of a run with everything it starts; the
smallest of N rounds counts, because a shared machine only ever adds.

  nothing changed   beside the wall clock; the share is of the cold run of this session
  one source        a statement is added to the source of median size, to the end of its last
                    function that returns something; "beside": apart from reading the unit
  a comment         a line is added in front of the header that most units read (or --header, below
                    DIR); every unit that read it has to be read again, and no function analysed
"""
import argparse
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from stored import varints

READ = re.compile(r"(\d+) analysed, (\d+) unchanged")
ANALYSED = re.compile(r"functions analysed: (\d+) of (\d+)")
READING = re.compile(r"CPU seconds: ([\d.]+) parse, ([\d.]+) walk")


class Tree:
    """A copy of a project, and its database."""

    def __init__(self, binary, source, scratch):
        self.binary, self.source = binary, source
        self.root, self.database = os.path.join(scratch, "tree"), os.path.join(scratch, "facts.db")
        shutil.copytree(source, self.root, symlinks=True,
                        ignore=shutil.ignore_patterns(".overstay", ".git"))
        os.makedirs(os.path.join(self.root, ".git"))  # the root, to which paths are relative
        path = os.path.join(self.root, "compile_commands.json")
        with open(path, encoding="utf-8") as file:
            commands = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(commands.replace(source, self.root))

    def check(self):
        """CPU seconds, wall seconds, what --stats says."""
        command = [self.binary, "check", "-p", self.root, "--db", self.database, "--stats",
                   "--progress", "never", "--fail-on", "never", "--allow-partial"]
        with open(self.database + ".said", "wb") as log:
            clock = time.monotonic()
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                     stderr=log, cwd=self.root)
            _, status, usage = os.wait4(child.pid, 0)
            clock = time.monotonic() - clock
        child.returncode = os.waitstatus_to_exitcode(status)
        with open(self.database + ".said", encoding="utf-8", errors="replace") as log:
            said = log.read()
        if child.returncode:
            sys.exit(f"exit {child.returncode}: {said[-800:]}")
        return usage.ru_utime + usage.ru_stime, clock, said

    def ask(self, question):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            return database.execute(question).fetchall()

    def median_source(self):
        paths = [row[0] for row in self.ask("SELECT source FROM unit WHERE viewed = 1 AND status = 0")]
        sizes = sorted((os.path.getsize(os.path.join(self.root, path)), path) for path in paths
                       if os.path.isfile(os.path.join(self.root, path)))
        return sizes[len(sizes) // 2][1]

    def hottest_header(self):
        paths = dict(self.ask("SELECT id, path FROM file"))
        users = {}
        for blob, in self.ask("SELECT files FROM unit WHERE viewed = 1"):
            for number in list(varints(blob))[1:]:
                path = paths[number >> 1]
                if not number & 1 and os.path.isfile(os.path.join(self.root, path)):
                    users[path] = users.get(path, 0) + 1
        return max(users, key=lambda path: (users[path], path))


def edit(path, change):
    with open(path, encoding="latin-1", newline="") as file:
        text = file.read()
    with open(path, "w", encoding="latin-1", newline="") as file:
        file.write(change(text))


def add_statement(number):
    """In the last function that ends with `return ...;` in a line of its own, else a new one."""
    def change(text):
        at = text.rfind("\n\treturn ")
        at = max(at, text.rfind("\n    return "))
        words = f" {{ int edited = {number}; (void)edited; }}"
        return text[:at] + words + text[at:] if at >= 0 else f"{text}\nint edited{number};\n"
    return change


def numbers(said):
    read, analysed = READ.search(said), ANALYSED.search(said)
    return int(read[1]), int(analysed[1]), int(analysed[2])


def bench(arguments, folder, scratch):
    tree = Tree(os.path.abspath(arguments.binary), folder, scratch)
    cold = tree.check()
    units, _, functions = numbers(cold[2])
    print(f"{os.path.basename(folder)}: {units} units, {functions} functions, "
          f"load {os.getloadavg()[0]:.1f}")
    print(f"  cold              {cold[0]:8.2f} s CPU")
    same = [tree.check() for _ in range(arguments.rounds)]
    cpu, wall = min(run[0] for run in same), min(run[1] for run in same)
    print(f"  nothing changed   {cpu:8.3f} s CPU {wall:8.3f} s wall  {100 * cpu / cold[0]:.2f} % "
          f"of cold")
    source, best = tree.median_source(), None
    for number in range(1, arguments.rounds + 1):
        edit(os.path.join(tree.root, source), add_statement(number))
        run = tree.check()
        reading = sum(float(part) for part in READING.search(run[2]).groups())
        best = min(best or (run[0], reading, run[2]), (run[0], reading, run[2]))
    read, analysed, _ = numbers(best[2])
    print(f"  one source        {best[0]:8.3f} s CPU, {best[0] - best[1]:.3f} beside reading it; "
          f"{read} read, {analysed} functions analysed ({source})")
    header = arguments.header or tree.hottest_header()
    edit(os.path.join(tree.root, header), lambda text: "/* edited */\n" + text)
    run = tree.check()
    read, analysed, _ = numbers(run[2])
    print(f"  a comment         {run[0]:8.2f} s CPU; {read} read, {analysed} functions analysed "
          f"({header})")
    return analysed == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default="build/release/overstay")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--header")
    parser.add_argument("folder", nargs="+", metavar="DIR")
    arguments = parser.parse_args()
    good = True
    for folder in arguments.folder:
        with tempfile.TemporaryDirectory(prefix="overstay-warm-") as scratch:
            good &= bench(arguments, os.path.abspath(folder), os.path.realpath(scratch))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
