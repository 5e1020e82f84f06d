#!/usr/bin/env python3
"""`overstay graph threads` and `graph stack` of tests/graph: the same lives, and the same chains, in
DOT, SVG and JSON, from the database alone. $OVERSTAY is the binary.
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
SVG = "{http://www.w3.org/2000/svg}"


class Suite:
    def __init__(self):
        self.passed, self.failed = 0, 0
        self.folder = tempfile.mkdtemp(prefix="overstay-graph-")
        shutil.copytree(os.path.join(HERE, "graph"), self.folder, dirs_exist_ok=True)
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


def svg_problems(text):
    root = xml.etree.ElementTree.fromstring(text)
    said = ["".join(part.itertext()) for part in root.iter(f"{SVG}text")]
    width, height = int(root.get("width")), int(root.get("height"))
    problems = [f"no {title!r}" for title in titles() if title not in said]
    problems += [f"outside: {dict(part.attrib)}" for part in root.iter(f"{SVG}text")
                 if int(part.get("x")) > width or int(part.get("y")) > height]
    lost = [part for part in root.iter(f"{SVG}line") if part.get("class") == "lost"]
    if len(lost) != 1 or said.count("nobody joins or detaches it") != 1:
        problems.append(f"{len(lost)} lost threads")
    return problems


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
    root = xml.etree.ElementTree.fromstring(suite.graph("svg", "stack", "--platform", "musl"))
    titles_said = [part for part in root.iter(f"{SVG}text") if part.get("class") == "title"]
    if len(titles_said) != len(stacks):
        problems.append(f"{len(titles_said)} of {len(stacks)} stacks drawn")
    problems += [f"outside: {dict(part.attrib)}" for part in root.iter(f"{SVG}text")
                 if len("".join(part.itertext())) * 7 > int(root.get("width"))
                 or int(part.get("y")) > int(root.get("height"))]
    return problems


def main():
    suite = Suite()
    try:
        suite.check("no database", [] if suite.run("graph", "threads").returncode == 2 else ["not 2"])
        suite.run("check", "--fail-on", "never")
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
        codes = [suite.run("graph", *words).returncode
                 for words in (["rivers"], ["threads", "-f", "png"], [])]
        suite.check("usage", [] if codes == [2, 2, 2] else [codes])
    finally:
        shutil.rmtree(suite.folder)
    print(f"{suite.passed} passed, {suite.failed} failed")
    sys.exit(bool(suite.failed))


if __name__ == "__main__":
    main()
