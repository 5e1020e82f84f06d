"""Where functions take one lock inside of another, and where they wait for and signal conditions, by
the text alone, for mutate.py: what can be done there to the order of locks, and to the waits.

swapped   the two acquires of a nested pair change places, where another function nests them, too
reversed  a function that takes the inner lock of a pair takes the outer one inside of that
gated     the same, and a third lock is held around it and around all that nest the pair: no fault
ungated   the same, and this function does without the third lock
once      the `while` around a wait becomes an `if`
bare      the acquire of the function that waits is gone
signal    a function that changes something and signals takes the lock no more
"""
import collections
import dataclasses
import re

STATEMENT = re.compile(r"^(\s*)((?:\w+_)?(?:rd|wr)?(?:un)?(?:lock|LOCK)|\w+_(?:RD|WR)?(?:UN)?LOCK)"
                       r"\s*\((.*)\);\s*(?:/[/*].*)?$")
NO_LOCK = re.compile(r"try|TRY|timed|assert|flock|file_lock|_b?lock_?block|block$")
RELEASES = re.compile(r"unlock|UNLOCK", re.I)
CALL = re.compile(r"\b(\w+)\s*\(")
WAIT = re.compile(r"\b\w*(?:cond|COND)\w*_(?:wait|WAIT)\s*\(|\b\w+_cond_wait\w*\s*\(")
SIGNAL = re.compile(r"\b\w*(?:cond|COND)\w*_(?:signal|broadcast)\s*\(")
LOOP = re.compile(r"^(\s*)while(\s*\((?!\s*(?:1|true)\s*\)).*)$")
CHANGE = re.compile(r"(?:->|\.)\s*\w+\s*(?:\+\+|--|[-+|&]?=[^=])|^\s*\w+\s*(?:\+\+|--|[-+|&]?=[^=])", re.M)


@dataclasses.dataclass(frozen=True)
class Lock:
    line: int
    name: str # of the function that takes it
    text: str # the arguments

    def kind(self):
        """What makes two of them locks of one kind: how they are written, for who has no types."""
        plain = re.sub(r"\[[^][]*\]|[&()\s]", "", self.text).replace("->", ".")
        wrapped = not re.search(r"pthread|mutex|MUTEX|rw_?lock|spin", self.name)
        return self.name if wrapped else plain

    def base(self):
        """What it is a member of, with the arrow or dot."""
        cut = max(self.text.rfind("->") + 2, self.text.rfind(".") + 1)
        return self.text[:cut] if cut > 1 else ""


@dataclasses.dataclass
class Body:
    """What the text of a function says."""
    function: object
    acquires: list = dataclasses.field(default_factory=list)
    releases: dict = dataclasses.field(default_factory=lambda: collections.defaultdict(list))
    nested: list = dataclasses.field(default_factory=list)   # (outer, inner)
    calls: list = dataclasses.field(default_factory=list)    # (outer, name of the callee)


@dataclasses.dataclass
class Site:
    line: int
    kind: str
    changes: dict # {line: what it becomes}


def read(function, lines):
    body, held = Body(function), {}
    for number in range(function.first + 1, function.last + 1):
        line = lines[number - 1]
        match = STATEMENT.match(line)
        if not match or NO_LOCK.search(match.group(2)):
            names = CALL.findall(line)
            body.calls += [(outer, name) for outer in held.values() for name in names]
            continue
        lock = Lock(number, match.group(2), match.group(3).strip())
        if RELEASES.search(lock.name):
            held.pop(lock.text, None)
            body.releases[lock.text].append((number, lock.name))
            continue
        body.nested += [(outer, lock) for outer in held.values() if outer.text != lock.text]
        body.acquires.append(lock)
        held[lock.text] = lock
    return body


# ---- the order of locks

def pairs_of(bodies):
    """(outer, inner) by what they are called: (body, outer, inner) for each place, one call deep."""
    by_name = {body.function.name: body for body in bodies if body.acquires}
    pairs = collections.defaultdict(list)
    for body in bodies:
        for outer, inner in body.nested:
            pairs[outer.kind(), inner.kind()].append((body, outer, inner))
        for outer, name in body.calls:
            callee = by_name.get(name)
            for inner in callee.acquires if callee and callee is not body else ():
                if inner.kind() != outer.kind():
                    pairs[outer.kind(), inner.kind()].append((body, outer, inner))
    return pairs


def indent(line):
    return len(line) - len(line.lstrip())


def swapped(body, lines, pairs):
    for outer, inner in body.nested:
        if indent(lines[outer.line - 1]) != indent(lines[inner.line - 1]):
            continue
        others = pairs[outer.kind(), inner.kind()]
        if not any(other is not body for other, _, _ in others):
            continue
        changes = {outer.line: lines[inner.line - 1], inner.line: lines[outer.line - 1]}
        yield Site(outer.line, "swapped", changes)


def in_terms_of(outer, inner, here):
    """The outer lock where the inner one is called otherwise."""
    base = inner.base()
    if base and outer.text.startswith(base):
        return here.base() + outer.text[len(base):] if here.base() else None
    return outer.text


def reversed_at(body, lines, pairs):
    own = {lock.kind() for lock in body.acquires}
    for (outer_name, inner_name), places in pairs.items():
        here = next((lock for lock in body.acquires if lock.kind() == inner_name), None)
        if not here or outer_name in own or len(body.releases[here.text]) != 1:
            continue
        for other, outer, inner in places:
            text = in_terms_of(outer, inner, here)
            release = other.releases.get(outer.text)
            if text is None or other is body or not release:
                continue
            added = f" {outer.name}({text}); {release[0][1]}({text});"
            yield Site(here.line, "reversed", {here.line: lines[here.line - 1].rstrip() + added})
            break


# ---- gates

GATE = "{{ extern pthread_mutex_t mutant_gate; pthread_mutex_{}(&mutant_gate); }}"
TAKE, GIVE = GATE.format("lock"), GATE.format("unlock")


def around(body, lock, lines):
    """The gate around a lock, in each line that takes it or gives it back."""
    changes = {lock.line: f"{TAKE} {lines[lock.line - 1].strip()}"}
    for number, _ in body.releases[lock.text]:
        changes[number] = f"{lines[number - 1].strip()} {GIVE}"
    return changes


def gated_at(body, lines, pairs):
    """Only where all that nest the pair stand in the same file, in statements of their own."""
    if not any("pthread_mutex_t" in line for line in lines):
        return
    for site in reversed_at(body, lines, pairs):
        here = next(lock for lock in body.acquires if lock.line == site.line)
        text = site.changes[site.line]
        own = around(body, here, lines)
        own[here.line] = f"{TAKE} {text.strip()}"
        others = {}
        places = [(other, outer) for (_, inner), all_places in pairs.items()
                  if inner == here.kind() for other, outer, _ in all_places]
        if any(other.function.file != body.function.file or other is body or
               not other.releases.get(outer.text) or
               not lines[outer.line - 2].rstrip().endswith((";", "{", "}")) and
               lines[outer.line - 2].strip() for other, outer in places):
            continue
        for other, outer in places:
            others.update(around(other, outer, lines))
        if not own.keys() & others.keys():
            yield Site(here.line, "gated", {**others, **own})
            yield Site(here.line, "ungated", {**others, here.line: text})


# ---- conditions

def once(body, lines):
    for number in range(body.function.first + 1, body.function.last + 1):
        if not WAIT.search(lines[number - 1]):
            continue
        for before in range(number - 1, max(number - 4, body.function.first), -1):
            loop = LOOP.match(lines[before - 1])
            if loop:
                yield Site(before, "once", {before: f"{loop.group(1)}if{loop.group(2)}"})
            if loop or lines[before - 1].rstrip().endswith("}"):
                break


def bare(body, lines):
    for lock in body.acquires:
        text = "\n".join(lines[lock.line:body.function.last])
        if len(body.acquires) == 1 and any(
                lock.text and lock.text in call[call.find("("):]
                for call in text.split("\n") if WAIT.search(call)):
            yield Site(lock.line, "bare", {lock.line: ";"})


def signal(body, lines):
    text = "\n".join(lines[body.function.first:body.function.last])
    if WAIT.search(text) or not SIGNAL.search(text) or len(body.acquires) != 1:
        return
    lock, = body.acquires
    given = [number for number, _ in body.releases[lock.text]]
    between = "\n".join(lines[lock.line:given[-1] - 1]) if given else ""
    if CHANGE.search(between) and not re.search(r"\b(?:return|goto)\b", between):
        yield Site(lock.line, "signal", {number: ";" for number in [lock.line, *given]})


def find(functions):
    """(function, site) of all functions, each with its lines; both as pairs."""
    bodies = [(read(function, lines), lines) for function, lines in functions]
    pairs = pairs_of([body for body, _ in bodies])
    for body, lines in bodies:
        for site in (*swapped(body, lines, pairs), *reversed_at(body, lines, pairs),
                     *gated_at(body, lines, pairs),
                     *once(body, lines), *bare(body, lines), *signal(body, lines)):
            yield body.function, site
