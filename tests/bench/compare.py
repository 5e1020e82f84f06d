#!/usr/bin/env python3
"""What overstay and other checkers of C find in the same places, and how long they take.

usage: compare.py [--binary PATH] [-j N] [--tools NAME,...] [--show] [DIR...]

Without a DIR the fixtures of tests/rules are checked: every line that a comment announces a finding
for is a fault, every other line is not. They were written for overstay, so its own figures there say
only what the others are compared with. A report within NEAR lines of a fault counts as finding it,
whatever it says.

With a DIR that has a compile_commands.json the tools run on its units. Then nobody knows the faults,
and the figures are reports a kind, and time.

tools    overstay, clang (clang-19 --analyze), gcc (gcc-12 -fanalyzer), cppcheck; those that are there
reports  distinct (file, line, check); a fatal error of a tool is told, and counts for nothing
CPU      user and system seconds of all processes; of overstay that of a cold run
--show   prints every report
"""
import argparse
import collections
import concurrent.futures
import glob
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import compile_commands  # noqa: E402
import expect  # noqa: E402

NEAR = 3
DROPPED = re.compile(r"-(M[DMPG]*|flto.*|c|S|Werror.*|save-temps.*|w|W.*|pedantic)$")
# file:line:column: warning: text [check]
WARNING = re.compile(r"^(.+?):(\d+):(?:\d+:)? warning: (.*?)(?: \[([\w.,-]+)\])?$")
CPPCHECK = "{file}:{line}:1: warning: {message} [{id}]"
KINDS = (("locks", r"lock|mutex|deadlock"), ("threads", r"thread"),
         ("memory, files", r"leak|fd-|resource|malloc|stdio|alloc|Stream|free|cplusplus"),
         ("recursion, stack", r"recursion|stack-"), ("growth, references", r"growth|ref-"))


def reports_in(text, directory):
    found = set()
    for line in text.splitlines():
        match = WARNING.match(line)
        if match:
            file, number, _, check = match.groups()
            found.add((os.path.normpath(os.path.join(directory, file)), int(number), check or ""))
    return found


def run(command, directory):
    """(reports, whether it worked)."""
    try:
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=600,
                              errors="replace")
    except subprocess.TimeoutExpired:
        return set(), False
    return reports_in(done.stderr + done.stdout, directory), done.returncode in (0, 1)


def per_unit(command):
    def check(database, jobs):
        entries = json.load(open(os.path.join(database, "compile_commands.json")))
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            each = list(pool.map(
                lambda entry: run([*command, *compile_commands.arguments(entry, DROPPED)],
                                  entry["directory"]), entries))
        return set().union(*(found for found, _ in each)), sum(not ok for _, ok in each)
    return check


def check_cppcheck(database, jobs):
    entries = json.load(open(os.path.join(database, "compile_commands.json")))
    done = subprocess.run(["cppcheck", "--quiet", f"-j{jobs}", "--enable=warning", "--template",
                           CPPCHECK, "--project=" + os.path.join(database, "compile_commands.json")],
                          capture_output=True, text=True, errors="replace")
    return reports_in(done.stderr, entries[0]["directory"]), 0


def overstay(binary):
    def check(database, jobs):
        with tempfile.TemporaryDirectory() as folder:
            report = os.path.join(folder, "report.json")
            subprocess.run([binary, "check", "-p", database, "--db", os.path.join(folder, "x.db"),
                            f"-j{jobs}", "--fail-on", "never", "--progress", "never", "--quiet",
                            "--allow-partial", "-f", "json", "--output", report], check=True)
            with open(report, encoding="utf-8") as file:
                found = json.load(file)
        root = found.get("root") or database
        places = ((each["location"], each["rule"]) for each in found["findings"])
        return {(os.path.normpath(os.path.join(root, at["path"])), at["line"], rule)
                for at, rule in places}, 0
    return check


def tools(binary, wanted):
    found = {"overstay": overstay(binary)}
    if shutil.which("clang-19"):
        found["clang"] = per_unit(["clang-19", "--analyze", "--analyzer-output", "text"])
    if shutil.which("gcc-12"):
        found["gcc"] = per_unit(["gcc-12", "-fanalyzer", "-S", "-o", os.devnull])
    if shutil.which("cppcheck"):
        found["cppcheck"] = check_cppcheck
    return {name: check for name, check in found.items() if not wanted or name in wanted}


def cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def kind_of(check):
    return next((kind for kind, words in KINDS if re.search(words, check)), "other")


# ---- fixtures

def unpack(scratch):
    """A folder for each fixture; the faults as (file, line)."""
    databases, faults = [], set()
    for path in sorted(glob.glob(os.path.join(os.path.dirname(HERE), "rules", "*"))):
        fixture = expect.Fixture.from_path(path)
        folder = os.path.join(scratch, os.path.basename(path))
        for name, text in fixture.files.items():
            file = os.path.join(folder, name)
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, "w", encoding="utf-8") as out:
                out.write(text)
        commands = [{"directory": folder, "file": name, "arguments": ["cc", *flags, "-c", name]}
                    for name, flags in fixture.units()]
        with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as out:
            json.dump(commands, out)
        databases.append(folder)
        faults |= {(os.path.join(folder, each.file), each.line, each.rule)
                   for each in fixture.announced if each.tag in ("expect", "expect-miss")}
    return databases, faults


def near(report, faults_of):
    return [fault for fault in faults_of[report[0]] if abs(fault[1] - report[1]) <= NEAR]


def compare_fixtures(chosen, jobs, show):
    with tempfile.TemporaryDirectory() as scratch:
        databases, faults = unpack(scratch)
        faults_of = collections.defaultdict(list)
        for fault in faults:
            faults_of[fault[0]].append(fault)
        print(f"{len(databases)} fixtures, {len(faults)} faults")
        for name, check in chosen.items():
            before, found, met = cpu(), set(), set()
            for database in databases:
                found |= check(database, jobs)[0]
            for report in found:
                met |= set(near(report, faults_of))
            elsewhere = [report for report in found if not near(report, faults_of)]
            print(f"{name:9} {len(met):5} of {len(faults)} faults, {len(elsewhere):4} reports "
                  f"elsewhere, CPU {cpu() - before:.1f} s")
            if show:
                print("".join(f"  {each}\n" for each in sorted(elsewhere)), end="")


# ---- trees

def compare_tree(directory, chosen, jobs, show):
    print(directory)
    for name, check in chosen.items():
        before = cpu()
        found, failed = check(directory, jobs)
        kinds = collections.Counter(kind_of(each[2]) for each in found)
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "nothing"
        print(f"{name:9} {len(found):4} reports, CPU {cpu() - before:6.1f} s: {told}"
              + (f"; {failed} units failed" if failed else ""))
        if show:
            print("".join(f"  {each}\n" for each in sorted(found)), end="")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--binary", default=os.path.join(HERE, "../../build/release/overstay"))
    parser.add_argument("-j", type=int, default=os.cpu_count(), dest="jobs")
    parser.add_argument("--tools", default="")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("directories", nargs="*")
    options = parser.parse_args()
    chosen = tools(os.path.abspath(options.binary), set(filter(None, options.tools.split(","))))
    for directory in options.directories:
        compare_tree(os.path.abspath(directory), chosen, options.jobs, options.show)
    if not options.directories:
        compare_fixtures(chosen, options.jobs, options.show)


if __name__ == "__main__":
    main()
