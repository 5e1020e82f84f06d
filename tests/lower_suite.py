#!/usr/bin/env python3
"""Lowering fixtures: tests/lower/*.c carry the IR that is expected in their closing comment.

usage: lower_suite.py [--binary PATH] [--bless] [NAME...]

    int twice(int x) { return 2 * x; }
    /* IR
    function twice(x: int): int
    b0:
      return x * 2
    */

Locations are left out, unless a file says `// with locations`. A file may name flags of its own:
`// flags: -fblocks`. --bless (or OVERSTAY_BLESS=1) rewrites the comments; read the difference.
"""
import argparse
import difflib
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import compile_commands

HERE = os.path.dirname(os.path.abspath(__file__))
COMMENT = re.compile(r"\n/\* IR\n(.*?)\*/\s*\Z", re.S)
PLACE = re.compile(r" +; (?:[\w./-]+:)?\d+:\d+(?: .*)?$", re.M)


def dump(binary, path, source):
    flags = re.findall(r"^// flags: (.*)$", source, re.M)
    with tempfile.TemporaryDirectory(prefix="overstay-lower-") as folder:
        # A copy: paths in the dump are relative to the folder of the database.
        name = os.path.basename(path)
        shutil.copy(path, folder)
        database = os.path.join(folder, "compile_commands.json")
        compile_commands.write(database, compile_commands.entries(
            folder, [name], flags[0].split() if flags else ()))
        done = subprocess.run([binary, "dump", "ir", "-p", database, os.path.join(folder, name)],
                              check=False, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace").strip())
    text = done.stdout.decode("utf-8", "replace")
    if "// with locations" not in source:
        text = PLACE.sub("", text)
    return text.replace("*/", "*\\/")


def check(binary, path, bless):
    """The difference between what is and what should be; "" when there is none."""
    with open(path, encoding="utf-8") as file:
        source = file.read()
    found = COMMENT.search(source)
    expected = found.group(1) if found else ""
    actual = dump(binary, path, source)
    if actual == expected:
        return ""
    if bless:
        body = source[:found.start()] if found else source.rstrip("\n") + "\n"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"{body}\n/* IR\n{actual}*/\n")
        return ""
    return "\n".join(difflib.unified_diff(expected.split("\n"), actual.split("\n"), "expected",
                                          "actual", lineterm=""))


def main():
    parser = argparse.ArgumentParser(description="lowering fixtures")
    parser.add_argument("--binary", default=os.environ.get(
        "OVERSTAY", os.path.join(HERE, "..", "build", "dev", "overstay")))
    parser.add_argument("--bless", action="store_true",
                        default=os.environ.get("OVERSTAY_BLESS") == "1")
    parser.add_argument("name", nargs="*")
    arguments = parser.parse_args()
    binary = os.path.abspath(arguments.binary)
    paths = [path for path in sorted(glob.glob(os.path.join(HERE, "lower", "*.c")))
             if not arguments.name or any(name in path for name in arguments.name)]
    failed = 0
    for path in paths:
        try:
            problem = check(binary, path, arguments.bless)
        except RuntimeError as error:
            problem = str(error)
        if problem:
            failed += 1
            print(f"{os.path.relpath(path, HERE)}:\n{problem}")
    print(f"{len(paths) - failed} passed, {failed} failed")
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
