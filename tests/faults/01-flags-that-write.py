"""Flags that name files to write: nothing outside of our own folder may appear or change."""
import fault
from fault import expect

FLAGS = (
    ["-MD"], ["-MMD"], ["-MD", "-MF", "deps.d"], ["-MFdeps.d", "-MD"], ["-Wp,-MD,deps.d"],
    ["-Wp,-MMD,deps.d"], ["-dependency-file", "deps.d"], ["-Xclang", "-dependency-file", "-Xclang",
                                                          "deps.d", "-MT", "x"],
    ["-header-include-file", "headers.txt"], ["--serialize-diagnostics", "a.dia"],
    ["-Xclang", "-serialize-diagnostic-file", "-Xclang", "a.dia"], ["-o", "a.o"], ["-oa.o"],
    ["-MJ", "part.json"], ["-save-temps"], ["-ftime-trace=trace.json"], ["-fcrash-diagnostics-dir=d"],
    ["-fsave-optimization-record"], ["-index-store-path", "index"], ["-fdump-tree-cfg"],
)


def nothing_is_written(project):
    problems = []
    for number, flags in enumerate(FLAGS):
        project.add(f"unit{number}.c", '#include "own.h"\nint f(void) { return OWN; }\n', flags)
    project.write("own.h", "#define OWN 1\n")
    project.write_commands()
    before = project.digest()
    run = project.check()
    after = project.digest()
    expect(problems, run.code == 0, run.brief())
    for name in sorted(set(before) ^ set(after)):
        problems.append(f"appeared or disappeared: {name}")
    problems += [f"changed: {name}" for name in before if after.get(name, "") != before[name]]
    expect(problems, project.units().get("read") == len(FLAGS), f"units: {project.units()}")
    return problems


def definitions_inside_are_kept(project):
    """-Wp,-MD,file,-DX: what means something for the source is not lost with the rest."""
    problems = []
    project.add("a.c", "#ifndef X\n#error no X\n#endif\nint f(void) { return X; }\n",
                ["-Wp,-MD,deps.d,-DX=1"])
    project.check()
    run = project.run("dump", "ir", "a.c:f")
    expect(problems, "tainted" not in run.out and "return" in run.out, run.brief())
    return problems


fault.main((nothing_is_written, "allowlist,landlock,file-size"),
           (definitions_inside_are_kept, "allowlist"))
