"""Sources that overflow the stack of the parser, and a worker that dies: the unit is tried once
more, alone, and then it has failed; the others do not notice."""
import fault
from fault import expect

OTHERS = 6


def else_ifs(count):
    return ("int f(int a) {\n  if (a == 0) return 0;\n" +
            "".join(f"  else if (a == {i}) return {i};\n" for i in range(1, count)) +
            "  return -1;\n}\n")


def add_others(project):
    for number in range(OTHERS):
        project.add(f"other{number}.c", fault.GOOD.replace("good", f"good{number}"))


def deep_ones_do_not_end_the_run(project):
    problems = []
    project.add("minus.c", "int f(int a) { return " + "- " * 400000 + "a; }\n")
    project.add("nots.c", "int f(int a) { return " + "!" * 400000 + "a; }\n")
    project.add("labels.c", "int f(int a) {\n" + "".join(f"l{i}:\n" for i in range(400000)) +
                "return a; }\n")
    project.add("elses.c", else_ifs(60000))
    add_others(project)
    run = project.check("--tu-timeout", "5s")
    units = project.units()
    expect(problems, run.code == 3, run.brief())
    expect(problems, units.get("read", 0) >= OTHERS, f"units: {units}")
    expect(problems, sum(units.values()) == OTHERS + 4, f"units: {units}")
    return problems


def the_large_stack_is_there(project):
    """20,000 else-ifs are too many for a stack of 8 MB; with ours they end inside the deadline."""
    problems = []
    project.add("elses.c", else_ifs(20000))
    run = project.check(timeout=1000)
    expect(problems, run.code == 0, run.brief())
    expect(problems, project.units() == {"read": 1}, f"units: {project.units()}")
    return problems


def a_crash_costs_one_unit(project):
    problems = []
    add_others(project)
    run = project.check("--format", "json", environment={"OVERSTAY_TEST_CRASH_UNIT": "3"})
    expect(problems, run.code == 3, run.brief())
    expect(problems, project.units() == {"read": OTHERS - 1, "crashed": 1},
           f"units: {project.units()}")
    expect(problems, "other2.c" in run.out and "crashed" in run.err, run.brief())
    return problems


def it_is_tried_again(project):
    problems = []
    add_others(project)
    run = project.check(environment={"OVERSTAY_TEST_CRASH_ONCE": "3"})
    expect(problems, run.code == 0, run.brief())
    expect(problems, project.units() == {"read": OTHERS}, f"units: {project.units()}")
    return problems


tests = [(deep_ones_do_not_end_the_run, "isolation"), (the_large_stack_is_there, "stack")]
if fault.can_switch_off():
    tests += [(a_crash_costs_one_unit, "isolation"), (it_is_tried_again, "retry")]
fault.main(*tests)
