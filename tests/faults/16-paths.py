"""`..`, links out of the tree, links in a circle: one name for one file, and no endless search."""
import os
import shutil
import tempfile

import fault
from fault import expect


def names_are_canonical(project):
    problems = []
    project.write("src/own.h", "#define OWN 1\n")
    project.write("src/a.c", '#include "own.h"\nint f(void) { return OWN; }\n')
    os.makedirs(project.path("build/deep"))
    os.symlink("src", project.path("link"))
    for directory, name in (("build", "../src/a.c"), ("build/deep", "../../src/./a.c"),
                            ("link", "a.c"), (".", "link/../src/a.c"), (".", "link//a.c")):
        project.add(name, directory=directory)
        # Of the same folder, or the commands differ and are units of their own.
        project.entries[-1].update(directory=project.root,
                                   file=os.path.join(project.path(directory), name))
    run = project.check("-f", "json")
    expect(problems, run.code == 0, run.brief())
    expect(problems, project.units() == {"read": 1}, f"units: {project.units()}")
    expect(problems, '"link/' not in run.out and ".." not in run.out, run.out)
    return problems


def outside_is_analysed_when_listed(project):
    """Listed sources are analysed wherever they lie. The test is seen to fail when that unit is
    lost; it failed, too, when only sources below the root became jobs."""
    problems = []
    outside = os.path.realpath(tempfile.mkdtemp(prefix="overstay-outside-"))
    try:
        with open(os.path.join(outside, "b.c"), "w", encoding="utf-8") as file:
            file.write(fault.GOOD)
        os.symlink(os.path.join(outside, "b.c"), project.path("linked.c"))
        project.add("linked.c")
        project.add(os.path.join(outside, "b.c"))
        project.write("src/a.c", fault.GOOD.replace("good", "f"))
        run = project.check()
        expect(problems, run.code == 0, run.brief())
        expect(problems, project.units() == {"read": 2}, f"units: {project.units()}")
        expect(problems, not os.path.exists(os.path.join(outside, ".overstay")), "wrote outside")
        dump = project.run("dump", "ir", os.path.join(outside, "b.c"))
        expect(problems, "good" in dump.out, dump.brief())
    finally:
        shutil.rmtree(outside)
    return problems


def circles_cost_one_unit(project):
    problems = []
    os.symlink("round.c", project.path("circle.c"))
    os.symlink("circle.c", project.path("round.c"))
    os.symlink("loop", project.path("loop"))
    project.add("circle.c")
    project.add("loop/a.c")
    project.add("good.c", fault.GOOD, ["-Iloop"])
    run = project.check()
    expect(problems, run.code == 3, run.brief())
    expect(problems, project.units() == {"read": 1, "unreadable": 2}, f"units: {project.units()}")
    expect(problems, run.err.count("Too many levels of symbolic links") == 2, run.err)
    return problems


def lines_of_others_are_not_shown(project):
    """With --confine: not of what a link leads to, not of what is listed outside."""
    problems = []
    outside = os.path.realpath(tempfile.mkdtemp(prefix="overstay-outside-"))
    text = fault.LEAK.replace("N", "0").replace('#include "shared.h"\n', "").replace(
        "a > 0 + SHARED", "a").replace("shared(a)", "1; /* a secret */")
    try:
        for name in ("b.c", "c.c"):
            with open(os.path.join(outside, name), "w", encoding="utf-8") as file:
                file.write(text.replace("leak0", name[0] + "_leak"))
        os.makedirs(project.path(".git"))
        os.symlink(os.path.join(outside, "b.c"), project.path("linked.c"))
        project.add("linked.c")
        project.add(os.path.join(outside, "c.c"))
        project.add("own.c", text.replace("secret", "line"))
        open_run = project.check()
        expect(problems, open_run.out.count("a secret") == 2, open_run.brief())
        for form in ("text", "sarif", "json"):
            run = project.check("--confine", "-f", form)
            expect(problems, run.code == 1 and "a secret" not in run.out, f"{form}: {run.brief()}")
        run = project.check("--confine", "-o", "html=html")
        pages = ""
        for folder, _, names in os.walk(project.path("html")):
            for name in names:
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    pages += file.read()
        expect(problems, "a secret" not in pages and "a line" in pages, "html")
        expect(problems, "a line" in run.out and run.out.count("[lock-leak]") == 3, run.brief())
    finally:
        shutil.rmtree(outside)
    return problems


fault.main((names_are_canonical, "canonical"), (outside_is_analysed_when_listed, fault.LOSE_FIRST),
           (circles_cost_one_unit, "regular"), (lines_of_others_are_not_shown, "confine"))
