"""Reads gcc's -fdump-tree-cfg-lineno at -O0.

Temps (_12) are followed as far as needed to know the sense of a condition (checker/ir/
print_calls.c): gcc computes !x, x == y and __builtin_expect(...) into a temp and then tests that.
"""
import re

from cfg_graph import Block, Graph

PLACE = re.compile(r"\[[^\[\]\"]*:(\d+):\d+(?: discrim \d+)?\] ?")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
CALL = re.compile(r"^(?:[^\"]*? = )?(?:\([^()]*\) )?([A-Za-z_.$][\w.$]*|\d+B) \(")
WORDS = {"if", "switch", "return", "goto", "__asm__"}
CONDITION = re.compile(r"^if \((\S+) (==|!=|<|>|<=|>=) (\S+)\)$")
TRUTH = re.compile(r"^(_\d+) = (\S+) (==|!=|<|>|<=|>=) (\S+);$")
COPY = re.compile(r"^(_\d+) = (?:\([^()]*\) )?(_\d+)(?: & 1)?;$")
NOT = re.compile(r"^(_\d+) = ~([\w.]+);$")  # of a _Bool
# The value of a ?: or of a statement expression; we branch in the arms.
STORED = re.compile(r"^(iftmp\.\d+) = (-?\d+);$")
CHOICE = re.compile(r"^(iftmp|D|retval)\.")
PLAIN = re.compile(r"^\s*(struct \w+|(unsigned |long |short )*(int|char|long|double|_Bool)) \w+;")
# What stands for a comparison that we write in another way: overflow checks, sign bits, floats.
VAGUE = re.compile(r"^(_\d+) = (?:(?:\([^()]*\) )?(?:iftmp|D|retval)\.\d+|"
                   r"IMAGPART_EXPR <.*>|\S+ >> (?:7|15|31|63)|"
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
        self.stored, self.tested = {}, {}  # block -> (iftmp, constant), (left, operator, right)

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
        declares = re.compile(r"[\s*]" + re.escape(name) + r"(?:[,;)]|$)")
        return any(declares.search(line) and not PLAIN.match(line) for line in self.header)

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
            self.tested[self.current] = condition.groups()
            self.pending = self.sense(*condition.groups())
            return
        stored = STORED.match(plain)
        if stored:
            self.stored[self.current] = stored.groups()
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

    def thread_choices(self):
        """A block that sets the value of a ?: to a constant, before one that tests only that, goes
        where the test sends it: so does ours."""
        for name, (temp, value) in self.stored.items():
            block = self.graph.blocks[name]
            after = block.follows[0] if len(block.follows) == 1 else None
            left, operator, right = self.tested.get(after, ("", "", ""))
            test = self.graph.blocks.get(after)
            if left != temp or right != "0" or operator not in ("==", "!=") or test.calls:
                continue
            if len(test.follows) == 2:
                holds = (value != "0") == (operator == "!=")
                block.follows = [test.follows[0 if holds else 1]]

    def done(self):
        self.thread_choices()
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
