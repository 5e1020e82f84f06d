"""What some suites share: cases, functions that take a folder of their own and return their problems.

The arguments of the suite choose among them by name.
"""
import os
import shutil
import sys
import tempfile


def run_one(case, prefix):
    folder = os.path.realpath(tempfile.mkdtemp(prefix=prefix))
    try:
        return case(folder)
    finally:
        shutil.rmtree(folder)


def main(cases, prefix):
    chosen = [case for case in cases if case.__name__ in (sys.argv[1:] or [case.__name__])]
    failed = 0
    for case in chosen:
        problems = run_one(case, prefix)
        failed += bool(problems)
        for problem in problems:
            print(f"{case.__name__}: {problem}", flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
