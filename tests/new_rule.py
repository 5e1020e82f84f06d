#!/usr/bin/env python3
"""Makes the four files of a new rule: its code, its line in the list, its page, its fixture.

usage: new_rule.py NAME        (./dev new-rule NAME)

The fixture fails until the rule works, which is the point of it.
"""
import os
import re
import sys

import rule_index

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

CODE = """/* {id}: what it finds, in one sentence.
 *
 * The one decision worth knowing.
 */
#include "rule/rule.h"

static void on_transition(Pass *pass, const Transition *t) {{
  if (t->kind != TRANSITION_DOUBLE)
    return;
  TermId place = t->before.place;
  report_at(pass, CONFIDENCE_LIKELY, t->instruction, lock_class(pass, place),
            "'%s' is taken here", lock_name(pass, place));
}}

const Rule {variable} = {{
    .id = "{id}",
    .name = "{pascal}",
    .summary = "one line, lower case, no full stop",
    .references = "CWE-667",
    .severity = SEVERITY_WARNING,
    .on_transition = on_transition,
}};
"""

PAGE = """# {id}

One sentence.

## What it finds

## Why it matters

## Bad

```c
void bad(void) {{}} // expect: {id}
```

## Good

```c
void good(void) {{}}
```

## Options

None of its own.

## Limits

## References

- CWE-667: Improper Locking
"""

FIXTURE = """/* {id}: the defects, each beside the same code done right. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void does_it_wrong(void) {{
  pthread_mutex_lock(&lock); // expect: {id} "lock"
  pthread_mutex_unlock(&lock);
}}

void does_it_right(void) {{
  pthread_mutex_lock(&lock);
  pthread_mutex_unlock(&lock);
}}
"""


def create(path, text):
    full = os.path.join(ROOT, path)
    with open(full, "x", encoding="utf-8") as out:
        out.write(text)
    print(path)


def add_to_list(variable):
    """One line, where it sorts."""
    path = os.path.join(ROOT, "rules", "rules.def")
    with open(path, encoding="utf-8") as source:
        lines = source.read().split("\n")
    line = f"RULE({variable})"
    rules = [number for number, text in enumerate(lines) if text.startswith("RULE(")]
    at = next((number for number in rules if lines[number] > line),
              rules[-1] + 1 if rules else len(lines) - 1)
    lines.insert(at, line)
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines))
    print(f"rules/rules.def:{at + 1}")


def main():
    if len(sys.argv) != 2 or not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", sys.argv[1]):
        sys.exit("usage: ./dev new-rule NAME   (two or more words-with-hyphens)")
    rule = sys.argv[1]
    names = {"id": rule, "variable": rule.replace("-", "_"),
             "pascal": "".join(word.capitalize() for word in rule.split("-"))}
    paths = (f"rules/{rule}.c", f"docs/rules/{rule}.md", f"tests/rules/{rule}.c")
    taken = [path for path in paths if os.path.exists(os.path.join(ROOT, path))]
    if taken:
        sys.exit(f"new_rule.py: {taken[0]} exists already")
    for path, text in zip(paths, (CODE, PAGE, FIXTURE)):
        create(path, text.format(**names))
    add_to_list(names["variable"])
    rule_index.main()
    print("docs/rules/index.md")


if __name__ == "__main__":
    main()
