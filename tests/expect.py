#!/usr/bin/env python3
"""Runs overstay on a fixture and compares what it finds with the comments in the fixture.

A fixture is a C file, or a folder whose .c files are the units of one program. Comments:

  // expect: RULE "text"        a finding on this line whose message holds the text (optional)
  // expect: RULE@LEVEL "text"  likewise, of that confidence and no other
  // note: "text"               a step of some finding on this line
  // fact: text                 `overstay dump summary` of this function holds the text
  // expect-miss: RULE "text"   should be found and is not (a known gap: counted, printed)
  // expect-false: RULE "text"  is found and should not be (a known gap: counted, printed)
  // run: OPTION...             options for `overstay check`
  // flags: FLAG...             compile flags
  // command: FLAG...           the file is compiled with these, too; once for each such line
  // remark: KIND               the run says so of the whole program (locks-compiled-away)
  // mechanism: NAME            what keeps the correct functions silent (tests/mechanisms.py)

A folder may have them in expected.txt instead, as tests/sample does.

Every finding that no comment announces is a failure, so a function without comments is a test
that nothing is found in it. A gap that closes fails too, until its comment is upgraded.

usage: expect.py [--binary PATH] FIXTURE...
"""
import argparse
import collections
import dataclasses
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import compile_commands
from findings import findings_of, not_checked

ANNOTATION = re.compile(r'//\s*(expect-miss|expect-false|expect|note):\s*'
                        r'([a-z][a-z0-9-]*)?(?:@([a-z]+))?\s*(?:"([^"]*)")?')
FACT = re.compile(r"//\s*fact:\s*(.*?)\s*(?=//|$)")
OPTION = re.compile(r"^\s*//\s*(run|flags|command|remark|mechanism):\s*(.*?)\s*$", re.M)
DEFINITION = re.compile(r"^[A-Za-z_][^=(]*?\b(\w+)\s*\((?:.*\{|[^;]*$)")
# What a sanitizer finds must not look like the exit code of a run with findings.
SANITIZED = {"ASAN_OPTIONS": "exitcode=99", "UBSAN_OPTIONS": "exitcode=99:print_stacktrace=1"}
KEPT = (".c", ".h", ".model", ".ini", "expected.txt")
LEVELS = ("certain", "likely", "possible", "info")
REMARKS = {"locks-compiled-away"}  # the others are statistics
EXPECTED = re.compile(r'(\S+) (\w+) ([a-z-]+) "([^"]*)" at "(.*)"$')


@dataclasses.dataclass
class Announced:
    """One comment: what must stand on this line."""
    file: str
    line: int
    tag: str
    rule: str
    text: str
    level: str = ""  # any

    def __str__(self):
        rule = f"{self.rule}@{self.level}" if self.level else self.rule
        return f'{self.tag}: {rule} "{self.text}"'.replace(":  ", ": ")


@dataclasses.dataclass
class Result:
    problems: list
    gaps: collections.Counter  # (tag, rule) -> how often


class Fixture:
    """The files of a fixture as text, and what their comments ask for."""

    def __init__(self, files):
        self.files = files  # relative name -> text
        self.announced, self.facts = [], []
        self.commands = collections.defaultdict(list)  # name -> flags of each of its commands
        options = collections.defaultdict(list)
        for name, text in sorted(files.items()):
            if name.endswith((".c", ".h")):
                self._read_comments(name, text, options)
        self._read_expected(files.get("expected.txt", ""))
        self.run_options, self.flags = options["run"], options["flags"]
        self.mechanisms, self.remarks = options["mechanism"], options["remark"]

    @classmethod
    def from_path(cls, path):
        if os.path.isfile(path):
            return cls({os.path.basename(path): read(path)})
        names = [os.path.relpath(os.path.join(root, name), path)
                 for root, _, found in os.walk(path) for name in found if name.endswith(KEPT)]
        return cls({name: read(os.path.join(path, name)) for name in names})

    def _read_comments(self, name, text, options):
        for key, words in OPTION.findall(text):
            if key == "command":
                self.commands[name].append(shlex.split(words))
            else:
                options[key] += shlex.split(words)
        function = ""
        for number, line in enumerate(text.split("\n"), 1):
            definition = DEFINITION.match(line)
            function = definition.group(1) if definition else function
            for match in ANNOTATION.finditer(line):
                tag, rule, level, message = match.groups("")
                if tag != "note" and not rule:
                    raise ValueError(f"{name}:{number}: '{tag}' names no rule")
                if level and level not in LEVELS:
                    raise ValueError(f"{name}:{number}: '{level}' is no confidence")
                self.announced.append(Announced(name, number, tag, rule, message, level))
            for match in FACT.finditer(line):
                self.facts.append((name, number, function, match.group(1)))

    def _read_expected(self, text):
        for row in text.splitlines():
            if not row or row.startswith("#"):
                continue
            match = EXPECTED.match(row)
            if not match or match.group(1) not in self.files:
                raise ValueError(f"expected.txt: cannot read: {row}")
            file, function, rule, message, source = match.groups()
            line = line_in_function(self.files[file], function, source)
            self.announced.append(Announced(file, line, "expect", rule, message))

    def units(self):
        """(file, flags), one for each command."""
        return [(name, [*self.flags, *own]) for name in sorted(self.files) if name.endswith(".c")
                for own in self.commands.get(name, [[]])]


def line_in_function(text, function, source):
    """Number of the last line of a function that reads so; 0 when there is none."""
    inside, found = False, 0
    for number, line in enumerate(text.split("\n"), 1):
        definition = DEFINITION.match(line)
        inside = definition.group(1) == function if definition else inside and line != "}"
        if inside and line.strip() == source:
            found = number
    return found


def read(path):
    with open(path, encoding="utf-8") as source:
        return source.read()


def compare(announced, found):
    """The heart: every comment must be met, and nothing else may be found."""
    problems, gaps = [], collections.Counter()
    unmatched = list(found)

    def take(want):
        for finding in unmatched:
            if ((finding.file, finding.line) == (want.file, want.line)
                    and finding.rule == want.rule and want.text in finding.message
                    and want.level in ("", finding.confidence)):
                unmatched.remove(finding)
                return True
        return False

    def has_step(want):
        return any((step.file, step.line) == (want.file, want.line) and want.text in step.text
                   for finding in found for step in finding.steps)

    for want in announced:
        where = f"{want.file}:{want.line}"
        if want.tag == "note":
            if not has_step(want):
                problems.append(f'{where}: no step says "{want.text}" here')
            continue
        taken = take(want)
        if want.tag == "expect" and not taken:
            problems.append(f"{where}: missing {want}")
        elif want.tag == "expect-miss" and taken:
            problems.append(f"{where}: {want.rule} is found now: turn expect-miss into expect")
        elif want.tag == "expect-false" and not taken:
            problems.append(f"{where}: {want.rule} is no longer reported: drop expect-false")
        if want.tag != "expect":
            gaps[want.tag, want.rule] += 1
    for finding in unmatched:
        problems.append(f"{finding.file}:{finding.line}: unexpected {finding.rule}: "
                        f"{finding.message}")
    return problems, gaps


def run_tool(command, folder, environment=None, timeout=300):
    """(exit code, stdout, stderr); a run that does not end is an exit code of None."""
    full = dict(os.environ, **SANITIZED, NO_COLOR="1",
                XDG_CACHE_HOME=os.path.join(folder, ".cache"), **(environment or {}))
    try:
        done = subprocess.run(command, cwd=folder, env=full, timeout=timeout, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True)
    except subprocess.TimeoutExpired:
        return None, "", f"no end after {timeout} s"
    return (done.returncode, done.stdout.decode("utf-8", "replace"),
            done.stderr.decode("utf-8", "replace"))


def lay_out(fixture, folder):
    """The fixture's files and a compile_commands.json in an empty folder."""
    for name, text in fixture.files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
    compile_commands.write(os.path.join(folder, "compile_commands.json"),
                           [compile_commands.entry(folder, name, flags)
                            for name, flags in fixture.units()])


def compiles(fixture, folder):
    """A fixture that no compiler takes as it stands proves nothing. Only clang knows blocks."""
    for flags in {tuple(flags): flags for _, flags in fixture.units()}.values():
        compiler = "clang-19" if "-fblocks" in flags else "gcc"
        command = [compiler, *compile_commands.FLAGS, "-Werror", *flags, "-fsyntax-only",
                   *(name for name, own in fixture.units() if own == flags)]
        code, _, errors = run_tool(command, folder)
        if code != 0:
            return [f"does not compile:\n{errors.strip()}"]
    return []


def check_remarks(fixture, report):
    said = {remark["kind"] for remark in report["remarks"]} & REMARKS
    wanted = set(fixture.remarks)
    return ([f"no remark {kind}" for kind in sorted(wanted - said)]
            + [f"unexpected remark {kind}" for kind in sorted(said - wanted)])


def check_facts(binary, fixture, folder):
    problems = []
    for name, number, function, text in fixture.facts:
        target = f"{name}:{function}"
        code, output, errors = run_tool([binary, "dump", "summary", "-p", ".", target], folder)
        said = " ".join(output.split())
        if code != 0 or " ".join(text.split()) not in said:
            problems.append(f"{name}:{number}: the summary of {function} does not say "
                            f'"{text}" but:\n{output or errors}')
    return problems


def run_fixture(binary, fixture, environment=None):
    with tempfile.TemporaryDirectory(prefix="overstay-fixture-") as folder:
        lay_out(fixture, folder)
        problems = compiles(fixture, folder)
        command = [binary, "check", "-p", ".", "--format", "json", *fixture.run_options]
        code, output, errors = run_tool(command, folder, environment)
        if code not in (0, 1):
            return Result(problems + [f"overstay ended with {code}:\n{errors.strip()[:3000]}"],
                          collections.Counter())
        try:
            report = json.loads(output)
            found, gaps = findings_of(report), not_checked(report)
        except (ValueError, KeyError, TypeError) as error:
            return Result(problems + [f"no usable JSON report: {error!r}\n{output[:400]}"],
                          collections.Counter())
        problems += [f"'{function}' was not judged: {why}" for function, why in gaps.items()]
        problems += check_remarks(fixture, report)
        differences, gaps = compare(fixture.announced, found)
        if environment is None:
            differences += check_facts(binary, fixture, folder)
        return Result(problems + differences, gaps)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default=os.environ.get("OVERSTAY", "build/dev/overstay"))
    parser.add_argument("fixture", nargs="+")
    arguments = parser.parse_args()
    binary = shutil.which(arguments.binary) or os.path.abspath(arguments.binary)
    failed = 0
    for path in arguments.fixture:
        result = run_fixture(os.path.abspath(binary), Fixture.from_path(path))
        failed += bool(result.problems)
        print(f"{path}: {'ok' if not result.problems else ''}")
        for problem in result.problems:
            print("  " + problem.replace("\n", "\n    "))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
