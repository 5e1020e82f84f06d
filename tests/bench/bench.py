#!/usr/bin/env python3
"""What a cold run costs, against the compiler front end on the same units in the same session.

usage: bench.py [--binary PATH] [--clang NAME] [--rounds N] DIR...

A DIR has a compile_commands.json. The yardstick is `clang-19 -fsyntax-only -w`, one process a unit,
user + system seconds; overstay is a cold `check --all-rules` with everything it starts. Both are
measured N times in turn and the smallest figures count, because a shared machine only ever adds.
The same run with --no-pch, where no source is parsed after what others begin with, too, tells what
that saves.
"""
import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import compile_commands  # noqa: E402

# What makes the compiler write files or read a second one; the front end's work needs none.
DROPPED = re.compile(r"-(c|MM?D|MP|MG|Wp,-M.*)$")
PHASES = re.compile(r"([\d.]+) (parse|walk|link|rules)\b")
PREFIXES = re.compile(r"^precompiled prefixes: .*$", re.M)
PEAKS = re.compile(r"peak memory: (\d+) MB, a worker (\d+) MB")


def units_of(folder):
    """(directory, file, flags) once for each C file and set of flags."""
    path = os.path.join(folder, "compile_commands.json")
    with open(path, encoding="utf-8") as source:
        entries = json.load(source)
    seen, units = set(), []
    for entry in entries:
        flags = [argument for argument in compile_commands.arguments(entry, DROPPED)
                 if not argument.endswith(os.path.basename(entry["file"]))]
        key = (entry["directory"], entry["file"], tuple(flags))
        if entry["file"].endswith(".c") and key not in seen:
            seen.add(key)
            units.append((entry["directory"], entry["file"], flags))
    return units


def child_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure_clang(clang, units):
    started, failed = child_seconds(), 0
    for directory, file, flags in units:
        done = subprocess.run([clang, "-fsyntax-only", "-w", *flags, file], cwd=directory,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        failed += done.returncode != 0
    return child_seconds() - started, failed


def measure_overstay(binary, folder, options=()):
    """CPU seconds, wall seconds, peak MB of the largest process, what --stats says, exit code."""
    with tempfile.TemporaryDirectory(prefix="overstay-bench-") as scratch:
        command = [binary, "check", "-p", folder, "--db", os.path.join(scratch, "facts.db"),
                   "--all-rules", "--stats", "--progress", "never", *options]
        errors = os.path.join(scratch, "stderr")
        with open(errors, "wb") as log, open(os.devnull, "wb") as null:
            clock = time.monotonic()
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=null, stderr=log,
                                     cwd=folder)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            clock = time.monotonic() - clock
        with open(errors, encoding="utf-8", errors="replace") as log:
            said = log.read()
    # wait4 sums the children that the supervisor reaped; maxrss is that of the largest process.
    return usage.ru_utime + usage.ru_stime, clock, usage.ru_maxrss / 1024, said, child.returncode


def lines_of(units):
    total = 0
    for path in {os.path.join(directory, file) for directory, file, _ in units}:
        with open(path, "rb") as source:
            total += source.read().count(b"\n")
    return total


def bench(binary, clang, rounds, folder):
    units = units_of(folder)
    floor, cold, plain = [], [], []
    for _ in range(rounds):
        floor.append(measure_clang(clang, units))
        cold.append(measure_overstay(binary, folder))
        plain.append(measure_overstay(binary, folder, ["--no-pch"]))
    seconds, failed = min(floor)
    cpu, wall, memory, said, code = min(cold)
    print(f"{os.path.basename(os.path.normpath(folder))}: {len(units)} units, "
          f"{lines_of(units)} lines of .c, load {os.getloadavg()[0]:.1f}")
    print(f"  clang -fsyntax-only   {seconds:8.2f} s CPU"
          + (f"   ({failed} units with errors)" if failed else ""))
    print(f"  overstay, cold        {cpu:8.2f} s CPU  {wall:8.2f} s wall  exit {code}")
    print(f"  the same, --no-pch    {min(plain)[0]:8.2f} s CPU  {min(plain)[1]:8.2f} s wall")
    print(f"  ratio                 {cpu / seconds:8.2f}   (--no-pch {min(plain)[0] / seconds:.2f})")
    peaks = PEAKS.search(said)
    print(f"  peak memory           {memory:8.0f} MB"
          + (f"   (supervisor {peaks[1]} MB, a worker {peaks[2]} MB)" if peaks else ""))
    for value, name in PHASES.findall(said):
        print(f"    {name:<19} {float(value):8.2f} s CPU")
    prefixes = PREFIXES.search(said)
    if prefixes:
        print("  " + prefixes[0])
    if code not in (0, 1):
        print("  " + said.strip()[-400:].replace("\n", "\n  "))
    return code in (0, 1, 3)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default="build/release/overstay")
    parser.add_argument("--clang", default="clang-19")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("folder", nargs="+", metavar="DIR")
    arguments = parser.parse_args()
    good = [bench(os.path.abspath(arguments.binary), arguments.clang, arguments.rounds,
                  os.path.abspath(folder)) for folder in arguments.folder]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
