"""A program in pieces gives what it gives as a whole, in whatever order; a piece that is missing,
there twice, damaged, or of something else is refused by its name."""
import os
import shutil
import subprocess

import fault
from fault import expect

UNITS, SHARDS = 7, 3


def make_shards(project, count=SHARDS, name="part"):
    paths = []
    for number in range(1, count + 1):
        paths.append(f"{name}{number}")
        run = project.run("tu", "--shard", f"{number}/{count}", "--output", paths[-1])
        assert run.code == 0, run.brief()
    return paths


def link(project, paths, *options):
    return project.run("link", "--no-cache", "--reproducible", "-f", "sarif", *options, *paths)


def pieces_are_the_whole(project):
    problems = []
    project.add_leaks(UNITS, 0)
    whole = project.check("--reproducible", "-f", "sarif", "--no-cache")
    for count in (1, SHARDS, UNITS + 2):
        paths = make_shards(project, count)
        for order in (paths, paths[::-1], paths[1:] + paths[:1]):
            run = link(project, order)
            expect(problems, (run.code, run.out) == (whole.code, whole.out), run.brief())
    run = project.run("link", *paths)
    expect(problems, run.code == 1 and os.path.exists(project.path(".overstay/facts.db")),
           run.brief())
    run = project.check()
    expect(problems, "0 analysed" in run.err, f"after link: {run.brief()}")
    return problems


def what_does_not_fit_is_refused(project):
    problems = []
    project.add_leaks(UNITS, 0)
    one, two, three = make_shards(project)
    shutil.copy(project.path(two), project.path("copy"))
    others = make_shards(project, 4, "of4-")
    with open(project.path(three), "rb") as file:
        text = file.read()
    project.write("short", text[:-1])
    project.write("flipped", text[:-9] + bytes([text[-9] ^ 4]) + text[-8:])
    project.write("head", text[:20] + bytes([text[20] ^ 4]) + text[21:])
    project.write("foreign", b"\x7fELF" + text)
    project.add("extra.c", fault.GOOD)
    project.write_commands()
    stranger = make_shards(project, 3, "other-")[2]
    project.entries.pop()
    project.write_commands()
    for paths, said in (((one, three), "shard 2/3 is missing"),
                        ((one, two), "shard 3/3 is missing"),
                        ((one, two, three, "copy"), "copy and part2 are both shard 2/3"),
                        ((one, two, others[2]), "of4-3: this is one of 4 shards"),
                        ((one, two, "short"), "short: the shard is damaged"),
                        ((one, two, "flipped"), "flipped: the shard is damaged"),
                        ((one, two, "head"), "head: the shard"),
                        ((one, two, "foreign"), "foreign: this is no shard"),
                        ((one, two, "absent"), "absent: "),
                        ((one, two, stranger), "other-3: the shard is of another program")):
        run = link(project, paths)
        expect(problems, run.code == 2 and said in run.err and not run.out,
               f"{paths}: {said}: {run.brief()}")
    expect(problems, link(project, (three, one, two)).code == 1, "what fits is refused")
    return problems


def plans_run(project):
    """Those whose engines are there; the others are shell programs that a shell can parse."""
    problems = []
    project.add_leaks(UNITS, 0)
    whole = project.check("--reproducible", "-f", "text", "--no-cache")
    os.makedirs(project.path("bin"))
    os.symlink(fault.OVERSTAY, project.path("bin/overstay"))
    path = project.path("bin") + os.pathsep + os.environ["PATH"]
    for engine in ("shell", "parallel", "slurm", "ninja"):
        plan = project.run("plan", "--engine", engine, "--shards", "3", "--output", engine + ".plan")
        expect(problems, plan.code == 0, plan.brief())
        ran = {"shell": ["sh", "shell.plan"], "ninja": ["ninja", "-f", "ninja.plan"],
               "parallel": ["sh", *([] if shutil.which("parallel") else ["-n"]), "parallel.plan"],
               "slurm": ["sh", "-n", "slurm.plan"]}[engine]
        done = subprocess.run(ran, cwd=project.root, env=dict(os.environ, PATH=path), check=False,
                              capture_output=True, text=True, timeout=300)
        if "-n" in ran:
            expect(problems, done.returncode == 0, f"{engine}: {done.stderr}")
            continue
        expect(problems, done.returncode == 1 and done.stdout.count("[lock-leak]") == UNITS ==
               whole.out.count("[lock-leak]"), f"{engine}: {done.stdout[-800:]}{done.stderr[-800:]}")
    return problems


fault.main((pieces_are_the_whole, fault.LOSE_FIRST), (what_does_not_fit_is_refused, "shards"),
           (plans_run, fault.LOSE_FIRST))
