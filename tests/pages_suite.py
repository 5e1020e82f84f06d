#!/usr/bin/env python3
"""Pages that show what overstay prints: docs/threads.md, docs/recursion.md.

A block ```c NAME.c is a program of its own, blocks ```c FOLDER/NAME.c and FOLDER/NAME.h are one
program together; a ```text block behind the last of them is what `overstay check` prints for it, word
for word. A program without one is a program of which nothing is said. What follows a name are options
for `overstay check`. $OVERSTAY is the binary; with OVERSTAY_BLESS=1 the text blocks are rewritten
(where there is one).
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
PAGES = ["docs/threads.md", "docs/recursion.md"]
BLOCK = re.compile(r"^```c (\S+\.[ch])(?: (.*?))?\n(.*?)^```\n(?:\n^```text\n(.*?)^```\n)?", re.M | re.S)


def printed(sources, options):
    """What a check of a program prints, or a compiler if it is not right."""
    with tempfile.TemporaryDirectory(prefix="overstay-page-") as folder:
        for name, text in sources.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
                out.write(text)
        units = sorted(name for name in sources if name.endswith(".c"))
        compile_commands.write(os.path.join(folder, "compile_commands.json"),
                               compile_commands.entries(folder, units))
        compiled = subprocess.run(["cc", "-std=gnu17", "-Wall", "-Wextra", "-Werror",
                                   "-fsyntax-only", *units], cwd=folder, capture_output=True,
                                  text=True, timeout=300)
        if compiled.returncode:
            return compiled.stderr
        done = subprocess.run([OVERSTAY, "check", "-q", "--no-cache", "--fail-on", "never",
                               "--progress", "never", *options], cwd=folder, capture_output=True,
                              text=True, timeout=300, env=dict(os.environ, NO_COLOR="1"))
        return f"exit code {done.returncode}: {done.stderr}" if done.returncode else done.stdout


def check_page(path):
    """[(scenario, problem)], and the page as it should be."""
    with open(path, encoding="utf-8") as page:
        text = page.read()
    blocks = list(BLOCK.finditer(text))
    results, names = [], [block.group(1) for block in blocks]
    blessed, end, sources, options = "", 0, {}, []
    for block, following in zip(blocks, [*blocks[1:], None]):
        name, more, source, wanted = block.groups()
        folder = os.path.dirname(name)
        sources[os.path.basename(name)] = source
        options += (more or "").split()
        blessed += text[end:block.start(4) if wanted is not None else block.end()]
        end = block.end(4) if wanted is not None else block.end()
        if wanted is None and folder and following and os.path.dirname(following.group(1)) == folder:
            continue  # of the same program
        found = printed(sources, options)
        results.append((folder or name, "" if found == (wanted or "") else
                        f"the page says:\n{wanted or ''}overstay says:\n{found}"))
        blessed += "" if wanted is None else found
        sources, options = {}, []
    blessed += text[end:]
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
