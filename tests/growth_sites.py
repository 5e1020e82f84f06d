"""Finds in C text the containers of a program and what takes elements out of them. For mutate.py,
which takes all of that away, so that they can only grow.

By text only, so that it knows nothing of what overstay knows: a container is a variable of a file
(or a field of one) that is named by an insertion of NAMES, or in front of which an element is
linked by hand. What leaves it is named by the container, by a variable that was set to it last, or
by the field by which its elements are linked; it may stand in a header. Whether it is filled while the program runs is told by the names of the functions only
(STARTING).
"""
import bisect
import collections
import dataclasses
import functools
import json
import re
import subprocess


@dataclasses.dataclass
class Kind:
    """Names, and which argument is the container, and which the element (-1: there is none)."""
    insert: str
    container: int
    element: int
    remove: str        # by the container, or, if elements are linked by a field, by the element
    removed: int       # which argument of it
    reset: str = r"(?!)"  # by the container, its argument 0


NAMES = (
    Kind(r"listAddNode(?:Head|Tail)", 0, -1, r"listDelNode", 0, r"listEmpty|listRelease|listJoin"),
    Kind(r"dict(?:Add|AddRaw|Replace)", 0, -1, r"dict(?:Delete|Unlink)", 0,
         r"dictEmpty|dictRelease|emptyDictAsync|freeLuaScriptsAsync"),
    Kind(r"rax(?:Try)?Insert", 0, -1, r"raxRemove", 0, r"raxFree(?:WithCallback)?|\w*Rax\w*Async"),
    Kind(r"LIST_(?:APPEND|INSERT)", 0, 1, r"(?:MT_)?LIST_(?:DELETE|DEL_INIT|DEL_LOCKED)", 0,
         r"LIST_POP"),
    Kind(r"MT_LIST_(?:TRY_)?(?:APPEND|INSERT)", 0, 1, r"MT_LIST_(?:DELETE|DELETE_SAFE)", 0,
         r"MT_LIST_(?:POP|BEHEAD)"),
    Kind(r"eb(?:32|64|pt|mb|st|is|im)i?_insert", 0, 1, r"eb(?:32|64|pt|mb|st|is)?i?_delete", 0),
    Kind(r"(?:DL|LL|CDL)_(?:APPEND|PREPEND|INSERT_INORDER)", 0, -1, r"(?:DL|LL|CDL)_DELETE", 0),
    Kind(r"HASH_ADD(?:_KEYPTR(?:_BYHASHVALUE)?|_BYHASHVALUE)?", 1, -1, r"HASH_DELETE", 1),
    Kind(r"HASH_ADD_(?:INT|STR|PTR)", 0, -1, r"HASH_DEL", 0, r"HASH_CLEAR"),
    Kind(r"QUEUE_INSERT_(?:HEAD|TAIL)", 0, 1, r"QUEUE_REMOVE", 0, r"QUEUE_MOVE"),
    Kind(r"list_add(?:_tail)?", 1, 0, r"list_del(?:_init)?", 0, r"list_splice"),
    Kind(r"volatile_list_add", 1, 0, r"volatile_list_del", 0),
    Kind(r"hashmap_(?:add|put)", 0, -1, r"hashmap_remove(?:_entry)?", 0,
         r"hashmap_(?:partial_)?clear(?:_and_free|_)?"),
    Kind(r"(?:ol?idmap|oidset|strset|strmap|strintmap)_(?:put|insert|add|set)", 0, -1,
         r"(?:ol?idmap|oidset|strset|strmap|strintmap)_remove", 0,
         r"(?:ol?idmap|oidset|str\w+)_clear"),
    Kind(r"hash_search", 0, -1, r"hash_search", 0, r"hash_destroy"),
    Kind(r"TAILQ_INSERT_(?:HEAD|TAIL)|LIST_INSERT_HEAD|STAILQ_INSERT_(?:HEAD|TAIL)", 0, -1,
         r"TAILQ_REMOVE|STAILQ_REMOVE_HEAD|LIST_REMOVE", 0),
)
STARTING = re.compile(r"register|init|pars|cfg|config|keyword|setup|^main$", re.I)
MOST = 8  # more removals than that are those of other containers, whose fields are named alike
LINKED = re.compile(r"(?P<new>\w+)->(?P<field>\w+)\s*=\s*(?P<star>\*?)(?P<head>\w+)"
                    r"(?:\[[^;=]*\])?\s*;")


@dataclasses.dataclass
class Container:
    name: str                 # as it is written: "server.clients", "wq", "buckets"
    inserts: list             # (file, offset)
    removals: list            # (file, first offset, last offset): an expression or a statement
    resets: list              # likewise, what makes it empty at once

    @property
    def symbol(self):
        """What a finding must name."""
        return re.findall(r"\w+", self.name)[-1]


def variables_of(files):
    """{name: files that define it} of the variables outside of functions."""
    tags = subprocess.run(
        ["ctags", "--output-format=json", "--kinds-C=v", "--languages=C", "-L", "-", "-f", "-"],
        input="\n".join(files), text=True, capture_output=True, check=True).stdout
    found = collections.defaultdict(set)
    for line in tags.splitlines():
        tag = json.loads(line)
        found[tag["name"]].add(tag["path"])
    return found


def without_comments(text):
    """Of the same length, so that offsets stay."""
    blank = lambda match: re.sub(r"[^\n]", " ", match.group())
    text = re.sub(r"/\*.*?\*/|//[^\n]*", blank, text, flags=re.S)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", blank, text, flags=re.M)


def closing(text, at):
    """Offset behind the bracket that closes the one at `at`, or 0."""
    depth = 0
    for end in range(at, min(len(text), at + 2000)):
        depth += (text[end] in "([{") - (text[end] in ")]}")
        if depth == 0:
            return end + 1
    return 0


def calls(text, names):
    """(name, first offset, offset behind it, arguments) of each call."""
    for match in re.finditer(rf"\b({names})\s*\(", text):
        end = closing(text, match.end() - 1)
        if end:
            yield match.group(1), match.start(), end, arguments(text[match.end():end - 1])


def arguments(text):
    found, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            found.append(text[start:at])
            start = at + 1
    return found + [text[start:]]


def plain(expression):
    """How the same container is written everywhere."""
    expression = re.sub(r"\s|^\s*\(\s*\w+\s*\*\s*\)", "", expression)
    expression = re.sub(r"\[[^\]]*\]", "", expression)
    return re.sub(r"^[&(*]+|\)+$", "", expression)


def field_of(expression):
    """"list" of "&elem->list"; empty when the element is no field."""
    match = re.search(r"(?:->|\.)(\w+)\)*$", re.sub(r"\s", "", expression))
    return match.group(1) if match else ""


def is_insertion(name, given):
    return name != "hash_search" or len(given) > 2 and "HASH_ENTER" in given[2]


def is_removal(name, given):
    return name != "hash_search" or len(given) > 2 and "HASH_REMOVE" in given[2]


def of_kind(kind, texts, variables):
    found, fields = {}, collections.defaultdict(set)
    for file, text in texts.items():
        for name, start, _, given in calls(text, kind.insert):
            if len(given) <= max(kind.container, kind.element) or not is_insertion(name, given):
                continue
            container = plain(given[kind.container])
            if not re.fullmatch(r"\w+(?:(?:\.|->)\w+)*", container):
                continue
            root = re.match(r"\w+", container).group()
            if not in_reach(root, file, variables) or is_local(root, text, start):
                continue
            known = found.setdefault(container, Container(container, [], [], []))
            known.inserts.append((file, start))
            if kind.element >= 0:
                fields[container].add(field_of(given[kind.element]))
    for file, text in texts.items():
        removals = [(start, end, plain(given[kind.removed]), field_of(given[kind.removed]))
                    for name, start, end, given in calls(text, kind.remove)
                    if len(given) > kind.removed and is_removal(name, given)]
        resets = [(start, end, plain(given[0])) for _, start, end, given in calls(text, kind.reset)]
        for container in found.values():
            if not in_reach(re.match(r"\w+", container.name).group(), file, variables):
                continue
            by_field = fields[container.name] - {""}
            container.removals += [
                (file, start, end) for start, end, by, field in removals
                if (kind.element < 0 and by == container.name or field and field in by_field or
                    not field and comes_from(by, container.name, text, start))]
            container.resets += [(file, start, end) for start, end, by in resets
                                 if by == container.name]
    for container in found.values():
        if len(container.removals) > MOST:
            own = {file for file, _ in container.inserts}
            container.removals = [removal for removal in container.removals if removal[0] in own]
    return {name: container for name, container in found.items()
            if len(container.removals) <= MOST}


@functools.lru_cache(maxsize=None)
def headers(text):
    """Offsets at which functions begin, as code is mostly written."""
    return [match.start() for match in
            re.finditer(r"^[A-Za-z_][^;{}=]*\)[^;{}()=]*\{", text, re.M)]


def beginning(text, at):
    """Where the function around an offset begins."""
    before = bisect.bisect_right(headers(text), at)
    return headers(text)[before - 1] if before else 0


def is_local(name, text, at):
    declared = (r"(?:^|[(,;{}])\s*(?:const\s+|struct\s+)*(?!return\b|else\b|goto\b)\w+[\s*]+"
                rf"\b{name}\b\s*[,;=)\[]")
    return re.search(declared, text[beginning(text, at):at], re.M) is not None


def comes_from(element, container, text, at):
    """Was the element read from the container the last time it was set?"""
    given = re.findall(rf"\b{re.escape(element)}\s*=([^;=]*);", text[beginning(text, at):at])
    return bool(given) and re.search(rf"\b{re.escape(container)}\b", given[-1]) is not None


def in_reach(root, file, variables):
    """Does the name mean that variable in that file? One that is defined once is meant by all."""
    return root in variables and (len(variables[root]) == 1 or file in variables[root])


def head_of(match, file, text, variables):
    """The variable in front of which it is linked, directly or through a pointer to it."""
    head = match["head"]
    if file in variables.get(head, ()) and not match["star"]:
        return "" if is_local(head, text, match.start()) else head
    before = text[beginning(text, match.start()):match.start()]
    aliases = re.findall(rf"\b{head}\s*=\s*&\s*(\w+)", before)
    head = aliases[-1] if match["star"] and aliases else ""
    return head if file in variables.get(head, ()) else ""


def by_hand(head, field, text):
    """(first offset, offset behind it) of each statement that takes out an element."""
    slot = r"(?:\[[^;=]*\])?"
    field = "(?:next|prev|previous)" if re.fullmatch("next|prev|previous", field) else field
    ahead = rf"(?:[\w.()*>-]|\[\w+\])+->{field}\s*;"
    place = rf"(?:\*\w+|\b{head}{slot}|[\w>-]+->{field})"
    cut = rf"\b\w+->{field}->{field}\s*=\s*(?:NULL|0)\s*;"
    for match in re.finditer(rf"{place}\s*=\s*{ahead}|{cut}", text):
        yield match.span()
    for match in re.finditer(rf"\b(\w+)\s*=\s*{ahead}", text):
        later = re.compile(rf"\*\w+\s*=\s*{match.group(1)}\s*;")
        later = later.search(text, match.end(), match.end() + 200)
        if later:
            yield later.span()


def linked_by_hand(texts, variables):
    found = {}
    for file, text in texts.items():
        for match in LINKED.finditer(text):
            head = head_of(match, file, text, variables)
            slot = re.escape(match["star"]) + rf"\b{match['head']}(?:\[[^;=]*\])?"
            new = rf"{slot}\s*=\s*{match['new']}\s*;"
            if head and re.search(new, text[match.end():match.end() + 400]):
                known = found.setdefault(head, Container(head, [], [], []))
                known.inserts.append((file, match.start()))
                known.removals += [(file, *span) for span in by_hand(head, match["field"], text)]
                empty = rf"^\s+{head}(?:\[[^;=]*\])?\s*=\s*(?:NULL|0)\s*;"
                known.resets += [(file, *span.span()) for span in re.finditer(empty, text, re.M)]
    for container in found.values():
        container.removals = sorted(set(container.removals))
        container.resets = sorted(set(container.resets))
    return found


def find(texts):
    """The containers of a tree from which something is taken out; texts: {file: text}."""
    variables = variables_of(sorted(texts))
    cleaned = {file: without_comments(text) for file, text in texts.items()}
    found = {}
    for kind in NAMES:
        for name, container in of_kind(kind, cleaned, variables).items():
            if name not in found:
                found[name] = container
                continue
            for what in ("inserts", "removals", "resets"): # a list and a hash of one name: both
                getattr(found[name], what).extend(getattr(container, what))
    for name, container in linked_by_hand(cleaned, variables).items():
        found.setdefault(name, container)
    return [container for _, container in sorted(found.items()) if container.removals]


def changes_of(container, texts):
    """{file: lines} in which nothing leaves the container."""
    spans = collections.defaultdict(set)
    for file, start, end in container.removals + container.resets:
        spans[file].add((start, end))
    return {file: without(texts[file], own).split("\n") for file, own in spans.items()}


def without(text, spans):
    """The text without these expressions and statements, of as many lines."""
    for start, end in sorted(spans, reverse=True):
        ending = ";" if text[end - 1] == ";" else ""
        text = text[:start] + "(0)" + "\n" * text.count("\n", start, end) + ending + text[end:]
    return text
