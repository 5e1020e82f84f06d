"""The compiler that an entry names is a program of the tree: it is never run."""
import os

import fault
from fault import expect


def the_compiler_is_not_run(project):
    """No guard to switch off: nothing in overstay starts programs. What the test would see is
    shown by running the script itself."""
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


fault.main((the_compiler_is_not_run, ""))
