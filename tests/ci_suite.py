#!/usr/bin/env python3
"""docs/ci.md: its shell script is run as it stands on the sample project; the other files are read, and
every overstay command of all pages has only options that there are.

usage: ci_suite.py      (run.py runs it; ends in "N passed, N failed")
"""
import functools
import glob
import json
import os
import re
import shlex
import shutil
import subprocess

import cases
import compile_commands
from views_suite import ENVIRONMENT, OVERSTAY

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def blocks(page, language):
    with open(os.path.join(ROOT, "docs", page), encoding="utf-8") as file:
        return re.findall(rf"^```{language}\n(.*?)^```$", file.read(), re.M | re.S)


class Machine:
    """A checkout of the sample, with the script and a folder that the cache keeps."""

    def __init__(self, folder, name, origin=None):
        self.folder, self.root = folder, os.path.join(folder, name)
        self.environment = {**ENVIRONMENT, "PATH": f"{folder}/bin:{os.environ['PATH']}"}
        if origin:
            self.git("clone", "-q", origin.root, self.root, folder=folder)
        else:
            shutil.copytree(os.path.join(ROOT, "tests", "sample"), self.root)
            self.write("ci/overstay.sh", blocks("ci.md", "sh")[0])
            self.write(".gitignore", ".cache/\nreports/\ncompile_commands.json\n*.o\nserver\n")
            self.git("init", "-q", "-b", "main")
            self.commit()
        sources = [name for name in os.listdir(self.root) if name.endswith(".c")]
        compile_commands.write(os.path.join(self.root, "compile_commands.json"),
                               compile_commands.entries(self.root, sources))

    def git(self, *arguments, folder=None):
        subprocess.run(["git", "-C", folder or self.root, *arguments], env=ENVIRONMENT, check=True)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "step")

    def write(self, name, text):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        with open(os.path.join(self.root, name), encoding="utf-8") as file:
            return file.read()

    def overstay(self, *arguments):
        return subprocess.run([OVERSTAY, *arguments], cwd=self.root, env=self.environment,
                              check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, **more):
        run = subprocess.run(["sh", "ci/overstay.sh"], cwd=self.root, check=False,
                             env={**self.environment, **more}, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
        return run.returncode, run.stdout.decode()

    def results(self):
        return json.loads(self.read("reports/overstay.sarif"))["runs"][0]["results"]


def expect(problems, what, got, wanted):
    if got != wanted:
        problems.append(f"{what}: {got} and not {wanted}")


def units(text):
    """(analysed, unchanged, failed)"""
    found = re.search(r"(\d+) analysed, (\d+) unchanged, (\d+) failed", text)
    return tuple(map(int, found.groups())) if found else text


LEAK = """
int ci_leak(int a) {
  pthread_mutex_lock(&counters_lock);
  if (a)
    return 1;
  pthread_mutex_unlock(&counters_lock);
  return 0;
}
"""


def the_script(folder):
    problems = []
    first = Machine(folder, "first")
    count = len(json.loads(first.read("compile_commands.json")))
    code, said = first.run()
    expect(problems, "cold", (code, units(said)), (1, (count, 0, 0)))
    findings = len(first.results())
    expect(problems, "findings of the sample", findings >= 5, True)
    expect(problems, "the html report", os.path.exists(first.root + "/reports/overstay/index.html"),
           True)
    code, said = first.run()
    expect(problems, "cached", (code, units(said)), (1, (0, count, 0)))

    environment = {"OVERSTAY_DB": ".cache/overstay/facts.db"}
    subprocess.run([OVERSTAY, "baseline", "write"], cwd=first.root, check=True,
                   env={**first.environment, **environment}, stderr=subprocess.DEVNULL)
    first.commit()
    code, said = first.run()
    expect(problems, "with a baseline", (code, "nothing new" in said), (0, True))
    states = {result["baselineState"] for result in first.results()}
    expect(problems, "states", states, {"unchanged"})

    second = Machine(folder, "second", first)  # another machine that gets the cache
    shutil.copytree(first.root + "/.cache", second.root + "/.cache")
    code, said = second.run()
    expect(problems, "a fresh clone with the cache", (code, units(said)), (0, (0, count, 0)))

    second.write("stats.c", second.read("stats.c") + LEAK)
    code, said = second.run()
    expect(problems, "a new finding", (code, units(said), "stats.c:" in said,
                                       "reports/overstay/index.html" in said),
           (1, (1, count - 1, 0), True, True))
    new = [result["ruleId"] for result in second.results() if result["baselineState"] == "new"]
    expect(problems, "what is new", new, ["lock-leak"])
    code, said = second.run(BASE="origin/main")
    expect(problems, "against a revision", (code, "stats.c:" in said), (1, True))
    expect(problems, "of the revision", len(second.results()), 1)
    second.write("stats.c", first.read("stats.c"))
    code, said = second.run(BASE="origin/main")
    expect(problems, "mended", code, 0)
    os.unlink(second.root + "/log.c")
    code, said = second.run()
    expect(problems, "a unit that is not there", (code, "not all of the program" in said), (3, True))
    second.write(".overstay.ini", "jobs = many\n")
    expect(problems, "a mistake", second.run()[0], 2)
    return problems


def the_makefile_target(folder):
    machine = Machine(folder, "make")
    target = blocks("ci.md", "make")[0]
    with open(machine.root + "/Makefile", "a", encoding="utf-8") as file:
        file.write(target)
    os.chmod(machine.root + "/ci/overstay.sh", 0o755)
    run = subprocess.run(["make", "overstay"], cwd=machine.root, env=machine.environment,
                         check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = run.stdout.decode()
    return [] if "overstay: new findings" in said and run.returncode == 2 else [said]


def files_are_yaml(_):
    try:
        import yaml  # pylint: disable=import-outside-toplevel
    except ImportError:
        print("note: python3-yaml is not installed: the YAML files of docs/ were not read")
        return []
    problems = []
    texts = [(page, text) for page in ("ci.md", "pre-commit.md") for text in blocks(page, "yaml")]
    with open(os.path.join(ROOT, ".pre-commit-hooks.yaml"), encoding="utf-8") as file:
        texts.append((".pre-commit-hooks.yaml", file.read()))
    for page, text in texts:
        try:
            yaml.safe_load(text)
        except yaml.YAMLError as error:
            problems.append(f"{page}: {error}")
    expect(problems, "YAML files", len(texts), 5)
    return problems


COMMAND = re.compile(r"^\s*(?:\$ |- |exec |run: )?overstay ([a-z]+\b.*)", re.M)
EXPANSION = re.compile(r"\$\{\w+:\+((?:[^{}]|\$\{[^}]*\})*)\}")


def commands_of(text):
    """Command lines of a page: continued lines joined, optional parts taken in."""
    text = re.sub(r"\\\n\s*", "", text)
    for block in re.findall(r"^```.*?\n(.*?)^```", text, re.S | re.M):
        block = re.sub(r"\n\s+(?=--?\w)", " ", re.sub(r"^\s*#.*$", "", block, flags=re.M))
        yield from COMMAND.findall(EXPANSION.sub(r"\1", block))
    for code in re.findall(r"`(overstay [^`]+)`", re.sub(r"^```.*?^```", "", text,
                                                        flags=re.S | re.M)):
        yield code.replace("\n", " ").removeprefix("overstay ")


def commands_exist(_):
    """--help after them: what there is not is an error before that."""
    listed = subprocess.run([OVERSTAY, "--help"], check=True, stdout=subprocess.PIPE).stdout
    known = set(re.findall(r"^  ([a-z]+) ", listed.decode().partition("usage")[2], re.M))
    problems, count = [], 0
    pages = glob.glob(os.path.join(ROOT, "docs", "**", "*.md"), recursive=True)
    for page in [*pages, os.path.join(ROOT, "README.md")]:
        with open(page, encoding="utf-8") as file:
            text = file.read()
        for line in commands_of(text):
            command = line.split()[0]
            if command in ("completions", "manual"):
                continue
            try:
                words = shlex.split(line.replace("...", ""), comments=True)
            except ValueError:
                words = line.split()
            end = [i for i, word in enumerate(words) if word in ("&&", "||", ">", "2>&1", "|")]
            words = words[:end[0]] if end else words
            words = [word for word in words if not word.startswith("[")]  # optional ones
            run = subprocess.run([OVERSTAY, *words, "--help"], check=False, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, cwd="/")
            count += 1
            if command not in known or run.returncode != 0:
                problems.append(f"{os.path.relpath(page, ROOT)}: overstay {line}: "
                                f"{run.stderr.decode().strip()}")
    expect(problems, "enough commands were found", count > 45, True)
    return problems


def with_overstay(case):
    """The case has it in a folder bin."""
    @functools.wraps(case)
    def prepared(folder):
        os.makedirs(os.path.join(folder, "bin"))
        os.symlink(OVERSTAY, os.path.join(folder, "bin", "overstay"))
        return case(folder)
    return prepared


if __name__ == "__main__":
    cases.main([with_overstay(case) for case in (the_script, the_makefile_target, files_are_yaml,
                                                 commands_exist)], "overstay-ci-")
