"""-fmodules with its cache in the tree: modules are off, nothing is written."""
import fault
from fault import expect


def modules_are_off(project):
    problems = []
    project.write("module.modulemap", 'module Own { header "own.h" }\n')
    project.write("own.h", "#define OWN 1\n")
    project.add("a.c", '#include "own.h"\nint f(void) { return OWN; }\n',
                ["-fmodules", "-fmodules-cache-path=cache", "-fimplicit-module-maps",
                 "-fmodule-map-file=module.modulemap"])
    project.write_commands()
    before = project.digest()
    run = project.check()
    expect(problems, run.code == 0, run.brief())
    expect(problems, project.digest() == before,
           f"new: {sorted(set(project.digest()) - set(before))}")
    return problems


fault.main((modules_are_off, "allowlist,landlock,file-size"))
