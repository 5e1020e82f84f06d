#!/usr/bin/env python3
"""Why a finding is new: what --new-from-rev, --staged and explain say of one whose own lines did not
change, and that they say nothing where nothing is known.

usage: why_suite.py [--keep] [NAME...]

Each case is a project before and after an edit. Before it nothing is found.

The binary is $OVERSTAY, or build/release/overstay.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from views_suite import ENVIRONMENT, OVERSTAY, Repository

HEADER = """#include <pthread.h>
struct pool { pthread_mutex_t lock; int free; };
#define LEAVE(pool) pthread_mutex_unlock(&(pool)->lock)
void give(struct pool *pool, int how);
void put_back(struct pool *pool);
static inline void quit(struct pool *pool) {
  LEAVE(pool);
}
"""
GIVE = """#include "pool.h"
static int counter;
void give(struct pool *pool, int how) {
  counter += how;
  pthread_mutex_unlock(&pool->lock);
}
"""
MIDDLE = """#include "pool.h"
void put_back(struct pool *pool) { give(pool, 2); }
"""
GET = """#include "pool.h"
int get(struct pool *pool) {
  pthread_mutex_lock(&pool->lock);
  if (!pool->free) {
    put_back(pool);
    return -1;
  }
  pool->free--;
  pthread_mutex_unlock(&pool->lock);
  return 0;
}
"""
THREAD = """#include <pthread.h>
static void *work(void *unused) { return unused; }
static void finish(pthread_t worker) {
  pthread_join(worker, 0);
}
int main(void) {
  for (;;) {
    pthread_t worker;
    if (!pthread_create(&worker, 0, work, 0))
      finish(worker);
  }
}
"""
ORDER = """#include <pthread.h>
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static int both, one;
static void take_a(void) {
  pthread_mutex_lock(&a);
  one++;
  pthread_mutex_unlock(&a);
}
static void *first(void *unused) {
  for (;;) {
    pthread_mutex_lock(&a);
    pthread_mutex_lock(&b);
    both++;
    pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
  }
  return unused;
}
static void inner(void) { one++; }
static void *second(void *unused) {
  for (;;) {
    pthread_mutex_lock(&b);
    inner();
    pthread_mutex_unlock(&b);
    take_a();
  }
  return unused;
}
int main(void) {
  pthread_t x, y;
  if (pthread_create(&x, 0, first, 0))
    return 1;
  if (pthread_create(&y, 0, second, 0))
    return 1;
  pthread_join(x, 0);
  pthread_join(y, 0);
  return 0;
}
"""
LEAK = """#include <fcntl.h>
#include <unistd.h>
void done_with(int fd);
int count_lines(const char *path) {
  char byte;
  int lines = 0, fd = open(path, O_RDONLY);
  if (fd < 0)
    return -1;
  while (read(fd, &byte, 1) == 1)
    lines += byte == 10;
  if (lines > 1000) {
    close(fd);
    return -2;
  }
  done_with(fd);
  return lines;
}
"""
DONE = """#include <unistd.h>
static int open_files;
void done_with(int fd) {
  open_files--;
  close(fd);
}
"""
TOUCH = """#include "pool.h"
void touch(struct pool *pool) {
  pthread_mutex_lock(&pool->lock);
  pool->free++;
  pthread_mutex_unlock(&pool->lock);
}
"""
MAIN = """#include "pool.h"
static struct pool all = {PTHREAD_MUTEX_INITIALIZER, 0};
int next_request(void);
static void work(void) {
  if (next_request() > 1)
    touch(&all);
}
int main(void) {
  work();
  return 0;
}
"""
POOL = {"pool.h": HEADER, "give.c": GIVE, "middle.c": MIDDLE, "get.c": GET}
EARLY = "  if (how > 1)\n    return;\n  pthread_mutex_unlock"


@dataclass
class Case:
    before: dict
    edits: list  # of file, text in it, what it becomes
    reasons: list  # of rule, text and place; "" where nothing is said


LEAKS = "lock-leak"
CASES = {
    "a callee of a callee": Case(
        POOL, [("give.c", "  pthread_mutex_unlock", EARLY)],
        [(LEAKS, "new because 'give' no longer always releases 'pool->lock', only when how <= 1",
          "give.c:5")]),
    "lines that moved are no change": Case(
        POOL, [("give.c", "  pthread_mutex_unlock(&pool->lock);\n", ""),
               ("get.c", "int get(", "\n\n/* gives one away */\nint get("),
               ("middle.c", "void put_back(", "static int unused_here;\nvoid put_back(")],
        [(LEAKS, "new because 'give' no longer releases 'pool->lock'", "give.c:5")]),
    "a nearer function changed, too, and is not why": Case(
        POOL, [("give.c", "  pthread_mutex_unlock(&pool->lock);\n", ""),
               ("middle.c", "{ give(pool, 2); }", "{ pool->free = 0; give(pool, 3); }")],
        [(LEAKS, "new because 'give' no longer releases 'pool->lock'", "give.c:5")]),
    "a parameter of another name is no other promise": Case(
        POOL, [("give.c", GIVE[GIVE.index("void"):],
                "void give(struct pool *of, int how) {\n  counter -= how;\n  (void)of;\n}\n")],
        [(LEAKS, "new because 'give' no longer releases 'of->lock'", "give.c:4")]),
    "the nearest of two that both decide": Case(
        POOL, [("middle.c", "give(pool, 2);", "if (pool->free < 0) give(pool, 2);")],
        [(LEAKS, "new because 'put_back' no longer always releases 'pool->lock', only when "
          "pool->free <= -1", "middle.c:2")]),
    "a function of a header": Case(
        {**POOL, "get.c": GET.replace("put_back", "quit")}, [("pool.h", "  LEAVE(pool);", "")],
        [(LEAKS, "new because 'quit' no longer releases 'pool->lock'", "pool.h:8")]),
    "a macro that a callee uses": Case(
        {**POOL, "give.c": GIVE.replace("pthread_mutex_unlock(&pool->lock)", "LEAVE(pool)"),
         "pool.h": HEADER.replace("  LEAVE(pool);\n", "  pthread_mutex_unlock(&pool->lock);\n")},
        [("pool.h", "pthread_mutex_unlock(&(pool)->lock)", "((pool)->free = 0)")],
        [(LEAKS, "new because 'give' no longer releases 'pool->lock'", "give.c:3")]),
    "a macro that it uses itself": Case(
        {**POOL, "get.c": GET.replace("put_back(pool)", "LEAVE(pool)")},
        [("pool.h", "pthread_mutex_unlock(&(pool)->lock)", "((pool)->free = 0)")],
        [(LEAKS, "new because a macro or a type changed that 'get' uses", "get.c:2")]),
    "its own code": Case(
        POOL, [("get.c", "    put_back(pool);\n", "")],
        [(LEAKS, "new because 'get' changed: it no longer calls 'put_back'", "get.c:5")]),
    "its own code, in a way that everybody sees": Case(
        POOL, [("get.c", "put_back(pool);", "if (pool->free)\n      put_back(pool);")],
        [(LEAKS, "", "")]),
    "its own code and that of a callee": Case(
        POOL, [("get.c", "  pool->free--;", "  pool->free -= 1 + 0 * pool->free;"),
               ("give.c", "  pthread_mutex_unlock", EARLY)],
        [(LEAKS, "new because 'give' no longer always releases 'pool->lock', only when how <= 1",
          "give.c:5")]),
    "a new function": Case(
        POOL, [("get.c", "int get(", GET[GET.index("int get("):].replace(
            "get", "fetch").replace("    put_back(pool);\n", "") + "int get(")],
        [(LEAKS, "", "")]),
    "a record of another layout": Case(
        POOL, [("give.c", "  pthread_mutex_unlock", EARLY),
               ("pool.h", "int free; }", "int free, used; }")],
        [(LEAKS, "", "")]),
    "who joins a thread": Case(
        {"thread.c": THREAD}, [("thread.c", "  pthread_join(worker, 0);", "  (void)worker;")],
        [("thread-overwritten", "new because 'finish' no longer joins 'worker'", "thread.c:5")]),
    "what is taken stays": Case(
        {"pool.h": HEADER + "void touch(struct pool *pool);\n", "touch.c": TOUCH,
         "main.c": MAIN}, [("touch.c", "  pthread_mutex_unlock(&pool->lock);\n", "")],
        [(LEAKS, "new because 'touch' no longer gives 'pool->lock' back", "touch.c:5")]),
    "the other side of a circle": Case(
        {"order.c": ORDER}, [("order.c", "static void inner(void) { one++; }",
                              "static void inner(void) { take_a(); }")],
        [("lock-order", "new because 'inner' changed: it calls 'take_a' now", "order.c:19")]),
    "who gives a file back": Case(
        {"leak.c": LEAK, "done.c": DONE}, [("done.c", "  close(fd);\n", "")],
        [("resource-leak", "new because 'done_with' changed: it no longer calls 'close'",
          "done.c:5")]),
}


def reasons(run):
    if run.returncode != 1:
        raise RuntimeError(f"exit {run.returncode}: {run.stderr.decode(errors='replace')}")
    told = []
    for finding in json.loads(run.stdout)["findings"]:
        steps = [step for step in finding["steps"] if step["kind"] == "reason"]
        if len(steps) > 1:
            raise RuntimeError(f"{len(steps)} reasons")
        place = steps[0]["location"] if steps else None
        told.append((finding["rule"], steps[0]["text"] if steps else "",
                     f"{place['path']}:{place['line']}" if place else ""))
    return told


class Project(Repository):
    def __init__(self, folder, case):
        super().__init__(os.path.join(folder, "project"))
        self.case, self.problems = case, []
        self.write(".gitignore", "compile_commands.json\n.overstay/\n")
        for name, text in case.before.items():
            self.write(name, text)
        self.commands(*sorted(name for name in case.before if name.endswith(".c")))
        self.commit()
        self.expect("before", json.loads(self.check().stdout)["findings"], [])
        for name, old, new in case.edits:
            path = os.path.join(self.root, name)
            with open(path, encoding="utf-8") as file:
                text = file.read()
            if old not in text:
                raise RuntimeError(f"{name} has no {old!r}")
            self.write(name, text.replace(old, new))

    def expect(self, what, got, wanted):
        if got != wanted:
            self.problems.append(f"{what}: {got} and not {wanted}")

    def overstay(self, *arguments):
        run = subprocess.run([OVERSTAY, *arguments], cwd=self.root, env=ENVIRONMENT, check=False,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600)
        return run.stdout.decode()


def explained(project):
    """Of the only finding: in the words of all formats, and of explain after the comparison."""
    _, words, place = project.case.reasons[0]
    where = "--new-from-rev", "HEAD"
    finding = json.loads(project.check(*where).stdout)["findings"][0]
    said = project.overstay("explain", finding["fingerprint"])
    head = project.git("rev-parse", "HEAD")[:12]
    project.expect("explain", f"{words}, compared with {head}\n" in said, bool(words))
    if not words:
        project.expect("text", "new because" in project.overstay("check", *where), False)
        return
    path, line = place.split(":")
    project.expect("text", any(note.endswith(words) and (path + ":" + line in note or
                                                         f"line {line}:" in note)
                               for note in project.overstay("check", *where).splitlines()), True)
    gitlab = json.loads(project.overstay("check", *where, "-f", "gitlab"))
    project.expect("gitlab", gitlab[0]["description"].endswith("; " + words), True)
    project.expect("github", words.replace("%", "%25") in
                   project.overstay("check", *where, "-f", "github"), True)
    result = json.loads(project.overstay("check", *where, "-f", "sarif"))["runs"][0]["results"][0]
    project.expect("sarif", result["properties"].get("reason"), words)
    related = [location["physicalLocation"]["region"]["startLine"]
               for location in result["relatedLocations"]
               if location["message"]["text"] == words]
    project.expect("sarif, related", related, [int(line)])
    project.overstay("check", *where, "-f", "html", "--output", "../html")
    pages = os.path.join(project.root, "../html/finding")
    name = finding["fingerprint"] + ".html"
    with open(os.path.join(pages, name), encoding="utf-8") as page:
        project.expect("html", "<dt>why it is new</dt>" in page.read(), True)
    project.expect("a plain run says nothing of it",
                   "new because" in project.overstay("check"), False)


def run_case(name, case, keep):
    folder = os.path.realpath(tempfile.mkdtemp(prefix="overstay-why-"))
    try:
        project = Project(folder, case)
        project.expect("against HEAD", reasons(project.check("--new-from-rev", "HEAD")),
                       case.reasons)
        explained(project)
        project.git("add", "-A")
        project.expect("staged", reasons(project.check("--staged")), case.reasons)
        project.expect("staged, in a new database",
                       reasons(project.check("--staged", "--no-cache")), case.reasons)
        problems = project.problems
    except (RuntimeError, subprocess.SubprocessError, ValueError, KeyError, OSError) as error:
        problems = [f"{type(error).__name__}: {error}"]
    if keep:
        print(f"kept: {folder}")
    else:
        shutil.rmtree(folder)
    for problem in problems:
        print(f"{name}: {problem}", flush=True)
    return problems


def main():
    parser = argparse.ArgumentParser(description="Why a finding is new.")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    failed = passed = 0
    for name, case in CASES.items():
        if options.names and not any(part in name for part in options.names):
            continue
        if run_case(name, case, options.keep):
            failed += 1
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
