#!/usr/bin/env python3
"""Sources that begin alike are parsed after a precompiled prefix: nothing that is found, stored or
said may show it. Each trap is a folder of sources with a beginning of their own."""
import contextlib
import glob
import os
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "faults"))

import fault  # pylint: disable=wrong-import-position
from fault import expect  # pylint: disable=wrong-import-position

# Enough headers to be worth a prefix without --verify-pch.
LARGE = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <pthread.h>\n"
LEAK = """static pthread_mutex_t lock@ = PTHREAD_MUTEX_INITIALIZER;
int leak@(int a) {
  pthread_mutex_lock(&lock@);
  if (a > LIMIT(@))
    return USE(a);
  pthread_mutex_unlock(&lock@);
  return 0;
}
"""
PLAIN = "#define LIMIT(n) n\n#define USE(a) a\n"

# What the sources of the folder begin with, their headers, whether a prefix of them can be made,
# and what follows it in each source.
TRAPS = {
    "guards_missing": ("#include \"list.h\"\n", {
        "list.h": "#ifndef ITEM\n#define ITEM(n) enum { n##_first };\n#endif\nITEM(once)\n"
                  "#undef ITEM\n"}, True,
        "#define ITEM(n) static int n##_second;\n#include \"list.h\"\n"
        "int after(void) { return once_first + once_second; }\n"),
    "macro_before_include": ("#define WIDE 1\n#include \"wide.h\"\n", {
        "wide.h": "#ifdef WIDE\ntypedef long Cell;\n#else\ntypedef char Cell;\n#endif\n"}, True,
        "Cell cell_of(Cell *all, int i) { return all[i]; }\n"),
    "pragma_once": ("#include \"once.h\"\n", {
        "once.h": "#pragma once\nstruct Once { int a; };\n"}, True,
        "#include \"once.h\"\nint once(struct Once *o) { return o->a; }\n"),
    "counter": ("#include \"counter.h\"\n", {
        "counter.h": "enum { FIRST = __COUNTER__ };\n"}, False,
        "int counted(void) { return FIRST + __COUNTER__; }\n"),
    "base_file": ("#include \"base.h\"\n", {
        "base.h": "static const char *const base_file = __BASE_FILE__;\n"}, False,
        "const char *base(void) { return base_file; }\n"),
    "pushed_macro": ("#include \"push.h\"\n", {
        "push.h": "#define P 1\n#pragma push_macro(\"P\")\n#undef P\n#define P 2\n"}, False,
        "#pragma pop_macro(\"P\")\nint pushed(void) { return P; }\n"),
    "error_inside": ("#include \"error.h\"\n", {"error.h": "#error no\n"}, False, ""),
    "missing_header": ("#include \"not-there.h\"\n", {}, False, ""),
    "defined_in_header": ("#include \"body.h\"\n", {
        "body.h": "static int count;\nint shared_body(void);\n"
                  "__attribute__((weak)) int shared_body(void) { return count; }\n"}, False, ""),
    "nameless_in_header": ("#include \"nameless.h\"\n", {
        "nameless.h": "extern struct { pthread_mutex_t lock; int n; } config;\n"}, False,
        "int nameless(void) { return config.n; }\n"),
    "static_in_header": ("#include \"inline.h\"\n", {
        "inline.h": "struct Pool { pthread_mutex_t lock; int n; };\n"
                    "static inline void pool_take(struct Pool *p) {\n"
                    "  pthread_mutex_lock(&p->lock);\n}\n"
                    "static inline void pool_give(struct Pool *p) {\n"
                    "  pthread_mutex_unlock(&p->lock);\n}\n"}, True,
        "int pooled(struct Pool *p) { pool_take(p); int n = p->n; pool_give(p); return n; }\n"),
    "defines_of_the_source": (
        "# define TAKE(m) \\\n  do { pthread_mutex_lock(m); /*\\\n*/ } while (0)\n", {}, True, ""),
    "macros_of_the_source": (
        "#define TAKE(m) \\\n  do { pthread_mutex_lock(m); } while (0)\n#define EMPTY for (;;)\n", {},
        True,
        "int taken(pthread_mutex_t *m, int a) {\n  TAKE(m);\n  if (a) return 1;\n"
        "  EMPTY if (a++ > 9) break;\n  pthread_mutex_unlock(m);\n  return 0;\n}\n"),
    "asks_for_headers": ("#include \"ask.h\"\n", {
        "ask.h": "#if __has_include(\"maybe.h\")\n#include \"maybe.h\"\n#endif\n"}, True,
        "#if __has_include(<perhaps.h>)\n#endif\n"),
    "comments_between": ("/* one\n * two */ // three\n\n#include <signal.h> // four\r\n", {}, True,
                         ""),
    "packed": ("#include \"pack.h\"\n", {"pack.h": "#pragma pack(push, 1)\n"}, True,
               "struct Tight { char a; int b; };\nint tight(struct Tight *t) { return t->b; }\n"),
    "poisoned_later": ("#include \"conf.h\"\n", {"conf.h": "#define CONF 1\n"}, True,
                       "#undef CONF\n#define CONF 2\nint conf(void) { return CONF; }\n"),
    "redeclared": ("#include \"decl.h\"\n", {
        "decl.h": "extern int shared_value;\nint twice(int);\n"
                  "void stop(void) __attribute__((noreturn));\n"}, True,
        "extern int shared_value;\nint twice(int);\nvoid stop(void);\n"
        "int use_all(int a) { if (a) stop(); return twice(shared_value); }\n"),
    "errors_in_the_source": ("", {}, True, "int broken(int a) { return undeclared_name + a; }\n"),
    "cleanup_in_header": ("#include \"auto.h\"\n", {
        "auto.h": "static inline void drop(pthread_mutex_t **m) { pthread_mutex_unlock(*m); }\n"},
        True,
        "int dropped(pthread_mutex_t *m) {\n"
        "  __attribute__((cleanup(drop))) pthread_mutex_t *held = m;\n"
        "  pthread_mutex_lock(held);\n  return 1;\n}\n"),
}
SOURCES = 4


def add_trap(project, name, number):
    beginning, headers, _, rest = TRAPS[name]
    for header, text in headers.items():
        project.write(f"{name}/{header}", text)
    for i in range(SOURCES):
        here = str(number * SOURCES + i)
        # Each source goes on in a way of its own, and two of them with a condition.
        own = f"#if 1\n#include <time.h>\n#endif\n{PLAIN}" if i % 2 else PLAIN
        project.add(f"{name}/s{i}.c", LARGE + beginning + own + rest.replace("\r", "")
                    + LEAK.replace("@", here))


def add_all(project):
    for number, name in enumerate(TRAPS):
        add_trap(project, name, number)
    for i in range(6):  # the same text, and other flags
        project.add(f"flags/s{i}.c", LARGE + "#include \"flags.h\"\n" + PLAIN
                    + LEAK.replace("@", str(900 + i)), [f"-DF={i % 2}"])
    project.write("flags/flags.h", "#if F\ntypedef long Flag;\n#else\ntypedef short Flag;\n#endif\n"
                                   "extern Flag flag;\n")
    for i in range(4):  # -include
        project.add(f"forced/s{i}.c", LARGE + PLAIN + LEAK.replace("@", str(950 + i)),
                    ["-include", "forced/forced.h"])
    project.write("forced/forced.h", "typedef int Forced;\n")


VOLATILE = {"parse_ns", "lower_ns", "first_seen", "last_seen"}
SEALS_OF_TIMES = {"history_seal"}  # in meta: over when a finding was first and last seen


def stored(path):
    """All that the database holds but times."""
    found = {}
    with sqlite3.connect(path) as database:
        tables = [row[0] for row in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
        for table in tables:
            cursor = database.execute(f"SELECT * FROM {table}")  # names are of our own schema
            names = [column[0] for column in cursor.description]
            found[table] = sorted(repr([value for name, value in zip(names, row)
                                        if name not in VOLATILE]) for row in cursor
                                  if row[0] not in SEALS_OF_TIMES)
    return found


def numbers(text, *phrases):
    """The number before each phrase, -1 without it."""
    words = text.replace(",", " ").replace(";", " ")
    return [int(words.split(phrase)[0].split()[-1]) if phrase in words else -1
            for phrase in phrases]


IN_DOUBT = {"errors_in_the_source", "cleanup_in_header"}


def it_is_the_same_for_all_at_once(project):
    problems = []
    add_all(project)
    run = project.check("--verify-pch", "--no-cache")
    made = sum(trap[2] for trap in TRAPS.values())
    expected = [(made - len(IN_DOUBT)) * SOURCES + 6, 0, len(IN_DOUBT) * SOURCES]
    found = numbers(run.err, " units are the same", " are not", " were in doubt")
    expect(problems, found == expected, f"{found}, not {expected}\n{run.err[-3000:]}")
    expect(problems, run.code == 1, f"exit {run.code}")
    return problems


def each_trap_is_seen_or_harmless(_):
    """Seen to fail without the words in why_not_shared(), and without its look at definitions."""
    problems = []
    for number, (name, trap) in enumerate(TRAPS.items()):
        with contextlib.closing(fault.Project()) as alone:
            add_trap(alone, name, number)
            run = alone.check("--verify-pch", "--no-cache")
        found = numbers(run.err, " made", " are not", " were in doubt")
        expected = [int(trap[2]), 0, SOURCES if name in IN_DOUBT else 0]
        expect(problems, found == expected, f"{name}: {found}, not {expected}: {run.err[-800:]}")
    return problems


def the_database_is_the_same(project):
    problems = []
    add_all(project)
    reports, databases = [], []
    for option in ("--no-pch", "--stats"):
        path = project.path(f"db{option}/facts.db")
        os.makedirs(os.path.dirname(path))
        run = project.check("--db", path, "--reproducible", "-f", "json", option)
        reports.append((run.code, run.out))
        databases.append(stored(path))
        expect(problems, option == "--no-pch" or "read after one" in run.err, run.err[-800:])
    expect(problems, reports[0] == reports[1], "the reports differ")
    for table in databases[0]:
        if table not in ("file", "folder"): # times of the clock: when a file was believed
            expect(problems, databases[0][table] == databases[1][table], f"table {table} differs")
    return problems


def folders(project):
    return [name for name in fault.beside(project.path(".overstay")) if ".run-" in name]


def nothing_is_left_behind(project):
    problems = []
    add_all(project)
    before = project.digest()
    run = project.check("--stats")
    expect(problems, "read after one" in run.err, run.err[-500:])
    expect(problems, not folders(project), f"left: {folders(project)}")
    project.entries = project.entries[:8]
    project.write_commands()
    before["compile_commands.json"] = project.digest()["compile_commands.json"]
    expect(problems, project.digest() == before, "files were changed or made")
    return problems


def a_killed_run_leaves_nothing_to_the_next(project):
    problems = []
    add_all(project)
    project.write_commands()
    killed = 0
    for _ in range(30):
        with subprocess.Popen([fault.OVERSTAY, "check", "-j", "2"], cwd=project.root,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            for _ in range(500):
                if folders(project) or run.poll() is not None:
                    break
                time.sleep(0.002)
            run.send_signal(signal.SIGKILL)
        killed += bool(folders(project))
        if killed:
            break
    expect(problems, killed, "no run was killed while it had a folder")
    project.write("flags/flags.h", "typedef int Flag;\n")
    run = project.check()
    expect(problems, run.code == 1, run.brief())
    expect(problems, not folders(project), f"left: {folders(project)}")
    return problems


def a_header_that_changes_after_the_prefix(project):
    """The prefix has the old text, size and stamp of both are the same, and the unit is new."""
    problems = []
    for i in range(4):
        project.add(f"s{i}.c", LARGE + "#include \"swap.h\"\n" + PLAIN
                    + f"int value{i}(void) {{ return VALUE; }}\n" + LEAK.replace("@", str(i)))
    project.write("swap.h", "#define VALUE 1111\n")
    project.write("swap.h.new", "#define VALUE 2222\n")
    stamp = os.stat(project.path("swap.h")).st_mtime_ns
    os.utime(project.path("swap.h.new"), ns=(stamp, stamp))
    run = project.check(environment={"OVERSTAY_TEST_SWAP": project.path("swap.h")})
    expect(problems, run.code == 1, run.brief())
    warm = project.check("--reproducible", "-f", "json")
    cold = project.check("--reproducible", "-f", "json", "--no-cache", "--no-pch")
    expect(problems, warm.out == cold.out, "the second run differs from a cold one")
    names = sqlite3.connect(project.path(".overstay/facts.db")).execute(
        "SELECT COUNT(*) FROM file WHERE path = 'swap.h'").fetchone()[0]
    expect(problems, names == 1, f"swap.h has {names} contents")
    with open(project.path("swap.h"), encoding="utf-8") as header:
        swapped = "2222" in header.read()
    expect(problems, swapped or not fault.can_switch_off(), "the header was not replaced")
    return problems


def a_header_that_appears_after_the_prefix(project):
    """In a folder that is searched first: the old one was taken, the unit would say the new one."""
    problems = []
    project.write("old/where.h", "#define WHERE 1\n")
    os.makedirs(project.path("new"))
    for i in range(4):
        project.add(f"s{i}.c", LARGE + "#include \"where.h\"\n" + PLAIN
                    + f"int where{i}(void) {{ return WHERE; }}\n" + LEAK.replace("@", str(i)),
                    ["-Inew", "-Iold"])
    project.write("new/where.h.new", "#define WHERE 2\n")
    for _ in range(2):  # and the second run finds nothing to do, or the right thing
        run = project.check(environment={"OVERSTAY_TEST_SWAP": project.path("new/where.h")})
        expect(problems, run.code == 1, run.brief())
    if os.path.exists(project.path("new/where.h")):
        rows = sqlite3.connect(project.path(".overstay/facts.db")).execute(
            "SELECT path FROM file WHERE path LIKE '%where.h'").fetchall()
        expect(problems, rows == [("new/where.h",)], f"{rows}")
    return problems


fault.main((it_is_the_same_for_all_at_once, ""), (each_trap_is_seen_or_harmless, ""),
           (the_database_is_the_same, ""), (nothing_is_left_behind, ""),
           (a_killed_run_leaves_nothing_to_the_next, "stale-folder"),
           (a_header_that_changes_after_the_prefix, "changed"),
           (a_header_that_appears_after_the_prefix, "prefix-folders"))
