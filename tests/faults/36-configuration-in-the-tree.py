"""A configuration that came with the sources: it sets what is reported, and nothing else. It names no
program, no output, and no place outside of its tree, also not through links."""
import os
import shutil
import tempfile

import fault
from fault import expect


def outside(project):
    """A folder beside the project, removed with it."""
    folder = tempfile.mkdtemp(prefix="overstay-outside-", dir=os.path.dirname(project.root))
    os.symlink(folder, project.path("link"))
    return folder


def refused(project, problems, line, where):
    project.write(".overstay.ini", "fail-on = never\n" + line + "\n")
    before = project.digest()
    run = project.check()
    expect(problems, run.code == 2 and ".overstay.ini:2: " in run.err, f"{line}: {run.brief()}")
    expect(problems, project.digest() == before, f"{line}: something was written")
    expect(problems, not os.listdir(where), f"{line}: {os.listdir(where)} outside")


def begin(project):
    os.makedirs(project.path(".git"))
    project.add("a.c", fault.GOOD)
    project.write_commands()
    return outside(project)


def places(project):
    problems, where = [], begin(project)
    try:
        shutil.copy(project.path("compile_commands.json"), os.path.join(project.root, "elsewhere"))
        for key in ("db", "stack-usage", "models", "compile-commands"):
            for value in (where, "../" + os.path.basename(where), "link", "link/new", "a/../link"):
                refused(project, problems, f"{key} = {value}/x.db", where)
    finally:
        shutil.rmtree(where)
    return problems


def programs_and_outputs(project):
    problems, where = [], begin(project)
    try:
        for key in ("output", "config", "query-driver", "staged", "new-from-rev", "diff", "shard"):
            refused(project, problems, f"{key} = {where}/out", where)
    finally:
        shutil.rmtree(where)
    return problems


def a_source_is_no_database(project):
    """The check for .db proves itself: without it the source would be set aside."""
    problems, where = [], begin(project)
    refused(project, problems, "db = a.c", where)
    shutil.rmtree(where)
    project.write(".overstay.ini", "db = new/facts.db\n")
    run = project.check()
    expect(problems, run.code == 0 and os.path.exists(project.path("new/facts.db")), run.brief())
    return problems


fault.main((places, "configuration-tree"), (programs_and_outputs, "configuration-keys"),
           (a_source_is_no_database, ""))
