#!/usr/bin/env python3
"""How many functions with lock events have ways out that disagree about a lock, after each mechanism.

usage: mixed.py [--binary PATH] [--under FOLDER] [--db FILE] [--last] DIR

A function is *mixed* when two of its ways out leave a lock in different states and nothing that a
caller can see tells them apart. It is either a defect or an idiom that the analysis does not
understand, so the count says what each mechanism is good for: all are switched off, then switched
on one after another. --last measures only the last row, everything on. --under takes the units
below that folder for the whole program.

Mechanisms can be switched off in builds with OVERSTAY_DEV only. One without sanitizers is fast:

  cmake -B build/measure -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG="-O2" -G Ninja
  cmake --build build/measure && tests/bench/mixed.py --binary build/measure/overstay DIR
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

# In the order of ANALYSIS 0.2 M1: names first, then what is known, then what callers can tell.
MECHANISMS = ["canonical", "facts", "relations", "pure", "getters", "pins", "cases", "families",
              "exchange", "noreturn", "cleanup", "slots", "kinds"]
EVENTS = re.compile(r"functions with lock events: (\d+), (\d+) ")
MIXED = re.compile(r"mixed exits: (\d+) \(([\d.]+) %\), (\d+) of the latter \(([\d.]+) %\)")
NAMES = re.compile(r"^  (\S.*): (?:calls lock functions itself|through its callees)$", re.M)
GIVEN_UP = re.compile(r"(\d+) degraded function")


def below(folder, under):
    """The entries of DIR's compile_commands.json whose files are below `under`."""
    with open(os.path.join(folder, "compile_commands.json"), encoding="utf-8") as source:
        entries = json.load(source)
    kept = []
    for entry in entries:
        entry["directory"] = os.path.join(os.path.realpath(folder), entry["directory"])
        file = os.path.normpath(os.path.join(entry["directory"], entry["file"]))
        inside = os.path.relpath(file, os.path.realpath(folder))
        if not under or inside.startswith(os.path.normpath(under) + os.sep):
            kept.append(entry)
    return kept


def measure(arguments, commands, database, without):
    environment = dict(os.environ, OVERSTAY_WITHOUT=",".join(without))
    run = subprocess.run(
        [arguments.binary, "check", "-p", commands, "--db", database, "--stats", "--fail-on",
         "never", "--progress", "never", "--output", os.devnull],
        capture_output=True, text=True, env=environment)
    events, mixed = EVENTS.search(run.stderr), MIXED.search(run.stderr)
    if run.returncode or not events or not mixed:
        sys.exit(f"{arguments.binary} ended with {run.returncode}:\n{run.stderr.strip()[-3000:]}")
    given_up = GIVEN_UP.search(run.stderr)
    return {"events": events.groups(), "mixed": mixed.groups(),
            "given up": int(given_up.group(1)) if given_up else 0,
            "names": NAMES.findall(run.stderr)}


def print_row(title, result):
    count, share, direct, direct_share = result["mixed"]
    print(f"{title:<16} {result['events'][0]:>7} {count:>6} {share:>6} % "
          f"{result['events'][1]:>7} {direct:>6} {direct_share:>6} % {result['given up']:>8}",
          flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default=os.environ.get("OVERSTAY", "build/dev/overstay"))
    parser.add_argument("--under", default="")
    parser.add_argument("--db")
    parser.add_argument("--last", action="store_true")
    parser.add_argument("folder", metavar="DIR")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="overstay-mixed-") as folder:
        commands = os.path.join(folder, "compile_commands.json")
        entries = below(arguments.folder, arguments.under)
        with open(commands, "w", encoding="utf-8") as file:
            json.dump(entries, file)
        database = arguments.db or os.path.join(folder, "facts.db")
        print(f"{len(entries)} units; functions with lock events, and those that call lock "
              "functions themselves")
        print(f"{'switched on':<16} {'all':>7} {'mixed':>6} {'':>8} {'direct':>7} {'mixed':>6} "
              f"{'':>8} {'given up':>8}")
        first = len(MECHANISMS) if arguments.last else 0
        for on in range(first, len(MECHANISMS) + 1):
            result = measure(arguments, commands, database, MECHANISMS[on:])
            title = "all" if on == len(MECHANISMS) else f"+ {MECHANISMS[on - 1]}" if on else "none"
            print_row(title, result)
        for name in result["names"]:
            print(f"  {name}")


if __name__ == "__main__":
    main()
