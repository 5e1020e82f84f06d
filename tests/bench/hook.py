#!/usr/bin/env python3
"""How long a commit waits: `overstay check --staged` on a copy of a project, with a warm database.

usage: hook.py [--binary PATH] [--clang NAME] [--rounds N] [--units N] [--folder FOLDER]
               [--seed N] DIRECTORY

DIRECTORY has a compile_commands.json. It is copied into FOLDER (a temporary one), becomes a git
repository there, and is checked once. In each round a statement is added to functions of N units
(five), which are staged; the time of the hook is taken, and the next round begins from a clean tree.
The yardstick is `clang-19 -fsyntax-only -w` of the same units, one after the other, by the clock:
machines differ, and by how much it is the hook that waits is a ratio.
"""
import argparse
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import bench

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BODY = re.compile(r"^\{\n", re.M)
GIT = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "a",
       "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a",
       "GIT_COMMITTER_EMAIL": "a@example.org"}


def git(folder, *arguments):
    return subprocess.run(["git", "-C", folder, *arguments], env=GIT, check=True,
                          stdout=subprocess.PIPE).stdout.decode()


def copy(directory, folder):
    """As a repository with one commit; commands name the copy."""
    root = os.path.join(folder, "project")
    if os.path.isdir(root):
        return root
    directory = os.path.realpath(directory)
    shutil.copytree(directory, root, symlinks=True,
                    ignore=shutil.ignore_patterns(".git", ".overstay", "*.o", "*.a"))
    path = os.path.join(root, "compile_commands.json")
    with open(path, encoding="utf-8") as file:
        text = file.read().replace(f'"{directory}', f'"{root}')
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    git(root, "init", "-q")
    with open(os.path.join(root, ".git", "info", "exclude"), "w", encoding="utf-8") as file:
        file.write(".overstay/\ncompile_commands.json\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "as it is")
    return root


def sources(root):
    with open(os.path.join(root, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    names = {os.path.normpath(os.path.join(entry["directory"], entry["file"]))
             for entry in entries}
    return sorted(name for name in names if name.endswith(".c") and os.path.exists(name))


def edit(path, dice):
    """A statement at the beginning of a function; False when there is no function."""
    with open(path, encoding="latin-1") as file:
        text = file.read()
    places = [found.end() for found in BODY.finditer(text)
              if text[:found.start()].rstrip().endswith(")")]
    if not places:
        return False
    at = dice.choice(places)
    with open(path, "w", encoding="latin-1") as file:
        file.write(f"{text[:at]}\t(void){dice.randrange(1 << 20)};\n{text[at:]}")
    return True


def stage(root, names, count, dice):
    edited = []
    while len(edited) < count:
        name = dice.choice(names)
        if name not in edited and edit(name, dice):
            edited.append(name)
    git(root, "add", "-A")
    return edited


def hook(binary, root):
    begun = time.monotonic()
    run = subprocess.run([binary, "check", "--staged", "--progress", "never"], cwd=root, env=GIT,
                         check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return time.monotonic() - begun, run


def yardstick(clang, root, edited):
    units = [unit for unit in bench.units_of(root)
             if os.path.normpath(os.path.join(unit[0], unit[1])) in edited]
    begun = time.monotonic()
    bench.measure_clang(clang, units)
    return time.monotonic() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", default=os.path.join(ROOT, "build", "release", "overstay"))
    parser.add_argument("--clang", default="clang-19")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--units", type=int, default=5)
    parser.add_argument("--folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("directory")
    options = parser.parse_args()
    folder = options.folder or tempfile.mkdtemp(prefix="overstay-hook-")
    root = copy(options.directory, folder)
    binary, dice, times = os.path.abspath(options.binary), random.Random(options.seed), []
    floors = []
    subprocess.run([binary, "check", "-q", "--fail-on", "never"], cwd=root, check=True,
                   stdout=subprocess.DEVNULL)
    for number in range(options.rounds):
        edited = stage(root, sources(root), options.units, dice)
        seconds, run = hook(binary, root)
        times.append(seconds)
        floors.append(yardstick(options.clang, root, edited))
        if options.verbose or run.returncode not in (0, 1):
            print(f"round {number + 1}: {seconds:.2f} s, exit {run.returncode}: "
                  f"{run.stderr.decode().strip().splitlines()[-1:]} {edited}", flush=True)
        git(root, "reset", "-q", "--hard")
    ratio = statistics.median(a / b for a, b in zip(times, floors))
    times.sort()
    print(f"{options.rounds} commits of {options.units} changed units: median "
          f"{statistics.median(times):.2f} s, 95 % within "
          f"{times[max(0, -(-len(times) * 95 // 100) - 1)]:.2f} s, longest {times[-1]:.2f} s")
    print(f"clang -fsyntax-only of the same units: median {statistics.median(floors):.2f} s; "
          f"the hook takes {ratio:.2f} times as long")
    if not options.folder:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
