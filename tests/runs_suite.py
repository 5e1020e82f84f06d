#!/usr/bin/env python3
"""Multiplicity fixtures: tests/runs/* say of each function how often it runs, when, and why.

usage: runs_suite.py [--binary PATH] [NAME...]

    static void step(void) {} // runs: any run "any in the loop"

The first words are what `overstay dump runs` prints of the function whose name stands last before
the first "(" on the line; the quoted text must stand in its reason. A function without a comment
is a failure. `// explain: NAME "text"`: the text stands in what `overstay explain NAME` prints.
A folder is one program of several files. `// mechanism: NAME` in a file: with
OVERSTAY_WITHOUT=NAME the fixture has to fail (development builds only).
"""
import argparse
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import compile_commands

HERE = os.path.dirname(os.path.abspath(__file__))
COMMENT = re.compile(r'// runs: (\w+(?: \w+)*)(?: "([^"]*)")?\s*$')
EXPLAIN = re.compile(r'// explain: (\w+) "([^"]*)"\s*$', re.M)
MECHANISM = re.compile(r"^// mechanism: (\S+)$", re.M)


def functions_of(dump):
    """{name: (answer, reason)}"""
    found = {}
    for part in re.split(r"\n(?=\S)", dump.strip("\n")):
        lines = part.split("\n")
        name = lines[0].rsplit(":", 1)[-1]
        found[name] = (lines[1].strip(), "\n".join(lines[2:]))
    return found


def announced(path):
    """[(line, name, answer, text)]; a name is "" when the line has none."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            comment = COMMENT.search(line)
            if comment:
                name = re.findall(r"(\w+)\(", line[:comment.start()])
                yield number, name[0] if name else "", comment.group(1), comment.group(2) or ""


def problems_of(folder, name, binary, environment):
    """What `dump runs` says of one file, against its comments."""
    problems = []
    done = subprocess.run([binary, "dump", "runs", "-p", folder, os.path.join(folder, name)],
                          check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          env=environment)
    if done.returncode:
        return [f"{name}: {done.stderr.strip()}"]
    found = functions_of(done.stdout)
    for line, function, answer, text in announced(os.path.join(folder, name)):
        if function not in found:
            problems.append(f"{name}:{line}: '{function}' is not in the dump")
            continue
        said, reason = found.pop(function)
        if said != answer:
            problems.append(f"{name}:{line}: {function}: '{said}', not '{answer}'\n{reason}")
        elif text not in reason:
            problems.append(f'{name}:{line}: {function}: no "{text}" in\n{reason}')
    problems += [f"{name}: '{function}' has no comment: {said[0]}"
                 for function, said in found.items()]
    return problems


def problems_of_words(folder, name, binary, environment):
    """What `explain` says, against its comments."""
    problems = []
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        wanted = EXPLAIN.findall(file.read())
    for function, text in wanted:
        done = subprocess.run([binary, "explain", "-p", folder, function], check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env=environment)
        if done.returncode or text not in done.stdout:
            problems.append(f'{name}: explain {function}: no "{text}" in\n'
                            f"{done.stdout}{done.stderr}")
    return problems


def check(path, binary, without=""):
    environment = dict(os.environ, OVERSTAY_WITHOUT=without)
    with tempfile.TemporaryDirectory(prefix="overstay-runs-") as folder:
        if os.path.isdir(path):
            shutil.copytree(path, folder, dirs_exist_ok=True)
        else:
            shutil.copy(path, folder)
        names = sorted(name for name in os.listdir(folder) if name.endswith(".c"))
        compile_commands.write(os.path.join(folder, "compile_commands.json"),
                               compile_commands.entries(folder, names, ()))
        done = subprocess.run([binary, "check", "-p", folder, "--fail-on", "never", "--progress",
                               "never", "-j", "1"], check=False, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, env=environment)
        if done.returncode:
            return [done.stderr.strip()]
        return [problem for name in names for problems in (problems_of, problems_of_words)
                for problem in problems(folder, name, binary, environment)]


def mechanisms_of(path):
    files = glob.glob(os.path.join(path, "*.c")) if os.path.isdir(path) else [path]
    found = []
    for name in files:
        with open(name, encoding="utf-8") as file:
            found += MECHANISM.findall(file.read())
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", default=os.environ.get("OVERSTAY", "overstay"))
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    passed = failed = 0
    for path in sorted(glob.glob(os.path.join(HERE, "runs", "*"))):
        name = os.path.basename(path)
        if options.names and not any(part in name for part in options.names):
            continue
        problems = check(path, options.binary)
        for mechanism in mechanisms_of(path):
            if not check(path, options.binary, mechanism):
                problems.append(f"nothing fails without {mechanism}")
        passed += not problems
        failed += bool(problems)
        for problem in problems:
            print(f"{name}: {problem}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
