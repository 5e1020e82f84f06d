"""A header that includes itself, and 2^17 includes of one header: an error, and a deadline."""
import fault
from fault import expect


def explosion(project, levels, work):
    for level in range(levels):
        project.write(f"h{level}.h", f'#include "h{level + 1}.h"\n' * 2)
    project.write(f"h{levels}.h", work)


def the_deadline_holds(project):
    problems = []
    explosion(project, 22, "int a;\n" * 20)
    project.add("wide.c", '#include "h0.h"\n')
    project.add("good.c", fault.GOOD)
    run = project.check("--tu-timeout", "3s", timeout=90)
    expect(problems, run.code == 3, run.brief())
    expect(problems, project.units() == {"read": 1, "too slow": 1}, f"units: {project.units()}")
    return problems


def many_includes_are_read(project):
    """2^12 includes and a header that includes itself are no fault: keeps limits from being narrow."""
    problems = []
    explosion(project, 12, "")
    project.write("self.h", '#include "self.h"\nint own;\n')
    project.add("wide.c", '#include "h0.h"\n' + fault.GOOD)
    project.add("self.c", '#include "self.h"\n' + fault.GOOD.replace("good", "other"))
    run = project.check()
    expect(problems, run.code == 0, run.brief())
    expect(problems, project.units() == {"read": 2}, f"units: {project.units()}")
    return problems


fault.main((the_deadline_holds, "deadline,cpu-limit"), (many_includes_are_read, fault.LOSE_FIRST))
