"""A macro that doubles itself 33 times: the memory limit ends the unit, the others go on."""
import fault
from fault import expect


def bomb(levels):
    lines = ["#define X0 a+"] + [f"#define X{i} X{i - 1} X{i - 1}" for i in range(1, levels)]
    return "\n".join(lines) + f"\nint f(int a) {{ return X{levels - 1} a; }}\n"


def the_bomb_costs_one_unit(project):
    problems = []
    project.add("bomb.c", bomb(33))
    project.add("good.c", fault.GOOD)
    project.add("good2.c", fault.GOOD.replace("good", "good2"))
    run = project.check("--tu-memory", "600M", "--tu-timeout", "15s", timeout=100)
    units = project.units()
    expect(problems, run.code == 3, run.brief())
    # The address sanitizer needs the address space itself: there the deadline has to do.
    if fault.has_sanitizer():
        expect(problems, units.get("read") == 2, f"units: {units}")
    else:
        expect(problems, units == {"read": 2, "too large": 1}, f"units: {units}")
        expect(problems, "600 MB" in run.err, run.err)
    return problems


fault.main((the_bomb_costs_one_unit, "deadline,cpu-limit" if fault.has_sanitizer() else "memory-limit"))
