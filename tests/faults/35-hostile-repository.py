"""A repository whose configuration names programs: what compares with git runs none of them.

Monitors, filters, drivers, hooks, aliases, transports and a git in the tree itself: each leaves a
mark when it runs. The index is out of date and a blob is missing, so that git has every reason."""
import os
import subprocess

import fault
from fault import expect

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
CLEAN.update(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", GIT_AUTHOR_NAME="a",
             GIT_AUTHOR_EMAIL="a@example.org", GIT_COMMITTER_NAME="a",
             GIT_COMMITTER_EMAIL="a@example.org")
LEAK = """#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int leak(int a) {
  pthread_mutex_lock(&m);
  if (a)
    return 1;
  pthread_mutex_unlock(&m);
  return 0;
}
"""
PROGRAMS = ("core.fsmonitor", "core.sshCommand", "core.editor", "core.pager", "core.askPass",
            "core.gitProxy", "core.alternateRefsCommand", "diff.external", "diff.evil.command",
            "diff.evil.textconv", "filter.evil.smudge", "filter.evil.clean", "filter.evil.process",
            "credential.helper", "gpg.program", "pager.ls-files", "pager.cat-file",
            "pager.diff-index", "uploadpack.packObjectsHook", "remote.origin.uploadpack")
ALIASES = ("ls-files", "cat-file", "diff-index", "rev-parse", "hash-object")
HOOKS = ("post-index-change", "pre-commit", "post-checkout", "reference-transaction",
         "fsmonitor-watchman", "query-watchman", "pre-auto-gc")
COMMANDS = (["--staged"], ["--new-from-rev", "HEAD"], ["--diff", "HEAD"])


def git(project, *arguments):
    run = subprocess.run(["git", *arguments], cwd=project.root, env=CLEAN, check=True,
                         stdout=subprocess.PIPE)
    return run.stdout.decode().strip()


def begin(project):
    project.write(".gitignore", "compile_commands.json\n.overstay/\nmarks/\n")
    project.add("a.c", fault.GOOD)
    project.add("b.c", fault.GOOD.replace("good", "other"))
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "good")
    project.check()
    project.write("a.c", LEAK)
    git(project, "add", "-A")
    project.write("a.c", fault.GOOD)
    os.makedirs(project.path("marks"))


def marker(project, name):
    """A program that leaves a mark and then fails."""
    path = project.write(f"evil/{name}", f"#!/bin/sh\necho ran > '{project.path('marks')}/{name}'\n"
                                         "exit 1\n")
    os.chmod(path, 0o755)
    return path


def make_hostile(project):
    for name in PROGRAMS:
        git(project, "config", name, marker(project, name))
    for name in ALIASES:
        git(project, "config", f"alias.{name}", "!" + marker(project, f"alias.{name}"))
    for name in HOOKS:
        os.replace(marker(project, f"hook.{name}"), project.path(f".git/hooks/{name}"))
    git(project, "config", "filter.evil.required", "true")
    project.write(".git/info/attributes", "* filter=evil diff=evil\n")
    project.write(".gitattributes", "* filter=evil diff=evil\n")
    for name in ("a.c", "b.c"):  # the index does not know whether these changed
        os.utime(project.path(name), (1000000000, 1000000000))


def check_marks(project, problems, what):
    for name in sorted(os.listdir(project.path("marks"))):
        problems.append(f"{what}: {name} ran")


def nothing_is_run(project):
    """That the marks work is proved by git itself: a plain `git diff` leaves some."""
    problems = []
    begin(project)
    make_hostile(project)
    run = project.check("--staged", environment=CLEAN)
    expect(problems, run.code == 1 and "lock-leak" in run.out, run.brief())
    for command in COMMANDS[1:]:
        run = project.check(*command, environment=CLEAN)
        expect(problems, run.code == 0, run.brief())
    check_marks(project, problems, "overstay")
    subprocess.run(["git", "diff"], cwd=project.root, env=CLEAN, check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    expect(problems, os.listdir(project.path("marks")), "git leaves no marks either")
    return problems


def nothing_is_fetched(project):
    """A blob that is missing is a reason for git to fetch it, with the programs of the remote."""
    problems = []
    begin(project)
    blob = git(project, "rev-parse", ":a.c")
    os.remove(project.path(f".git/objects/{blob[:2]}/{blob[2:]}"))
    git(project, "config", "core.repositoryFormatVersion", "1")
    git(project, "config", "extensions.partialClone", "origin")
    git(project, "config", "remote.origin.promisor", "true")
    git(project, "config", "core.sshCommand", marker(project, "ssh"))
    for url in ("ssh://example.invalid/x", "ext::" + marker(project, "ext"), project.root):
        git(project, "config", "remote.origin.url", url)
        git(project, "config", "remote.origin.uploadpack", marker(project, "uploadpack"))
        run = project.check("--staged", environment=CLEAN)
        expect(problems, run.code == 2 and "a.c" in run.err, run.brief())
    check_marks(project, problems, "overstay")
    return problems


def git_in_the_tree_is_not_run(project):
    problems = []
    begin(project)
    path = project.path("evil")
    os.rename(marker(project, "evil-git"), os.path.join(path, "git"))
    os.symlink("evil", project.path("linked"))
    for first in (path, "evil", "", ".", project.path("linked"), f"{path}/../evil"):
        run = project.check("--staged", environment={**CLEAN, "PATH": f"{first}:{CLEAN['PATH']}"})
        expect(problems, run.code == 1 and "lock-leak" in run.out, f"<{first}>: {run.brief()}")
    check_marks(project, problems, "overstay")
    return problems


fault.main((nothing_is_run, ""), (nothing_is_fetched, "git-settings"),
           (git_in_the_tree_is_not_run, "git-program"))
