#!/usr/bin/env python3
"""Recall by mutation: break one release in a random lock function, one join or detach in a random
function that ends threads, what bounds a random recursion, all that takes elements out of a random
container, or one release of a file, descriptor or memory, and see whether it is found.

usage: mutate.py [--binary PATH] [--family lock|thread|recursion|growth|race|resource|order]
                 [--count N] [--each N]
                 [--seed S] [--list] [--work DIR] [--blind] [--together N] [--omit NAME,...]
                 [--kinds KIND,...]
                 TREE...

A TREE has a compile_commands.json. A lock function is one whose text takes and releases a lock by
a name of PAIRS, a thread function one that calls a name of JOINS and is no wrapper of that name.
Each mutant is one function with one release, join or detach

  deleted   for a lock only when the function has others (else it would just become an acquire
            function), or
  passed    by a return under a condition that nobody knows, just in front of it.

A mutant counts when its line is compiled in this build and the file still compiles. It is found
when a lock finding at default confidence, which the unchanged tree does not give, stands in the
function, passes through it, or names it as what took the lock; how many do not stand in it is
printed. For threads a finding counts at any confidence (threads that live as long as the process
are told at info), and how many are shown by default is printed; the thread may be named where it
is created. Trees are copied; the given ones are not touched. With --work the copies and their
databases stay in DIR, so that a later run parses only what it mutates. For speed, --together
mutants of locks are made and looked for at once, none of them in a function that calls another's.

A recursion loses its only bound (depth_sites.py): a test of the depth that never holds ("test"), a
depth that is not counted ("count"), or a test of the stack or a counting macro that is gone
("guard"). Functions in which the unchanged tree has a finding are left out. A finding counts at any
confidence when it stands in the function or passes through it.

A container (growth_sites.py) loses every removal and reset; those that are only filled by functions
that seem to start the program are left out, and those named by --omit, because somebody has read
that they are filled only then. A finding counts at any confidence when it names the container, and
the default ones are counted, too.

For races a function that changes something between the two loses its acquires and releases. A finding
of lock-race counts at any confidence when it stands in the function or passes through it. Many such
mutants are no defect: what is changed there is guarded nowhere else, or used by one thread only.

A resource (release_sites.py) is a variable that a function fills from a call that opens something,
and gives back in a statement of its own. That is deleted, when the function has others for the
variable, or passed by. A finding counts at any confidence when it stands in the function, and the
default ones are counted, too.

The order of locks, and waits for conditions, are broken as order_sites.py says. A finding of lock-order,
lock-double, lock-unheld or cond-wait counts at any confidence when it stands in the function or passes through it
(for a signal without the lock one of lock-race, too), and the default ones are counted, too. Of the
kind "gated" nothing is to be found: what is found is counted as a false alarm.

A miss may be a mutant that is no defect (a return that nobody can reach): nothing is dropped for
that; who reads the misses says so.
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

import depth_sites
import growth_sites
import order_sites
import release_sites
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

ACQUIRE = re.compile(r"^(\s*)((?:" + "|".join(acquire for _, acquire in PAIRS) + r")\s*\(.*\);)\s*"
                     r"(?:/[/*].*)?$")
CHANGE = re.compile(r"(?:->|\.)\s*\w+\s*(?:\+\+|--|[-+|&]?=[^=])|^\s*\w+\s*(?:\+\+|--|[-+|&]=)", re.M)

JOINS = (r"pthread_(?:join|detach)|uv_thread_(?:join|detach)|ZSTD_pthread_join|THREAD_JOIN|"
         r"thrd_(?:join|detach)|g_thread_(?:join|unref)|apr_thread_(?:join|detach)|"
         r"qemu_thread_join")
JOIN = re.compile(rf"\b(?:{JOINS})\s*(\((?:[^()]|\([^()]*\))*\))")


@dataclasses.dataclass
class Function:
    tree: str
    file: str       # absolute, in the copy
    name: str
    first: int
    last: int
    type: str
    releases: list  # line numbers; depth_sites.Site, or the container and its changes


@dataclasses.dataclass
class Mutant:
    function: Function
    line: int
    kind: str
    is_thread: bool = False
    text: str = None # what the line becomes, when that is known
    changes: dict = None # {file: lines}, when it is more than a line
    symbol: str = "" # what is to be named

    def __str__(self):
        return (f"{os.path.relpath(self.function.file, self.function.tree)}:{self.line} "
                f"{self.function.name} ({self.kind}{' of ' if self.symbol else ''}{self.symbol})")


def read_lines(path):
    with open(path, encoding="latin-1") as source:
        return source.read().split("\n")


def write_lines(path, lines):
    with open(path, "w", encoding="latin-1") as out:
        out.write("\n".join(lines))


def restore(tree, copy, files):
    """A run that was killed has left its mutant behind."""
    for file in files:
        original = os.path.join(tree, os.path.relpath(file, copy))
        if read_lines(original) != read_lines(file):
            shutil.copy(original, file)


def headers_of(tree):
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(tree)
                  for name in names if name.endswith(".h"))


def copy_tree(tree, into):
    """A copy with its own compile_commands.json, in which paths of the tree are those of the copy."""
    tree = os.path.realpath(tree)
    copy = os.path.join(into, os.path.basename(tree))
    known = os.path.isdir(copy)
    if not known:
        shutil.copytree(tree, copy, symlinks=True,
                        ignore=shutil.ignore_patterns("*.o", "*.a", ".git", ".overstay", "*.so"))
    with open(os.path.join(tree, "compile_commands.json"), encoding="utf-8") as source:
        text = source.read()
    entries = json.loads(text.replace(tree + "/", copy + "/").replace(tree + '"', copy + '"'))
    entries = [entry for entry in entries if entry["file"].startswith(copy)]
    with open(os.path.join(copy, "compile_commands.json"), "w", encoding="utf-8") as out:
        json.dump(entries, out)
    if known:
        restore(tree, copy, [entry["file"] for entry in entries] + headers_of(copy))
    return copy, {entry["file"]: entry for entry in entries}


def tagged(tree, files):
    """(function, lines of its file) of each function definition."""
    tags = subprocess.run(
        ["ctags", "--output-format=json", "--fields=+net", "--kinds-C=f", "--languages=C",
         "-L", "-", "-f", "-"],
        input="\n".join(files), text=True, capture_output=True, check=True).stdout
    texts = {}
    for line in tags.splitlines():
        tag = json.loads(line)
        if "end" not in tag:
            continue
        lines = texts.setdefault(tag["path"], read_lines(tag["path"]))
        yield Function(tree, tag["path"], tag["name"], tag["line"], tag["end"],
                       tag.get("typeref", "typename:int").partition(":")[2], []), lines


def functions_of(tree, files, find):
    functions = []
    for function, lines in tagged(tree, files):
        find(function, lines)
        if function.releases:
            functions.append(function)
    return functions


def recursions_of(tree, files):
    """A function for each place, since they are few."""
    by_file, texts = collections.defaultdict(list), {}
    for function, lines in tagged(tree, files):
        by_file[function.file].append(function)
        texts[function.file] = lines
    found = []
    for file, functions in by_file.items():
        sites = depth_sites.find_in_file(functions, texts[file])
        found += [dataclasses.replace(function, releases=[site]) for function in functions
                  for site in sites.get(function.name, [])]
    return found


def resources_of(tree, files):
    def find(function, lines):
        function.releases = release_sites.find(function, lines, failure_of(function))
    return functions_of(tree, files, find)


def orders_of(tree, files):
    """A function for each kind of place that it has."""
    by_kind = collections.defaultdict(list)
    for function, site in order_sites.find(list(tagged(tree, files))):
        by_kind[function.file, function.first, site.kind].append((function, site))
    return [dataclasses.replace(sites[0][0], releases=[site for _, site in sites])
            for sites in by_kind.values()]


def growth_of(tree, files):
    """A function for each container: the first that inserts and does not look like a start."""
    texts = {file: "\n".join(read_lines(file)) for file in files + headers_of(tree)}
    by_file, found = collections.defaultdict(list), []
    for function, _ in tagged(tree, files):
        by_file[function.file].append(function)
    for container in growth_sites.find(texts):
        for file, offset in container.inserts:
            line = texts[file].count("\n", 0, offset) + 1
            function = next((function for function in by_file[file]
                             if function.first <= line <= function.last), None)
            if function and not growth_sites.STARTING.search(function.name):
                changes = growth_sites.changes_of(container, texts)
                found.append(dataclasses.replace(function, releases=[container, line, changes]))
                break
    return found


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


def find_sections(function, lines):
    """All lines that lock or unlock, when something is changed between the first and the last."""
    body = range(function.first, function.last + 1)
    taken = [number for number in body if ACQUIRE.match(lines[number - 1])]
    given = [number for number in body if RELEASE.match(lines[number - 1])]
    if taken and given and CHANGE.search("\n".join(lines[taken[0]:given[-1] - 1])):
        function.releases += taken + given


def find_joins(function, lines):
    if re.fullmatch(JOINS, function.name):
        return
    for number in range(function.first + 1, function.last + 1):
        if JOIN.search(lines[number - 1]) and not lines[number - 1].lstrip().startswith("#"):
            function.releases.append(number)


def failure_of(function):
    """What a caller takes for failure: the statement that returns it."""
    kind = function.type.replace("static", "").replace("inline", "").strip()
    if kind == "void":
        return "return;"
    unsigned = "*" in kind or re.search(r"bool|unsigned|size_t|uint|enum", kind)
    return "return 0;" if unsigned else "return -1;"


def begins_statement(lines, number):
    """Can a statement be put in front of this line?"""
    before = lines[number - 2].split("//")[0].rstrip()
    return not before or before.endswith((";", "{", "}", "*/"))


def mutated_join(lines, mutant):
    line, changed = lines[mutant.line - 1], list(lines)
    if mutant.kind == "deleted":
        changed[mutant.line - 1] = JOIN.sub("0", line, count=1)
    else:
        changed[mutant.line - 1] = (
            f"{{ extern int overstay_mutant(void); if (overstay_mutant()) "
            f"{failure_of(mutant.function)} }} {line}")
    return changed


def mutated(lines, mutant):
    if mutant.text is not None:
        return lines[:mutant.line - 1] + [mutant.text] + lines[mutant.line:]
    if mutant.is_thread:
        return mutated_join(lines, mutant)
    indent, statement = RELEASE.match(lines[mutant.line - 1]).groups()
    changed = list(lines)
    if mutant.kind == "deleted":
        changed[mutant.line - 1] = indent + ";"
    else:
        changed[mutant.line - 1] = (
            f"{indent}{{ extern int overstay_mutant(void); if (overstay_mutant()) "
            f"{failure_of(mutant.function)} {statement} }}")
    return changed


def mutated_files(mutant):
    """{file: its lines}"""
    if mutant.changes is not None:
        return mutant.changes
    return {mutant.function.file: mutated(read_lines(mutant.function.file), mutant)}


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


def counts(mutant, entries, clang):
    """Compiled in this build (a broken line is noticed), and still correct C."""
    file = mutant.function.file
    changes = mutated_files(mutant)
    originals = {name: read_lines(name) for name in {file, *changes}}
    broken = list(originals[file])
    broken[mutant.line - 1] = "@ not C @"
    try:
        write_lines(file, broken)
        if compiles(entries[file], clang):
            return False
        write_lines(file, originals[file])
        for name, lines in changes.items():
            write_lines(name, lines)
        return all(compiles(entries[name], clang) for name in {file, *changes} & entries.keys())
    finally:
        for name, lines in originals.items():
            write_lines(name, lines)


def check(binary, tree, database, family):
    extra = [] if family == "lock" else ["--all-rules", "--min-confidence", "info"]
    done = subprocess.run([binary, "check", "-p", tree, "--db", database, "--format", "json",
                           "--progress", "never", "--fail-on", "never", "--allow-partial", *extra],
                          cwd=tree, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    try:
        found = findings_of(json.loads(done.stdout))
    except ValueError:
        sys.exit(f"mutate.py: no report of {tree}: exit {done.returncode}\n"
                 + done.stderr.decode(errors="replace")[-500:])
    rules = RULES.get(family, (family + "-",))
    return [finding for finding in found if finding.rule.startswith(rules)]


def is_in(place, function):
    """By lines: macros may give a function another name than ctags sees."""
    file = os.path.relpath(function.file, function.tree)
    return place.file == file and function.first <= place.line <= function.last


def tells_of(finding, mutant):
    function = mutant.function
    by = f"by '{function.name}'"
    if mutant.is_thread: # made alone: what is new is its doing
        return True
    if mutant.symbol:
        return finding.mentions(mutant.symbol)
    if mutant.kind in ("swapped", "reversed", "once", "bare") and finding.rule == "lock-race":
        return False
    return is_in(finding, function) or any(is_in(step, function) or by in step.text
                                           for step in finding.steps)


def mentions(function, other):
    lines = read_lines(function.file)[function.first - 1:function.last]
    return re.search(rf"\b{other.name}\b", "\n".join(lines))


def is_apart(mutant, other):
    a, b = mutant.function, other.function
    return a != b and not mentions(a, b) and not mentions(b, a)


def batches(mutants, size):
    """Mutants to be made at once: a leak of one must not be seen in another that calls it."""
    rest = mutants
    while rest:
        batch, later = [], []
        for mutant in rest:
            apart = all(is_apart(mutant, other) for other in batch)
            (batch if apart and len(batch) < size else later).append(mutant)
        yield batch
        rest = later


RULES = {"race": ("lock-race",),
         "order": ("lock-order", "lock-double", "lock-unheld", "cond-wait", "lock-race")}
CONTROLS = ("gated",) # no faults: nothing is to be found
FINDERS = {"lock": find_releases, "thread": find_joins, "race": find_sections}


class Tree:
    def __init__(self, binary, path, scratch, family):
        self.binary = binary
        self.path, self.entries = copy_tree(path, scratch)
        self.database = os.path.join(scratch, os.path.basename(self.path) + ".db")
        self.family = family
        self.before = None
        files = sorted(self.entries)
        self.functions = (
            self.not_reported(recursions_of(self.path, files)) if family == "recursion" else
            self.not_named(growth_of(self.path, files)) if family == "growth" else
            resources_of(self.path, files) if family == "resource" else
            orders_of(self.path, files) if family == "order" else
            functions_of(self.path, files, FINDERS[family]))

    def check(self):
        return check(self.binary, self.path, self.database, self.family)

    def not_reported(self, functions):
        """Those in which nothing is found as they are."""
        found = self.check()
        self.before = {finding.fingerprint for finding in found}
        return [function for function in functions if not any(
            function.name in finding.functions() for finding in found)]

    def not_named(self, functions):
        """Those whose container nothing is found of as they are."""
        found = self.check()
        self.before = {finding.fingerprint for finding in found}
        return [function for function in functions if not any(
            finding.mentions(function.releases[0].symbol) for finding in found)]

    def find(self, batch):
        """The new findings that tell of each mutant of the batch."""
        if self.before is None:
            self.before = {finding.fingerprint for finding in self.check()}
        originals = {}
        try:
            for mutant in batch:
                for file, lines in mutated_files(mutant).items():
                    originals.setdefault(file, read_lines(file))
                    write_lines(file, lines)
            new = [finding for finding in self.check() if finding.fingerprint not in self.before]
        finally:
            for file, lines in originals.items():
                write_lines(file, lines)
        return [[finding for finding in new if tells_of(finding, mutant)]
                for mutant in batch]


def make_join_mutant(function, chance):
    line = chance.choice(function.releases)
    lines = read_lines(function.file)
    kinds = ("deleted", "passed") if begins_statement(lines, line) else ("deleted",)
    return Mutant(function, line, chance.choice(kinds), True)


def make_depth_mutant(function, chance):
    del chance # nothing to choose
    site, = function.releases
    return Mutant(function, site.line, site.kind, text=site.text)


def make_resource_mutant(function, chance):
    site = chance.choice(function.releases)
    return Mutant(function, site.line, site.kind, text=site.text)


def make_order_mutant(function, chance):
    site = chance.choice(function.releases)
    lines = read_lines(function.file)
    for number, text in site.changes.items():
        lines[number - 1] = text
    return Mutant(function, site.line, site.kind, changes={function.file: lines})


def make_growth_mutant(function, chance):
    del chance # nothing to choose
    container, line, changes = function.releases
    return Mutant(function, line, "removals", changes=changes, symbol=container.symbol)


def make_race_mutant(function, chance):
    del chance # nothing to choose
    lines = read_lines(function.file)
    for number in function.releases:
        lines[number - 1] = ";"
    return Mutant(function, function.releases[0], "section", changes={function.file: lines})


def make_mutant(function, chance):
    line = chance.choice(function.releases)
    kind = chance.choice(("deleted", "passed")) if len(function.releases) > 1 else "passed"
    return Mutant(function, line, kind)


def tell(mutant, found):
    print(f"  {'found' if found else 'MISSED'} {mutant}", flush=True)
    for finding in found[:1]:
        print(f"        {finding.file}:{finding.line} {finding.rule} {finding.message}")


def print_score(score, trees):
    def line(what, key):
        found, missed = score[key, True], score[key, False]
        if found + missed:
            print(f"{what}: {found} of {found + missed} found")
    for tree in trees:
        line(os.path.basename(tree), tree)
    for kind in ("deleted", "passed", "test", "count", "guard", "removals", "section", "swapped",
                 "reversed", "ungated", "gated", "once", "bare", "signal"):
        line(kind, kind)


def draw(trees, arguments):
    chance = random.Random(arguments.seed)
    pool = [function for tree in trees.values() for function in tree.functions]
    chance.shuffle(pool)
    make = {"lock": make_mutant, "thread": make_join_mutant,
            "recursion": make_depth_mutant, "growth": make_growth_mutant,
            "race": make_race_mutant, "resource": make_resource_mutant,
            "order": make_order_mutant}[arguments.family]
    mutants, drawn = [], collections.Counter()
    for function in pool:
        mutant = make(function, chance)
        if mutant.symbol and function.releases[0].name in arguments.omit.split(","):
            continue
        if arguments.kinds and mutant.kind not in arguments.kinds.split(","):
            continue
        if len(mutants) < arguments.count and drawn[function.tree] < arguments.each and counts(
                mutant, trees[function.tree].entries, arguments.clang):
            mutants.append(mutant)
            drawn[function.tree] += 1
    return mutants


def run(arguments, scratch):
    together = arguments.together if arguments.family in ("lock", "resource") else 1
    trees = {}
    for path in arguments.tree:
        tree = Tree(os.path.abspath(arguments.binary), path, scratch, arguments.family)
        trees[tree.path] = tree
        print(f"{path}: {len(tree.functions)} {arguments.family} functions", flush=True)
    mutants = draw(trees, arguments)
    score = collections.Counter(mutants=len(mutants))
    for tree in trees.values():
        own = [mutant for mutant in mutants if mutant.function.tree == tree.path]
        for batch in batches(own, together):
            for mutant, found in zip(batch, tree.find(batch)):
                if mutant.kind in CONTROLS:
                    found = [finding for finding in found if finding.rule == "lock-order" and
                             "the other way round" in finding.message] # others leave the gate out
                    score["controls"] += 1
                    score["alarms"] += bool(found)
                    score[mutant.kind, bool(found)] += 1
                    if found:
                        tell(mutant, found)
                    continue
                score["found"] += bool(found)
                score["default"] += any(finding.confidence in ("likely", "certain")
                                        for finding in found)
                score["elsewhere"] += bool(found) and not any(
                    is_in(finding, mutant.function) for finding in found)
                score[mutant.kind, bool(found)] += 1
                score[tree.path, bool(found)] += 1
                if arguments.list or (not found and not arguments.blind):
                    tell(mutant, found)
    print_score(score, trees)
    if score["controls"]:
        print(f"{score['alarms']} false alarms in {score['controls']} controls")
    print(f"{score['found']} of {score['mutants'] - score['controls']} mutants found, {score['elsewhere']} of them "
          f"in another function that names it, {score['default']} shown by default "
          f"(seed {arguments.seed})")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default="build/release/overstay")
    parser.add_argument("--family", choices=("lock", "thread", "recursion", "growth", "race",
                                               "resource", "order"),
                        default="lock")
    parser.add_argument("--clang", default="clang-19")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--each", type=int, default=1 << 30, help="at most so many of a tree")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--list", action="store_true", help="print the found ones too")
    parser.add_argument("--blind", action="store_true", help="print figures only: held-out seeds")
    parser.add_argument("--omit", default="", metavar="NAME,...", help="containers left out")
    parser.add_argument("--kinds", default="", metavar="KIND,...", help="these kinds only")
    parser.add_argument("--together", type=int, default=8, help="mutants at once")
    parser.add_argument("--work", metavar="DIR", help="keep the copies and databases here")
    parser.add_argument("tree", nargs="+", metavar="TREE")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}")
    if arguments.work:
        os.makedirs(arguments.work, exist_ok=True)
        run(arguments, os.path.abspath(arguments.work))
        return 0
    with tempfile.TemporaryDirectory(prefix="overstay-mutate-") as scratch:
        run(arguments, scratch)
    return 0


if __name__ == "__main__":
    sys.exit(main())
