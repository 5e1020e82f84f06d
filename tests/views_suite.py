#!/usr/bin/env python3
"""What is staged, and what a revision has, is checked as if it had been checked out: --staged,
--new-from-rev and --diff in repositories that this test makes.

usage: views_suite.py [--generated STEPS] [--seed N] [--verbose] [--keep]

Beside cases told one by one, a project gets random edits, of which a random part is staged. After
each step:
- all findings of the staged tree are those of a cold run over a checkout of the index;
- --staged says what is new from a run over a checkout of HEAD to one over a checkout of the index;
- --new-from-rev says what is new from there to the work tree;
- and the next normal run, in the database that has seen all that, says what a cold one says.

The binary is $OVERSTAY, or build/release/overstay.
"""
import argparse
import fcntl
import glob
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

from incremental_suite import OVERSTAY, Checked, Edits, canonical, copy_own_code, differences, forget

ENVIRONMENT = {**{name: value for name, value in os.environ.items()
                  if not name.startswith("GIT_")},
               "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
               "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
               "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org"}
READ = re.compile(r"\((\d+) units?: (\d+) analysed, (\d+) unchanged, (\d+) failed")
GOOD = """#include <pthread.h>
#include "lib.h"
#include <generated.h>
static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
int NAME(int a) {
  pthread_mutex_lock(&own);
  if (a > LIMIT + MADE) {
    leave(&own);
    return 1;
  }
  pthread_mutex_unlock(&own);
  return 0;
}
"""
BAD = GOOD.replace("    leave(&own);\n", "")
HEADER = """#include <pthread.h>
#define LIMIT 3
static inline void leave(pthread_mutex_t *m) { pthread_mutex_unlock(m); }
"""
BAD_HEADER = HEADER.replace("{ pthread_mutex_unlock(m); }", "{ (void)m; }")


class Repository:
    def __init__(self, root, database=None):
        self.root, self.database = root, database
        self.names = []
        os.makedirs(root, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments, **more):
        run = subprocess.run(["git", "-C", self.root, *arguments], check=True,
                             stdout=subprocess.PIPE, env={**ENVIRONMENT, **more})
        return run.stdout.decode().rstrip("\n")

    def write(self, name, text):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def commands(self, *names):
        entries = [{"directory": self.root, "file": name,
                    "arguments": ["cc", "-Iinclude", "-Iother", "-Imade", "-c", name]}
                   for name in names]
        self.write("compile_commands.json", json.dumps(entries))

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "step")

    def check(self, *options, environment=None, folder=None):
        command = [OVERSTAY, "check", "-j", "2", "-f", "json", "--progress", "never", *options]
        if self.database and "--db" not in options:
            command += ["--db", self.database]
        return subprocess.run(command, cwd=folder or self.root, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, timeout=600,
                              env={**ENVIRONMENT, **(environment or {})})


def findings(run, states=("new", "known", "moved")):
    if run.returncode not in (0, 1, 3):
        raise RuntimeError(f"exit {run.returncode}: {run.stderr.decode(errors='replace')}")
    found = [finding for finding in json.loads(run.stdout)["findings"]
             if finding["state"] in states]
    for finding in found:
        for name in ("state", "first_seen", "last_seen"):
            del finding[name]
        finding["steps"] = [step for step in finding["steps"] if step["kind"] != "reason"]
    return found


def new_ones(run):
    return findings(run, ("new",))


def places(run):
    return sorted((found["location"]["path"], found["rule"]) for found in findings(run))


def parsed(run):
    return int(READ.search(run.stderr.decode()).group(2))


# ---- cases

class Case(Repository):
    """Two good units with a header each of them reads, one that git does not know, all committed
    and checked."""

    def __init__(self, folder):
        super().__init__(os.path.join(folder, "project"))
        self.problems = []
        self.write(".gitignore", "made/\ncompile_commands.json\n.overstay/\n")
        self.write("include/lib.h", HEADER)
        self.write("made/generated.h", "#define MADE 1\n")
        self.write("a.c", GOOD.replace("NAME", "a"))
        self.write("sub/b.c", GOOD.replace("NAME", "b"))
        self.commands("a.c", "sub/b.c")
        self.commit()
        self.expect("the beginning is clean", places(self.check()), [])

    def expect(self, what, got, wanted):
        if got != wanted:
            self.problems.append(f"{what}: {got} and not {wanted}")

    def staged(self, what, code, wanted, *options, **more):
        run = self.check("--staged", *options, **more)
        self.expect(f"{what}, exit code", run.returncode, code)
        if run.returncode in (0, 1, 3) and run.stdout:
            self.expect(what, places(run), wanted)
        elif wanted:
            self.problems.append(f"{what}: {run.stderr.decode()}")
        return run


LEAK_A, LEAK_B = ("a.c", "lock-leak"), ("sub/b.c", "lock-leak")


def staged_and_not_the_work_tree(case):
    case.write("a.c", BAD.replace("NAME", "a"))
    case.staged("not staged", 0, [])
    case.git("add", "a.c")
    case.write("a.c", GOOD.replace("NAME", "a"))
    run = case.staged("mended after staging", 1, [LEAK_A])
    case.expect("units read", parsed(run), 1)
    line = json.loads(run.stdout)["findings"][0]
    case.expect("new", line["state"], "new")
    case.staged("again, from another folder", 1, [LEAK_A],
                folder=os.path.join(case.root, "sub"))
    case.expect("the work tree is clean", places(case.check()), [])
    text = subprocess.run([OVERSTAY, "check", "--staged", "--progress", "never"], cwd=case.root,
                          env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False).stdout.decode()
    case.expect("lines are those that are staged", "    return 1;" in text, True)
    case.git("commit", "-q", "-m", "bad")
    case.staged("nothing staged", 0, [])
    case.git("checkout", "-q", "a.c", ".")
    run = case.check()
    case.expect("after the commit", (places(run), parsed(run)), ([LEAK_A], 0))


def what_was_there_is_not_new(case):
    case.write("a.c", BAD.replace("NAME", "a"))
    case.commit()
    case.write("a.c", "int before;\n" + BAD.replace("NAME", "a"))
    case.git("add", "a.c")
    case.staged("an old finding", 0, [])
    case.write("sub/b.c", BAD.replace("NAME", "b"))
    case.git("add", "sub/b.c")
    case.staged("an old and a new one", 1, [LEAK_B])
    case.git("mv", "a.c", "c.c")
    case.commands("a.c", "c.c", "sub/b.c")
    case.staged("a renamed one is not new", 1, [LEAK_B])


def another_tree_gives_other_answers(case):
    """A function of both trees whose callee differs: its facts are those of the last run again."""
    case.write("a.c", BAD.replace("NAME", "a"))
    case.write("caller.c", "extern int a(int);\nint call_it(int n) { return a(n); }\n")
    case.commands("a.c", "caller.c", "sub/b.c")
    case.commit()
    case.write("a.c", BAD.replace("NAME", "a").replace("pthread_mutex_lock(&own);", ""))
    case.write("sub/b.c", BAD.replace("NAME", "b"))  # else HEAD need not be looked at

    def facts():
        return subprocess.run([OVERSTAY, "dump", "summary", "caller.c"], cwd=case.root, check=False,
                              env=ENVIRONMENT, stdout=subprocess.PIPE).stdout

    case.check()
    wanted = facts()
    case.expect("new", places(case.check("--new-from-rev", "HEAD")), [LEAK_B])
    case.check()
    case.expect("after a look at HEAD", facts(), wanted)


def headers(case):
    case.write("include/lib.h", BAD_HEADER)
    case.git("add", "include/lib.h")
    case.write("include/lib.h", HEADER)
    run = case.staged("a header", 1, [LEAK_A, LEAK_B])
    case.expect("all that read it are read", parsed(run), 2)
    case.expect("and the work tree has another", places(case.check()), [])


def a_header_that_is_not_there(case):
    """On the disk and not in the index: it is not found, and another one is."""
    case.write("other/lib.h", BAD_HEADER)
    case.commit()
    case.expect("the first one is found", places(case.check()), [])
    case.git("rm", "-q", "--cached", "include/lib.h")
    case.staged("only the second is staged", 1, [LEAK_A, LEAK_B])
    case.expect("the disk has both", places(case.check()), [])


def a_header_that_is_only_staged(case):
    """In a folder that is not on the disk, and found before the one that is."""
    shutil.move(os.path.join(case.root, "include/lib.h"), os.path.join(case.root, "lib.h"))
    case.write("other/lib.h", HEADER)
    os.remove(os.path.join(case.root, "lib.h"))
    case.commit()
    case.expect("from the second folder", places(case.check()), [])
    case.write("include/lib.h", BAD_HEADER)
    case.git("add", "include/lib.h")
    shutil.rmtree(os.path.join(case.root, "include"))
    case.staged("the first folder is only staged", 1, [LEAK_A, LEAK_B])
    case.expect("the disk has one", places(case.check()), [])
    case.write("include/lib.h", BAD_HEADER)
    case.expect("and then both", places(case.check()), [LEAK_A, LEAK_B])


def sources_come_and_go(case):
    case.write("c.c", BAD.replace("NAME", "c"))
    case.commands("a.c", "c.c", "sub/b.c")
    case.staged("a source that git does not know", 0, [])
    case.git("add", "c.c")
    os.remove(os.path.join(case.root, "c.c"))
    case.staged("a source that is only staged", 1, [("c.c", "lock-leak")])
    case.git("rm", "-q", "--cached", "c.c")
    case.git("rm", "-q", "--cached", "a.c")
    case.commands("a.c", "sub/b.c")
    run = case.staged("a source that was taken out", 0, [])
    case.expect("is not checked", READ.search(run.stderr.decode()).group(1), "1")
    case.git("reset", "-q")
    case.write("c.c", BAD.replace("NAME", "c"))
    case.commands("a.c", "c.c", "sub/b.c")
    case.git("add", "-N", "c.c")
    case.staged("a source that is to be added", 0, [])


def without_a_database(case):
    shutil.rmtree(os.path.join(case.root, ".overstay"))
    case.staged("nothing staged and no database", 0, [])
    case.write("notes.txt", "no C\n")
    case.git("add", "notes.txt")
    run = case.staged("a text staged", 0, [])
    case.expect("it says so", "no C file is staged" in run.stderr.decode(), True)
    case.write("a.c", BAD.replace("NAME", "a"))
    case.git("add", "a.c")
    run = case.staged("a source staged", 3, [])
    case.expect("it says the command", "\n  overstay check\n" in run.stderr.decode(), True)
    case.expect("it makes nothing", os.path.exists(os.path.join(case.root, ".overstay")), False)
    case.staged("without any database", 1, [LEAK_A], "--no-cache")


def in_a_hook(case):
    """git gives a hook an index of its own, and the work tree as its folder."""
    case.write("a.c", BAD.replace("NAME", "a"))
    case.write("sub/b.c", BAD.replace("NAME", "b"))
    case.git("add", "a.c")
    hook = os.path.join(case.root, ".git/hooks/pre-commit")
    case.write(".git/hooks/pre-commit", f"#!/bin/sh\nexec '{OVERSTAY}' check --staged --quiet\n")
    os.chmod(hook, 0o755)
    for name, wanted in (("sub/b.c", "sub/b.c"), (None, "a.c")):
        run = subprocess.run(["git", "commit", "-q", "-m", "x", *([name] if name else [])],
                             cwd=case.root, env=ENVIRONMENT, check=False, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
        said = run.stdout.decode()
        case.expect(f"commit of {name}", run.returncode, 1)
        case.expect(f"{wanted} is blamed alone", sorted(set(re.findall(r"[\w/]+\.c(?=:\d+:\d+: error)",
                                                                     said))), [wanted])
    case.write("a.c", GOOD.replace("NAME", "a"))
    case.git("add", "a.c")
    case.git("commit", "-q", "--allow-empty", "-m", "x")


def before_the_first_commit(case):
    shutil.rmtree(os.path.join(case.root, ".git"))
    case.git("init", "-q", "-b", "main")
    case.write("a.c", BAD.replace("NAME", "a"))
    case.git("add", "a.c", "include")
    case.staged("all is new", 1, [LEAK_A])


def revisions(case):
    first = case.git("rev-parse", "HEAD")
    case.write("a.c", BAD.replace("NAME", "a"))
    case.commit()
    case.write("sub/b.c", BAD.replace("NAME", "b"))
    case.expect("against HEAD", places(case.check("--new-from-rev", "HEAD")), [LEAK_B])
    case.expect("against the first", places(case.check("--new-from-rev", first)), [LEAK_A, LEAK_B])
    case.expect("exit code", case.check("--new-from-rev", "HEAD").returncode, 1)
    run = case.check("--new-from-rev", "HEAD", "--disable", "lock-leak")
    case.expect("exit code without it", run.returncode, 0)
    case.expect("no such revision", case.check("--new-from-rev", "nowhere").returncode, 2)
    case.expect("an option is no revision", case.check("--new-from-rev", "--all").returncode, 2)
    run = case.check()
    case.expect("the normal run", (places(run), parsed(run)), ([LEAK_A, LEAK_B], 0))
    case.expect("is known", {f["state"] for f in json.loads(run.stdout)["findings"]}, {"known"})


def changed_lines(case):
    case.write("a.c", BAD.replace("NAME", "a"))
    case.write("sub/b.c", BAD.replace("NAME", "b"))
    case.commit()
    case.expect("nothing changed", places(case.check("--diff", "HEAD")), [])
    case.write("a.c", "int x;\n" + BAD.replace("NAME", "a") + "int y;\n")
    case.expect("changed elsewhere", places(case.check("--diff", "HEAD")), [])
    case.write("a.c", BAD.replace("NAME", "a").replace("return 1", "return 2"))
    case.expect("the line itself", places(case.check("--diff", "HEAD")), [LEAK_A])
    case.write("a.c", GOOD.replace("NAME", "a"))
    case.commit()
    case.write("a.c", BAD.replace("NAME", "a"))
    case.expect("a line was taken out", places(case.check("--diff", "HEAD")), [LEAK_A])
    case.write("c.c", BAD.replace("NAME", "c"))
    case.commands("a.c", "c.c", "sub/b.c")
    case.expect("a new file", places(case.check("--diff", "HEAD")),
                [LEAK_A, ("c.c", "lock-leak")])


def odd_names(case):
    for name in ('say "a\\b".c', "a'b: {c}.c", "tab\there.c"):
        case.write(name, GOOD.replace("NAME", "odd"))
    case.commands("a.c", 'say "a\\b".c', "a'b: {c}.c")
    case.commit()
    case.check()
    for name in ('say "a\\b".c', "a'b: {c}.c"):
        case.write(name, BAD.replace("NAME", "odd"))
        case.git("add", "--", name)
        case.write(name, GOOD.replace("NAME", "odd"))
        case.staged(f"<{name}>", 1, [(name, "lock-leak")])
        case.git("reset", "-q")


def while_another_run_writes(case):
    """It does not wait, and keeps nothing."""
    case.write("a.c", BAD.replace("NAME", "a"))
    case.git("add", "a.c")
    with open(os.path.join(case.root, ".overstay/facts.db.lock"), "r+b") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        run = case.staged("locked", 1, [LEAK_A])
        case.expect("it says so", "are not kept" in run.stderr.decode(), True)
    case.expect("nothing was kept", parsed(case.staged("unlocked", 1, [LEAK_A])), 1)


def not_in_a_repository(case):
    shutil.rmtree(os.path.join(case.root, ".git"))
    case.staged("no repository", 2, [])
    case.expect("the same for a revision", case.check("--new-from-rev", "HEAD").returncode, 2)


CASES = (staged_and_not_the_work_tree, what_was_there_is_not_new,
         another_tree_gives_other_answers, headers,
         a_header_that_is_not_there, a_header_that_is_only_staged, sources_come_and_go,
         without_a_database, in_a_hook, before_the_first_commit, revisions, changed_lines,
         odd_names, while_another_run_writes, not_in_a_repository)


# ---- a history

class History:
    """A project that is edited, staged and committed at random."""

    def __init__(self, folder, seed, verbose):
        self.folder, self.verbose = folder, verbose
        self.checked = Checked(folder, False)
        self.root = self.checked.root
        self.project = Repository(self.root, self.checked.warm)
        self.dice = random.Random(seed)
        self.edits = Edits(self.root, self.dice)
        copy_own_code(self.root)
        for path in self.edits.files(".c")[::2]:  # enough to be told apart, and half the time
            os.remove(path)
        self.project.write(".gitignore", "compile_commands.json\nmade.h\n")
        self.project.write("made.h", "int made_by_the_build(void);\n")
        self.edits.write_commands()
        self.project.commit()
        tree = self.project.git("hash-object", "-t", "tree", "/dev/null", "-w")
        self.nothing = self.project.git("commit-tree", "-m", "empty", tree)
        self.read = self.units = 0
        self.known = {}  # commands that there were, by source
        self.learn()

    def learn(self):
        """The commands of now; those of earlier steps are kept."""
        with open(os.path.join(self.root, "compile_commands.json"), encoding="utf-8") as file:
            entries = json.load(file)
        self.known.update((entry["file"], entry) for entry in entries)
        return entries

    def checkout(self, name, revision=None):
        """The index or a revision as a tree of its own, with the commands of what is in it."""
        root = os.path.join(self.folder, name)
        shutil.rmtree(root, ignore_errors=True)
        os.makedirs(root)
        index = os.path.join(self.folder, "checkout.index")
        if revision:
            self.project.git("read-tree", revision, GIT_INDEX_FILE=index)
        more = {"GIT_INDEX_FILE": index} if revision else {}
        self.project.git("checkout-index", "-a", f"--prefix={root}/", **more)
        shutil.copy(os.path.join(self.root, "made.h"), root)
        text = json.dumps(self.learn())
        entries = json.loads(text.replace(self.root + '"', root + '"')
                             .replace(self.root + "/", root + "/"))
        entries = [entry for entry in entries
                   if os.path.exists(os.path.join(entry["directory"], entry["file"]))]
        with open(os.path.join(root, "compile_commands.json"), "w", encoding="utf-8") as out:
            json.dump(entries, out)
        os.makedirs(os.path.join(root, ".git"))  # so that it is a root
        return root

    def cold(self, *roots):
        """One after the other in a new database; the last run."""
        database = os.path.join(self.folder, "other.db")
        forget(database)
        for root in roots:
            run = self.project.check("--min-confidence", "info", "--all-rules", "--db", database,
                                     "-p", root, folder=root)
        return run

    def view(self, *options):
        return self.project.check("--min-confidence", "info", "--all-rules", *options)

    def edit(self):
        done = [self.edits.random() for _ in range(self.dice.randint(1, 3))]
        if self.dice.random() < 0.3:
            self.project.commit()
            done.append("commit")
        names = [name for name in self.project.git("status", "--porcelain", "-z", "-uall",
                                                   "--no-renames")
                 .split("\0") if name]
        for name in names:
            if self.dice.random() < 0.6:
                subprocess.run(["git", "-C", self.root, "add", "-A", "--", name[3:]], check=False,
                               env=ENVIRONMENT, stderr=subprocess.DEVNULL)
                done.append(f"stage {name[3:]}")
        if self.dice.random() < 0.2:
            name = self.dice.choice(self.project.git("ls-files", "*.c").split("\n"))
            self.project.git("rm", "-q", "--cached", "-f", "--", name)
            done.append(f"take out {name}")
        return done + ([self.edits.random()] if self.dice.random() < 0.3 else [])

    def compare(self, what, view, cold, select):
        left, right = select(view), select(cold)
        if left == right:
            return []
        lost = [json.dumps(finding)[:300] for finding in right if finding not in left]
        made = [json.dumps(finding)[:300] for finding in left if finding not in right]
        return [f"{what}: {len(lost)} lost, {len(made)} made up", *lost[:2], *made[:2],
                view.stderr.decode()[-600:], cold.stderr.decode()[-600:]]

    def has_removed(self, root):
        """A source of this checkout had a command once, and has none now; or is there no more: under
        its new name it may have one."""
        now = {entry["file"] for entry in self.learn()}
        sources = glob.glob(os.path.join(root, "**", "*.c"), recursive=True)
        return any(os.path.exists(os.path.join(entry["directory"], name).replace(self.root, root))
                   for name, entry in self.known.items() if name not in now) or not all(
                       os.path.exists(path.replace(root, self.root)) for path in sources)

    def against_head(self, what, view, tree):
        """What HEAD has of a source that was renamed or removed since, the database may know: then it
        is not new, which a cold run cannot say. More than that one says is never new."""
        head = self.checkout("head", "HEAD")
        cold = self.cold(head, tree)
        if not self.has_removed(head):
            return self.compare(what, view, cold, new_ones)
        made_up = [found for found in new_ones(view) if found not in new_ones(cold)]
        return [f"{what}: {len(made_up)} made up: {json.dumps(made_up[0])[:300]}"] if made_up else []

    def step(self, number):
        done = self.edit()
        self.edits.write_commands()
        index = self.checkout("index")
        problems = []
        whole = self.view("--staged", "--new-from-rev", self.nothing)
        if b"no C file is staged" not in whole.stderr:
            problems += self.compare("staged", whole, self.cold(index), findings)
        problems += self.against_head("staged against HEAD", self.view("--staged"), index)
        if self.dice.random() < 0.5:
            problems += self.against_head("against HEAD", self.view("--new-from-rev", "HEAD"),
                                          self.work_tree())
        problems += self.checked.step(", ".join(done))
        self.read += parsed(whole) if READ.search(whole.stderr.decode()) else 0
        if self.verbose:
            print(f"step {number}, {', '.join(done)}: {problems or 'equal'}", flush=True)
        return [f"step {number}, {', '.join(done)}"] + problems if problems else []

    def work_tree(self):
        root = os.path.join(self.folder, "work")
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.root, root, ignore=shutil.ignore_patterns(".git"))
        path = os.path.join(root, "compile_commands.json")
        with open(path, encoding="utf-8") as file:
            text = file.read().replace(self.root + '"', root + '"').replace(self.root + "/",
                                                                            root + "/")
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        os.makedirs(os.path.join(root, ".git"))
        return root


def run_case(case_function, keep):
    folder = os.path.realpath(tempfile.mkdtemp(prefix="overstay-views-"))
    case = Case(folder)
    try:
        case_function(case)
    except (RuntimeError, subprocess.SubprocessError, ValueError, KeyError) as error:
        case.problems.append(f"{type(error).__name__}: {error}")
    if keep:
        print(f"kept: {folder}")
    else:
        shutil.rmtree(folder)
    for problem in case.problems:
        print(f"{case_function.__name__}: {problem}", flush=True)
    return case.problems


def run_history(steps, seed, verbose, keep):
    folder = os.path.realpath(tempfile.mkdtemp(prefix="overstay-views-"))
    history = History(folder, seed, verbose)
    failed = [history.checked.step("the beginning")]
    for number in range(steps):
        failed.append(history.step(number + 1))
        for problem in failed[-1]:
            print(problem, flush=True)
    if keep:
        print(f"kept: {folder}")
    else:
        shutil.rmtree(folder)
    return failed


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1], description=__doc__)
    parser.add_argument("--generated", type=int, metavar="STEPS", default=4)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--case", help="this case alone")
    parser.add_argument("--verbose", action="store_true", help="a line for each step")
    parser.add_argument("--keep", action="store_true", help="leave the working folders")
    options = parser.parse_args()
    cases = [case for case in CASES if options.case in (None, case.__name__)]
    outcomes = [run_case(case, options.keep) for case in cases]
    if not options.case:
        print(f"seed {options.seed}", flush=True)
        outcomes += run_history(options.generated, options.seed, options.verbose, options.keep)
    failed = sum(1 for outcome in outcomes if outcome)
    print(f"{len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
