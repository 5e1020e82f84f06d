#!/usr/bin/env python3
"""A commit with the hooks of .pre-commit-hooks.yaml, as a user makes it: git commit, and pre-commit
around overstay. Without pre-commit on the machine the same hooks are run by a script in .git/hooks.

usage: hook_suite.py [CASE...]      (run.py runs it; ends in "N passed, N failed")
"""
import functools
import os
import re
import shutil
import subprocess

import cases
from views_suite import BAD, BAD_HEADER, ENVIRONMENT, GOOD, HEADER, OVERSTAY, Repository

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOOKS = os.path.join(ROOT, ".pre-commit-hooks.yaml")
CONFIG = """repos:
- repo: {hooks}
  rev: v1
  hooks:
  - id: {hook}
    verbose: true
"""


def has_pre_commit():
    return shutil.which("pre-commit") is not None


class Project(Repository):
    """Two good units that share a header, committed, with a warm database and the hook."""

    def __init__(self, folder, hook="overstay"):
        super().__init__(os.path.join(folder, "project"))
        self.folder, self.problems = folder, []
        os.makedirs(os.path.join(folder, "bin"))
        os.symlink(OVERSTAY, os.path.join(folder, "bin", "overstay"))
        self.environment = {**ENVIRONMENT, "HOME": folder, "PRE_COMMIT_HOME": folder + "/cache",
                            "PATH": f"{folder}/bin:{os.environ['PATH']}"}
        self.write(".gitignore", "made/\ncompile_commands.json\n.overstay/\n")
        self.write("include/lib.h", HEADER)
        self.write("made/generated.h", "#define MADE 1\n")
        self.write("a.c", GOOD.replace("NAME", "a"))
        self.write("sub/b.c", GOOD.replace("NAME", "b"))
        self.commands("a.c", "sub/b.c")
        self.install(hook)
        self.commit()
        self.check()

    def install(self, hook):
        if not has_pre_commit():
            with open(HOOKS, encoding="utf-8") as file:
                entry = re.search(rf"- id: {hook}\n(?:  .*\n)*?  entry: (.*)\n", file.read()).group(1)
            path = self.write_hook(f"#!/bin/sh\nexec {entry}\n")
            os.chmod(path, 0o755)
            return
        hooks = Repository(os.path.join(self.folder, "hooks"))
        shutil.copy(HOOKS, hooks.root)
        hooks.commit()
        hooks.git("tag", "v1")
        self.write(".pre-commit-config.yaml", CONFIG.format(hooks=hooks.root, hook=hook))
        run = subprocess.run(["pre-commit", "install", "--install-hooks"], cwd=self.root,
                             env=self.environment, check=False, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
        if run.returncode:
            raise RuntimeError(run.stdout.decode())

    def write_hook(self, text):
        self.write(".git/hooks/pre-commit", text)
        return os.path.join(self.root, ".git/hooks/pre-commit")

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "--no-verify", "-m", "step")

    def attempt(self, *names):
        """Stages these and commits: (it went through, what was said)."""
        if names:
            self.git("add", "-A", "--", *names)
        run = subprocess.run(["git", "commit", "-m", "attempt"], cwd=self.root, check=False,
                             env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             timeout=120)
        return run.returncode == 0, run.stdout.decode()

    def expect(self, what, attempt, passes, *texts):
        went, said = attempt
        if went != passes:
            self.problems.append(f"{what}: {'went through' if went else 'was stopped'}: {said}")
        for text in texts:
            if text not in said:
                self.problems.append(f"{what}: '{text}' was not said: {said}")


def bad_is_staged_and_mended(project):
    project.write("a.c", BAD.replace("NAME", "a"))
    project.git("add", "a.c")
    project.write("a.c", GOOD.replace("NAME", "a"))
    project.expect("bad is staged", project.attempt(), False, "a.c:8:5: error:", "[lock-leak]",
                   "    8 |     return 1;")
    with open(os.path.join(project.root, "a.c"), encoding="utf-8") as file:
        if file.read() != GOOD.replace("NAME", "a"):
            project.problems.append("the work tree was changed")


def good_is_staged_and_bad_since(project):
    project.write("a.c", GOOD.replace("NAME", "a") + "int more;\n")
    project.git("add", "a.c")
    project.write("a.c", BAD.replace("NAME", "a"))
    project.expect("good is staged", project.attempt(), True)
    project.expect("bad now", project.attempt("a.c"), False, "[lock-leak]")


def a_header_alone(project):
    project.write("include/lib.h", BAD_HEADER)
    project.expect("header", project.attempt("include/lib.h"), False, "a.c:9:5: error:",
                   "sub/b.c:9:5: error:")
    project.write("include/lib.h", HEADER + "#define MORE 1\n")
    project.expect("good header", project.attempt("include/lib.h"), True)


def renamed_and_deleted(project):
    project.write("a.c", BAD.replace("NAME", "a"))
    project.commit()
    project.check()
    project.git("mv", "a.c", "c.c")
    project.commands("c.c", "sub/b.c")
    project.expect("renamed with its old finding", project.attempt(), True)
    project.git("rm", "-q", "c.c")
    project.expect("deleted", project.attempt(), True)
    project.commands("sub/b.c")
    project.write("sub/b.c", BAD.replace("NAME", "b"))
    project.expect("new beside that", project.attempt("sub/b.c"), False, "sub/b.c:8:5")


def no_database(project):
    shutil.rmtree(os.path.join(project.root, ".overstay"))
    project.write("a.c", GOOD.replace("NAME", "a") + "int more;\n")
    project.expect("no database", project.attempt("a.c"), False,
                   "there is no database yet, so nothing was checked; make it with",
                   "overstay check", *(["exit code: 3"] if has_pre_commit() else []))
    if os.path.exists(os.path.join(project.root, ".overstay")):
        project.problems.append("a database was made")
    project.write(".overstay.ini", "[hook]\nmissing-db = warn\n")
    project.expect("hook.missing-db = warn", project.attempt("a.c"), True,
                   "there is no database yet")
    project.check()
    project.write("a.c", BAD.replace("NAME", "a"))
    project.expect("with one", project.attempt("a.c"), False, "[lock-leak]")


def no_c_file(project):
    project.write("notes.txt", "nothing\n")
    project.expect("a text", project.attempt("notes.txt"), True, "no C file is staged")


def five_thousand_files(project):
    """More than fit on a command line: they are no arguments of ours."""
    for number in range(5000):
        project.write(f"data/{number:04}-{'x' * 60}.c", "int x;\n")
    project.write("a.c", BAD.replace("NAME", "a"))
    project.expect("5000 files", project.attempt("."), False, "a.c:8:5: error:",
                   *(["exit code: 1"] if has_pre_commit() else []))


def time_is_up(project):
    project.write("a.c", BAD.replace("NAME", "a"))
    project.environment["OVERSTAY_TIMEOUT"] = "0.000001s"
    project.expect("no time", project.attempt("a.c"), True,
                   "the time was up: 1 of 1 changed units were not looked at")
    project.git("reset", "-q", "--soft", "HEAD~1")
    project.write(".overstay.ini", "hook.partial = fail\n")
    project.expect("hook.partial = fail", project.attempt("a.c"), False, "the time was up")
    del project.environment["OVERSTAY_TIMEOUT"]
    project.expect("with time", project.attempt("a.c"), False, "[lock-leak]")


def nearest_first(project):
    """Of a changed source and a header that many include, the source is looked at; it stalls, so the
    time is up before anything else."""
    for number in range(4):
        project.write(f"many{number}.c", GOOD.replace("NAME", f"many{number}"))
    project.commands(*[f"many{number}.c" for number in range(4)], "a.c", "sub/b.c")
    project.commit()
    project.check()
    project.write("include/lib.h", BAD_HEADER)
    project.write("sub/b.c", BAD.replace("NAME", "b"))
    project.environment.update(OVERSTAY_JOBS="1", OVERSTAY_TIMEOUT="3s",
                               OVERSTAY_TEST_STALL_UNIT="2")
    said = project.attempt("include/lib.h", "sub/b.c")
    if "many0.c:" in said[1] and "many1.c:" in said[1]:
        return  # a build without test hooks: nothing stalls
    project.expect("nearest first", said, False, "sub/b.c:8:5: error:",
                   "the time was up: 5 of 6 changed units were not looked at")


def the_whole_program(project):
    project.write("a.c", BAD.replace("NAME", "a"))
    project.expect("overstay-full", project.attempt("a.c"), False, "a.c:8:5: error:")
    project.git("checkout", "-q", "HEAD", "a.c")
    project.write("sub/b.c", BAD.replace("NAME", "b"))
    project.write("notes.txt", "nothing\n")
    if has_pre_commit():  # it hides what is not staged
        project.expect("what is not staged", project.attempt("notes.txt"), True)


def a_plain_run_in_time(project):
    """--timeout without git: what was left is a gap in the result, and is read the next time."""
    none = ("--timeout", "0.000001s")

    def run(*options):
        done = project.check(*options)
        return done.returncode, done.stderr.decode()
    for options in (("--no-cache",), ("--no-cache", "--allow-partial")):
        code, said = run(*none, *options)
        project.expect(f"cold {options}", (code == 3, said), True, "2 failed",
                       "a.c was not analysed: not looked at, because the time was up")
    project.write("a.c", BAD.replace("NAME", "a"))
    code, said = run(*none)
    project.expect("warm", (code == 3, said), True, "0 analysed, 1 unchanged, 1 failed")
    code, said = run(*none, "--allow-partial")
    project.expect("--allow-partial", (code == 0, said), True, "1 failed")
    code, said = run("--timeout", "5m")
    project.expect("with time", (code == 1, said), True, "1 analysed, 1 unchanged, 0 failed")
    code, said = run(*none)
    project.expect("nothing to read", (code == 1, said), True, "0 analysed, 2 unchanged, 0 failed")


def with_project(case):
    @functools.wraps(case)
    def prepared(folder):
        project = None
        try:
            project = Project(folder, "overstay-full" if case is the_whole_program else "overstay")
            case(project)
            return project.problems
        except (RuntimeError, subprocess.SubprocessError) as error:
            return [f"{type(error).__name__}: {error}", *getattr(project, "problems", [])]
    return prepared


CASES = (bad_is_staged_and_mended, good_is_staged_and_bad_since, a_header_alone,
         renamed_and_deleted, no_database, no_c_file, five_thousand_files, time_is_up,
         nearest_first, a_plain_run_in_time, the_whole_program)


if __name__ == "__main__":
    if not has_pre_commit():
        print("note: pre-commit is not installed; its hooks are run by git alone")
    cases.main([with_project(case) for case in CASES], "overstay-hook-")
