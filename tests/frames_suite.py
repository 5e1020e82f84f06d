#!/usr/bin/env python3
"""Frames: what the compilers here say of tests/stack/frames.c has to be inside what `overstay dump
frames` says, at every level of optimisation, and the interval no wider than the file allows.
$OVERSTAY is the binary."""
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile

import compile_commands

HERE = os.path.dirname(os.path.abspath(__file__))
OVERSTAY = os.path.abspath(os.environ.get("OVERSTAY", "overstay"))
LEVELS = ("-O0", "-O1", "-O2", "-O3", "-Os")
ANNOUNCED = re.compile(r"(\w+)\([^()]*\) *\{.*// frame: (\d+) (\d+)( grows)?")

SPEC = importlib.util.spec_from_file_location("frames", os.path.join(HERE, "bench", "frames.py"))
frames = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(frames)


def announced(path):
    """{function: (least low, largest high, grows)}"""
    with open(path, encoding="utf-8") as file:
        return {name: (int(low), int(high), bool(grows))
                for name, low, high, grows in ANNOUNCED.findall(file.read())}


def width_problems(found, expected):
    problems = []
    for name, (low, high, grows) in expected.items():
        estimate = found.get(name)
        if not estimate:
            problems.append(f"no frame of {name}")
            continue
        _, least, most, may_grow = estimate[0]
        if least < low or most > high:
            problems.append(f"{name}: {least} to {most} is wider than {low} to {high}")
        if may_grow != grows:
            problems.append(f"{name}: grows is {may_grow}")
    return problems


def build_problems(found, folder, compiler, level):
    entry = compile_commands.entry(folder, "frames.c")
    real = frames.compile_one((entry, compiler, level, folder))
    if not real:
        return [f"{compiler} {level}: does not compile"]
    problems = []
    for (_, name), (size, grows) in real.items():
        _, low, high, may_grow = found[name][0]
        if grows and not may_grow:
            problems.append(f"{compiler} {level}: {name} grows")
        if size < low or (size > high and not grows):
            problems.append(f"{compiler} {level}: {name} takes {size}, not {low} to {high}")
    return problems


def main():
    compilers = [name for name in ("gcc", "clang") if shutil.which(name)]
    results = [[] if compilers else ["neither gcc nor clang is here"]]
    with tempfile.TemporaryDirectory(prefix="overstay-frames-") as folder:
        shutil.copy(os.path.join(HERE, "stack", "frames.c"), folder)
        compile_commands.write(os.path.join(folder, "compile_commands.json"),
                               compile_commands.entries(folder, ["frames.c"]))
        found = frames.estimates(OVERSTAY, os.path.join(folder, "facts.db"), folder)
        expected = announced(os.path.join(folder, "frames.c"))
        results.append([] if len(expected) > 10 else ["frames.c announces too little"])
        results.append(width_problems(found, expected))
        for compiler in compilers:
            results += [build_problems(found, folder, compiler, level) for level in LEVELS]
    for problem in [problem for problems in results for problem in problems]:
        print(problem)
    failed = sum(bool(problems) for problems in results)
    print(f"{len(results) - failed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
