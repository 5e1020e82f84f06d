"""No unit with a result is never a pass: not with the wrong folder, not with an empty list, not
with C++ only, not when every unit fails."""
import fault
from fault import expect


def nothing_is_no_pass(project):
    problems = []
    run = project.run("check")
    expect(problems, run.code == 2 and "compile_commands.json" in run.err, run.brief())
    run = project.run("check", "-p", "absent")
    expect(problems, run.code == 2 and "absent" in run.err, run.brief())
    run = project.run("check", "-p", ".")
    expect(problems, run.code == 2, run.brief())
    project.write("compile_commands.json", "[]")
    run = project.run("check")
    expect(problems, run.code == 2 and "empty" in run.err, run.brief())
    project.add("a.cc", "int f() { return 1; }\n", compiler="g++")
    project.add("b.c", "int f() { return 1; }\n", compiler="g++")
    project.add("c.S", "nop\n")
    run = project.check()
    expect(problems, run.code == 2 and "none of the 3 entries is C" in run.err, run.brief())
    return problems


def only_failures_are_no_pass(project):
    problems = []
    project.add("absent.c")
    project.add("absent2.c")
    for options in ((), ("--allow-partial",), ("--fail-on", "never")):
        run = project.check(*options)
        expect(problems, run.code == 3, f"{options}: {run.brief()}")
    project.add("good.c", fault.GOOD)
    run = project.check()
    expect(problems, run.code == 3 and "absent.c was not analysed" in run.err, run.brief())
    run = project.check("--allow-partial")
    expect(problems, run.code == 0, run.brief())
    run = project.check("other.c")
    expect(problems, run.code == 2 and "other.c" in run.err, run.brief())
    return problems


fault.main((nothing_is_no_pass, "zero-units"), (only_failures_are_no_pass, "zero-units"))
