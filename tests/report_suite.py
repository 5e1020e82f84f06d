#!/usr/bin/env python3
"""Reports of real runs: SARIF as its readers need it, the same findings in every format, the same
bytes in every run. $OVERSTAY is the binary. The golden files are tests/unit/report_test.c's.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import compile_commands

HERE = os.path.dirname(os.path.abspath(__file__))
OVERSTAY = os.environ.get("OVERSTAY", "overstay")
SAMPLE = os.path.join(HERE, "sample")
HOSTILE = "a b%\x1b[31m#?'é.c"
HOSTILE_TEXT = """#include <pthread.h>
static pthread_mutex_t m\u00e4\u00df = PTHREAD_MUTEX_INITIALIZER;
int hostile(int failed) {
  pthread_mutex_lock(&m\u00e4\u00df); /* \U0001f512 \x1b]8;;x\x07 */
  /* \U0001f512\U0001f512 */ if (failed)
\treturn -1;\t/* \u202e */
  pthread_mutex_unlock(&m\u00e4\u00df);
  return 0;
}
"""


def line_hashes(text):
    """GitHub's primaryLocationLineHash of every line, as codeql-action computes it."""
    raw = text.encode("utf-16-le")
    units = [raw[i] | raw[i + 1] << 8 for i in range(0, len(raw), 2)]
    size, mask = 100, (1 << 64) - 1
    window, lines, value, index = [0] * size, [0] * size, 0, 0
    first = pow(37, size, 1 << 64)
    line, at_start, after_return, counts, out = 0, True, False, {}, {}

    def put():
        key = format(value, "x")
        counts[key] = counts.get(key, 0) + 1
        out[lines[index]] = f"{key}:{counts[key]}"
        lines[index] = 0

    def roll(unit):
        nonlocal value, index
        value = (37 * value + unit - first * window[index]) & mask
        window[index] = unit
        index = (index + 1) % size

    for unit in units + [65535]:
        if unit in (32, 9) or (after_return and unit == 10):
            after_return = False
            continue
        after_return = unit == 13
        unit = 10 if unit == 13 else unit
        if lines[index]:
            put()
        if at_start:
            line += 1
            lines[index] = line
        at_start = unit == 10
        roll(unit)
    for _ in range(size):
        if lines[index]:
            put()
        roll(0)
    return out


class Suite:
    def __init__(self):
        self.passed, self.failed = 0, 0
        self.folder = tempfile.mkdtemp(prefix="overstay-report-")

    def check(self, name, problems):
        if problems:
            self.failed += 1
            print(f"{name}:\n  " + "\n  ".join(map(str, problems[:10])))
        else:
            self.passed += 1

    def run(self, root, database, *options):
        """Returns exit code and stdout; the reports go to files of the suite's folder."""
        command = [OVERSTAY, "check", "-p", root, "--db", os.path.join(self.folder, database),
                   *options]
        done = subprocess.run(command, cwd=root, capture_output=True, timeout=300)
        return done.returncode, done.stdout


def physical_problems(run, location, where):
    problems = []
    place = location.get("physicalLocation")
    if not place:
        return [f"{where}: no physicalLocation"]
    artifact = place["artifactLocation"]
    if not re.fullmatch(r"(file:///)?[A-Za-z0-9._~/%-]+", artifact["uri"]):
        problems.append(f"{where}: uri {artifact['uri']!r}")
    if artifact["uri"].startswith("file:") == ("uriBaseId" in artifact):
        problems.append(f"{where}: relative URIs, and only they, have a base")
    if run["artifacts"][artifact["index"]]["location"]["uri"] != artifact["uri"]:
        problems.append(f"{where}: artifact index")
    region = place["region"]
    start = (region["startLine"], region["startColumn"])
    if start >= (region["endLine"], region["endColumn"]) or min(start) < 1:
        problems.append(f"{where}: region {region}")
    return problems


def result_problems(run, result, where):
    problems = []
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    if rule["id"] != result["ruleId"]:
        problems.append(f"{where}: ruleIndex")
    if result["level"] not in ("error", "warning", "note"):
        problems.append(f"{where}: level")
    text = result["message"]["text"]
    if not text.endswith("."):
        problems.append(f"{where}: message has no full stop")
    ids = [location["id"] for location in result["relatedLocations"]]
    links = [int(number) for number in re.findall(r"\]\((\d+)\)", text)]
    if ids != list(range(1, len(ids) + 1)) or links != ids:
        problems.append(f"{where}: links {links}, related locations {ids}")
    if len(result["locations"]) != 1:
        problems.append(f"{where}: {len(result['locations'])} locations")
    prints = result["partialFingerprints"]
    if not re.fullmatch(r"[0-9a-f]{32}", prints["overstay/v1"]):
        problems.append(f"{where}: fingerprint")
    flow = result["codeFlows"][0]["threadFlows"][0]["locations"]
    if [step["executionOrder"] for step in flow] != list(range(1, len(flow) + 1)):
        problems.append(f"{where}: execution order")
    for location in result["locations"] + result["relatedLocations"] + \
            [step["location"] for step in flow]:
        problems += physical_problems(run, location, where)
    return problems


def rule_problems(rule, taxa):
    problems = []
    for key in ("shortDescription", "fullDescription", "help"):
        text = rule.get(key, {}).get("text", "")
        if not text or len(text) > 1024 or not text.endswith("."):
            problems.append(f"{rule['id']}: {key} {text!r}")
    if not re.fullmatch(r"([A-Z][a-z0-9]*)+", rule["name"]) or len(rule["name"]) > 255:
        problems.append(f"{rule['id']}: name {rule['name']}")
    if not isinstance(rule["properties"].get("security-severity", ""), str):
        problems.append(f"{rule['id']}: security-severity is no string")
    for relation in rule["relationships"]:
        target = relation["target"]
        if taxa[target["index"]]["id"] != target["id"]:
            problems.append(f"{rule['id']}: taxon {target}")
    return problems


def sarif_problems(log, findings):
    if log["version"] != "2.1.0" or len(log["runs"]) != 1:
        return ["version or number of runs"]
    run = log["runs"][0]
    problems = []
    for rule in run["tool"]["driver"]["rules"]:
        problems += rule_problems(rule, run["taxonomies"][0]["taxa"])
    if len(run["results"]) != len(findings):
        problems.append(f"{len(run['results'])} results, {len(findings)} findings in JSON")
    for number, result in enumerate(run["results"]):
        problems += result_problems(run, result, f"result {number}")
    return problems


def hash_problems(log, root):
    problems = []
    for result in log["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        path = bytes.fromhex(re.sub(r"%(..)|(.)", lambda m: m[1] or m[2].encode().hex(),
                                    place["artifactLocation"]["uri"])).decode()
        with open(os.path.join(root, path), encoding="utf-8", newline="") as source:
            expected = line_hashes(source.read())[place["region"]["startLine"]]
        if result["partialFingerprints"].get("primaryLocationLineHash") != expected:
            problems.append(f"{path}: line hash, expected {expected}")
    return problems


def text_problems(text, findings):
    heads = re.findall(r"^\S.*?:\d+:\d+: (?:error|warning|note): .* \[[a-z-]+\]$", text, re.M)
    problems = []
    if len(heads) != len(findings):
        problems.append(f"{len(heads)} findings as text, {len(findings)} in JSON")
    if re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text):
        problems.append("control characters reach the terminal")
    return problems


def project(suite, name, sources):
    root = os.path.join(suite.folder, name)
    os.makedirs(root)
    for path, text in sources.items():
        with open(os.path.join(root, path), "w", encoding="utf-8") as out:
            out.write(text)
    compile_commands.write(os.path.join(root, "compile_commands.json"),
                           compile_commands.entries(root, sources))
    return root


def copy_sample(suite):
    root = os.path.join(suite.folder, "sample")
    shutil.copytree(SAMPLE, root)
    sources = [name for name in os.listdir(root) if name.endswith(".c")]
    compile_commands.write(os.path.join(root, "compile_commands.json"),
                           compile_commands.entries(root, sources))
    return root


def read_outputs(suite, root, name, *options):
    """One run in all formats: exit code, SARIF, JSON, text."""
    files = {kind: os.path.join(suite.folder, f"{name}.{kind}") for kind in ("sarif", "json")}
    code, text = suite.run(root, f"{name}.db", *options,
                           *[f"-o{kind}={path}" for kind, path in files.items()])
    contents = {}
    for kind, path in files.items():
        with open(path, "rb") as file:
            contents[kind] = file.read()
    return code, contents["sarif"], contents["json"], text


def check_project(suite, name, root, least):
    code, sarif, report, text = read_outputs(suite, root, name)
    log, findings = json.loads(sarif), json.loads(report)["findings"]
    suite.check(f"{name}: findings", [] if len(findings) >= least and code == 1
                else [f"{len(findings)} findings, exit code {code}"])
    suite.check(f"{name}: sarif", sarif_problems(log, findings))
    suite.check(f"{name}: line hashes", hash_problems(log, root))
    suite.check(f"{name}: text", text_problems(text.decode(), findings))


def check_bytes(suite, root):
    first = read_outputs(suite, root, "one", "--reproducible", "-j1")
    again = read_outputs(suite, root, "one", "--reproducible", "-j1")
    other = read_outputs(suite, root, "four", "--reproducible", "-j4")
    suite.check("same bytes: second run", [] if first == again else ["differs"])
    suite.check("same bytes: four workers", [] if first == other else ["differs"])
    suite.check("reproducible: no paths of this machine",
                [kind for kind, content in zip(("code", "sarif", "json", "text"), first)
                 if isinstance(content, bytes) and suite.folder.encode() in content])


def check_failed_units(suite):
    root = project(suite, "broken", {"good.c": "int good(void) { return 0; }\n",
                                     "bad.c": "#include \"absent.h\"\n"})
    rows = compile_commands.entries(root, ["good.c", "bad.c", "lost.c"])
    compile_commands.write(os.path.join(root, "compile_commands.json"), rows)
    code, sarif, report, _ = read_outputs(suite, root, "broken")
    run = json.loads(sarif)["runs"][0]
    told = [note for note in run["invocations"][0]["toolExecutionNotifications"]
            if note["descriptor"]["id"] == "unit-failed"]
    units = json.loads(report)["not_checked"]["units"]
    problems = []
    if len(told) != len(units) or "lost.c" not in [unit["source"] for unit in units]:
        problems.append(f"{len(told)} notifications, {units}")
    if code != 3 or run["invocations"][0]["exitCode"] != 3:
        problems.append(f"exit code {code}")
    suite.check("failed units are told", problems)


ACCEPTED = """#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int gives_up(int failed) {
  pthread_mutex_lock(&m);
  if (failed)
    return -1; /* overstay-allow(lock-leak): the caller gives it back */
  pthread_mutex_unlock(&m);
  return 0;
}
int main(int count, char **arguments) {
  (void)arguments;
  return gives_up(count);
}
"""


def explain(root, database, what):
    done = subprocess.run([OVERSTAY, "explain", "-p", root, "--db", database, what], cwd=root,
                          capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout, done.stderr


def check_explain(suite, root):
    """Every finding by its fingerprint, one that a comment accepts, and what there is not."""
    _, _, report, _ = read_outputs(suite, root, "explained", "--min-confidence", "info")
    database, problems = os.path.join(suite.folder, "explained.db"), []
    findings = json.loads(report)["findings"]
    for finding in findings:
        code, text, _ = explain(root, database, finding["fingerprint"])
        wanted = [f'{finding["message"]} [{finding["rule"]}]', finding["fingerprint"],
                  f'confidence   {finding["confidence"]}', " runs ", finding["first_seen"]]
        problems += [f"{code}, no {part!r} in {text}" for part in wanted if code or part not in text]
        place = f'{finding["location"]["path"]}:{finding["location"]["line"]}'
        code, text, told = explain(root, database, place)
        if finding["fingerprint"] not in text + told or (code and "several" not in told):
            problems.append(f"{place}: {code}, {told}")
    suite.check("explain: each finding", problems if findings else ["no findings"])
    accepted = project(suite, "accepted", {"a.c": ACCEPTED})
    _, _, report, _ = read_outputs(suite, accepted, "accepted")
    suppressed = json.loads(report)["suppressed"]
    database = os.path.join(suite.folder, "accepted.db")
    code, text, _ = explain(accepted, database, suppressed[0]["fingerprint"][:12])
    suite.check("explain: an accepted one", [] if "comment in line 6: the caller gives it back"
                in text and "'gives_up' (a.c) runs once" in text else [f"{code}: {text}"])
    outcomes = [explain(accepted, database, what) for what in ("gives_up", "lock-leak", "dead", "no")]
    suite.check("explain: exit codes", [] if [outcome[0] for outcome in outcomes] == [0, 0, 2, 2]
                else [outcome[::2] for outcome in outcomes])


def check_hash_oracle(suite):
    """Test values of codeql-action's own fingerprints.test.ts."""
    problems = []
    if line_hashes("") != {1: "c129715d7a2bc9a3:1"}:
        problems.append("empty file")
    hashes = line_hashes(" a\nb\n  \t\tc\n d")
    if [hashes[1], hashes[2]] != ["271789c17abda88f:1", "54703d4cd895b18:1"]:
        problems.append(hashes)
    suite.check("line hash oracle", problems)


def main():
    suite = Suite()
    try:
        check_hash_oracle(suite)
        sample = copy_sample(suite)
        check_project(suite, "sample", sample, 1)
        check_project(suite, "hostile", project(suite, "hostile", {HOSTILE: HOSTILE_TEXT}), 1)
        check_bytes(suite, sample)
        check_failed_units(suite)
        check_explain(suite, sample)
    finally:
        shutil.rmtree(suite.folder)
    print(f"{suite.passed} passed, {suite.failed} failed")
    sys.exit(bool(suite.failed))


if __name__ == "__main__":
    main()
