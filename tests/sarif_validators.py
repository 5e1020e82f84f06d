#!/usr/bin/env python3
"""Asks those who know whether our SARIF is right: ajv with both published schemas, and the validator of
the SARIF SDK. usage: sarif_validators.py [FOLDER] ; $OVERSTAY is the binary.

This is not a part of `./dev test`, since it needs node, npm and the packages below, which are put into
FOLDER (build/validators). The validator's exit code says nothing: it is 0 with errors. So its own log
is read: no errors, no warnings. A build that does not know where the project lives (cmake
-DOVERSTAY_URL=) has one warning, which is told.
"""
import collections
import json
import os
import shutil
import subprocess
import sys

import formats_suite
import report_suite

PACKAGES = ("ajv", "ajv-formats", "ajv-draft-04", "@microsoft/sarif-multitool",
            "@microsoft/jest-sarif")
SCHEMAS = ("@microsoft/sarif-multitool-linux/sarif-2.1.0.json",
           "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json")
OWN_SCHEMA = formats_suite.SCHEMA
AJV = """
const fs = require('fs');
const read = path => JSON.parse(fs.readFileSync(path, 'utf8').replace(/^\\uFEFF/, ''));
const [schemaPath, ...logs] = process.argv.slice(2);
const schema = read(schemaPath);
const draft = schema.$schema;
const Ajv = draft.includes('2020') ? require('ajv/dist/2020') : draft.includes('draft-04')
  ? require('ajv-draft-04') : require('ajv');
const ajv = new (Ajv.default || Ajv)({allErrors: true, strict: false,
  unicodeRegExp: draft.includes('2020')});
require('ajv-formats')(ajv);
const validate = ajv.compile(schema);
for (const log of logs)
  if (!validate(read(log)))
    for (const error of validate.errors.slice(0, 5))
      console.log(log + ': ' + error.instancePath + ' ' + error.message);
"""
MULTITOOL = "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
NO_URL = "SARIF2005"
# Notes that are as it is meant to be: no network, ids that are names, no more context than the lines,
# no page of our own for the two rules about comments, no contents of files.
NOTES = {"SARIF2006", "SARIF2009", "SARIF2011", "SARIF2012", "SARIF2013"}
NO_REPOSITORY = "SARIF2003"


def install(folder):
    os.makedirs(folder, exist_ok=True)
    missing = [package for package in PACKAGES
               if not os.path.isdir(os.path.join(folder, "node_modules", package))]
    if missing:
        subprocess.run(["npm", "install", "--prefix", folder, *missing], check=True,
                       stdout=subprocess.DEVNULL)
    os.chmod(os.path.join(folder, MULTITOOL), 0o755)  # npm may leave scripts of packages out


def ajv_problems(folder, schema, logs):
    script = os.path.join(folder, "validate.js")
    with open(script, "w", encoding="utf-8") as out:
        out.write(AJV)
    done = subprocess.run(["node", script, schema, *logs], capture_output=True, text=True,
                          check=False)
    return (done.stdout + done.stderr).splitlines()


def multitool_problems(folder, log, kinds):
    tool = os.path.join(folder, MULTITOOL)
    out = log + ".validated"
    subprocess.run([tool, "validate", log, "-o", out, "--log", "ForceOverwrite", "--level",
                    "Error;Warning;Note", "--rule-kind", kinds], check=True,
                   stdout=subprocess.DEVNULL,
                   env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"})
    with open(out, encoding="utf-8-sig") as file:
        results = [result for run in json.load(file)["runs"] for result in run["results"]]
    counts = collections.Counter((result["ruleId"], result.get("level", "warning"))
                                 for result in results)
    print(f"  {os.path.basename(log)}: " + ", ".join(f"{rule} {level} {count}" for (rule, level), count
                                                     in sorted(counts.items())))
    if not results:
        return ["the validator said nothing at all: it did not read the log"]
    with open(log, encoding="utf-8") as file:
        has_url = "informationUri" in json.load(file)["runs"][0]["tool"]["driver"]
    in_git = os.path.basename(log).startswith("sample")
    return [f"{log}: {rule} {level}" for (rule, level) in counts
            if (level != "note" and (has_url or rule != NO_URL)) or
            (level == "note" and rule not in NOTES and (in_git or rule != NO_REPOSITORY))]


def planted_problems(folder, schema, log):
    """The validators see what is wrong, or they are no validators."""
    with open(log, encoding="utf-8") as file:
        broken = json.load(file)
    broken["runs"][0]["results"][0]["level"] = "terrible"
    path = log + ".broken"
    with open(path, "w", encoding="utf-8") as out:
        json.dump(broken, out)
    return [] if ajv_problems(folder, schema, [path]) else [f"{schema} takes a level of 'terrible'"]


def git(root, *words):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words], cwd=root,
                   check=True, stdout=subprocess.DEVNULL)


def logs_of(suite):
    sample = report_suite.copy_sample(suite)
    git(sample, "init", "-q")
    git(sample, "add", ".")
    git(sample, "commit", "-q", "-m", "all")
    git(sample, "remote", "add", "origin", "https://example.org/sample.git")
    hostile = report_suite.project(suite, "hostile",
                                   {report_suite.HOSTILE: report_suite.HOSTILE_TEXT})
    accepted = report_suite.project(suite, "accepted", {"a.c": report_suite.ACCEPTED})
    nothing = report_suite.project(suite, "nothing", {"a.c": "int a(void) { return 0; }\n"})
    broken = report_suite.project(suite, "broken", {"a.c": formats_suite.HEAD +
                                                    formats_suite.LEAK.format("b"), "lost.c": ""})
    os.remove(os.path.join(broken, "lost.c"))
    logs = []
    for root in (sample, hostile, accepted, nothing, broken):
        name = os.path.basename(root)
        formats_suite.read_all(suite, root, name, "--min-confidence", "info")
        logs.append(os.path.join(suite.folder, name + ".sarif"))
    subprocess.run([formats_suite.OVERSTAY, "baseline", "write", "-q", "-p", sample], cwd=sample,
                   check=True)
    formats_suite.read_all(suite, sample, "sample-known", "--baseline", ".overstay-baseline.jsonl")
    logs.append(os.path.join(suite.folder, "sample-known.sarif"))
    formats_suite.read_all(suite, sample, "azure", "--sarif-profile", "azure",
                           environment=formats_suite.AZURE)
    gone = formats_suite.gone_project(suite, "gone")
    git(gone, "init", "-q")
    git(gone, "remote", "add", "origin", "https://example.org/gone.git")
    formats_suite.read_all(suite, gone, "azure-gone", "--sarif-profile", "azure", "--baseline",
                           formats_suite.BASELINE, environment=formats_suite.AZURE)
    return logs, [os.path.join(suite.folder, name + ".sarif") for name in ("azure", "azure-gone")]


def main():
    folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else
                             os.path.join(os.path.dirname(formats_suite.HERE), "build/validators"))
    install(folder)
    suite = report_suite.Suite()
    try:
        logs, azure = logs_of(suite)
        for schema in SCHEMAS:
            path = os.path.join(folder, "node_modules", schema)
            suite.check(f"ajv: {schema}", ajv_problems(folder, path, [*logs, *azure]))
            suite.check(f"ajv sees faults: {schema}", planted_problems(folder, path, logs[0]))
        suite.check("ajv: docs/json.schema.json", ajv_problems(folder, OWN_SCHEMA, [
            log.removesuffix(".sarif") + ".json" for log in logs]))
        for log in logs:
            suite.check(f"validator: {os.path.basename(log)}",
                        multitool_problems(folder, log, "Sarif;Ghas"))
        for log in azure:
            suite.check(f"validator: {os.path.basename(log)}",
                        multitool_problems(folder, log, "Sarif;Ghas;GHAzDO"))
    finally:
        shutil.rmtree(suite.folder)
    print(f"{suite.passed} passed, {suite.failed} failed")
    sys.exit(bool(suite.failed))


if __name__ == "__main__":
    main()
