#!/usr/bin/env python3
"""Does the estimate of stack frames hold? Compiles the sources of projects with -fstack-usage and
compares what the compiler says with `overstay dump frames`.

usage: frames.py [--binary PATH] [--db FOLDER] [--sources N] [--compiler CC]... [-j N] [--misses N]
                 [--least BYTES] DIR...

A DIR has a compile_commands.json. Every source is compiled at -O0 and -O2 with each compiler (gcc
and clang, as far as they are there) into a folder that is thrown away. For each of these builds:

  functions  with a frame of at least --least bytes (256), that does not grow at run time
  inside     those whose frame is in the interval
  below      the frame is smaller than the low end: percent; at -O2 mostly what was split
  above      it is larger than the high end: percent
  high/real  and real/low: percentiles 50, 90 and 99 of how far off the ends are
"""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import compile_commands  # noqa: E402

LINE = re.compile(r"(.*?):([^:]+): (\d+)(?: to (\d+))? bytes(, and grows)?$")
DROPPED = re.compile(r"-(O.*|g.*|M[DMPG]*|flto.*|c|S|Werror.*|save-temps.*|fsanitize.*|W.*|pedantic)$")
RETURN_ADDRESS = 8  # clang leaves it out; its lines have no column


def usage_of(text, directory):
    """(absolute file, function): bytes, whether it grows."""
    found = {}
    for line in text.splitlines():
        place, size, kind = line.split("\t")
        parts = place.rsplit(":", 3)
        is_gcc = len(parts) == 4 and parts[1].isdigit() and parts[2].isdigit()
        file, name = (parts[0], parts[3]) if is_gcc else (place.rsplit(":", 2)[0], parts[-1])
        file = os.path.normpath(os.path.join(directory, file))
        found[file, name] = int(size) + (0 if is_gcc else RETURN_ADDRESS), kind == "dynamic"
    return found


def compile_one(task):
    entry, compiler, level, scratch = task
    folder = tempfile.mkdtemp(dir=scratch)
    output = os.path.join(folder, "out.s")
    command = [compiler, *compile_commands.arguments(entry, DROPPED), level, "-w",
               "-fstack-usage", "-S", "-o", output]
    try:
        done = subprocess.run(command, cwd=entry["directory"], capture_output=True, timeout=300)
        with open(os.path.join(folder, "out.su"), encoding="utf-8", errors="replace") as file:
            return usage_of(file.read(), entry["directory"])
    except (OSError, subprocess.TimeoutExpired):
        return None
    finally:
        shutil.rmtree(folder)


def estimates(binary, database, directory):
    """By name: (file, low, high, grows)."""
    common = ["-p", directory, "--db", database]
    subprocess.run([binary, "check", *common, "--fail-on", "never", "--progress", "never",
                    "--allow-partial", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    done = subprocess.run([binary, "dump", *common, "frames", directory], check=True,
                          capture_output=True, text=True)
    found = collections.defaultdict(list)
    for line in done.stdout.splitlines():
        file, name, low, high, grows = LINE.match(line).groups()
        found[name].append((file, int(low), int(high or low), bool(grows)))
    return found


def estimate_of(found, file, name):
    """Of all variants of a function in this file."""
    fits = [each for each in found.get(name, ()) if file.endswith("/" + each[0]) or file == each[0]]
    if not fits:
        return None
    return (min(each[1] for each in fits), max(each[2] for each in fits),
            any(each[3] for each in fits))


def percentiles(values):
    values = sorted(values)
    if not values:
        return "-"
    return "/".join(f"{values[min(len(values) - 1, len(values) * p // 100)]:.2f}"
                    for p in (50, 90, 99))


def judge(label, pairs, misses):
    """pairs: (real, low, high, file, name)."""
    below = [pair for pair in pairs if pair[0] < pair[1]]
    above = [pair for pair in pairs if pair[0] > pair[2]]
    count = max(1, len(pairs))
    inside = 100 * (len(pairs) - len(below) - len(above)) / count
    print(f"{label:30} {len(pairs):6} {inside:6.1f} % {100 * len(below) / count:5.1f} "
          f"{100 * len(above) / count:5.1f}   {percentiles([p[2] / p[0] for p in pairs]):>16} "
          f"{percentiles([p[0] / p[1] for p in pairs]):>18}", flush=True)
    for kind, list_ in (("below", below), ("above", above)):
        for real, low, high, file, name in sorted(
                list_, key=lambda p: -max(p[1] / p[0], p[0] / p[2]))[:misses]:
            print(f"    {kind} {real:7} of [{low}, {high}]  {name} {file}")


def compare(arguments, directory, totals):
    name = os.path.basename(os.path.normpath(directory))
    with tempfile.TemporaryDirectory(prefix="overstay-frames-") as scratch:
        database = os.path.join(arguments.db or scratch, name + ".db")
        found = estimates(arguments.binary, database, directory)
        with open(os.path.join(directory, "compile_commands.json"), encoding="utf-8") as file:
            entries = json.load(file)
        if arguments.sources:
            entries = entries[::max(1, len(entries) // arguments.sources)]
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            for compiler in arguments.compiler:
                for level in ("-O0", "-O2"):
                    tasks = [(entry, compiler, level, scratch) for entry in entries]
                    real, failed = {}, 0
                    for usage in pool.map(compile_one, tasks):
                        failed += usage is None
                        real.update(usage or {})
                    pairs = []
                    for (file, function), (size, grows) in real.items():
                        estimate = estimate_of(found, file, function)
                        if size >= arguments.least and estimate and not grows:
                            pairs.append((size, estimate[0], estimate[1],
                                          os.path.relpath(file, directory), function))
                    totals[f"{compiler} {level}"] += pairs
                    judge(f"{name} {compiler} {level}", pairs, arguments.misses)
                    if failed:
                        print(f"    {failed} of {len(entries)} sources do not compile")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--binary", default="build/release/overstay")
    parser.add_argument("--db")
    parser.add_argument("--sources", type=int, default=0)
    parser.add_argument("--compiler", action="append")
    parser.add_argument("--least", type=int, default=256)
    parser.add_argument("--misses", type=int, default=0)
    parser.add_argument("-j", dest="jobs", type=int, default=2)
    parser.add_argument("directories", nargs="+", metavar="DIR")
    arguments = parser.parse_args()
    arguments.binary = os.path.abspath(arguments.binary)
    arguments.compiler = arguments.compiler or [cc for cc in ("gcc", "clang") if shutil.which(cc)]
    print(f"{'':30} {'functions':>6} {'inside':>7} {'below':>5} {'above':>5} "
          f"{'high/real':>18} {'real/low':>18}")
    totals = collections.defaultdict(list)
    for directory in arguments.directories:
        compare(arguments, os.path.abspath(directory), totals)
    for label, pairs in totals.items():
        judge(f"all {label}", pairs, 0)


if __name__ == "__main__":
    sys.exit(main())
