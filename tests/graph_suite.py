#!/usr/bin/env python3
"""`overstay graph threads`, `stack`, `calls` and `locks` of tests/graph: the same lives, chains and
cycles in DOT, SVG and JSON, from the database alone. $OVERSTAY is the binary.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import compile_commands

HERE = os.path.dirname(os.path.abspath(__file__))
OVERSTAY = os.environ.get("OVERSTAY", "overstay")
# (handle, function that alone knows it, entries, events, fate)
LIVES = [
    ("client", "on_client", ["work"],
     ["created on_client main.c any number of times: inside while (accept(0, NULL, NULL) >= 0) of "
      "'main', reached from 'main'", "detached on_client main.c"], "detached"),
    ("kept", None, ["work"], ["created begin main.c once: reached from 'main'",
                              "joined main main.c"], "joined"),
    ("short_lived", "begin", ["leaves"], ["created begin main.c once: reached from 'main'"],
     "detached"),
    ("bare", "begin", ["work"], ["created begin main.c once: reached from 'main'"], "detached"),
    ("logger", None, ["work"], ["created main main.c once: reached from 'main'"], "nobody"),
    ("struct pool.workers", None, ["work"],
     ["created pool_start pool.c a number of times that the program's text bounds: inside while "
      "(i < 4) of 'pool_start', reached from 'main'", "joined pool_stop pool.c"],
     "joined"),
]
# (calls, also back, root, budget, confidence, words of the depth): the surest first, of those what
# is full first
CYCLES = [
    (["drop_links nested.c:drop_links(first->next)"], [], ("thread", "leaves", 128 << 10), "likely",
     "the length of the list"),
    (["read_item nested.c:read_list(reader)", "read_list nested_list.c:if (read_item(reader))"],
     ["read_pairs nested_list.c:|| read_item(reader))"], ("main", "main", 8 << 20), "likely",
     "the nesting of what is read"),
]
HOSTILE = 'odd"<b>&\x1b[1m\\ä\u202e.c'
SVG = "{http://www.w3.org/2000/svg}"


class Suite:
    def __init__(self):
        self.passed, self.failed = 0, 0
        self.folder = tempfile.mkdtemp(prefix="overstay-graph-")
        shutil.copytree(os.path.join(HERE, "graph"), self.folder, dirs_exist_ok=True)
        self.describe()

    def describe(self):
        names = sorted(name for name in os.listdir(self.folder) if name.endswith(".c"))
        compile_commands.write(os.path.join(self.folder, "compile_commands.json"),
                               compile_commands.entries(self.folder, names))

    def check(self, name, problems):
        self.passed += not problems
        self.failed += bool(problems)
        for problem in problems:
            print(f"{name}: {problem}")

    def run(self, *arguments):
        return subprocess.run([OVERSTAY, *arguments], cwd=self.folder, capture_output=True,
                              text=True, timeout=300)

    def graph(self, form, *what):
        done = self.run("graph", *(what or ("threads",)), "-f", form)
        self.check(f"{form}: exit code", [done.stderr] if done.returncode else [])
        return done.stdout


def event_text(event):
    return " ".join([event["kind"], event["function"], event["path"], event.get("often", "")]).strip()


def json_problems(text):
    found = [(life["handle"], life.get("known_only_to"), life["runs"],
              [event_text(event) for event in life["events"]], life["fate"])
             for life in json.loads(text)["threads"]]
    return [f"missing {life}" for life in LIVES if life not in found] + \
           [f"unexpected {life}" for life in found if life not in LIVES]


def titles():
    return [handle + (f" in {owner}" if owner else "") + " runs " + ", ".join(entries)
            for handle, owner, entries, _, _ in LIVES]


def dot_problems(text):
    """Nodes and edges, with what they say."""
    nodes = dict(re.findall(r'^  "(thread \d+)" \[.*label="(.*)"\];$', text, re.M))
    edges = re.findall(r'^  "(.*)" -> "(.*)" \[label="([^"]*)"', text, re.M)
    problems = [] if sorted(nodes.values()) == sorted(titles()) else [f"nodes {nodes}"]
    number = {label: name for name, label in nodes.items()}
    wanted = [(number.get(titles()[4]), "nobody"), (number.get(titles()[2]),) * 2]
    problems += [f"no edge {edge}" for edge in wanted
                 if edge not in [(source, target) for source, target, _ in edges]]
    events = sum(len(events) for _, _, _, events, _ in LIVES)
    if len(edges) != events + 3:  # nobody, and two that are detached without an event
        problems.append(f"{len(edges)} edges: {edges}")
    return problems


def number_of(part, name):
    return int(part.get(name) or 0)


def outside_problems(text):
    """Pictures stand below each other, and what is written in them keeps inside."""
    root = xml.etree.ElementTree.fromstring(text)
    problems, below = [], 0
    for picture in root.iter(f"{SVG}svg"):
        _, _, width, height = map(int, picture.get("viewBox").split())
        if picture is not root:
            problems += [f"over another one: {picture.attrib}"] * (number_of(picture, "y") < below)
            below = number_of(picture, "y") + number_of(picture, "height")
        problems += [f"outside: {dict(part.attrib)}" for part in picture.findall(f"{SVG}text")
                     if not 0 <= number_of(part, "x") <= width
                     or not 0 <= number_of(part, "y") <= height
                     or (part.get("text-anchor") is None and number_of(part, "x") +
                         (7 if part.get("class") == "small" else 8) * len(part.text or "") > width)]
        if not picture is root and not picture.find(f"{SVG}title").text:
            problems.append("a picture without a title")
    if below > int(root.get("height")):
        problems.append(f"{below} of {root.get('height')}")
    return problems


def svg_problems(text):
    root = xml.etree.ElementTree.fromstring(text)
    said = ["".join(part.itertext()) for part in root.iter(f"{SVG}text")]
    problems = [f"no {title!r}" for title in titles() if title not in said]
    lost = [part for part in root.iter(f"{SVG}path") if part.get("class") == "lost"]
    if len(lost) != 1 or said.count("nobody joins or detaches it") != 1:
        problems.append(f"{len(lost)} lost threads")
    return problems + outside_problems(text)


def stack_problems(suite):
    """Of each root one chain, that of main first; all three forms say the same."""
    stacks = json.loads(suite.graph("json", "stack", "--platform", "musl"))["stacks"]
    roots = [(stack["root"], stack["frames"][0]["function"], stack.get("created_in"),
              stack["budget"]) for stack in stacks]
    problems = [] if roots[0] == ("main", "main", None, 8 << 20) else [f"first {roots[0]}"]
    problems += [f"no {root}" for root in [("thread", "leaves", "begin", 128 << 10)]
                 if root not in roots]
    for stack in stacks:
        for end in ("low", "high"):
            if stack[end] != sum(frame[end] for frame in stack["frames"]):
                problems.append(f"{end} of {stack}")
    text = suite.graph("dot", "stack", "--platform", "musl")
    if text.count(" -> ") != sum(len(stack["frames"]) for stack in stacks):
        problems.append(f"edges: {text}")
    if "color=red" in text or "color=red" not in suite.graph("dot", "stack", "--stack", "main=9"):
        problems.append("red is for what does not fit")
    text = suite.graph("svg", "stack", "--platform", "musl")
    root = xml.etree.ElementTree.fromstring(text)
    titles_said = [part for part in root.iter(f"{SVG}text") if part.get("class") == "title"]
    if len(titles_said) != len(stacks):
        problems.append(f"{len(titles_said)} of {len(stacks)} stacks drawn")
    return problems + outside_problems(text)


def call_texts(calls):
    return [f"{call['function']} ({call['path']}:{call['line']})" for call in calls]


def wanted_calls(calls):
    """"NAME FILE:WORDS" as what the picture says of the line with these words."""
    for call in calls:
        name, place = call.split(" ", 1)
        path, words = place.split(":", 1)
        with open(os.path.join(HERE, "graph", path), encoding="utf-8") as file:
            lines = [number for number, line in enumerate(file, 1) if words in line]
        yield f"{name} ({path}:{lines[-1]})"


def cycle_problems(cycles):
    problems = [] if len(cycles) == len(CYCLES) else [f"{len(cycles)} cycles: {cycles}"]
    for found, (calls, others, root, confidence, depth) in zip(cycles, CYCLES):
        said = (call_texts(found["calls"]), call_texts(found["also_back"]),
                (found["root"], found["root_function"], found["budget"]), found["confidence"])
        wanted = (list(wanted_calls(calls)), list(wanted_calls(others)), root, confidence)
        if said != wanted or depth not in found["depth"]:
            problems.append(f"{said}, {found['depth']}; not {wanted}, {depth}")
        most = found["budget"] // found["low"]
        if not 0 < found["least_rounds"] * found["high"] < found["budget"] \
                or not most * 9 // 10 < found["most_rounds"] <= most:
            problems.append(f"arithmetic: {found}")
    return problems


def box_problems(picture, cycles):
    """A box a call, which says how sure the cycle is; its text inside of it."""
    root = xml.etree.ElementTree.fromstring(picture)
    boxes = [part for part in root.iter(f"{SVG}rect") if (part.get("class") or "").startswith("box")]
    classes = [f"box {cycle['confidence']}{kind}" for cycle in cycles
               for kind in [" first"] + [""] * (len(cycle["calls"]) - 1) +
               [" other"] * len(cycle["also_back"])]
    problems = [] if [box.get("class") for box in boxes] == classes else [f"not {classes}"]
    said = []
    for box in boxes:
        x, y, wide, high = (number_of(box, name) for name in ("x", "y", "width", "height"))
        inside = [part for svg in root.iter(f"{SVG}svg") if box in list(svg)
                  for part in svg.findall(f"{SVG}text")
                  if x < number_of(part, "x") < x + wide and y < number_of(part, "y") < y + high]
        if len(inside) != 2 or any(number_of(part, "x") + 8 * len(part.text) > x + wide
                                   for part in inside[:1]):
            problems.append(f"{[part.attrib for part in inside]} of {box.attrib}")
            continue
        place = inside[1].text.removeprefix("calls on at ")
        said.append(f"{inside[0].text} ({place})")
    return problems + outside_problems(picture), said


def calls_problems(suite):
    """All three forms say the same cycles; the colours say how sure they are."""
    options = ("calls", "--platform", "musl")
    cycles = json.loads(suite.graph("json", *options))["cycles"]
    all_calls = [text for cycle in cycles
                 for text in call_texts(cycle["calls"]) + call_texts(cycle["also_back"])]
    text = suite.graph("dot", *options)
    nodes = re.findall(r'^    "[\d.]+(?:other\.\d+)?" \[label="(.*?)"', text, re.M)
    problems = [] if sorted(nodes) == sorted(all_calls) else [f"nodes {nodes}"]
    likely = sum(cycle["confidence"] == "likely" for cycle in cycles)
    if text.count(" -> ") != len(all_calls) or text.count("color=red") != likely or not likely:
        problems.append(f"edges or colours: {text}")
    drawn, said = box_problems(suite.graph("svg", *options), cycles)
    return problems + drawn + ([] if said == all_calls else [f"boxes {said}"]) + \
        cycle_problems(cycles)


def hostile_problems(suite):
    """Names that no picture expects: markup, an escape sequence, a direction, 3000 letters."""
    long = "n" * 3000
    with open(os.path.join(suite.folder, HOSTILE), "w", encoding="utf-8") as file:
        file.write(f"struct tree {{ struct tree *left, *right; }};\nint {long}(struct tree *t) {{\n"
                   f"  return t ? 1 + {long}(t->left) + {long}(t->right) : 0;\n}}\n")
    suite.describe()
    checked = suite.run("check", "--fail-on", "never")
    cycles = json.loads(suite.graph("json", "calls"))["cycles"]
    paths = [cycle["calls"][0]["path"] for cycle in cycles]
    problems = [] if checked.returncode == 0 and HOSTILE in paths else [f"{paths}: {checked}"]
    drawn, said = box_problems(suite.graph("svg", "calls"), cycles)
    place = f"({HOSTILE}:3)".replace("\x1b", "<U+001B>").replace("\u202e", "<U+202E>")
    shown, fits = f"{long} {place}", f"{'n' * 25}\u2026{'n' * 26} {place}"
    text = suite.graph("dot", "calls")
    quoted = shown.replace("\\", "\\\\").replace('"', '\\"')
    if fits not in said or f'[label="{quoted}"]' not in text or "\x1b" in text:
        problems.append(f"{said} {text}")
    return problems + drawn


def only_source(suite, name, text):
    for old in os.listdir(suite.folder):
        if old.endswith(".c"):
            os.remove(os.path.join(suite.folder, old))
    with open(os.path.join(suite.folder, name), "w", encoding="utf-8") as file:
        file.write(text)
    suite.describe()


def bounded_problems(suite):
    """Nothing to draw is said in a sentence."""
    problems = []
    for source, wanted in (("int f(int n) { return n > 9 || n < 0 ? 0 : f(n + 1); }",
                            "all cycles are bounded"), ("int f(int n) { return n; }",
                                                        "no function calls itself")):
        only_source(suite, "f.c", source + "\n")
        suite.run("check")
        problems += [f"{form}: no '{wanted}'" for form in ("dot", "svg")
                     if wanted not in suite.graph(form, "calls")]
        problems += box_problems(suite.graph("svg", "calls"), [])[0]
        if json.loads(suite.graph("json", "calls"))["cycles"]:
            problems.append("cycles")
    return problems


LOCKS = """#include <pthread.h>
static pthread_mutex_t accounts = PTHREAD_MUTEX_INITIALIZER, journal = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static int sum;
static void note(void) {
  pthread_mutex_lock(&log_lock);
  sum++;
  pthread_mutex_unlock(&log_lock);
}
static void *pay(void *unused) {
  pthread_mutex_lock(&accounts);
  pthread_mutex_lock(&journal);
  note();
  pthread_mutex_unlock(&journal);
  pthread_mutex_unlock(&accounts);
  return unused;
}
static void *audit(void *unused) {
  pthread_mutex_lock(&journal);
  pthread_mutex_lock(&accounts);
  pthread_mutex_unlock(&accounts);
  pthread_mutex_unlock(&journal);
  return unused;
}
int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, pay, NULL);
  pthread_create(&threads[1], NULL, audit, NULL);
  pthread_join(threads[0], NULL);
  return pthread_join(threads[1], NULL);
}
"""
ORDERS = {("accounts", "journal"), ("journal", "accounts"), ("accounts", "log_lock"),
          ("journal", "log_lock")}


def locks_problems(suite):
    """Which lock is taken while which is held, the circle, and an order without one."""
    only_source(suite, "locks.c", LOCKS)
    suite.run("check", "--fail-on", "never")
    said = json.loads(suite.graph("json", "locks"))
    orders = {(order["from"], order["to"]): order for order in said["orders"]}
    problems = [] if set(orders) == ORDERS else [f"orders {set(orders)}"]
    circle = {pair for pair, order in orders.items() if order["on_circle"]}
    if circle != {("accounts", "journal"), ("journal", "accounts")}:
        problems.append(f"on a circle: {circle}")
    proposed = [lock["name"] for lock in said["proposed_order"]]
    against = {pair for pair, order in orders.items() if order["against_order"]}
    if len(against) != 1 or proposed[-1] != "log_lock" or against != {
            pair for pair in orders if proposed.index(pair[0]) > proposed.index(pair[1])}:
        problems.append(f"{proposed}, against it {against}")
    text = suite.graph("dot", "locks")
    if text.count(" -> ") != len(ORDERS) or text.count("color=red") != len(circle):
        problems.append(text)
    svg = suite.graph("svg", "locks")
    words = ["".join(part.itertext()) for part in
             xml.etree.ElementTree.fromstring(svg).iter(f"{SVG}text")]
    problems += [f"no {name} in {words}" for name in proposed
                 if not any(name in word for word in words)]
    return problems + outside_problems(svg)


def report_problems(suite):
    """The report as DOT is the same pictures, one after the other."""
    alone = "".join(suite.graph("dot", what) for what in ("threads", "stack", "calls"))
    problems = [f"{command}: not the pictures" for command in ("check", "report")
                if suite.run(command, "-f", "dot").stdout != alone]
    suite.run("report", "-o", "dot=all.dot")
    with open(os.path.join(suite.folder, "all.dot"), encoding="utf-8") as file:
        problems += [] if file.read() == alone else ["the file: not the pictures"]
    if shutil.which("dot"):
        drawn = subprocess.run(["dot", "-Tsvg"], input=alone, capture_output=True, text=True,
                               check=False, timeout=120)
        problems += [drawn.stderr] if drawn.returncode or drawn.stdout.count("<svg") != 3 else []
    return problems


def main():
    suite = Suite()
    try:
        suite.check("no database", [] if suite.run("graph", "threads").returncode == 2 else ["not 2"])
        suite.run("check", "--fail-on", "never")
        suite.check("report", report_problems(suite))
        for name in os.listdir(suite.folder):  # the database alone is enough
            if name.endswith((".c", ".h")):
                os.rename(os.path.join(suite.folder, name),
                          os.path.join(suite.folder, name + ".away"))
        first = suite.graph("json")
        suite.check("json", json_problems(first))
        suite.check("dot", dot_problems(suite.graph("dot")))
        suite.check("svg", svg_problems(suite.graph("svg")))
        suite.check("same bytes", [] if suite.graph("json") == first else ["differs"])
        suite.run("graph", "threads", "-f", "svg", "--output", "threads.svg")
        with open(os.path.join(suite.folder, "threads.svg"), encoding="utf-8") as file:
            suite.check("file", svg_problems(file.read()))
        suite.check("stack", stack_problems(suite))
        suite.check("calls", calls_problems(suite))
        codes = [suite.run("graph", *words).returncode
                 for words in (["rivers"], ["threads", "-f", "png"], [])]
        suite.check("usage", [] if codes == [2, 2, 2] else [codes])
        suite.check("hostile", hostile_problems(suite))
        suite.check("bounded", bounded_problems(suite))
        suite.check("locks", locks_problems(suite))
    finally:
        shutil.rmtree(suite.folder)
    print(f"{suite.passed} passed, {suite.failed} failed")
    sys.exit(bool(suite.failed))


if __name__ == "__main__":
    main()
