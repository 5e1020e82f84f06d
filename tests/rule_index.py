#!/usr/bin/env python3
"""docs/rules/index.md: all rules in one table, made from rules.def and what each rule says of itself.

usage: rule_index.py        writes the page; tests/consistency.py compares it with what is there
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(ROOT, "docs", "rules", "index.md")
HEAD = """# The rules

What `overstay rules` lists; `overstay explain RULE` prints a page. Made by `tests/rule_index.py`.

| rule | level | says | references |
|---|---|---|---|
"""


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def listed_rules():
    """Ids, in the order of rules.def."""
    names = re.findall(r"^\s*RULE\((\w+)\)", read(os.path.join(ROOT, "rules", "rules.def")), re.M)
    return [name.replace("_", "-") for name in names]


def field(source, name):
    """A text of the rule's table, its parts joined; "" when it is not there."""
    match = re.search(r'\.%s\s*=\s*((?:"[^"]*"\s*)+)' % name, source)
    return "".join(re.findall(r'"([^"]*)"', match.group(1))) if match else ""


def row(rule):
    source = read(os.path.join(ROOT, "rules", rule + ".c"))
    level = re.search(r"\.severity\s*=\s*SEVERITY_(\w+)", source)
    cells = (f"[{rule}]({rule}.md)", level.group(1).lower() if level else "",
             field(source, "summary"), field(source, "references"))
    return "| " + " | ".join(cells) + " |\n"


def page():
    return HEAD + "".join(row(rule) for rule in listed_rules())


def main():
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
