#!/usr/bin/env python3
"""Where the time of a run with nothing changed goes.

usage: warm_profile.py [--runs N] DIRECTORY

DIRECTORY has a compile_commands.json. A database of its own is made (or take one with --db), then
`perf record` looks at N runs that find nothing changed. The shares are of CPU time; each sample
counts for the first of the functions below that is on its stack. The binary is $OVERSTAY, or
build/release/overstay.
"""
import argparse
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
OVERSTAY = os.path.abspath(os.environ.get("OVERSTAY", os.path.join(HERE, "..", "..", "build",
                                                                   "release", "overstay")))
PARTS = (("reading compile_commands.json", "compile_database_read"),
         ("commands to jobs: flags, paths", "jobs_make"),
         ("reading the models", "models_load"),
         ("database: code of functions, without the code", "load_irs"),
         ("database: units", "load_units"),
         ("database: functions", "load_functions"),
         ("database: the rest of opening it", "store_open"),
         ("asking the disk what changed", "read_units"),
         ("is the last result still the result?", "analyse"),
         ("report", "report"),
         ("closing", "store_close"),
         ("the process that would go on without room", "rescue_prepare"),
         ("loading the program and its libraries", "_dl_start"))


def check(project, database):
    command = [OVERSTAY, "check", "-p", project, "--db", database, "--fail-on", "never",
               "--progress", "never"]
    return command


def part_of(stack):
    for name, function in PARTS:
        if function in stack:
            return name
    return "the kernel: start and end of the process" if "main" not in stack else "other"


def samples(recording):
    """The functions on the stack of each sample."""
    text = subprocess.run(["perf", "script", "-i", recording, "-F", "ip,sym"], check=True,
                          capture_output=True, text=True).stdout
    for block in text.split("\n\n"):
        stack = {match.group(1) for match in re.finditer(r"^\s*[0-9a-f]+ ([^\s+(]+)", block, re.M)}
        if stack:
            yield stack


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1], description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--db")
    parser.add_argument("directory")
    options = parser.parse_args()
    if not shutil.which("perf"):
        sys.exit("warm_profile: perf is missing")
    counts = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        database = options.db or os.path.join(folder, "facts.db")
        for _ in range(2):  # the second is warm already
            last = subprocess.run(check(options.directory, database), check=True,
                                  capture_output=True, text=True)
        for _ in range(options.runs):
            recording = os.path.join(folder, "perf.data")
            subprocess.run(["perf", "record", "-q", "-F", "15000", "--call-graph", "dwarf,16384",
                            "-o", recording, *check(options.directory, database)], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            counts.update(part_of(stack) for stack in samples(recording))
    print(last.stderr.strip().split("\n")[-1])
    for name, count in counts.most_common():
        print(f"{100 * count / sum(counts.values()):5.1f} %  {name}")


if __name__ == "__main__":
    main()
