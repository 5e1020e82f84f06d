#!/usr/bin/env python3
"""Holds our control flow graphs against those of gcc.

usage: cfg_differential.py [--binary PATH] [--seed N] [--functions N] [--complex N]
                           [--per-unit N] [--verbose] [--jobs N] FOLDER|DATABASE...
       cfg_differential.py --self-test [--units N] FOLDER|DATABASE...

A folder holds a compile_commands.json. Random units are taken (the seed is printed) until
--functions functions were compared, --complex of them with switch, goto or loops.

gcc reads the text that clang -E wrote, so both see the same headers, and dumps its graph at -O0.
From each graph we compute, per function,
  the relation: call site a (line and callee) may be followed by call site b, or by the exit;
  the sides: for a branch whose two ways lead to different call sites, which lead where when the
  condition holds. Without these a swapped branch would be invisible.
Builtins, which one compiler calls and the other knows, are looked through; gcc may fold away
branches that we keep, so a branch counts as swapped only when gcc has it the other way round.

The exit code is 1 when a function differs that is not explained by what is printed.
"""
import argparse
import collections
import concurrent.futures
import copy
import dataclasses
import json
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile

from cfg_gcc import parse_gcc
from cfg_graph import EXIT, START, compare, finish, has_cycle, parse_ours

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


# ---- running the three programs

KEEP_ALONE = re.compile(r"^-(D.|U.|I.|std=|isystem.|iquote.|idirafter.|pthread$|m|nostdinc|undef|"
                        r"f(no-)?(signed-char|unsigned-char|short-enums|short-wchar|builtin|"
                        r"ms-extensions|gnu89-inline|pic|PIC|pie|PIE|freestanding|blocks)$|"
                        r"fpack-struct|trigraphs$|ansi$)")
KEEP_PAIR = {"-D", "-U", "-I", "-isystem", "-iquote", "-idirafter", "-include", "-imacros",
             "-isysroot", "-x"}
GCC_FLAG = re.compile(r"^-(std=|m|ansi$|f(no-)?(signed-char|unsigned-char|short-enums|short-wchar|"
                      r"ms-extensions|gnu89-inline)$|fpack-struct)")
# clang predefines no _FloatN, so glibc makes typedefs of what are keywords for gcc.
FLOATS = re.compile(r"^typedef (float|double|long double) _Float\d+x?;$", re.M)


def flags_of(entry):
    arguments = entry.get("arguments") or shlex.split(entry["command"])
    kept, rest = [], iter(arguments[1:])
    for argument in rest:
        if argument in KEEP_PAIR:
            kept += [argument, next(rest, "")]
        elif argument in ("-o", "-MF", "-MT", "-MQ"):
            next(rest, None)
        elif KEEP_ALONE.match(argument):
            kept.append(argument)
    return kept


def run(command, directory):
    return subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL, capture_output=True,
                          check=False)


def gcc_graphs(entry, folder, clang, gcc):
    """Graphs, or a reason why there are none."""
    flags, source = flags_of(entry), os.path.join(entry["directory"], entry["file"])
    text, dump = os.path.join(folder, "unit.i"), os.path.join(folder, "unit.cfg")
    done = run([clang, "-E", "-w", "-Qunused-arguments", *flags, source, "-o", text],
               entry["directory"])
    if done.returncode:
        return "clang -E failed"
    with open(text, encoding="utf-8", errors="replace") as file:
        content = FLOATS.sub("", file.read())
    if re.search(r'^# \d+ "[^"]*\.[yl]"', content, re.M):
        return "generated from a grammar: the lines are those of another file"
    with open(text, "w", encoding="utf-8") as file:
        file.write(content)
    done = run([gcc, "-x", "cpp-output", *filter(GCC_FLAG.match, flags), "-w", "-O0",
                "-fno-builtin", "-fkeep-static-functions", "-fkeep-inline-functions",
                "-fpermissive", f"-fdump-tree-cfg-lineno={dump}", "-S", "-o", "/dev/null", text],
               entry["directory"])
    errors = done.stderr.decode("utf-8", "replace")
    if done.returncode:
        first = re.search(r"error: (.*)", errors)
        return "gcc cannot read it: " + (first.group(1) if first else "unknown")
    if not os.path.exists(dump):  # no function in it
        return {}
    with open(dump, encoding="utf-8", errors="replace") as file:
        return parse_gcc(file.read())


def our_graphs(binary, database, source, environment):
    done = subprocess.run([binary, "dump", "cfg", "-p", database, source], check=False,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          env={**os.environ, **environment})
    if done.returncode:
        return "overstay: " + done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
    return parse_ours(done.stdout.decode("utf-8", "replace"))


# ---- the sample

@dataclasses.dataclass
class Result:
    unit: str
    reason: str = ""
    ours: dict = dataclasses.field(default_factory=dict)
    theirs: dict = dataclasses.field(default_factory=dict)


class Runner:
    def __init__(self, arguments):
        self.binary = os.path.abspath(arguments.binary)
        self.clang, self.gcc = arguments.clang, arguments.gcc
        self.environment = {"OVERSTAY_LAST_ARGUMENT_FIRST": "1"}  # as gcc does

    def unit(self, database, entry):
        source = os.path.normpath(os.path.join(entry["directory"], entry["file"]))
        result = Result(source)
        ours = our_graphs(self.binary, database, source, self.environment)
        if isinstance(ours, str):
            result.reason = ours
            return result
        with tempfile.TemporaryDirectory(prefix="overstay-cfg-") as folder:
            theirs = gcc_graphs(entry, folder, self.clang, self.gcc)
        if isinstance(theirs, str):
            result.reason = theirs
            return result
        result.ours, result.theirs = ours, theirs
        return result


def database_of(path):
    path = os.path.abspath(path)
    return os.path.join(path, "compile_commands.json") if os.path.isdir(path) else path


def units_of(paths):
    """One entry a source: which of several commands of a file is taken is up to the database."""
    units = []
    for path in map(database_of, paths):
        with open(path, encoding="utf-8") as file:
            entries = json.load(file)
        known = collections.Counter(os.path.join(e["directory"], e["file"]) for e in entries)
        units += [(path, entry) for entry in entries
                  if known[os.path.join(entry["directory"], entry["file"])] == 1
                  and entry["file"].endswith(".c")]
    return units


# What a function does that makes gcc's graph another one by design, and why.
EXPLAINED = {
    "setjmp": "returns twice: gcc adds edges from every call to the setjmp",
    "cancel": "pthread_cleanup_push without its setjmp, which we know to give 0",
    "incomplete": "libclang hides a part of it, and we say so",
    "tainted": "an error inside, and we say so",
}


def why_left_out(ours):
    if "tainted" in ours.flags:
        return "tainted"
    if "incomplete" in ours.flags:
        return "incomplete"
    for block in ours.blocks.values():
        if any(re.match(r"^(__|_)?(sig)?setjmp$|^vfork$", callee) for _, callee in block.calls):
            return "setjmp"
        if any(callee == "__pthread_register_cancel" for _, callee in block.calls):
            return "cancel"
    return None


class Tally:
    def __init__(self):
        self.counts, self.left_out, self.units = (collections.Counter() for _ in range(3))
        self.differences, self.folded, self.complex = [], [], 0

    def compared(self):
        return sum(self.counts.values())

    def add(self, result, limit, chooser):
        self.units[result.reason or "read"] += 1
        names = sorted(name for name in result.ours if name in result.theirs)
        if limit and len(names) > limit:
            names = sorted(chooser.sample(names, limit))
        for name in names:
            ours, theirs = result.ours[name], result.theirs[name]
            reason = why_left_out(ours)
            if reason:
                self.left_out[reason] += 1
                continue
            theirs.cleanups = ours.cleanups
            self.complex += ours.is_complex or theirs.is_complex or has_cycle(ours)
            difference = compare(finish(ours), finish(theirs))
            self.counts[difference.kind] += 1
            if difference.kind == "folded":
                self.folded.append((result.unit, ours, theirs, difference))
            elif difference.kind not in ("same", "order"):
                self.differences.append((result.unit, ours, theirs, difference))


def show_label(label):
    return label[0] if label in (START, EXIT) else f"{label[1]}:{label[0]}"


def show(tally, verbose):
    for unit, ours, _, difference in tally.differences + tally.folded:
        print(f"{unit}:{ours.lines[0]}: {ours.name}: {difference.kind}")
        if not verbose:
            continue
        for title, pairs in (("only gcc", difference.missing), ("only ours", difference.extra)):
            for pair in sorted(pairs, key=str)[:8]:
                if difference.kind == "swapped":
                    print("    ", *("{" + ", ".join(sorted(map(show_label, side))) + "}"
                                    for side in pair))
                else:
                    print(f"    {title}: {show_label(pair[0])} -> {show_label(pair[1])}")


def summary(tally):
    lines = [f"{tally.compared()} functions compared, {tally.complex} with switch, goto or loops: "
             f"{tally.counts['same']} equal, {tally.counts['order']} equal but for the order of "
             f"evaluation, {len(tally.folded)} but for calls that gcc knows to be out of reach, "
             f"{len(tally.differences)} differ"]
    for reason, count in sorted(tally.left_out.items()):
        lines.append(f"left out: {count} {reason} ({EXPLAINED[reason]})")
    for reason, count in sorted(tally.units.items()):
        if reason != "read":
            lines.append(f"unit not compared: {count} x {reason}")
    return "\n".join(lines)


def sample(arguments):
    """Compares random units until there is enough."""
    chooser, units = random.Random(arguments.seed), units_of(arguments.path)
    chooser.shuffle(units)
    runner, tally = Runner(arguments), Tally()
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        while units and (tally.compared() < arguments.functions or
                         tally.complex < arguments.complex):
            batch, units = units[:4 * arguments.jobs], units[4 * arguments.jobs:]
            for result in pool.map(lambda unit: runner.unit(*unit), batch):
                tally.add(result, arguments.per_unit, chooser)
            if sys.stderr.isatty():
                print(f"\r{tally.compared()} functions", end="", file=sys.stderr, flush=True)
    return tally


# Deliberate mistakes (checker/ir/fault.c, dev builds only) and the share of the functions that
# each changes in which it has to be found. Arms without calls can be exchanged unseen.
FAULTS = {"swapped-arms": 0.5, "lost-fallthrough": 0.4, "lost-default": 0.4,
          "lost-back-edge": 0.5, "lost-else": 0.5}


def changed_and_found(clean, faulty, theirs):
    """Names of functions that the fault changed, and of those where the comparison says so."""
    changed, found = set(), set()
    for name in clean.keys() & faulty.keys() & theirs.keys():
        if why_left_out(clean[name]) or repr(clean[name]) == repr(faulty[name]):
            continue
        kinds = [compare(finish(copy.deepcopy(ours)), finish(copy.deepcopy(theirs[name]))).kind
                 for ours in (clean[name], faulty[name])]
        changed.add(name)
        if kinds[0] in ("same", "order") and kinds[1] not in ("same", "order"):
            found.add(name)
    return changed, found


def self_test(arguments):
    """Every deliberate fault has to be found in most of the functions that it changes."""
    chooser, units = random.Random(arguments.seed), units_of(arguments.path)
    chooser.shuffle(units)
    runner = Runner(arguments)
    changed, found = collections.Counter(), collections.Counter()

    def try_unit(unit):
        result = runner.unit(*unit)
        for fault in FAULTS if not result.reason else ():
            faulty = our_graphs(runner.binary, unit[0], result.unit,
                                {**runner.environment, "OVERSTAY_FAULT": fault})
            yield fault, changed_and_found(result.ours, faulty, result.theirs)

    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for outcomes in pool.map(lambda unit: list(try_unit(unit)), units[:arguments.units]):
            for fault, (in_these, in_those) in outcomes:
                changed[fault] += len(in_these)
                found[fault] += len(in_those)
    failed = 0
    for fault, share in FAULTS.items():
        print(f"{fault}: found in {found[fault]} of the {changed[fault]} functions it changes")
        failed += not changed[fault] or found[fault] < share * changed[fault]
    print(f"{len(FAULTS) - failed} passed, {failed} failed")
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description="our control flow graphs against gcc's")
    parser.add_argument("--binary", default=os.environ.get(
        "OVERSTAY", os.path.join(ROOT, "build", "dev", "overstay")))
    parser.add_argument("--clang", default="clang-19")
    parser.add_argument("--gcc", default="gcc")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--functions", type=int, default=2000)
    parser.add_argument("--complex", type=int, default=500)
    parser.add_argument("--per-unit", type=int, default=20,
                        help="at most so many of one unit; 0: all")
    parser.add_argument("--jobs", "-j", type=int, default=os.cpu_count())
    parser.add_argument("--verbose", "-v", action="store_true")
    parser.add_argument("--self-test", action="store_true", help="find deliberate faults")
    parser.add_argument("--units", type=int, default=12, help="of the self test")
    parser.add_argument("path", nargs="+")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}")
    if arguments.self_test:
        return self_test(arguments)
    tally = sample(arguments)
    show(tally, arguments.verbose)
    print(summary(tally))
    return 1 if tally.differences or not tally.compared() else 0


if __name__ == "__main__":
    sys.exit(main())
