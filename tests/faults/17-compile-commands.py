"""compile_commands.json that is cut off, deep, huge, wrong or empty: the place of the mistake and
exit code 2. Duplicates are one unit, other flags for the same file are another."""
import json
import re

import fault
from fault import expect

ENTRY = '{"directory": ".", "file": "a.c", "command": "gcc -c a.c"}'
BAD = {  # text: where and what
    "": ":1:1: .*empty",
    "[": r":1:1: ",
    f"[{ENTRY},\n{ENTRY[:-9]}": r":2:\d+: ",
    "[" * 100000: r":1:\d+: .*depth",
    '{"a": 1}': ":1:1: .*list",
    "[]": "empty",
    f'[{ENTRY},\n  {{"file": "a.c", "command": "gcc a.c"}}]': ':2:3: entry 2 .*"directory"',
    f'[{ENTRY},\n {{"directory": ".", "command": "gcc a.c"}}]': ':2:2: entry 2 .*"file"',
    f'[{ENTRY},\n\n {{"directory": ".", "file": "a.c"}}]': ':3:2: entry 2 .*"command"',
    f'[{ENTRY},\n{{"directory": ".", "file": "a.c", "command": "gcc \'a.c"}}]': ":2:1: .*quote",
    f'[{ENTRY},\n{{"directory": ".", "file": "a.c", "arguments": []}}]': ":2:1: .*empty",
    f'[{ENTRY},\n{{"directory": ".", "file": "a.c", "arguments": ["gcc", 7]}}]': ":2:1: .*text",
    f'[{ENTRY},\n{{"directory": "{{[", "file": 7, "command": "gcc a.c"}}]': ':2:1: .*"file"',
    f'[{ENTRY}, 17]': "entry 2 is not an object",
    '[{"directory": "\xff", "file": "a.c", "command": "gcc"}]'.encode("latin-1"): r":1:\d+: .*decode",
    '[{"directory": ".", "file": "a\\u0000.c", "command": "gcc"}]': r":1:\d+: ",
}


def mistakes_are_shown(project):
    problems = []
    project.write("a.c", fault.GOOD)
    for text, where in BAD.items():
        project.write("compile_commands.json", text)
        run = project.run("check", timeout=60)
        expect(problems, run.code == 2, f"{text[:80]!r}: {run.brief()}")
        expect(problems, re.search(r"compile_commands\.json.*" + where, run.err),
               f"{text[:80]!r}: no {where} in {run.err}")
        expect(problems, not run.out, run.out)
    return problems


def equal_commands_are_one_unit(project):
    problems = []
    for _ in range(3):
        project.add("a.c", fault.GOOD, ["-DA=1", "-O2", "-o", "one.o"])
    project.add("a.c", flags=["-D", "A=1", "-Wall", "-o", "two.o"])
    project.add("a.c", flags=["-DA=2"])
    project.entries.append({"directory": project.root, "file": "./a.c",
                            "command": "ccache gcc '-DA=2' -c a.c"})
    run = project.check()
    expect(problems, run.code == 0, run.brief())
    expect(problems, project.units() == {"read": 2}, f"units: {project.units()}")
    return problems


def a_large_one_is_read(project):
    """78 MB; all is one command again and again, so that reading is what it tests."""
    problems = []
    project.write("a.c", fault.GOOD)
    entry = {"directory": project.root, "file": "a.c", "arguments": ["gcc", "-c", "a.c"],
             "output": "x" * 1000}
    project.write("compile_commands.json", json.dumps([entry] * 70000))
    run = project.run("check", timeout=200)
    expect(problems, run.code == 0, run.brief())
    expect(problems, project.units() == {"read": 1}, f"units: {project.units()}")
    return problems


fault.main((mistakes_are_shown, "positions"), (equal_commands_are_one_unit, "distinct"),
           (a_large_one_is_read, fault.LOSE_FIRST))
