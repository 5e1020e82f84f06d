#!/usr/bin/env python3
"""Incremental equals cold: after every step of a history, the database that has seen all of it says
the same as one made from nothing, and so do the reports.

usage: incremental_suite.py [--generated STEPS] [--seed N] [--verbose] [--keep]
       incremental_suite.py --history REPOSITORY --sources GLOB... [--flags FLAGS] [--extra FOLDER]
                      [--steps N] [--skip N]

The first makes its own history: the project is the fixtures of tests/rules and the sample, a step
is one to three random edits. The second checks out the last N commits of a repository (after
leaving out the newest --skip) that change C, one after the other, into a folder of its own;
--extra holds files that the build would have made, such as config.h. At the end it tells how many
functions were analysed again, of all that there were in all steps.

The binary is $OVERSTAY, or build/release/overstay.
"""
import argparse
import fnmatch
import glob
import json
import os
import random
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from stored import varints

HERE = os.path.dirname(os.path.abspath(__file__))
OVERSTAY = os.path.abspath(os.environ.get("OVERSTAY", os.path.join(HERE, "..", "build", "release",
                                                                   "overstay")))
ANALYSED = re.compile(r"functions analysed: (\d+) of (\d+)")


# ---- what a database says, without ids, times and what is kept of other states

def canonical(path):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    functions = {row[0]: row[1:] for row in database.execute("SELECT id, key, body FROM function")}
    columns = "function, content, name, source, flags, incomplete, links, names, code"
    codes = {row[0]: functions[row[1]] + row[2:]
             for row in database.execute(f"SELECT id, {columns} FROM ir")}
    owners = dict(database.execute("SELECT id, function FROM ir"))
    units, used = [], set()
    for row in database.execute("SELECT source, command, inputs, status, reason, functions, facts "
                                "FROM unit WHERE viewed = 1"):
        held = list(varints(row[5]))[1:]
        used |= {owners[ir] for ir in held}
        units.append(row[:5] + (sorted(codes[ir] for ir in held), row[6]))
    summaries = [functions[row[0]] + row[1:] for row in database.execute(
        "SELECT function, maker, in_hash, sem_hash, result, bytes FROM summary") if row[0] in used]
    said = {"units": sorted(units, key=lambda unit: unit[:3]),
            "summaries": sorted(summaries),
            "findings": list(database.execute("SELECT fingerprint, bytes FROM finding "
                                              "WHERE state <> 2 ORDER BY ordinal")),
            "remarks": list(database.execute("SELECT kind, subject, text FROM remark "
                                             "ORDER BY ordinal"))}
    database.close()
    return said


def differences(warm, cold):
    for part in warm:
        if warm[part] == cold[part]:
            continue
        left = [row for row in warm[part] if row not in cold[part]]
        right = [row for row in cold[part] if row not in warm[part]]
        yield f"{part}: {len(left)} only in the old database, {len(right)} only in the new one"
        for side, rows in (("old", left), ("new", right)):
            for row in rows[:2]:
                yield f"  {side}: {str(row)[:400]}"


# ---- one step

def forget(database):
    """With all that stands beside it."""
    for path in glob.glob(database + "*"):
        if os.path.isdir(path):
            shutil.rmtree(path)
        else:
            os.remove(path)


class Checked:
    """A project folder with a database that sees every step."""

    def __init__(self, folder, verbose):
        self.verbose = verbose
        self.root = os.path.join(folder, "project")
        self.warm, self.cold = os.path.join(folder, "warm.db"), os.path.join(folder, "cold.db")
        self.steps = self.analysed = self.functions = self.different = 0
        os.makedirs(self.root)

    def check(self, store):
        command = [OVERSTAY, "check", "-p", self.root, "--db", store, "--reproducible", "-j", "2",
                   "--min-confidence", "info", "-f", "json", "--stats", "--progress", "never"]
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                             timeout=900)
        if run.returncode not in (0, 1, 3):
            raise RuntimeError(f"exit {run.returncode}: {run.stderr.decode(errors='replace')}")
        return run

    @staticmethod
    def findings(run):
        report = json.loads(run.stdout)
        for finding in report["findings"]:
            finding.pop("state", None)  # "new" is another word for "in no older run"
        return report["findings"]

    def step(self, what):
        """Problems of this step."""
        warm = self.check(self.warm)
        forget(self.cold)
        cold = self.check(self.cold)
        found = ANALYSED.search(warm.stderr.decode(errors="replace"))
        self.steps += 1
        self.analysed += int(found.group(1))
        self.functions += int(ANALYSED.search(cold.stderr.decode(errors="replace")).group(2))
        problems = list(differences(canonical(self.warm), canonical(self.cold)))
        if self.findings(warm) != self.findings(cold):
            problems.append("the reports differ")
        self.different += bool(problems)
        if self.verbose:
            print(f"step {self.steps}, {what}: {found.group(0)}, "
                  f"{'different' if problems else 'equal'}", flush=True)
        return [f"step {self.steps}, {what}"] + problems if problems else []

    def tell(self):
        share = 100 * self.analysed / self.functions if self.functions else 0
        print(f"{self.steps} steps: {self.analysed} of {self.functions} functions analysed "
              f"({share:.1f} %)")
        print(f"{self.steps - self.different} passed, {self.different} failed")


# ---- a history of our own

WORDS = ("int", "void", "struct", "static", "return", "if", "while", "for")
RINGS = 14


def ring_function(dice, head):
    """Lines of a function, without the last brace, that calls others of its kind and may do
    something to a lock, so that what its circle does takes several rounds to find."""
    lock, unlock = "  pthread_mutex_lock(&ring_lock);", "  pthread_mutex_unlock(&ring_lock);"
    if_asked = [f"  if (a > {dice.randrange(9)})", "  " + dice.choice([lock, unlock])]
    call = f"  a += ring_{dice.randrange(RINGS)}(a - 1);"
    choices = [[lock], [unlock], [lock, call, unlock], [unlock, call, lock], if_asked, [call],
               [f"  if (a < {dice.randrange(9)})", f"    return ring_{dice.randrange(RINGS)}(0);"],
               ["  ring_count++;"]]
    weights = [1, 1, 3, 1, 1, 6, 3, 2]
    return [head] + sum(dice.choices(choices, weights, k=dice.randint(1, 4)), []) + ["  return a;"]


def write_rings(root, dice):
    for number in range(2):
        lines = ["#include <pthread.h>", "extern pthread_mutex_t ring_lock;",
                 "extern int ring_count;"]
        lines += [f"int ring_{i}(int);" for i in range(RINGS)]
        for i in range(number, RINGS, 2):
            lines += ring_function(dice, f"int ring_{i}(int a) {{") + ["}"]
        with open(os.path.join(root, f"ring_{number}.c"), "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")


class Edits:
    """Random edits of a C project. Not all of them leave code that compiles: that is a case, too."""

    def __init__(self, root, dice):
        self.root, self.dice = root, dice
        self.extra_flags = {}
        self.left_out = set()
        self.made = 0
        self.past = []

    def files(self, suffix=".c"):
        found = glob.glob(os.path.join(self.root, "**", "*" + suffix), recursive=True)
        return sorted(found)

    def write_commands(self):
        entries = [{"directory": os.path.dirname(path), "file": os.path.basename(path),
                    "arguments": ["cc", "-I" + self.root, *self.extra_flags.get(path, []), "-c",
                                  os.path.basename(path)]}
                   for path in self.files() if path not in self.left_out]
        with open(os.path.join(self.root, "compile_commands.json"), "w", encoding="utf-8") as out:
            json.dump(entries, out)

    def change(self, path, edit):
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        self.past.append((path, "\n".join(lines)))
        edit(lines)
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))

    def pick(self, lines, pattern):
        places = [i for i, line in enumerate(lines) if re.search(pattern, line)]
        return self.dice.choice(places) if places else None

    # Each edit gets the lines of one file.
    def comment(self, lines):
        lines.insert(self.dice.randrange(len(lines)), "")

    def drop_statement(self, lines):
        at = self.pick(lines, r"^\s+[a-z_]+\(.*\);")
        if at is not None:
            lines[at] = "  ;"

    def repeat_statement(self, lines):
        at = self.pick(lines, r"^\s+[a-z_]+\(.*\);")
        if at is not None:
            lines.insert(at, lines[at])

    def guard_statement(self, lines):
        at = self.pick(lines, r"^\s+[a-z_]+\(.*\);")
        if at is not None:
            lines[at] = "  if (sizeof(int) == 4)" + lines[at]

    def rename_word(self, lines):
        at = self.pick(lines, r"[a-z_]{4,}")
        word = self.dice.choice(re.findall(r"[a-z_]{4,}", lines[at])) if at is not None else "int"
        if word not in WORDS:
            for i, line in enumerate(lines):
                lines[i] = re.sub(rf"\b{word}\b", word + "_x", line)

    def change_number(self, lines):
        at = self.pick(lines, r"\b\d\b")
        if at is not None:
            lines[at] = re.sub(r"\b\d\b", str(self.dice.randrange(10)), lines[at], count=1)

    def toggle_static(self, lines):
        at = self.pick(lines, r"^(static )?(int|void) \w+\(.*\{")
        if at is not None:
            lines[at] = lines[at][7:] if lines[at].startswith("static ") else "static " + lines[at]

    def add_function(self, lines):
        self.made += 1
        lines.append(f"int made_{self.made}(int a) {{ return a < {self.made} ? a : "
                     f"made_{self.dice.randrange(1, self.made + 1)}(a - 1); }}")

    def add_field(self, lines):
        at = self.pick(lines, r"^(typedef )?struct \w* ?\{")
        if at is not None:
            self.made += 1
            lines.insert(at + 1, f"  int field_{self.made};")

    def turn_ring(self, lines):
        """Another body for one of the functions that call each other in circles."""
        at = self.pick(lines, r"^int ring_\d+\(int a\) \{")
        if at is not None:
            lines[at:lines.index("}", at)] = ring_function(self.dice, lines[at])

    # These touch whole files.
    def drop_file(self):
        self.left_out.add(self.dice.choice(self.files()))

    def bring_file_back(self):
        if self.left_out:
            self.left_out.remove(self.dice.choice(sorted(self.left_out)))

    def rename_file(self):
        path = self.dice.choice(self.files())
        self.made += 1
        os.rename(path, path[:-2] + f"_{self.made}.c")
        self.left_out.discard(path)

    def change_flags(self):
        path = self.dice.choice(self.files())
        self.extra_flags[path] = [f"-DMADE={self.dice.randrange(4)}"]

    def undo(self):
        path, text = self.dice.choice(self.past) if self.past else (None, None)
        if path and os.path.exists(path):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)

    def random(self):
        rings = [path for path in self.files() if os.path.basename(path).startswith("ring_")]
        if rings and self.dice.random() < 0.25:
            path = self.dice.choice(rings)
            self.change(path, self.turn_ring)
            return f"turn_ring in {os.path.relpath(path, self.root)}"
        line_edits = [self.comment, self.drop_statement, self.repeat_statement,
                      self.guard_statement, self.rename_word, self.change_number,
                      self.toggle_static, self.add_function, self.add_field]
        file_edits = [self.drop_file, self.bring_file_back, self.rename_file, self.change_flags,
                      self.undo, self.undo]
        if self.dice.random() < 0.75:
            edit = self.dice.choice(line_edits)
            suffix = ".h" if self.dice.random() < 0.25 and self.files(".h") else ".c"
            path = self.dice.choice(self.files(suffix))
            self.change(path, edit)
            return f"{edit.__name__} in {os.path.relpath(path, self.root)}"
        edit = self.dice.choice(file_edits)
        edit()
        return edit.__name__


def copy_own_code(root):
    for pattern in ("rules/*.c", "rules/*/*.[ch]", "sample/**/*.[ch]"):
        for path in glob.glob(os.path.join(HERE, pattern), recursive=True):
            target = os.path.join(root, os.path.relpath(path, HERE))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(path, target)


def run_generated(checked, steps, seed):
    copy_own_code(checked.root)
    edits = Edits(checked.root, random.Random(seed))
    write_rings(checked.root, edits.dice)
    edits.write_commands()
    problems = checked.step("the beginning")
    for _ in range(steps):
        done = [edits.random() for _ in range(edits.dice.randint(1, 3))]
        edits.write_commands()
        problems += checked.step(", ".join(done))
    return problems


# ---- somebody's history

def git(repository, *arguments):
    run = subprocess.run(["git", "-C", repository, *arguments], stdout=subprocess.PIPE, check=True)
    return run.stdout.decode("utf-8", "replace")


def write_commands(root, patterns, flags):
    files = [name for name in git(root, "ls-files").split("\n")
             if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]
    entries = [{"directory": root, "file": name, "arguments": ["cc", *flags, "-c", name]}
               for name in files]
    with open(os.path.join(root, "compile_commands.json"), "w", encoding="utf-8") as out:
        json.dump(entries, out)


def run_history(checked, options):
    os.rmdir(checked.root)
    subprocess.run(["git", "clone", "-q", "--no-checkout", options.history, checked.root],
                   check=True)
    commits = git(checked.root, "log", "--first-parent", "--format=%H", f"--skip={options.skip}",
                  f"-n{options.steps}", "--", "*.c", "*.h").split()
    problems = []
    for commit in reversed(commits):
        git(checked.root, "-c", "advice.detachedHead=false", "checkout", "-q", "-f", commit)
        if options.extra:
            shutil.copytree(options.extra, checked.root, dirs_exist_ok=True)
        write_commands(checked.root, options.sources, shlex.split(options.flags))
        problems += checked.step(commit[:12])
    return problems


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1], description=__doc__)
    parser.add_argument("--generated", type=int, metavar="STEPS", default=8)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--history", metavar="REPOSITORY")
    parser.add_argument("--sources", nargs="+", default=["*.c"])
    parser.add_argument("--flags", default="")
    parser.add_argument("--extra")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--verbose", action="store_true", help="a line for each step")
    parser.add_argument("--keep", action="store_true", help="leave the working folder")
    options = parser.parse_args()
    folder = os.path.realpath(tempfile.mkdtemp(prefix="overstay-incremental-"))
    checked = Checked(folder, options.verbose)
    try:
        if options.history:
            problems = run_history(checked, options)
        else:
            print(f"seed {options.seed}")
            problems = run_generated(checked, options.generated, options.seed)
        for problem in problems:
            print(problem)
    finally:
        if options.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder)
    checked.tell()
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
