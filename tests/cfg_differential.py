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

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
EXIT = ("exit", "")
START = ("start", "")

# Names that are calls for one compiler and knowledge for the other.
TRANSPARENT = re.compile(r"^(\.|__builtin_|__atomic_|__sync_|__c11_atomic_|__ubsan_)")
ENDS = re.compile(r"^__builtin_(unreachable|trap|abort|exit|longjmp)$")


@dataclasses.dataclass
class Block:
    calls: list = dataclasses.field(default_factory=list)      # (line, callee)
    follows: list = dataclasses.field(default_factory=list)    # block names, "exit"
    sense: str = "?"                                           # "+": follows[0] when equal or less


@dataclasses.dataclass
class Graph:
    name: str
    blocks: dict
    entry: str
    flags: set = dataclasses.field(default_factory=set)
    is_complex: bool = False
    lines: tuple = (0, 0)
    file: str = ""
    cleanups: set = dataclasses.field(default_factory=set)


# ---- what both sides are reduced to

def first_calls(graph, start, memo):
    """Call sites and EXIT that come first from the start of a block."""
    if start in memo:
        return memo[start]
    found, seen, stack = set(), {start}, [start]
    while stack:
        name = stack.pop()
        if name == "exit":
            found.add(EXIT)
            continue
        block = graph.blocks[name]
        if block.calls:
            found.add((name, 0))
            continue
        for follow in block.follows:
            if follow not in seen:
                seen.add(follow)
                stack.append(follow)
    memo[start] = frozenset(found)
    return memo[start]


def after_block(graph, block, memo):
    found = set()
    for follow in block.follows:
        found |= first_calls(graph, follow, memo)
    return found


def site_graph(graph):
    """{site: set of sites}, from START on; a site is (block, number)."""
    memo, edges = {}, {}
    edges[START] = set(first_calls(graph, graph.entry, memo))
    stack = list(edges[START])
    while stack:
        site = stack.pop()
        if site == EXIT or site in edges:
            continue
        block = graph.blocks[site[0]]
        last = site[1] + 1 == len(block.calls)
        edges[site] = after_block(graph, block, memo) if last else {(site[0], site[1] + 1)}
        stack.extend(edges[site])
    return edges, memo


def label_of(graph, site):
    return site if site in (START, EXIT) else graph.blocks[site[0]].calls[site[1]]


def relation(graph, edges):
    return {(label_of(graph, a), label_of(graph, b)) for a, follows in edges.items()
            for b in follows}


def unordered_relation(graph, edges):
    """The relation of straight runs of calls, each taken as a bag: in which order the arguments
    of one call are evaluated is the compiler's choice."""
    before = collections.Counter(b for follows in edges.values() for b in follows)
    run_of, bags = {}, {}

    def continues(site):
        follows = edges.get(site, ())
        if len(follows) != 1:
            return None
        follow = next(iter(follows))
        return follow if follow != EXIT and before[follow] == 1 else None

    continued = {continues(site) for site in edges if site != START}
    for site in edges:
        if site == START or site in continued:
            continue
        run, at = [], site
        while at is not None:
            run.append(label_of(graph, at))
            run_of[at] = site
            at = continues(at)
        bags[site] = tuple(sorted(run, key=str))
    bag = lambda site: bags[run_of[site]] if site in run_of else label_of(graph, site)
    return {(bag(a), bag(b)) for a, follows in edges.items() for b in follows
            if a == START or b == EXIT or run_of.get(a) != run_of.get(b) or continues(a) != b}


def sides(graph, edges, memo):
    """{(call sites when the condition holds, call sites otherwise)} of branches that matter."""
    reachable, stack = {graph.entry}, [graph.entry]
    while stack:
        for follow in graph.blocks[stack.pop()].follows:
            if follow != "exit" and follow not in reachable:
                reachable.add(follow)
                stack.append(follow)
    found = set()
    for name in reachable:
        block = graph.blocks[name]
        if block.sense not in "+-" or len(block.follows) != 2:
            continue
        pair = [frozenset(label_of(graph, site) for site in first_calls(graph, follow, memo))
                for follow in block.follows]
        if pair[0] != pair[1]:
            found.add(tuple(pair) if block.sense == "+" else (pair[1], pair[0]))
    return found


@dataclasses.dataclass
class Difference:
    kind: str  # "same", "order", "folded", "relation", "swapped"
    missing: set = dataclasses.field(default_factory=set)
    extra: set = dataclasses.field(default_factory=set)


def align_lines(ours, theirs):
    """gcc gives some nested calls the line of the call around them: a call site of ours that it
    does not have is moved up to its nearest one of the same callee."""
    known = collections.defaultdict(set)
    for block in theirs.blocks.values():
        for line, callee in block.calls:
            known[callee].add(line)
    for block in ours.blocks.values():
        for i, (line, callee) in enumerate(block.calls):
            above = [other for other in known[callee] if line - 60 <= other <= line]
            if above:
                block.calls[i] = (max(above), callee)


def folded_away(mine, other):
    """Is all that we have and gcc has not a way through call sites that gcc has nowhere? It knows
    more about ranges: (size_t)(byte + 1) <= SIZE_MAX / 8 holds, so the other arm is gone."""
    known = {label for pair in other for label in pair}
    return other <= mine and all(set(pair) - known for pair in mine - other)


def compare(ours, theirs):
    their_edges, their_memo = site_graph(theirs)
    before, other = relation(ours, site_graph(ours)[0]), relation(theirs, their_edges)
    if before != other and folded_away(before, other):
        return Difference("folded", set(), before - other)
    align_lines(ours, theirs)
    our_edges, our_memo = site_graph(ours)
    mine = relation(ours, our_edges)
    kind = "same"
    if mine != other:
        if unordered_relation(ours, our_edges) != unordered_relation(theirs, their_edges):
            return Difference("relation", other - mine, mine - other)
        kind = "order"
    our_sides, their_sides = sides(ours, our_edges, our_memo), sides(theirs, their_edges, their_memo)
    swapped = {(a, b) for a, b in our_sides
               if (b, a) in their_sides - our_sides and (a, b) not in their_sides}
    return Difference("swapped", set(), swapped) if swapped else Difference(kind)


# ---- our side

def tidy(graph):
    """Looks through builtins, and forgets where a cleanup call stands."""
    for block in graph.blocks.values():
        kept = []
        for line, callee in block.calls:
            if ENDS.match(callee):
                block.follows, block.sense = [], "?"
                break
            if not TRANSPARENT.match(callee):
                kept.append((0 if callee in graph.cleanups else line, callee))
        block.calls = kept


def finish(graph):
    tidy(graph)
    return graph


def parse_ours(text):
    graphs, graph, block = {}, None, None
    for line in text.splitlines():
        word, *rest = line.split(" ")
        if word == "function":
            name, start, end, source, *flags = rest
            graph = Graph(name, {}, "0", set(flags), lines=(int(start), int(end)), file=source)
            if "initialiser" not in flags:
                graphs[name] = graph
        elif word == "block":
            block = graph.blocks[rest[0]] = Block()
            stopped = False
        elif word == "call" and not stopped:
            number, callee, _, *flags = rest
            block.calls.append((int(number), callee))
            if "cleanup" in flags:
                graph.cleanups.add(callee)
            stopped = "noreturn" in flags
        elif word == "return":
            block.follows = [] if stopped else ["exit"]
        elif word in ("jump", "branch", "switch", "goto", "unreachable"):
            if word == "branch":
                block.sense = rest.pop()
            block.follows = [] if stopped else rest
            graph.is_complex |= word in ("switch", "goto")
    return graphs


def has_cycle(graph):
    state = {}
    stack = [(graph.entry, iter(graph.blocks[graph.entry].follows))]
    state[graph.entry] = 1
    while stack:
        name, follows = stack[-1]
        for follow in follows:
            if follow == "exit":
                continue
            if state.get(follow) == 1:
                return True
            if follow not in state:
                state[follow] = 1
                stack.append((follow, iter(graph.blocks[follow].follows)))
                break
        else:
            state[name] = 2
            stack.pop()
    return False


# ---- gcc's side

PLACE = re.compile(r"\[[^\[\]\"]*:(\d+):\d+(?: discrim \d+)?\] ?")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
CALL = re.compile(r"^(?:[^\"]*? = )?(?:\([^()]*\) )?([A-Za-z_.$][\w.$]*|\d+B) \(")
WORDS = {"if", "switch", "return", "goto", "__asm__"}
CONDITION = re.compile(r"^if \((\S+) (==|!=|<|>|<=|>=) (\S+)\)$")
TRUTH = re.compile(r"^(_\d+) = (\S+) (==|!=|<|>|<=|>=) (\S+);$")
COPY = re.compile(r"^(_\d+) = (?:\([^()]*\) )?(_\d+)(?: & 1)?;$")
NOT = re.compile(r"^(_\d+) = ~([\w.]+);$")  # of a _Bool
# The value of a ?: or of a statement expression; we branch in the arms.
CHOICE = re.compile(r"^(iftmp|D|retval)\.")
PLAIN = re.compile(r"^\s*(struct \w+|(unsigned |long |short )*(int|char|long|double|_Bool)) \w+;")
# What stands for a comparison that we write in another way: overflow checks, sign bits, floats.
VAGUE = re.compile(r"^(_\d+) = (?:(?:\([^()]*\) )?(?:iftmp|D|retval)\.\d+|IMAGPART_EXPR <.*>|\S+ >> (?:7|15|31|63)|"
                   r"\S+ (?:u[<>]=?|u==|ltgt|ord|unord) \S+);$")
SUM = re.compile(r"^(_\d+) = \S+ \+ -?\d+;$")
EXPECT = re.compile(r"^(_\d+) = __builtin_expect(?:_with_probability)? \((\w+), .*\);$")
NUMBER = re.compile(r"^-?\d|^'|^-?0B$")
OPPOSITE = {"+": "-", "-": "+", "?": "?"}


class GccFunction:
    """Reads the dump of one function, line by line."""

    def __init__(self, name):
        self.graph = Graph(name, {}, "2")
        self.block = None
        self.header = []
        self.defined = {}  # temp -> (left, operator, right) or the temp it is a copy of
        self.sums = set()  # temps that are something plus a constant
        self.dispatchers = set()
        self.pending = None

    def successors(self, number, follows):
        names = ["exit" if follow == "1" else follow for follow in follows.split()]
        self.graph.blocks[number] = Block(follows=names)

    def sense(self, left, operator, right):
        if not operator or CHOICE.match(left):
            return "?"
        if right == "0" and operator in ("==", "!="):
            seen = set()
            while isinstance(self.defined.get(left), str) and left not in seen:
                seen.add(left)
                left = self.defined[left]
            if isinstance(self.defined.get(left), tuple):
                inner = self.sense(*self.defined[left])
                return inner if operator == "!=" else OPPOSITE[inner]
        if operator in ("==", "!="):
            return "+" if operator == "==" else "-"
        if NUMBER.match(right):
            return "+" if operator in ("<", "<=") else "-"
        if left in self.sums or right in self.sums:  # a < b + 1 may have been a <= b
            return "?"
        return "+" if operator in ("<", ">") else "-"

    def is_variable(self, name):
        if re.match(r"^(_\d+|.*\.\d+(_\d+)?|\d+B)$", name):
            return True
        return any(not PLAIN.match(line) and re.search(r"[\s*]" + re.escape(name) + r"(?:[,;)]|$)", line)
                   for line in self.header)

    def define(self, plain):
        vague = VAGUE.match(plain)
        if vague:
            self.defined[vague.group(1)] = ("", "", "")
        total = SUM.match(plain)
        if total:
            self.sums.add(total.group(1))
        for pattern in (TRUTH, EXPECT, COPY, NOT):
            match = pattern.match(plain)
            if match:
                name, *parts = match.groups()
                self.defined[name] = (tuple(parts) if pattern is TRUTH else
                                      (parts[0], "==", "0") if pattern is NOT else parts[0])

    def statement(self, text):
        place = PLACE.search(text)
        leading = place if place and not text[:place.start()].strip() else None
        line = int(leading.group(1)) if leading else 0
        plain = PLACE.sub("", STRING.sub('""', text)).strip()
        condition = CONDITION.match(plain)
        if condition:
            self.pending = self.sense(*condition.groups())
            return
        target = re.match(r"^goto <bb (\d+)>;", plain)
        if self.pending and target:  # the first goto after an if is taken when it holds
            if len(self.block.follows) == 2:
                other = [f for f in self.block.follows if f != target.group(1)]
                if len(other) == 1:
                    self.block.follows = [target.group(1), other[0]]
                    self.block.sense = self.pending
            self.pending = None
            return
        self.define(plain)
        call = CALL.match(plain)
        if call and call.group(1) not in WORDS:
            callee = call.group(1)
            if callee == ".ABNORMAL_DISPATCHER":
                self.dispatchers.add(self.current)
            self.block.calls.append((line, "*" if self.is_variable(callee) else callee))

    def feed(self, line):
        succs = re.match(r"^;; (\d+) succs \{(.*)\}", line)
        if succs:
            self.successors(succs.group(1), succs.group(2))
            return
        loops = re.match(r"^;; (\d+) loops found", line)
        if loops:
            self.graph.is_complex = int(loops.group(1)) > 1
            return
        start = re.match(r"^  <bb (\d+)> ", line)
        if start:
            self.current = start.group(1)
            self.block = self.graph.blocks[self.current]
        elif self.block is None:
            self.header.append(line)
        elif line.startswith("  ") or line.startswith("["):
            self.statement(line)

    def done(self):
        for block in self.graph.blocks.values():
            block.follows = [f for f in block.follows if f not in self.dispatchers]
        return self.graph


def parse_gcc(text):
    graphs, function = {}, None
    for line in text.splitlines():
        head = re.match(r"^;; Function (\S+) \(", line)
        if head:
            if function and function.block:
                graphs[function.graph.name] = function.done()
            function = GccFunction(head.group(1))
        elif function:
            function.feed(line)
    if function and function.block:
        graphs[function.graph.name] = function.done()
    return graphs


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
                "-fno-builtin", "-fkeep-static-functions", "-fkeep-inline-functions", "-fpermissive",
                f"-fdump-tree-cfg-lineno={dump}", "-S", "-o", "/dev/null", text],
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
    parser.add_argument("--per-unit", type=int, default=20, help="at most so many of one unit; 0: all")
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
