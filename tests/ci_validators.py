#!/usr/bin/env python3
"""Asks those who know whether the files of docs/ci.md are right: GitHub's own parser of workflows, the
schema of .gitlab-ci.yml that gitlab-ci-local has, and Groovy's parser for the Jenkinsfile; and a shell,
for every script in them. usage: ci_validators.py [FOLDER]

This is not a part of `./dev test`, since it needs node, npm, java and the packages below, which are put
into FOLDER (build/ci-validators). Of Azure's pipelines npm has no schema: of that file only the shape is
known, which ci_suite.py reads. None of them is a run on the service itself.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import ci_suite
import report_suite

# The newest that node 20 runs.
PACKAGES = {"@actions/workflow-parser": "0.3.61", "esbuild": "0.28.2", "gitlab-ci-local": "4.61.1",
            "npm-groovy-lint": "18.0.0"}
WORKFLOW = """
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import fs from 'fs';
async function main() {
  const name = process.argv[2];
  const read = parseWorkflow({name, content: fs.readFileSync(name, 'utf8')}, new NoOperationTraceWriter());
  for (const error of read.context.errors.getErrors())
    console.log(error.message);
  if (!read.value)
    return console.log('no workflow');
  for (const error of (await convertWorkflowTemplate(read.context, read.value)).errors || [])
    console.log(error.Message);
}
main();
"""
PARSE = "new GroovyShell().parse(new File(args[0]))"


def run(command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          timeout=300, **more)
    return done.returncode, done.stdout.decode(errors="replace")


def install(folder):
    os.makedirs(folder, exist_ok=True)
    modules = os.path.join(folder, "node_modules")
    missing = [f"{name}@{version}" for name, version in PACKAGES.items()
               if not os.path.isdir(os.path.join(modules, name))]
    if missing:
        subprocess.run(["npm", "install", "--prefix", folder, *missing], check=True,
                       stdout=subprocess.DEVNULL)
    source = os.path.join(folder, "workflow.mjs")
    with open(source, "w", encoding="utf-8") as out:
        out.write(WORKFLOW)
    # The parser imports JSON in a way that not every node knows.
    subprocess.run([os.path.join(modules, ".bin/esbuild"), source, "--bundle", "--platform=node",
                    "--format=cjs", "--log-level=error", f"--outfile={folder}/workflow.cjs"],
                   check=True)


def save(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def github_problems(folder, place, text):
    code, said = run(["node", os.path.join(folder, "workflow.cjs"), save(place, "github.yml", text)])
    return said.splitlines() or ([f"exit {code}"] if code else [])


def gitlab_problems(folder, place, text):
    root = tempfile.mkdtemp(dir=place)
    save(root, ".gitlab-ci.yml", text)
    for words in (["init", "-q", "-b", "main"], ["remote", "add", "origin", "https://example.org/a/b.git"],
                  ["commit", "-q", "--allow-empty", "-m", "all"]):
        subprocess.run(["git", "-C", root, *words], check=True, env=ci_suite.ENVIRONMENT)
    tool = os.path.join(folder, "node_modules/gitlab-ci-local/src/index.js")
    code, said = run(["node", tool, "--list-all"], cwd=root, env=ci_suite.ENVIRONMENT)
    return [] if not code and "json schema validated" in said and "overstay" in said else [said]


def jenkins_problems(folder, place, text):
    jars = os.path.join(folder, "node_modules/npm-groovy-lint/lib/java/groovy/lib/*")
    code, said = run(["java", "-cp", jars, "groovy.ui.GroovyMain", "-e", PARSE,
                      save(place, "Jenkinsfile", text)])
    return [said] if code else []


def scripts(text):
    """The blocks that a shell runs, in any of the files; what the service fills in is a word."""
    found = re.findall(r"^( *)(?:- )?(?:run|script): \|\n((?:(?:\1 +.*)?\n)+)", text, re.M)
    bodies = [body for _, body in found] + re.findall(r"sh '''\n(.*?)'''", text, re.S)
    bodies += ["\n".join(re.findall(r"^    - (.*(?:\n      -[fo].*)?)$", text, re.M))] \
        if "before_script" in text else []
    return [re.sub(r"\$\{\{.*?\}\}|\$\([\w.]+\)", "word", body) for body in bodies]


def shell_problems(text):
    problems = []
    for script in scripts(text):
        code, said = run(["sh", "-n"], input=script.encode())
        problems += [said] if code else []
    return problems


def main():
    folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else
                             os.path.join(ci_suite.ROOT, "build/ci-validators"))
    install(folder)
    github, gitlab, azure = ci_suite.blocks("ci.md", "yaml")[:3]
    jenkins = ci_suite.blocks("ci.md", "groovy")[0]
    suite, place = report_suite.Suite(), tempfile.mkdtemp(prefix="overstay-ci-")
    planted = (("GitHub", github_problems, github, "runs-on", "runs-onn"),
               ("GitHub's expressions", github_problems, github, "github.run_id", "nobody.run_id"),
               ("GitLab", gitlab_problems, gitlab, "codequality:", "codequalty:"),
               ("Jenkins", jenkins_problems, jenkins, "steps {", "steps {{"))
    try:
        for name, ask, text, old, new in planted:
            suite.check(name, ask(folder, place, text))
            broken = text.replace(old, new)
            suite.check(f"{name}: sees a fault",
                        [] if broken != text and ask(folder, place, broken) else ["it does not"])
        for name, text, count in (("GitHub", github, 2), ("GitLab", gitlab, 1), ("Azure", azure, 2),
                                  ("Jenkins", jenkins, 1)):
            found = len(scripts(text))
            suite.check(f"{name}: scripts", shell_problems(text) if found == count
                        else [f"{found} scripts and not {count}"])
    finally:
        shutil.rmtree(place)
        shutil.rmtree(suite.folder)
    print(f"{suite.passed} passed, {suite.failed} failed")
    sys.exit(bool(suite.failed))


if __name__ == "__main__":
    main()
