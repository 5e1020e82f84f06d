#!/usr/bin/env python3
"""Finds and runs all tests in parallel; the last line is "N passed, N failed".

usage: run.py [--binary PATH] [--jobs N] [--bless] [--list] [NAME...]

NAMEs narrow the run to the tests whose name contains one of them. Tests are named GROUP/NAME:

  unit/         cmocka programs of the build tree the binary stands in (ctest knows them)
  rules/        tests/rules: fixtures with `// expect:` comments (expect.py)
  mechanisms/   the same fixtures with their mechanism switched off must fail (mechanisms.py)
  docs/         the ```c blocks of docs/rules/*.md are fixtures too
  sample/       the sample project of ./dev demo
  consistency/  layers, sizes, rule <-> file <-> page <-> fixture (consistency.py)
  faults/       tests/faults/NN-*: one program a row of bad input or bad luck
  suite/        tests/*_suite.py: programs that end in a line "N passed, N failed" of their own

A faults or suite program gets the binary in $OVERSTAY and passes by exit code 0. With --bless
the suites get OVERSTAY_BLESS=1 and rewrite their golden files.
"""
import argparse
import collections
import concurrent.futures
import dataclasses
import glob
import json
import os
import re
import subprocess
import sys
import time
import typing

import consistency
import expect
import mechanisms

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
COUNTS = re.compile(r"(\d+) passed, (\d+) failed")


@dataclasses.dataclass
class Outcome:
    passed: int
    failed: int
    text: str = ""
    gaps: collections.Counter = dataclasses.field(default_factory=collections.Counter)


@dataclasses.dataclass
class Case:
    name: str
    run: typing.Callable[[], Outcome]
    slow: bool = False  # started first, so that the run does not end waiting for one


def from_problems(problems, gaps=None):
    return Outcome(not problems, bool(problems), "\n".join(problems),
                   gaps or collections.Counter())


def from_program(command, environment, timeout=1500):
    """A program's exit code, or its own count when it prints one."""
    full = dict(os.environ, **environment)
    try:
        done = subprocess.run(command, cwd=ROOT, env=full, timeout=timeout, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        return Outcome(0, 1, f"no end after {timeout} s")
    text = done.stdout.decode("utf-8", "replace").strip()
    counts = COUNTS.findall(text)
    if not counts:
        return Outcome(done.returncode == 0, done.returncode != 0, text)
    passed, failed = map(int, counts[-1])
    if done.returncode != 0 and failed == 0:
        failed = 1
    return Outcome(passed, failed, text)


def fixture_paths(folder):
    """C files, and folders that hold C files, directly in `folder`."""
    for path in sorted(glob.glob(os.path.join(folder, "*"))):
        name = os.path.basename(path)
        if name.endswith(".c") or glob.glob(os.path.join(path, "**", "*.c"), recursive=True):
            yield name.removesuffix(".c"), path


def run_fixture(binary, load):
    try:
        fixture = load()
    except ValueError as error:
        return Outcome(0, 1, str(error))
    result = expect.run_fixture(binary, fixture)
    return from_problems(result.problems, result.gaps)


def rule_cases(binary, _):
    for name, path in fixture_paths(os.path.join(HERE, "rules")):
        yield Case(f"rules/{name}",
                   lambda path=path: run_fixture(binary, lambda: expect.Fixture.from_path(path)))


def mechanism_cases(binary, _):
    for name, path in fixture_paths(os.path.join(HERE, "rules")):
        fixture = expect.Fixture.from_path(path)
        for mechanism in fixture.mechanisms:
            yield Case(f"mechanisms/{name}-without-{mechanism}",
                       lambda f=fixture, m=mechanism: from_problems(
                           mechanisms.must_fail_without(binary, f, m)))


def code_blocks(path):
    """(number, text with as many empty lines before it as in the page, so that lines agree)."""
    lines, block, start = expect.read(path).split("\n"), None, 0
    count = 0
    for number, line in enumerate(lines):
        if block is None and line.strip() == "```c":
            block, start = [], number + 1
        elif block is not None and line.strip() == "```":
            count += 1
            yield count, "\n" * start + "\n".join(block) + "\n"
            block = None
        elif block is not None:
            block.append(line)


def doc_cases(binary, _):
    for path in sorted(glob.glob(os.path.join(ROOT, "docs", "rules", "*.md"))):
        page = os.path.basename(path)
        for number, text in code_blocks(path):
            name = page.replace(".md", ".c")
            yield Case(f"docs/{page.removesuffix('.md')}-{number}",
                       lambda name=name, text=text: run_fixture(
                           binary, lambda: expect.Fixture({name: text})))


def sample_cases(binary, _):
    path = os.path.join(HERE, "sample")
    if os.path.isdir(path):
        yield Case("sample/findings",
                   lambda: run_fixture(binary, lambda: expect.Fixture.from_path(path)))


def unit_cases(binary, _):
    build = os.path.dirname(binary)
    listing = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"],
                             capture_output=True, check=False)
    for test in json.loads(listing.stdout or b"{}").get("tests", ()):
        # Unit tests read their data from the folder they stand in.
        yield Case(f"unit/{test['name']}", lambda test=test: from_program(
            ["env", "-C", os.path.join(HERE, "unit"), *test["command"]], {}, 900),
            slow=True)


def consistency_cases(_, __):
    for name, check in consistency.checks():
        yield Case(f"consistency/{name}", lambda check=check: from_problems(check()))


def program_cases(binary, bless):
    environment = {"OVERSTAY": binary, **({"OVERSTAY_BLESS": "1"} if bless else {})}
    patterns = (("faults", "faults/[0-9][0-9]*"), ("suite", "*_suite.py"))
    for group, pattern in patterns:
        for path in sorted(glob.glob(os.path.join(HERE, pattern))):
            if not path.endswith((".py", ".sh")):
                continue
            command = [sys.executable if path.endswith(".py") else "sh", path]
            name = os.path.splitext(os.path.basename(path))[0]
            yield Case(f"{group}/{name}", lambda command=command: from_program(
                command, environment), slow=True)


GROUPS = (program_cases, unit_cases, consistency_cases, sample_cases, doc_cases, rule_cases,
          mechanism_cases)


def selected(binary, bless, names):
    cases = [case for group in GROUPS for case in group(binary, bless)]
    if names:
        cases = [case for case in cases if any(name in case.name for name in names)]
    return sorted(cases, key=lambda case: not case.slow)


def guarded(case):
    """A test that cannot even run has failed; the others go on."""
    started = time.monotonic()
    try:
        outcome = case.run()
    except Exception as error:  # pylint: disable=broad-except
        outcome = Outcome(0, 1, f"{type(error).__name__}: {error}")
    return case, outcome, time.monotonic() - started


def print_gaps(gaps):
    for (tag, rule), count in sorted(gaps.items()):
        kind = "missed" if tag == "expect-miss" else "false"
        print(f"known gap: {rule}: {count} {kind}")


def main():
    parser = argparse.ArgumentParser(description="runs the tests of overstay")
    parser.add_argument("--binary", default=os.path.join(ROOT, "build", "dev", "overstay"))
    parser.add_argument("--jobs", "-j", type=int, default=os.cpu_count())
    parser.add_argument("--bless", action="store_true", help="rewrite golden files")
    parser.add_argument("--list", action="store_true", help="print the names only")
    parser.add_argument("name", nargs="*")
    arguments = parser.parse_args()
    binary = os.path.abspath(arguments.binary)
    cases = selected(binary, arguments.bless, arguments.name)
    if arguments.list:
        print("\n".join(case.name for case in cases))
        return 0
    passed = failed = 0
    gaps = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        futures = [pool.submit(guarded, case) for case in cases]
        for future in concurrent.futures.as_completed(futures):
            case, outcome, seconds = future.result()
            passed, failed, gaps = passed + outcome.passed, failed + outcome.failed, gaps + outcome.gaps
            if outcome.failed:
                text = outcome.text.replace("\n", "\n    ")
                print(f"FAIL {case.name} ({seconds:.1f} s)\n    {text}", flush=True)
    print_gaps(gaps)
    if not cases:
        print("no test has such a name")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
