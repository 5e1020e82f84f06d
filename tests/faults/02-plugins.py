"""Flags that load code or pass options to LLVM: dropped, and the report says so."""
import subprocess

import fault
from fault import expect

PLUGIN = """#include <fcntl.h>
__attribute__((constructor)) static void leave_a_mark(void) { open("MARK", O_CREAT | O_WRONLY, 0644); }
"""
FLAGS = (["-fplugin=./evil.so"], ["-fpass-plugin=./evil.so"], ["-load", "./evil.so"],
         ["-Xclang", "-load", "-Xclang", "./evil.so"], ["-Xclang", "-add-plugin", "-Xclang", "evil"],
         ["-mllvm", "-load=./evil.so"], ["-fplugin-arg-evil-x=1"], ["-plugin", "evil"])


def no_code_is_loaded(project):
    problems = []
    mark = project.path("mark")
    source = project.write("evil.c", PLUGIN.replace("MARK", mark))
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", project.path("evil.so"), source], check=True)
    for number, flags in enumerate(FLAGS):
        project.add(f"unit{number}.c", fault.GOOD, flags)
    run = project.check()
    expect(problems, run.code == 0, run.brief())
    expect(problems, project.units().get("read") == len(FLAGS), f"units: {project.units()}")
    expect(problems, "mark" not in project.digest(), "the plug-in was loaded")
    for name in ("-fplugin", "-fpass-plugin", "-load", "-mllvm", "-Xclang"):
        expect(problems, f" {name} (" in run.err, f"no note says that {name} was dropped")
    return problems


fault.main((no_code_is_loaded, "allowlist"))
