#!/usr/bin/env python3
"""Where settings come from: the command line, the environment, .overstay.ini, defaults; what is said
about wrong ones; and what is made from the same table: completions and the manual page.

usage: settings_suite.py      (run.py runs it; ends in "N passed, N failed")
"""
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "faults"))

import fault  # pylint: disable=wrong-import-position
from fault import OVERSTAY, expect  # pylint: disable=wrong-import-position

SETTING = re.compile(r"^(?:; )?([a-z][a-z.-]*) =(?: (.*?))? +; (.*)$", re.M)


def settings(project, *options, **how):
    run = project.run("config", *options, **how)
    if run.code != 0:
        raise RuntimeError(run.brief())
    return {name: (value, origin) for name, value, origin in SETTING.findall(run.out)}


def says(problems, run, code, *texts):
    for text in texts:
        expect(problems, text in run.err, f"'{text}' is not in: {run.brief()}")
    expect(problems, run.code == code, f"exit {run.code}: {run.brief()}")


def the_nearer_wins(project):
    problems = []
    project.write(".overstay.ini", "jobs = 3\nfail-on = error\nplatform = musl\n")
    said = settings(project, "--fail-on", "note", environment={"OVERSTAY_JOBS": "5",
                                                               "OVERSTAY_FAIL_ON": "never"})
    for name, wanted in {"jobs": ("5", "OVERSTAY_JOBS"), "fail-on": ("note", "--fail-on"),
                         "platform": ("musl", ".overstay.ini:3"),
                         "min-severity": ("note", "default")}.items():
        expect(problems, said[name] == wanted, f"{name}: {said[name]}")
    said = settings(project, "--no-config")
    expect(problems, said["platform"] == ("glibc", "default"), said["platform"])
    said = settings(project, environment={"OVERSTAY_NO_CONFIG": "yes"})
    expect(problems, said["platform"] == ("glibc", "default"), said["platform"])
    project.write("other.ini", "platform = windows\n")
    said = settings(project, "--config", "other.ini")
    expect(problems, said["platform"] == ("windows", "other.ini:1") and said["jobs"][0] == "", said)
    return problems


def it_counts_in_a_run(project):
    problems = []
    project.add_leaks(1, 0)
    project.write(".overstay.ini", "fail-on = never\nformat = json\n[hook]\n")
    run = project.check()
    expect(problems, run.code == 0 and len(json.loads(run.out)["findings"]) == 1, run.brief())
    expect(problems, project.check("--fail-on", "error").code == 1, "the command line does not win")
    run = project.run("graph", "calls")
    expect(problems, run.code == 0 and run.out.startswith("digraph"), run.brief())
    run = project.run("graph", "calls", environment={"OVERSTAY_FORMAT": "sarif"})
    expect(problems, run.code == 0, run.brief())
    return problems


def the_nearest_file_up_to_git(project):
    problems = []
    project.write(".overstay.ini", "jobs = 2\n")
    os.makedirs(project.path("sub/deep"))
    os.makedirs(project.path("other/.git"))

    def jobs(folder):
        run = subprocess.run([OVERSTAY, "config"], cwd=project.path(folder), check=True,
                             stdout=subprocess.PIPE)
        return re.search(r"jobs =(.*?) +; (.*)", run.stdout.decode()).groups()
    expect(problems, jobs("sub/deep") == (" 2", "../../.overstay.ini:1"), jobs("sub/deep"))
    expect(problems, jobs("other")[1] == "default", jobs("other"))
    project.write("sub/.overstay.ini", "jobs = 4\n")
    expect(problems, jobs("sub/deep") == (" 4", "../.overstay.ini:1"), jobs("sub/deep"))
    return problems


def what_is_printed_can_be_read(project):
    problems = []
    project.write(".overstay.ini", "jobs = 3\nenable = lock-leak,\n  lock-double\nstats = yes\n")
    first = project.run("config").out
    project.write(".overstay.ini", first)
    again = project.run("config").out
    values = [[found[:2] for found in SETTING.findall(text)] for text in (first, again)]
    expect(problems, values[0] == values[1] and "lock-double" in first, f"{first}\n{again}")
    return problems


def mistakes_are_told(project):
    problems = []
    for text, wanted in {
            "\njbos = 3\n": "2: unknown key 'jbos'; did you mean 'jobs'?",
            "fail_on = note\n": "1: unknown key 'fail_on'; did you mean 'fail-on'?",
            "zzzzzzzz = 3\n": "1: unknown key 'zzzzzzzz'\n  overstay config --no-config",
            "[jobs]\njobs = 3\n": "2: unknown key 'jobs.jobs'",
            "# fine\njobs = many\n": "2: jobs: 'many' is not a number from 1 to 1024",
            "fail-on = sometimes\n": "1: fail-on: 'sometimes' is none of note|warning|error|never\n",
            "fail-on = warnning\n": "note|warning|error|never; did you mean 'warning'?",
            "tu-memory = 1\n": "1: tu-memory: '1' is not between",
            "stats = perhaps\n": "1: stats: 'perhaps' is neither yes nor no",
            "jobs = 1\njobs = 2\n": "2: jobs is set already in line 1",
            "only = lock-lek\n": "1: only: there is no rule 'lock-lek'; did you mean 'lock-leak'?",
            "jobs\n": "1: this is neither KEY = VALUE",
            "enable = " + "lock-leak," * 40 + "\n": "1: the line is longer than",
            "jobs = 1\n\0": "NUL",
            "db =\n": "1: db: the value is empty"}.items():
        project.write(".overstay.ini", text)
        says(problems, project.run("rules"), 2, wanted)
    os.unlink(project.path(".overstay.ini"))
    for arguments, wanted in ((["chekc"], "unknown command 'chekc'; did you mean 'check'?"),
                              (["check", "--fial-on"], "did you mean '--fail-on'?"),
                              (["check", "--zzzzzzzz"], "unknown option '--zzzzzzzz'\n"),
                              (["check", "--color", "nevr"], "did you mean 'never'?"),
                              (["rules", "--only", "lock-lek"], "--only: there is no rule"),
                              (["explain", "lock-lek"], "did you mean 'lock-leak'?")):
        says(problems, project.run(*arguments), 2, wanted)
    says(problems, project.run("rules", "--config", "none.ini"), 2, "none.ini: No such file")
    os.mkfifo(project.path(".overstay.ini"))
    says(problems, project.run("rules", timeout=20), 2, ".overstay.ini: ")
    return problems


def on(project, *options, **how):
    run = project.run("rules", "--format", "json", *options, **how)
    return {rule["id"] for rule in json.loads(run.out)["rules"] if rule["on"]}


def the_last_word_on_a_rule(project):
    problems = []
    usual = on(project)
    project.write(".overstay.ini", "disable = lock-leak lock-double\nenable = thread-unbounded\n")
    expect(problems, on(project) == (usual | {"thread-unbounded"}) - {"lock-leak", "lock-double"},
           "from the file")
    expect(problems, "lock-leak" in on(project, "--enable", "lock-leak"), "--enable after the file")
    expect(problems, "lock-double" not in on(project, "--enable", "lock-leak"), "one rule only")
    expect(problems, "lock-leak" not in on(project, environment={"OVERSTAY_ENABLE": "lock-leak"},
                                           *("--disable", "lock-leak")), "--disable comes last")
    expect(problems, on(project, "--only", "lock-leak") == {"lock-leak"}, "--only after the file")
    project.write(".overstay.ini", "only = lock-leak\n")
    expect(problems, on(project) == {"lock-leak"}, "only")
    expect(problems, on(project, "--only", "lock-double") == {"lock-double"}, "--only after only")
    expect(problems, on(project, "--enable", "lock-double") == {"lock-leak", "lock-double"},
           "--enable after only")
    expect(problems, on(project, "--all-rules") >= usual, "--all-rules after only")
    return problems


WRAPPED = """typedef struct Box Box;
void box_close(Box *), box_open(Box *);
int f(Box *box, int a) {
  box_close(box);
  if (a)
    return 1;
  box_open(box);
  return 0;
}
"""


def models_beside_it(project):
    problems = []
    project.add("a.c", WRAPPED)
    expect(problems, project.check().code == 0, "without a model")
    model = "box_close(b) : acquire *b\nbox_open(b) : release *b\n"
    lines = model.splitlines(True)
    project.write("models/a.model", lines[0])
    project.write("models/b.model", lines[1])
    project.write("models/.overstay.ini", "models = a.model b.model\n")
    run = project.check("--config", "models/.overstay.ini")
    says(problems, run, 1, "1 error")
    project.write("models/.overstay.ini", "jobs = 1\n")
    expect(problems, project.check("--config", "models/.overstay.ini").code == 0, "not named")
    project.write("models/.overstay.model", model)
    says(problems, project.check("--config", "models/.overstay.ini"), 1, "1 error")
    project.write("models/.overstay.ini", "models = c.model\n")
    says(problems, project.check("--config", "models/.overstay.ini"), 2, "models/c.model: No such")
    return problems


WORK = """#include <pthread.h>
extern pthread_mutex_t lock;
int ask(void);
void done(void);
void work(void) {
  pthread_mutex_lock(&lock);
  if (ask()) {
    done();
    return;
  }
  pthread_mutex_unlock(&lock);
}
"""
DONE = """#include <pthread.h>
extern pthread_mutex_t lock;
void done(void) { BODY }
"""
MAIN = """#include <pthread.h>
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
void work(void);
int main(void) { work(); return 0; }
"""


def programs_are_given(project):
    """Two definitions stand in one folder, so what is linked cannot be seen. It can be said."""
    problems = []
    project.add("shared/work.c", WORK)
    project.add("shared/done_good.c", DONE.replace("BODY", "pthread_mutex_unlock(&lock);"))
    project.add("shared/done_bad.c", DONE.replace("BODY", ""))
    project.add("one/main.c", MAIN)
    project.add("two/main.c", MAIN.replace("work();", "work(); work();"))
    good = ("[program one]\nfiles = one/* shared/work.c\n  shared/done_good.c\n"
            "[program two]\nfiles = two/*.c, shared/work.c, shared/done_good.c\n")
    bad = good.replace("good", "bad")
    half = good.partition("[program two]")[0]
    for text, code in (("", None), (good, 0), (bad, 1), (good, 0), (half, None), ("", None)):
        project.write(".overstay.ini", text)
        warm = project.check("-f", "json", "--reproducible")
        cold = project.check("-f", "json", "--reproducible", "--no-cache")
        expect(problems, code is None or warm.code == code, f"{text}: {warm.brief()}")
        expect(problems, json.loads(warm.out)["findings"] == json.loads(cold.out)["findings"],
               f"{text}: warm and cold differ")
    project.write(".overstay.ini", half.replace("one/* shared/work.c\n  shared/done_good.c",
                                                "onee/*"))
    says(problems, project.check("--fail-on", "never"), 0, ".overstay.ini:2: no unit is in a file of [program one]")
    for text, wanted in (("[program one]\nfile = a.c\n", ":2: a program has a name and 'files'"),
                         ("[program]\nfiles = a.c\n", ":2: unknown key 'program.files'")):
        project.write(".overstay.ini", text)
        says(problems, project.check(), 2, wanted)
    project.write(".overstay.ini", good)
    expect(problems, "[program one]\nfiles = one/* shared/work.c,shared/done_good.c" in project.run("config").out,
           project.run("config").out)
    return problems


# ---- completions

def options_of(command):
    text = subprocess.run([OVERSTAY, command, "--help"], check=True, stdout=subprocess.PIPE).stdout
    return sorted(re.findall(r"^  (?:-\w, |    )(--[a-z-]+)", text.decode(), re.M))


def commands():
    text = subprocess.run([OVERSTAY, "--help"], check=True, stdout=subprocess.PIPE).stdout
    return re.findall(r"^  ([a-z]+) ", text.decode().partition("usage")[2], re.M)[:-1]


def shell(project, name, script):
    path = project.write(name, subprocess.run([OVERSTAY, "completions", name], check=True,
                                              stdout=subprocess.PIPE).stdout)
    flags = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[name]
    run = subprocess.run([name, *flags, "-c", script], cwd=project.root, check=False, timeout=60,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env={**os.environ, "FILE": path, "HOME": project.root})
    return run.stdout.decode(), run.stderr.decode()


BASH = """source "$FILE"
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; _overstay; echo "${COMPREPLY[*]}"; }
"""
ZSH = """autoload -U compinit; compinit -u -D; source "$FILE"
_arguments() { print -l -- "$@" }
_describe() { print -l -- $commands }
_values() { : }
ask() { words=("$@"); CURRENT=$#; _overstay }
"""


def answers(project, name, *words):
    """What is offered for the last word."""
    if name == "bash":
        script = BASH + "ask overstay " + " ".join(f"'{word}'" for word in words)
        out, err = shell(project, name, script)
        return sorted(out.split()), err
    if name == "zsh":
        out, err = shell(project, name, ZSH + "ask overstay " + " ".join(f"'{w}'" for w in words))
        return sorted(set(re.findall(r"^\\*?\*?(--[a-z-]+)", out, re.M)) |
                      set(re.findall(r"^([a-z]+):", out, re.M))), err
    line = " ".join(("overstay", *words))
    out, err = shell(project, name, f'source "$FILE"; complete -C "{line}"')
    return sorted(found.split("\t")[0] for found in out.splitlines()), err


def completions(project, name):
    problems = []
    if not shutil.which(name):
        print(f"note: {name} is not installed: its completions were not tried")
        return problems
    offered, err = answers(project, name, "")
    expect(problems, set(commands()) <= set(offered) and not err, f"commands: {offered} {err}")
    expect(problems, "manual" not in offered, "hidden ones are offered")
    for command in commands():
        offered, err = answers(project, name, command, "--")
        missing = sorted(set(options_of(command)) - set(offered))
        expect(problems, not missing and not err, f"{command}: {missing} are missing; {err}")
    if name == "zsh":
        return problems  # what is offered for values needs a terminal there
    offered, _ = answers(project, name, "check", "--fail-on", "")
    expect(problems, offered == ["error", "never", "note", "warning"], f"--fail-on: {offered}")
    offered, _ = answers(project, name, "check", "--only", "lock-do")
    expect(problems, offered == ["lock-double"], f"--only: {offered}")
    offered, _ = answers(project, name, "explain", "lock-do")
    expect(problems, offered == ["lock-double"], f"explain: {offered}")
    offered, _ = answers(project, name, "graph", "st")
    expect(problems, offered == ["stack"], f"graph: {offered}")
    return problems


def bash_completes(project):
    problems = completions(project, "bash")
    offered, _ = answers(project, "bash", "check", "--only", "lock-leak,lock-do")
    expect(problems, offered == ["lock-leak,lock-double"], f"second rule: {offered}")
    offered, _ = answers(project, "bash", "check", "--fail-on", "=", "ne")
    expect(problems, offered == ["never"], f"--fail-on=: {offered}")
    return problems


def zsh_completes(project):
    return completions(project, "zsh")


def fish_completes(project):
    return completions(project, "fish")


def the_manual_page(project):
    problems = []
    page = subprocess.run([OVERSTAY, "manual"], check=True, stdout=subprocess.PIPE).stdout.decode()
    plain = page.replace("\\-", "-")
    for command in commands():
        expect(problems, f"\\fB{command}\\fR" in plain, f"{command} is missing")
        for option in options_of(command):
            expect(problems, option.removeprefix("--") in plain, f"{option} is missing")
    path = project.write("overstay.1", page)
    if shutil.which("man"):
        run = subprocess.run(["man", "--warnings=w", "-E", "UTF-8", "-l", "-Tutf8", path],
                             check=False, env={**os.environ, "MANPAGER": "cat", "MANWIDTH": "90"},
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        expect(problems, run.returncode == 0 and not run.stderr, run.stderr.decode())
        shown = re.sub(".\b", "", run.stdout.decode())
        expect(problems, "--min-confidence" in shown, "man shows nothing")
    return problems


def main():
    tests = (the_nearer_wins, it_counts_in_a_run, the_nearest_file_up_to_git,
             what_is_printed_can_be_read, mistakes_are_told, the_last_word_on_a_rule,
             models_beside_it, programs_are_given, bash_completes, zsh_completes, fish_completes, the_manual_page)
    fault.main(*((function, "") for function in tests
                 if not sys.argv[1:] or function.__name__ in sys.argv[1:]))


if __name__ == "__main__":
    main()
