"""Finds in C text what bounds a recursion: where a depth is compared with a limit, where it is
counted, where the stack is tested. For mutate.py, which takes such a place away.

By text only, so that it knows nothing of what overstay knows: functions that name each other within
one file are a graph, and a place counts when its function stands on a cycle in which no other
function has such a place. A macro that hides a call hides the cycle.
"""
import collections
import dataclasses
import re

WORD = r"\w*(?:[dD]epth|[nN]est|[rR]ecurs|[lL]evel|lvl|Ccalls)\w*"
VALUE = rf"(?:[\w.\[\]]|->)*\b{WORD}\b"
TEST = re.compile(rf"(?P<value>(?:\+\+|--)?{VALUE}(?:\+\+|--)?)\s*(?P<operator>>=|<=|==|>|<)"
                  r"(?![<>=])\s*(?P<limit>\w[\w.>-]*)\b(?!\s*[\[.(])")
NONE_LEFT = re.compile(rf"\bif\s*\((?P<value>!\s*{VALUE})\)")
ARGUMENT = re.compile(rf"(?P<value>\b{VALUE})(?P<step>\s*[+-]\s*1)\b(?=\s*[,)])")
STATEMENT = re.compile(rf"(?:(?P<before>\+\+|--)\s*(?P<value>{VALUE})|"
                       rf"(?P<other>{VALUE})\s*(?P<after>\+\+|--|[+-]=\s*1\b))(?=\s*[;>=<)!])")
GUARD = re.compile(r"^\s*(?P<value>check_stack_depth\s*\(\s*\)|enterlevel\s*\(\s*\w+\s*\)|"
                   r"luaE_incCstack\s*\(\s*\w+\s*\)|json_check_encode_depth\s*\(.*\))\s*;")
GUARD_TEST = re.compile(r"\bif\s*\((?P<value>STACK_TOO_DEEP\s*\(\s*\w+\s*\)|"
                        r"stack_is_too_deep\s*\(\s*\))\)")
LEAVES = re.compile(r"\b(?:return|goto|break|continue|\w*(?:[eE]rr|fail|throw|abort|exit|die)\w*)\b")


@dataclasses.dataclass
class Site:
    line: int
    kind: str  # "test", "count" or "guard"
    word: str  # the last name of what is counted
    down: bool # counted down to nothing, or tested for that
    text: str  # the line without it


def last_name(value):
    return re.findall(r"\w+", value)[-1]


def replaced(line, match, name, text):
    return line[:match.start(name)] + text + line[match.end(name):]


def test_on(number, line, match, after):
    """As if the limit were never reached: below it the calls go on, beyond it they end."""
    operator, limit = match["operator"], match["limit"]
    down = limit in ("0", "1") and operator != ">"
    goes_on = operator in ("<", "<=") and not down or operator == ">" and limit == "0"
    if re.search(WORD + "$", limit) and not limit.isupper() and "->" not in limit:
        return None # a depth with a depth: the deepest so far
    if not goes_on and not LEAVES.search(after):
        return None
    changed = f"({match['value']}, {int(bool(goes_on))})"
    return Site(number, "test", last_name(match["value"]), down or limit == "0",
                replaced(line, match, 0, changed))


def line_sites(number, line, after):
    """What stands on one line; `after` is the text that follows it."""
    if re.match(r"\s*(?:#|\*|/[/*]|for\b)", line):
        return
    if re.search(r"\bif\b|&&|\|\|", line):
        for match in TEST.finditer(line):
            site = test_on(number, line, match, line[match.end():] + after)
            if site:
                yield site
    for match in NONE_LEFT.finditer(line):
        if LEAVES.search(line[match.end():] + after):
            yield Site(number, "test", last_name(match["value"]), True,
                       replaced(line, match, "value", "0"))
    for match in ARGUMENT.finditer(line):
        yield Site(number, "count", last_name(match["value"]), "-" in match["step"],
                   replaced(line, match, "step", ""))
    for match in STATEMENT.finditer(line):
        value = match["value"] or match["other"]
        yield Site(number, "count", last_name(value), "-" in (match["before"] or match["after"]),
                   replaced(line, match, 0, value))
    for pattern in (GUARD, GUARD_TEST):
        for match in pattern.finditer(line):
            yield Site(number, "guard", "", False, replaced(line, match, "value", "0"))


def reached(graph, name, without=frozenset()):
    """The functions to which calls lead from this one, by none of `without`."""
    rest, seen = [name], set()
    while rest:
        for callee in graph[rest.pop()]:
            if callee not in seen and (callee == name or callee not in without):
                seen.add(callee)
                rest.append(callee)
    return seen


def is_only_bound(site, name, graph, circle, sites):
    """Nothing but this place counts, or tests, on some cycle of the function."""

    def having(kind):
        return {other for other in circle for place in sites[other]
                if place.kind == kind and (place.word, place.down) == (site.word, site.down)}

    others = {other for other in circle for place in sites[other] if place.kind == "guard"}
    if site.kind == "guard":
        others |= {other for other in circle for place in sites[other] if place.kind == "test"}
    elif having("test") and having("count"):
        others |= having(site.kind)
    else:
        return False
    others -= {name}
    called = {callee for callee in circle if f"{callee}(" in site.text}
    if called: # a call with the depth: the cycle has to go by it
        return any(callee == name or name in reached(graph, callee, others)
                   for callee in called - others)
    same = [place for place in sites[name] if (place.kind, place.word, place.down) ==
            (site.kind, site.word, site.down)]
    return len(same) == 1 and name in reached(graph, name, others)


def find_in_file(functions, lines):
    """{name: [Site]} of what is the only bound of a cycle; functions have name, first and last."""
    sites, bodies = collections.defaultdict(list), {}
    for function in functions:
        inside = range(function.first + 1, function.last + 1)
        bodies[function.name] = "\n".join(lines[number - 1] for number in inside if
                                          not re.match(r"\s*(?:\*|/[/*])", lines[number - 1]))
        for number in inside:
            after = "\n".join(lines[number:number + 3])
            sites[function.name] += line_sites(number, lines[number - 1], after)
    graph = {name: set(re.findall(r"\b(\w+)\s*\(", body)) & bodies.keys()
             for name, body in bodies.items()}
    ways = {name: reached(graph, name) for name in graph} if any(sites.values()) else {}
    return {name: [site for site in sites[name] if is_only_bound(
                site, name, graph, {other for other in way if name in ways[other]}, sites)]
            for name, way in ways.items() if sites[name] and name in way}
