#!/usr/bin/env python3
"""Writes a compile_commands.json for the C files of a folder, each with the same plain flags.

usage: compile_commands.py FOLDER OUTPUT.json [FLAG...]

The sample project and the fixtures have no build system of their own to ask.
"""
import json
import os
import shlex
import sys

FLAGS = ["-std=gnu17", "-pthread", "-Wall"]


def entry(folder, source, flags=()):
    """One command; `source` is relative to `folder`, `flags` follow the plain ones."""
    return {"directory": folder, "file": source,
            "arguments": ["cc", *FLAGS, *flags, "-c", source]}


def entries(folder, sources, flags=()):
    """One entry a source."""
    return [entry(folder, source, flags) for source in sorted(sources)]


def arguments(command, dropped):
    """What a command hands to its compiler, without what says where to write, and without what the
    compiled pattern `dropped` matches."""
    kept, skip = [], True  # the compiler
    for argument in command.get("arguments") or shlex.split(command["command"]):
        if skip:
            skip = False
        elif argument in ("-o", "-MF", "-MT", "-MQ"):
            skip = True
        elif not dropped.match(argument):
            kept.append(argument)
    return kept


def write(path, rows):
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        json.dump(rows, out, indent=1)
        out.write("\n")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__.strip())
    folder = os.path.abspath(sys.argv[1])
    sources = [os.path.relpath(os.path.join(root, name), folder)
               for root, _, names in os.walk(folder) for name in names if name.endswith(".c")]
    if not sources:
        sys.exit(f"compile_commands.py: no .c file in {folder}")
    write(sys.argv[2], entries(folder, sources, sys.argv[3:]))


if __name__ == "__main__":
    main()
