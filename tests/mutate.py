#!/usr/bin/env python3
"""Recall by mutation: break one release in a random lock function, and see whether it is found.

usage: mutate.py [--binary PATH] [--count N] [--seed S] [--list] TREE...

A TREE has a compile_commands.json. A lock function is one whose text takes and releases a lock by
a name of PAIRS. Each mutant is one function with one release

  deleted   when the function has others (else it would just become an acquire function), or
  passed    by a return under a condition that nobody knows, just in front of it.

A mutant counts when its line is compiled in this build and the file still compiles. It is found
when a lock finding at default confidence, which the unchanged tree does not give, stands in or
passes through the function. Trees are copied; the given ones are not touched.
"""
import argparse
import collections
import dataclasses
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

from findings import findings_of

PAIRS = (
    (r"pthread_mutex_unlock", r"pthread_mutex_(?:try|timed)?lock"),
    (r"pthread_rwlock_unlock", r"pthread_rwlock_(?:try|timed)?(?:rd|wr)lock"),
    (r"pthread_spin_unlock", r"pthread_spin_(?:try)?lock"),
    (r"mtx_unlock", r"mtx_(?:try|timed)?lock"),
    (r"ZSTD_pthread_mutex_unlock", r"ZSTD_pthread_mutex_lock"),
    (r"uv_mutex_unlock", r"uv_mutex_(?:try)?lock"),
    (r"uv_rwlock_(?:rd|wr)unlock", r"uv_rwlock_(?:try)?(?:rd|wr)lock"),
    (r"LWLockRelease", r"LWLock(?:Conditional)?Acquire"),
    (r"SpinLockRelease", r"SpinLockAcquire"),
    (r"mutex_unlock", r"mutex_lock"),
    (r"item_unlock", r"item_lock"),
    (r"(?:THR_)?STATS_UNLOCK", r"(?:THR_)?STATS_LOCK"),
    (r"(?:obj_read|grep|work|read|counter|type_cas|deepest_delta|cache|progress)_unlock",
     r"(?:obj_read|grep|work|read|counter|type_cas|deepest_delta|cache|progress)_lock"),
    (r"HA_SPIN_UNLOCK", r"HA_SPIN_(?:TRY)?LOCK"),
    (r"HA_RWLOCK_(?:RD|WR|SK)UNLOCK", r"HA_RWLOCK_(?:TRY)?(?:RD|WR|SK)LOCK"),
)
RELEASE = re.compile(r"^(\s*)((?:" + "|".join(release for release, _ in PAIRS) + r")\s*\(.*\);)\s*"
                     r"(?:/[/*].*)?$")


@dataclasses.dataclass
class Function:
    tree: str
    file: str       # absolute, in the copy
    name: str
    first: int
    last: int
    type: str
    releases: list  # line numbers


@dataclasses.dataclass
class Mutant:
    function: Function
    line: int
    kind: str

    def __str__(self):
        return (f"{os.path.relpath(self.function.file, self.function.tree)}:{self.line} "
                f"{self.function.name} ({self.kind})")


def read_lines(path):
    with open(path, encoding="latin-1") as source:
        return source.read().split("\n")


def write_lines(path, lines):
    with open(path, "w", encoding="latin-1") as out:
        out.write("\n".join(lines))


def copy_tree(tree, into):
    """A copy with its own compile_commands.json, in which paths of the tree are those of the copy."""
    tree = os.path.realpath(tree)
    copy = os.path.join(into, os.path.basename(tree))
    shutil.copytree(tree, copy, symlinks=True,
                    ignore=shutil.ignore_patterns("*.o", "*.a", ".git", ".overstay", "*.so"))
    with open(os.path.join(tree, "compile_commands.json"), encoding="utf-8") as source:
        text = source.read()
    entries = json.loads(text.replace(tree + "/", copy + "/").replace(tree + '"', copy + '"'))
    entries = [entry for entry in entries if entry["file"].startswith(copy)]
    with open(os.path.join(copy, "compile_commands.json"), "w", encoding="utf-8") as out:
        json.dump(entries, out)
    return copy, {entry["file"]: entry for entry in entries}


def lock_functions(tree, files):
    tags = subprocess.run(
        ["ctags", "--output-format=json", "--fields=+net", "--kinds-C=f", "--languages=C",
         "-L", "-", "-f", "-"],
        input="\n".join(files), text=True, capture_output=True, check=True).stdout
    texts, functions = {}, []
    for line in tags.splitlines():
        tag = json.loads(line)
        if "end" not in tag:
            continue
        lines = texts.setdefault(tag["path"], read_lines(tag["path"]))
        function = Function(tree, tag["path"], tag["name"], tag["line"], tag["end"],
                            tag.get("typeref", "typename:int").partition(":")[2], [])
        find_releases(function, lines)
        if function.releases:
            functions.append(function)
    return functions


def find_releases(function, lines):
    body = "\n".join(lines[function.first - 1:function.last])
    for number in range(function.first, function.last + 1):
        match = RELEASE.match(lines[number - 1])
        if not match:
            continue
        name = re.match(r"\w+", match.group(2)).group()
        acquire = next(take for release, take in PAIRS if re.fullmatch(release, name))
        before = "\n".join(lines[function.first - 1:number - 1])
        if re.search(rf"\b{acquire}\s*\(", before) and body.count("\n") > 2:
            function.releases.append(number)


def failure_of(function):
    """What a caller takes for failure: the statement that returns it."""
    kind = function.type.replace("static", "").replace("inline", "").strip()
    if kind == "void":
        return "return;"
    unsigned = "*" in kind or re.search(r"bool|unsigned|size_t|uint|enum", kind)
    return "return 0;" if unsigned else "return -1;"


def mutated(lines, mutant):
    indent, statement = RELEASE.match(lines[mutant.line - 1]).groups()
    changed = list(lines)
    if mutant.kind == "deleted":
        changed[mutant.line - 1] = indent + ";"
    else:
        changed[mutant.line - 1] = (
            f"{indent}{{ extern int overstay_mutant(void); if (overstay_mutant()) "
            f"{failure_of(mutant.function)} {statement} }}")
    return changed


def compiles(entry, clang):
    arguments = entry["arguments"] if "arguments" in entry else entry["command"].split()
    keep, skip = [], False
    for argument in arguments[1:]:
        if skip or argument in ("-c", "-MD", "-MMD"):
            skip = False
        elif argument in ("-o", "-MF", "-MT", "-MQ"):
            skip = True
        else:
            keep.append(argument)
    done = subprocess.run([clang, "-fsyntax-only", "-w", *keep], cwd=entry["directory"],
                          capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def counts(mutant, lines, entry, clang):
    """Compiled in this build (a broken line is noticed), and still correct C."""
    broken = list(lines)
    broken[mutant.line - 1] = "@ not C @"
    write_lines(mutant.function.file, broken)
    if compiles(entry, clang):
        return False
    write_lines(mutant.function.file, mutated(lines, mutant))
    return compiles(entry, clang)


def check(binary, tree, database):
    done = subprocess.run([binary, "check", "-p", tree, "--db", database, "--format", "json",
                           "--progress", "never", "--fail-on", "never", "--allow-partial"],
                          cwd=tree, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    try:
        found = findings_of(json.loads(done.stdout))
    except ValueError:
        sys.exit(f"mutate.py: no report of {tree}: exit {done.returncode}\n"
                 + done.stderr.decode(errors="replace")[-500:])
    return [finding for finding in found if finding.rule.startswith("lock-")]


def stands_in(finding, function):
    """By lines: macros may give a function another name than ctags sees."""
    file = os.path.relpath(function.file, function.tree)
    return any(place.file == file and function.first <= place.line <= function.last
               for place in [finding, *finding.steps])


class Tree:
    def __init__(self, binary, path, scratch):
        self.binary = binary
        self.path, self.entries = copy_tree(path, scratch)
        self.database = os.path.join(scratch, os.path.basename(self.path) + ".db")
        self.functions = lock_functions(self.path, sorted(self.entries))
        self.before = None

    def try_mutant(self, mutant, clang):
        """None when it does not count, else whether it is found."""
        file = mutant.function.file
        lines = read_lines(file)
        try:
            if not counts(mutant, lines, self.entries[file], clang):
                return None
            if self.before is None:
                write_lines(file, lines)
                self.before = {finding.fingerprint
                               for finding in check(self.binary, self.path, self.database)}
                write_lines(file, mutated(lines, mutant))
            new = [finding for finding in check(self.binary, self.path, self.database)
                   if finding.fingerprint not in self.before]
        finally:
            write_lines(file, lines)
        return any(stands_in(finding, mutant.function) for finding in new)


def make_mutant(function, chance):
    line = chance.choice(function.releases)
    kind = chance.choice(("deleted", "passed")) if len(function.releases) > 1 else "passed"
    return Mutant(function, line, kind)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default="build/release/overstay")
    parser.add_argument("--clang", default="clang-19")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--list", action="store_true", help="print the found ones too")
    parser.add_argument("tree", nargs="+", metavar="TREE")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    print(f"seed {arguments.seed}")
    score = collections.Counter()
    with tempfile.TemporaryDirectory(prefix="overstay-mutate-") as scratch:
        trees = {}
        for path in arguments.tree:
            tree = Tree(os.path.abspath(arguments.binary), path, scratch)
            trees[tree.path] = tree
            print(f"{path}: {len(tree.functions)} lock functions")
        pool = [function for tree in trees.values() for function in tree.functions]
        chance.shuffle(pool)
        for function in pool:
            if score["mutants"] == arguments.count:
                break
            mutant = make_mutant(function, chance)
            found = trees[function.tree].try_mutant(mutant, arguments.clang)
            if found is None:
                continue
            score["mutants"] += 1
            score["found"] += found
            score[mutant.kind, found] += 1
            if arguments.list or not found:
                print(f"  {'found' if found else 'MISSED'} {mutant}", flush=True)
    for kind in ("deleted", "passed"):
        total = score[kind, True] + score[kind, False]
        print(f"{kind}: {score[kind, True]} of {total} found")
    print(f"{score['found']} of {score['mutants']} mutants found (seed {arguments.seed})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
