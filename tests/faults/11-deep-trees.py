"""Trees and graphs that are deep for our own walk: expressions, case labels, nested blocks."""
import fault
from fault import expect


def they_are_read(project):
    problems = []
    project.add("sum.c", "int f(int a) { return " + "a+" * 50000 + "a; }\n")
    project.add("cases.c", "int f(int a) { switch (a) {\n" +
                "".join(f"case {i}:\n" for i in range(50000)) + "return 1; }\nreturn 0; }\n")
    project.add("ands.c", "int f(int a) { return " + "a &&" * 20000 + "a; }\n")
    project.add("commas.c", "int f(int a) { return (" + "a++," * 20000 + "a); }\n")
    project.add("ifs.c", "int f(int a) {\n" + "".join(f"if (a == {i}) a++;\n" for i in range(30000)) +
                "return a; }\n")
    project.add("blocks.c", "int f(int a) {\n" + "{" * 250 + "a++;" + "}" * 250 + "\nreturn a; }\n")
    run = project.check("--tu-timeout", "120s")
    expect(problems, run.code == 0, run.brief())
    expect(problems, project.units() == {"read": 6}, f"units: {project.units()}")
    return problems


fault.main((they_are_read, "stack"))
