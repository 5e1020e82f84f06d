#!/usr/bin/env python3
"""Frames: what the compilers here say of tests/stack/frames.c has to be inside what `overstay dump
frames` says, at every level of optimisation, and the interval no wider than the file allows. And .su files
count in each run anew. $OVERSTAY is the binary."""
import importlib.util
import json
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


def check(folder, *options):
    """What is said of stack-budget, and whether a source was read for it."""
    done = subprocess.run([OVERSTAY, "check", "-p", folder, "--fail-on", "never", "--progress",
                           "never", "--platform", "musl", "-f", "json", *options],
                          capture_output=True, text=True, check=True, timeout=300)
    return ([finding["message"] for finding in json.loads(done.stdout)["findings"]
             if finding["rule"] == "stack-budget"], "0 analysed" not in done.stderr)


def usage_problems(folder, lines, expected):
    """With a .su file of these lines there are as many findings, and nothing is read for it."""
    with open(os.path.join(folder, "objects", "thread.su"), "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines))
    messages, read = check(folder, "--stack-usage", os.path.join(folder, "objects"))
    again, _ = check(folder, "--stack-usage", os.path.join(folder, "objects"))
    problems = [f"{lines}: {messages}"] if len(messages) != expected else []
    problems += [f"{lines}: a second run says {again}"] if again != messages else []
    return problems + ([f"{lines}: a source was read again"] if read else [])


def usage_cases(folder):
    """--stack-usage: what the files say counts, in each run anew."""
    os.makedirs(os.path.join(folder, "objects"))
    shutil.copy(os.path.join(HERE, "stack", "thread.c"), folder)
    compile_commands.write(os.path.join(folder, "compile_commands.json"),
                           compile_commands.entries(folder, ["thread.c"]))
    messages, _ = check(folder)
    yield [f"without .su files: {messages}"] if messages else []
    gcc, clang = "thread.c:6:44:fill\t{}\tstatic", "../thread.c:6:fill\t{}\tstatic"
    yield usage_problems(folder, [gcc.format(131072), "thread.c:12:14:work\t16\tstatic"], 1)
    yield usage_problems(folder, [gcc.format(131056), "thread.c:12:14:work\t16\tstatic"], 0)
    yield usage_problems(folder, [gcc.format(131072)], 0)  # work is put into what calls it
    yield usage_problems(folder, [clang.format(131056), "thread.c:12:work\t8\tstatic"], 1)
    yield usage_problems(folder, [gcc.format(131000).replace("fill", "fill.constprop.0"),
                                  "thread.c:6:44:fill.part.0\t100\tstatic",
                                  "thread.c:12:14:work\t16\tdynamic,bounded"], 0)
    for bad in ("thread.c:6:44:fill 16 static", "fill\t16\tstatic", "thread.c:6:fill\tx\tstatic"):
        with open(os.path.join(folder, "objects", "thread.su"), "w", encoding="utf-8") as file:
            file.write(bad + "\n")
        done = subprocess.run([OVERSTAY, "check", "-p", folder, "--stack-usage",
                               os.path.join(folder, "objects")], capture_output=True, text=True,
                              check=False, timeout=300)
        yield [] if done.returncode == 2 and "is no line of a stack usage file" in done.stderr \
            else [f"'{bad}': exit {done.returncode}: {done.stderr}"]


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
    with tempfile.TemporaryDirectory(prefix="overstay-frames-") as folder:
        results += usage_cases(folder)
    for problem in [problem for problems in results for problem in problems]:
        print(problem)
    failed = sum(bool(problems) for problems in results)
    print(f"{len(results) - failed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
