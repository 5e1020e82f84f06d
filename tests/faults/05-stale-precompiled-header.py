"""A stale or damaged precompiled header beside the header that -include names: the header counts."""
import fault
from fault import expect


def the_header_is_read(project):
    problems = []
    project.write("pre.h", "#define PRE 1\n")
    project.write("sub/deep.h", "#define DEEP 1\n")
    for suffix in (".gch", ".pch"):
        project.write("pre.h" + suffix, b"garbage")
        project.write("sub/deep.h" + suffix, b"CPCH" + bytes(64))
    source = "int f(void) { return PRE + DEEP; }\n"
    project.add("a.c", source, ["-include", "pre.h", "-Isub", "-include", "deep.h"])
    project.add("sub/b.c", source.replace("f", "g"), ["-include", "../pre.h", "-includedeep.h"])
    project.entries[-1].update(directory=project.path("sub"), file="b.c")
    run = project.check()
    expect(problems, run.code == 0, run.brief())
    expect(problems, project.units() == {"read": 2}, f"units: {project.units()}")
    for name, function in (("a.c", "f"), ("sub/b.c", "g")):
        dump = project.run("dump", "ir", f"{name}:{function}")
        expect(problems, "function" in dump.out and "tainted" not in dump.out, dump.brief())
    return problems


fault.main((the_header_is_read, "include-prologue"))
