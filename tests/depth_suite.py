#!/usr/bin/env python3
"""Proof by running: the programs of tests/stack/depth recurse until their stack is full. How deep
that was has to be inside of what recursion-unbounded says, at every level of optimisation, by the
estimate of frames and by the .su files of the build. Says how tight that is. $OVERSTAY is the binary.

A program says in comments how large its stack is, the entry of the thread that it is (else it is
main's), and how many levels it counts in one round of its cycle (else one).
"""
import glob
import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile

import compile_commands

HERE = os.path.dirname(os.path.abspath(__file__))
OVERSTAY = os.path.abspath(os.environ.get("OVERSTAY", "overstay"))
SAID = re.compile(r"^// (levels|stack|thread): (.*)$", re.M)
FULL = re.compile(r"full at a depth of ([\d,]+)(?: to ([\d,]+))?$", re.M)


def limit_stack(size):
    resource.setrlimit(resource.RLIMIT_STACK, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def depth_of(program, folder, limit):
    """Levels until the program died of its stack."""
    counter = os.path.join(folder, "counter")
    with open(counter, "wb") as file:
        file.write(bytes(8))
    try:
        done = subprocess.run([program, counter], check=False, env={}, timeout=30,
                              stdin=subprocess.DEVNULL, preexec_fn=lambda: limit_stack(limit))
    except subprocess.TimeoutExpired:
        return None
    with open(counter, "rb") as file:
        levels = struct.unpack("q", file.read())[0]
    return levels if done.returncode == -signal.SIGSEGV else None


def told_rounds(folder, said, *options):
    """So many rounds fit at least and at most, as a finding of recursion-unbounded says."""
    done = subprocess.run([OVERSTAY, "check", "-p", folder, "-q", "--fail-on", "never",
                           "--min-confidence", "info", "--stack",
                           f"{said.get('thread', 'main')}={said['stack']}", *options], check=True,
                          capture_output=True, text=True, timeout=300)
    found = FULL.findall(done.stdout)
    if len(found) != 1:
        return None
    return tuple(int((end or found[0][0]).replace(",", "")) for end in found[0])


def build(folder, source, compiler, level):
    program = os.path.join(folder, "program")
    subprocess.run([compiler, *compile_commands.FLAGS, level, "-w", "-fstack-usage", "-c", source,
                    "-o", os.path.join(folder, "objects", "program.o")], check=True, cwd=folder)
    subprocess.run([compiler, "-pthread", os.path.join(folder, "objects", "program.o"), "-o",
                    program], check=True, cwd=folder)
    return program


def judge(label, real, least, most):
    tight = f"{real} in {least} .. {most}: -{100 - 100 * least // real} %, +{100 * most // real - 100} %"
    print(f"{label:34} {tight}")
    return [] if least <= real <= most else [f"{label}: {real} is not in {least} .. {most}"]


def cases_of(path):
    with open(path, encoding="utf-8") as file:
        said = dict(SAID.findall(file.read()))
    size = int(said["stack"].removesuffix("K")) * 1024
    name = os.path.basename(path)
    with tempfile.TemporaryDirectory(prefix="overstay-depth-") as folder:
        for file in (path, os.path.join(os.path.dirname(path), "level.h")):
            shutil.copy(file, folder)
        os.mkdir(os.path.join(folder, "objects"))
        compile_commands.write(os.path.join(folder, "compile_commands.json"),
                               compile_commands.entries(folder, [name]))
        subprocess.run([OVERSTAY, "check", "-p", folder, "-q", "--fail-on", "never"], check=True,
                       stdout=subprocess.DEVNULL, timeout=300)
        told = told_rounds(folder, said)
        if not told:
            yield [f"{name}: recursion-unbounded does not say one depth"]
            return
        turns = int(said.get("levels", 1))
        for compiler in filter(shutil.which, ("gcc", "clang")):
            for level in ("-O0", "-O2"):
                program = build(folder, name, compiler, level)
                real = depth_of(program, folder, max(size, 8 << 20) if "thread" in said else size)
                label = f"{name} {compiler} {level}"
                if not real:
                    yield [f"{label}: did not die of its stack"]
                    continue
                usage = ("--stack-usage", os.path.join(folder, "objects"))
                yield judge(f"{label} estimated", real // turns, *told)
                exact = told_rounds(folder, said, *usage)
                yield judge(f"{label} by .su", real // turns, *exact) if exact \
                    else [f"{label}: with .su files no depth is said"]


def main():
    results = [problems for path in sorted(glob.glob(os.path.join(HERE, "stack", "depth", "*.c")))
               for problems in cases_of(path)]
    for problem in [problem for problems in results for problem in problems]:
        print(problem)
    failed = sum(bool(problems) for problems in results)
    print(f"{len(results) - failed} passed, {failed} failed")
    return failed != 0 or not results


if __name__ == "__main__":
    sys.exit(main())
