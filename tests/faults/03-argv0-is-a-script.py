"""The compiler that an entry names is a program of the tree: it is never run."""
import json
import os
import subprocess

import fault
from fault import expect


def the_compiler_is_not_run(project):
    """Nothing in overstay starts programs, so there is nothing to switch off. That a mark would be
    seen is shown by running the script itself."""
    problems = []
    mark = project.path("mark")
    for name in ("cc.sh", "x86_64-linux-gnu-gcc", "ccache"):
        os.chmod(project.write(name, f"#!/bin/sh\ntouch '{mark}'\n"), 0o755)
        project.add(f"{name}.c", fault.GOOD, compiler=f"./{name}")
        project.add(f"{name}-2.c", fault.GOOD, ["gcc"], compiler=project.path(name))
    run = project.check()
    expect(problems, run.code == 0, run.brief())
    expect(problems, project.units().get("read") == 6, f"units: {project.units()}")
    expect(problems, not os.path.exists(mark), "a program of the tree was run")
    os.system(project.path("cc.sh"))
    expect(problems, os.path.exists(mark), "the test itself does not work: no mark")
    return problems


ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STARTERS = ("system(\"cc\")", "popen(\"cc\", \"r\")", "execv(\"cc\", 0)", "execvp(\"cc\", 0)",
            "execlp(\"cc\", \"cc\", (char *)0)", "posix_spawnp(0, \"cc\", 0, 0, 0, 0)")
HEADERS = "#define _GNU_SOURCE\n#include <spawn.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <unistd.h>\n"


def nothing_can_start_programs(project):
    """The guard is checker/base/banned.h: with it such a call does not compile, without it does.
    All of our code is compiled with it."""
    problems = []
    banned = os.path.join(ROOT, "checker/base/banned.h")
    for number, call in enumerate(STARTERS):
        source = project.write(f"starts{number}.c", f"{HEADERS}void f(void) {{ (void){call}; }}\n")
        for guarded in (False, True):
            command = ["gcc", "-fsyntax-only", "-w", "-Werror=implicit-function-declaration"]
            command += ["-D_GNU_SOURCE", "-include", banned] if guarded else []
            compiled = subprocess.run([*command, source], check=False, capture_output=True)
            expect(problems, (compiled.returncode != 0) == guarded, f"{call}, banned: {guarded}: "
                   + compiled.stderr.decode())
    with open(os.path.join(os.path.dirname(fault.OVERSTAY), "compile_commands.json"),
              encoding="utf-8") as file:
        commands = json.load(file)
    for entry in commands:
        if "/checker/" in entry["file"] or "/rules/" in entry["file"]:
            expect(problems, "banned.h" in entry["command"], f"{entry['file']} is not guarded")
    return problems


fault.main((the_compiler_is_not_run, ""), (nothing_can_start_programs, ""))
