#!/usr/bin/env python3
"""Pages that show what overstay prints: docs/threads.md.

A block ```c NAME.c is a source of its own; a ```text block behind it is what `overstay check` prints
for it, word for word. A source without one is a source of which nothing is said. $OVERSTAY is the
binary; with OVERSTAY_BLESS=1 the text blocks are rewritten (where there is one).
"""
import os
import re
import subprocess
import sys
import tempfile

import compile_commands

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
OVERSTAY = os.environ.get("OVERSTAY", "overstay")
PAGES = ["docs/threads.md"]
BLOCK = re.compile(r"^```c (\S+\.c)\n(.*?)^```\n(?:\n^```text\n(.*?)^```\n)?", re.M | re.S)


def printed(name, text):
    """What a check of one source prints, or a compiler if it is not right."""
    with tempfile.TemporaryDirectory(prefix="overstay-page-") as folder:
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write(text)
        compile_commands.write(os.path.join(folder, "compile_commands.json"),
                               compile_commands.entries(folder, [name]))
        compiled = subprocess.run(["cc", "-std=gnu17", "-Wall", "-Wextra", "-Werror",
                                   "-fsyntax-only", name], cwd=folder, capture_output=True,
                                  text=True, timeout=300)
        if compiled.returncode:
            return compiled.stderr
        done = subprocess.run([OVERSTAY, "check", "-q", "--no-cache", "--fail-on", "never",
                               "--progress", "never"], cwd=folder, capture_output=True, text=True,
                              timeout=300, env=dict(os.environ, NO_COLOR="1"))
        return f"exit code {done.returncode}: {done.stderr}" if done.returncode else done.stdout


def check_page(path):
    """[(scenario, problem)], and the page as it should be."""
    with open(path, encoding="utf-8") as page:
        text = page.read()
    results, names = [], []

    def run(block):
        name, source, wanted = block.groups()
        names.append(name)
        found = printed(name, source)
        results.append((name, "" if found == (wanted or "") else
                        f"the page says:\n{wanted or ''}overstay says:\n{found}"))
        shown = "" if wanted is None else f"\n```text\n{found}```\n"
        return f"```c {name}\n{source}```\n{shown}"

    blessed = BLOCK.sub(run, text)
    if not names or len(names) != len(set(names)) or len(names) != text.count("\n```c"):
        results.append((path, f"sources without a name, or two of one name: {names}"))
    return results, blessed


def main():
    passed = failed = 0
    for page in PAGES:
        path = os.path.join(ROOT, page)
        results, blessed = check_page(path)
        for name, problem in results:
            passed += not problem
            failed += bool(problem)
            if problem:
                print(f"{page}: {name}: {problem}")
        if os.environ.get("OVERSTAY_BLESS"):
            with open(path, "w", encoding="utf-8") as out:
                out.write(blessed)
    print(f"{passed} passed, {failed} failed")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
