"""The folder of the database is a link, open to all, or somebody else's: nothing is written there."""
import os

import fault
from fault import expect


def refused(project, problems, what):
    run = project.check()
    expect(problems, run.code == 4, f"{what}: {run.brief()}")
    expect(problems, "will not use" in run.err, f"{what}: {run.brief()}")


def links_are_not_followed(project):
    problems = []
    project.add("a.c", fault.GOOD)
    os.makedirs(project.path("elsewhere"))
    os.symlink("elsewhere", project.path(".overstay"))
    refused(project, problems, "folder")
    expect(problems, not os.listdir(project.path("elsewhere")), "written through the link")
    os.unlink(project.path(".overstay"))
    os.makedirs(project.path(".overstay"))
    os.symlink("../elsewhere/facts.db", project.path(".overstay/facts.db"))
    refused(project, problems, "file")
    expect(problems, not os.listdir(project.path("elsewhere")), "written through the link")
    return problems


def an_open_folder_is_refused(project):
    problems = []
    project.add("a.c", fault.GOOD)
    os.makedirs(project.path(".overstay"))
    os.chmod(project.path(".overstay"), 0o777)
    refused(project, problems, "open to all")
    return problems


def a_foreign_folder_is_refused(project):
    """Needs root: only root can give a folder away."""
    problems = []
    if os.geteuid():
        return problems
    project.add("a.c", fault.GOOD)
    os.makedirs(project.path(".overstay"))
    os.chown(project.path(".overstay"), 12345, 12345)
    refused(project, problems, "somebody else's")
    return problems


fault.main((links_are_not_followed, "cache-folder"), (an_open_folder_is_refused, "cache-folder"),
           (a_foreign_folder_is_refused, "cache-folder" if not os.geteuid() else ""))
