#!/usr/bin/env python3
"""A run leaves precompiled beginnings to later ones (checker/run/kept_prefixes.h): they save the
parsing of headers, and must never be seen in what is found. So they are used only when all that they
were made of is as it was, and when they are the very files that were written."""
import glob
import os
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "faults"))

import fault  # pylint: disable=wrong-import-position
from fault import expect  # pylint: disable=wrong-import-position

LARGE = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <pthread.h>\n"
LEAK = """static pthread_mutex_t lock@ = PTHREAD_MUTEX_INITIALIZER;
int leak@(int a) {
  pthread_mutex_lock(&lock@);
  if (a)
    return a;
  pthread_mutex_unlock(&lock@);
  return 0;
}
void limited@(void) {
  pthread_mutex_lock(&lock@);
#if LIMIT > 1
  pthread_mutex_unlock(&lock@);
#endif
}
"""
USED = re.compile(r"(\d+) after one of an earlier run")
SOURCES = 5
STAMP = 1700000000 * 10**9


def source(number, *more):
    return LARGE + '#include "limit.h"\n' + "".join(more) + LEAK.replace("@", str(number))


def make(project):
    """Sources that share a beginning, all of them read; `new` is searched before `old`."""
    project.write("old/limit.h", "#define LIMIT 1\n")
    os.makedirs(project.path("new"), exist_ok=True)
    os.utime(project.path("old/limit.h"), ns=(STAMP, STAMP))
    for i in range(SOURCES):
        project.add(f"s{i}.c", source(i), ["-Inew", "-Iold"])
    return project.check()


def kept(project):
    return sorted(glob.glob(project.path(".overstay/*.run-*")))


def used(run):
    found = USED.search(run.err)
    return int(found[1]) if found else 0


def edit_and_check(project, number=0, *options):
    project.write(f"s{number}.c", source(number, "int more(void);\n"))
    return project.check("--stats", *options)


def pass_a_second():
    """What was written in the second of a run is looked at twice, whatever was kept."""
    time.sleep(1.1)


def is_as_cold(project, problems):
    warm = project.check("--reproducible", "-f", "json")
    cold = project.check("--reproducible", "-f", "json", "--no-cache", "--no-pch")
    expect(problems, warm.out == cold.out and warm.code == 1, "it differs from a cold run")


def one_source_that_changed_uses_it(project):
    """Seen to fail when nothing is kept."""
    problems = []
    make(project)
    expect(problems, len(kept(project)) == 1, f"kept: {kept(project)}")
    run = edit_and_check(project)
    expect(problems, used(run) == 1 and run.code == 1, run.brief())
    expect(problems, used(edit_and_check(project, 1, "--no-pch")) == 0, "with --no-pch")
    is_as_cold(project, problems)
    return problems


def both_ways_give_the_same_units(project):
    """--verify-pch with what an earlier run kept."""
    problems = []
    make(project)
    run = edit_and_check(project, 0, "--verify-pch")
    expect(problems, used(run) == SOURCES and f"{SOURCES} units are the same" in run.err, run.brief())
    return problems


def a_header_with_the_same_size_and_time(project):
    problems = []
    make(project)
    project.write("old/limit.h", "#define LIMIT 2\n")
    os.utime(project.path("old/limit.h"), ns=(STAMP, STAMP))
    pass_a_second()
    run = edit_and_check(project)
    expect(problems, run.code == 1, run.brief())
    is_as_cold(project, problems)
    expect(problems, used(edit_and_check(project, 1)) == 1, "a new one was not kept")
    return problems


def a_header_that_appears_where_it_was_looked_for(project):
    problems = []
    make(project)
    project.write("new/limit.h", "#define LIMIT 2\n")
    pass_a_second()
    edit_and_check(project)
    is_as_cold(project, problems)
    return problems


def another_command_does_not_use_it(project):
    problems = []
    make(project)
    project.entries[0]["arguments"].insert(1, "-DOTHER")
    run = edit_and_check(project)
    expect(problems, used(run) == 0 and run.code == 1, run.brief())
    return problems


def a_file_that_was_put_there_is_not_loaded(project):
    """As one that came with the sources, with an index that fits: a copy has another number."""
    problems = []
    make(project)
    for path in glob.glob(kept(project)[0] + "/*.pch"):
        shutil.copy2(path, path + ".copy")
        os.replace(path + ".copy", path)
    run = edit_and_check(project)
    expect(problems, used(run) == 0 and run.code == 1, run.brief())
    is_as_cold(project, problems)
    return problems


def damage_is_harmless(project):
    """Seen to fail without a look at the seal: the index says where files are."""
    problems = []
    for damage in (lambda text: text[:len(text) // 2], lambda text: b"", lambda text: text + b"x",
                   lambda text: text[:40] + bytes([text[40] ^ 8]) + text[41:]):
        shutil.rmtree(project.path(".overstay"), ignore_errors=True)
        project.entries.clear()
        make(project)
        path = kept(project)[0] + "/index"
        with open(path, "rb") as file:
            text = file.read()
        with open(path, "wb") as file:
            file.write(damage(text))
        run = edit_and_check(project)
        expect(problems, used(run) == 0 and run.code == 1, run.brief())
    for path in glob.glob(kept(project)[0] + "/*.pch"):
        with open(path, "r+b") as file:
            file.write(b"no such thing")
    run = edit_and_check(project, 1)
    expect(problems, used(run) == 0 and run.code == 1, run.brief())
    return problems


def few_are_kept(project):
    """Each run makes its own, because a header is new."""
    problems = []
    make(project)
    for i in range(8):
        project.write("old/limit.h", f"#define LIMIT {i + 2}\n")
        project.check()
    expect(problems, 0 < len(kept(project)) <= 4, f"kept: {kept(project)}")
    expect(problems, used(edit_and_check(project)) == 1, "the newest is not used")
    return problems


def without_a_cache_nothing_is_kept(project):
    problems = []
    os.makedirs(project.path("tmp"))
    before = len(os.listdir(project.path("tmp")))
    make(project)
    shutil.rmtree(project.path(".overstay"))
    project.check("--no-cache", environment={"TMPDIR": project.path("tmp")})
    expect(problems, len(os.listdir(project.path("tmp"))) == before, "left in TMPDIR")
    expect(problems, not kept(project), f"kept: {kept(project)}")
    return problems


def git(project, *arguments):
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "a",
                   "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a",
                   "GIT_COMMITTER_EMAIL": "a@example.org"}
    subprocess.run(["git", "-C", project.root, *arguments], check=True, env=environment,
                   stdout=subprocess.DEVNULL)


def start_repository(project):
    make(project)
    project.write(".git-keep", "")
    git(project, "init", "-q")
    git(project, "add", "s0.c", "s1.c", "s2.c", "s3.c", "s4.c", "old/limit.h")
    git(project, "commit", "-q", "-m", "as it is")


def stage(project, name, text):
    """The work tree stays as it was."""
    with open(project.path(name), encoding="utf-8") as file:
        before = file.read()
    status = os.stat(project.path(name))
    project.write(name, text)
    git(project, "add", name)
    project.write(name, before)
    os.utime(project.path(name), ns=(status.st_mtime_ns, status.st_mtime_ns))


def what_is_staged_uses_it(project):
    problems = []
    start_repository(project)
    twice = LEAK.replace("@", "_staged")
    stage(project, "s0.c", source(0, twice))
    run = project.check("--staged", "--stats")
    expect(problems, used(run) == 1 and "leak_staged" in run.out and run.code == 1, run.brief())
    plain = project.check("--staged", "--no-pch")
    expect(problems, run.out == plain.out, "with --no-pch it says something else")
    return problems


def a_staged_header_does_not(project):
    """The one on the disk is as it was."""
    problems = []
    start_repository(project)
    stage(project, "old/limit.h", "#define LIMIT 1\n" + LEAK.replace("@", "_header"))
    run = project.check("--staged", "--stats")
    expect(problems, used(run) == 0 and "leak_header" in run.out and run.code == 1, run.brief())
    return problems


fault.main((one_source_that_changed_uses_it, ""), (both_ways_give_the_same_units, ""),
           (a_header_with_the_same_size_and_time, "kept-inputs"),
           (a_header_that_appears_where_it_was_looked_for, "kept-inputs,prefix-folders"),
           (another_command_does_not_use_it, ""),
           (a_file_that_was_put_there_is_not_loaded, "kept-file"),
           (damage_is_harmless, ""), (few_are_kept, ""), (without_a_cache_nothing_is_kept, ""),
           (what_is_staged_uses_it, ""), (a_staged_header_does_not, "kept-inputs"))
