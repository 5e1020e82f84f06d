#!/usr/bin/env python3
"""What the database makes unnecessary, and what it must not hide: a tree at another place, headers
that appear, contents that come back."""
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "faults"))

import fault  # pylint: disable=wrong-import-position
from fault import expect  # pylint: disable=wrong-import-position

LEAK = """#include <pthread.h>
#include "table.h"
#include CONFIG
static const char *const places[] = {SHARE "/data", __FILE__, GENERATED};
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
void say(const char *);
int leak(int failed) {
  say(SHARE);
  pthread_mutex_lock(&m);
  if (failed > LIMIT)
    return -1;
  say(places[0]);
  pthread_mutex_unlock(&m);
  return size_of(failed);
}
"""


def tree_at(project, top, build):
    """One program below `top`, built in `build`, with names of both in flags and texts."""
    def path(folder, name):
        return os.path.join(project.path(folder), name)
    project.write(f"{top}/.git/HEAD", "ref: refs/heads/main\n")
    project.write(f"{top}/src/leak.c", LEAK)
    project.write(f"{top}/src/good.c", '#include "table.h"\nint good(void) { return size_of(1); }\n')
    project.write(f"{top}/include/table.h", "static inline int size_of(int a) { return a + 1; }\n")
    project.write(f"{build}/gen/config.h", "#define LIMIT 3\n#define GENERATED __FILE__\n")
    project.entries = [
        {"directory": project.path(build), "file": path(top, f"src/{name}.c"),
         "arguments": ["gcc", f"-I{path(top, 'include')}", f"-I{path(build, 'gen')}", "-isystem",
                       path(top, "contrib"), f'-DCONFIG="{path(build, "gen/config.h")}"',
                       f'-DSHARE="{path(top, "share")}"', "-c", path(top, f"src/{name}.c")]}
        for name in ("leak", "good")]
    project.write_commands()
    os.rename(project.path("compile_commands.json"), path(build, "compile_commands.json"))
    project.entries = []


def check_at(project, build, *options):
    return project.run("check", "-p", build, "-j", "2", "--reproducible", "-f", "sarif", *options)


def two_places_are_one(project):
    problems = []
    for top, build in (("ci/source", "ci/objects"), ("home/user/work", "tmp/x/build"),
                       ("inside", "inside/build")):
        tree_at(project, top, build)
        cold = check_at(project, build)
        expect(problems, cold.code == 1 and "2 analysed" in cold.err, f"{top}: {cold.brief()}")
        if top == "inside":
            break
        dump = project.run("dump", "ir", "-p", build, project.path(f"{top}/src/leak.c")).out
        if top == "ci/source":
            first, first_dump = cold, dump
            shutil.copy(project.path(f"{build}/.overstay/facts.db"), project.path("cache.db"))
            expect(problems, "${root}/share" in dump and "src/leak.c" in dump, dump)
            expect(problems, project.root not in dump, dump)
            continue
        expect(problems, dump == first_dump, f"the code depends on the place:\n{dump}")
        warm = check_at(project, build, "--db", "cache.db")
        expect(problems, "0 analysed, 2 unchanged" in warm.err, warm.brief())
        expect(problems, warm.out == cold.out == first.out, "the reports differ")
        report = project.run("report", "-p", build, "--db", "cache.db", "-f", "text")
        expect(problems, f"{top}/src/leak.c:11:5: " in report.out and "pthread_mutex_lock(&m)" in
               report.out, report.brief())
    return problems


def analysed(project, problems, count, what, *options):
    run = project.check(*options)
    expect(problems, f" {count} analysed" in run.err, f"{what}: {run.brief()}")
    return run


def headers_that_appear_are_read(project):
    """By name, not by folder: other files may come and go. But a search folder that appears counts
    for all who looked in it."""
    problems = []
    project.write("late/a.h", "#define A 1\n")
    project.write("late/sys/b.h", "#define B 1\n")
    project.write("early/other.h", "")
    flags = ["-Iearly", "-Inone/such", "-Ilate"]
    project.add("shadow.c", '#include "a.h"\nint f(void) { return A; }\n', flags)
    project.add("deep.c", "#include <sys/b.h>\nint g(void) { return B; }\n", flags)
    project.add("has.c", '#if __has_include("maybe.h")\nint h;\n#endif\n', flags)
    project.add("lacks.c", '#include "absent.h"\nint i;\n', flags)
    project.add("computed.c", '#define NAME "a.h"\n#include NAME\nint j(void) { return A; }\n', flags)
    analysed(project, problems, 5, "cold")
    analysed(project, problems, 0, "nothing changed")
    for name, count in (("early/new.h", 0), ("early/a.h", 2), ("none/such/sys/b.h", 3),
                        ("early/maybe.h", 1), ("absent.h", 1), ("early/sys/b.h", 1)):
        project.write(name, "#define A 2\n#define B 2\n")
        analysed(project, problems, count, f"{name} appears")
        analysed(project, problems, 0, f"{name} is there")
    os.remove(project.path("early/maybe.h"))
    analysed(project, problems, 0, "early/maybe.h is gone: that was known")
    return problems


def contents_come_back(project):
    problems = []
    project.write("a.h", "#define A 1\n")
    project.add("a.c", '#include "a.h"\nint f(int a) { return a + A; }\n')
    project.add("b.c", fault.GOOD)
    first = analysed(project, problems, 2, "cold", "--reproducible", "-f", "json")
    project.write("a.h", "#define A 22\n")
    analysed(project, problems, 1, "another header")
    project.add("c.c", fault.GOOD)
    analysed(project, problems, 1, "another unit")
    project.write("a.h", "#define A 1\n")
    again = project.entries.pop()
    back = analysed(project, problems, 0, "back again", "--reproducible", "-f", "json")
    expect(problems, back.out == first.out.replace('"analysed":2', '"analysed":0'),
           f"not the same report: {first.out}\n{back.out}")
    project.entries.append(again)
    project.write("a.h", "#define A 22\n")
    analysed(project, problems, 0, "and forth")
    return problems


fault.main((two_places_are_one, "roots"), (headers_that_appear_are_read, "lookups"),
           (contents_come_back, "states"))
