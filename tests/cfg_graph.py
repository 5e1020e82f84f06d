"""What a control flow graph is reduced to for the comparison of ours with gcc's.

The vocabulary: a site is a call in a block; its label is (line, callee); the relation says which
labels may follow which; the sides say where a branch goes when its condition holds.
"""
import collections
import dataclasses
import re

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
    our_sides = sides(ours, our_edges, our_memo)
    their_sides = sides(theirs, their_edges, their_memo)
    swapped = {(a, b) for a, b in our_sides
               if (b, a) in their_sides - our_sides and (a, b) not in their_sides}
    return Difference("swapped", set(), swapped) if swapped else Difference(kind)


# ---- our dump (`overstay dump cfg`)

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
