#!/usr/bin/env python3
"""The comparison with gcc (cfg_differential.py) on code that is always there: the lowering
fixtures and a random sample of our own sources; and its self test.

usage: cfg_suite.py            (the binary is $OVERSTAY; its folder has a compile_commands.json)

Where gcc or clang are missing nothing can be compared, and that is a failure.
"""
import os
import re
import subprocess
import sys
import tempfile

import compile_commands

HERE = os.path.dirname(os.path.abspath(__file__))
BINARY = os.path.abspath(os.environ.get(
    "OVERSTAY", os.path.join(HERE, "..", "build", "dev", "overstay")))
# cfg_differential.py leaves functions out that gcc cannot read; of these gcc reads all.
FIXTURES = ("loops", "switches", "jumps", "conditions", "calls", "init", "places", "cleanup",
            "statements")


def run(*arguments):
    done = subprocess.run([sys.executable, os.path.join(HERE, "cfg_differential.py"), "--binary",
                           BINARY, *arguments], check=False, capture_output=True)
    text = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
    return done.returncode == 0, text.strip()


def fixtures_database(folder):
    sources = [os.path.join(HERE, "lower", name + ".c") for name in FIXTURES]
    path = os.path.join(folder, "compile_commands.json")
    compile_commands.write(path, compile_commands.entries(os.path.join(HERE, "lower"), sources))
    return path


def main():
    with tempfile.TemporaryDirectory(prefix="overstay-cfg-") as folder:
        fixtures = fixtures_database(folder)
        own = os.path.join(os.path.dirname(BINARY), "compile_commands.json")
        outcomes = [
            ("fixtures", *run("--functions", "1000", "--per-unit", "0", "--verbose", fixtures)),
            ("our own sources", *run("--functions", "250", "--complex", "50", "--verbose", own)),
            ("deliberate faults", *run("--self-test", fixtures)),
        ]
    for name, good, text in outcomes:
        # Counts of the self test are not ours: the last line of all is.
        text = re.sub(r"^\d+ passed, \d+ failed$", "", text, flags=re.M).strip()
        print(f"{name}: {'as it should be' if good else 'WRONG'}\n  " + text.replace("\n", "\n  "))
    failed = sum(not good for _, good, _ in outcomes)
    print(f"{len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
