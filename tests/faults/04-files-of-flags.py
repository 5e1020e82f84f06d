"""@files are expanded by us, within limits; files that would change how libclang works are not."""
import fault
from fault import expect

NEEDS_X = "#ifndef X\n#error no X\n#endif\nint f(void) { return X; }\n"
REFUSES_X = "int f(void) {\n#ifdef X\n  it_came_from_outside(;\n#endif\n  return 1;\n}\n"


def is_tainted(project, name):
    """An error inside of the source: libclang saw other flags than the command means."""
    run = project.run("dump", "ir", name + ":f")
    return run.code != 0 or "tainted" in run.out


def response_files_are_expanded(project):
    problems = []
    project.write("flags.rsp", "-DX='1' \"-DY=a b\"\n@more.rsp\n")
    project.write("more.rsp", "-I include\\ folder\n")
    project.write("include folder/own.h", "#define OWN 1\n")
    project.add("a.c", '#include "own.h"\n' + NEEDS_X.replace("return X", "return X + OWN"),
                ["@flags.rsp"])
    run = project.check()
    expect(problems, run.code == 0, run.brief())
    expect(problems, not is_tainted(project, "a.c"), "a definition of the @file is missing")
    return problems


def bad_response_files_cost_one_unit(project):
    problems = []
    project.write("self.rsp", "-DX @self.rsp\n")
    project.write("big.rsp", "-DX=1 " * 200000)
    for level in range(12):
        project.write(f"deep{level}.rsp", f"@deep{level + 1}.rsp\n")
    project.write("open.rsp", "-DX='1\n")
    for name in ("self", "big", "deep0", "open", "absent"):
        project.add(f"{name}.c", fault.GOOD, [f"@{name}.rsp"])
    project.add("good.c", fault.GOOD)
    run = project.check()
    expect(problems, run.code == 3, run.brief())
    expect(problems, project.units() == {"read": 1, "unreadable": 5}, f"units: {project.units()}")
    for text in ("includes itself", "1 MB", "8 deep", "quote", "No such file"):
        expect(problems, text in run.err, f"no '{text}' in:\n{run.err}")
    return problems


def configuration_is_not_obeyed(project):
    problems = []
    project.write("evil.cfg", "-DX\n")
    project.write("overlay.yaml", "{ 'version': 0, 'roots': [ { 'name': '%s', 'type': 'file', "
                  "'external-contents': '%s' } ] }" % (project.path("b.c"), project.path("x.c")))
    project.write("x.c", "#define X\n" + REFUSES_X)
    project.write("junk.pch", b"\x00\x01junk")
    cases = {"a.c": ["--config", "evil.cfg"], "a2.c": ["--config=" + project.path("evil.cfg")],
             "b.c": ["-ivfsoverlay", "overlay.yaml"], "c.c": ["-include-pch", "junk.pch"],
             "d.c": ["-fmodule-file=junk.pch"], "e.c": ["-Xclang", "-DX"],
             "f.c": ["-fmodule-map-file=junk.pch"], "g.c": ["-specs=evil.cfg"]}
    for name, flags in cases.items():
        project.add(name, REFUSES_X, flags)
    run = project.check()
    expect(problems, run.code == 0, run.brief())
    for name in cases:
        expect(problems, not is_tainted(project, name), f"{name}: {cases[name]} was obeyed")
    return problems


def other_languages_are_skipped(project):
    problems = []
    for name, language in (("a.ast", "ast"), ("b.bc", "ir"), ("c.pch", "c-header")):
        project.add(name, b"CPCHjunk", ["-x", language])
    project.add("good.c", fault.GOOD)
    run = project.check()
    expect(problems, run.code == 0 and "skipped: 3 other language" in run.err, run.brief())
    return problems


fault.main((response_files_are_expanded, "response-file"),
           (bad_response_files_cost_one_unit, "response-file"),
           (configuration_is_not_obeyed, "allowlist"),
           (other_languages_are_skipped, "languages"))
