#!/usr/bin/env python3
"""The reports that other programs read: JSON as its schema says, SARIF with what GitHub requires, with
GitLab's and GitHub's own formats, on real runs - also on line ends and names that were made to break
them, and on more findings than a log may hold. $OVERSTAY is the binary. tests/sarif_validators.py asks
the published validators, too.
"""
import fcntl
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios

import json_schema
import report_suite

HERE = os.path.dirname(os.path.abspath(__file__))
OVERSTAY = os.environ.get("OVERSTAY", "overstay")
SCHEMA = os.path.join(os.path.dirname(HERE), "docs", "json.schema.json")
FORMATS = ("json", "sarif", "gitlab", "github")
MOST = 5000
LEAK = """int take_{0}(int failed) {{
  pthread_mutex_lock(&m);
  if (failed)
    return -1;
  pthread_mutex_unlock(&m);
  return 0;
}}
"""
BASELINE = ".overstay-baseline.jsonl"
HEAD = "#include <pthread.h>\nstatic pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\n"
# Lines that end in CR, in CRLF and in both; tabs; characters beyond the first plane; equal lines.
ENDS = (HEAD.replace("\n", "\r\n") + LEAK.format("crlf").replace("\n", "\r\n") +
        LEAK.format("tabs").replace("  ", "\t \t") + "/* one\rtwo\r\nthree \U0001f512\U0001f511 */\n" +
        LEAK.format("locks").replace("return -1;", "return -1; /* \U0001f512 \u00e9 */") +
        LEAK.format("again") + LEAK.format("last").rstrip("\n"))
AZURE = {"TF_BUILD": "True", "SYSTEM_COLLECTIONURI": "https://dev.azure.com/contoso/",
         "SYSTEM_TEAMPROJECTID": "11111111-1111-1111-1111-111111111111",
         "BUILD_DEFINITIONID": "1234", "BUILD_DEFINITIONNAME": "Nightly", "BUILD_BUILDID": "98765",
         "SYSTEM_PHASEID": "22222222-2222-2222-2222-222222222222", "SYSTEM_PHASENAME": "Build",
         "BUILD_SOURCEBRANCH": "refs/heads/main"}


def read_all(suite, root, name, *options, environment=None):
    files = {kind: os.path.join(suite.folder, f"{name}.{kind}") for kind in FORMATS}
    command = [OVERSTAY, "check", "-p", root, "--db", os.path.join(suite.folder, name + ".db"),
               *options, *[f"-o{kind}={path}" for kind, path in files.items()]]
    done = subprocess.run(command, cwd=root, capture_output=True, timeout=300, check=False,
                          env={**os.environ, **(environment or {})})
    if done.returncode > 1 and done.returncode != 3:
        raise ValueError(done.stderr.decode())
    texts = {}
    for kind, path in files.items():
        with open(path, encoding="utf-8", newline="") as file:
            texts[kind] = file.read()
    return texts


def schema_problems(text):
    with open(SCHEMA, encoding="utf-8") as file:
        return json_schema.problems_of(json.loads(text), json.load(file))


def check_schema_checks(suite):
    """A test that cannot fail is none: what is wrong with a report is seen."""
    with open(os.path.join(HERE, "report", "findings.json"), encoding="utf-8") as file:
        good = json.load(file)
    with open(SCHEMA, encoding="utf-8") as file:
        schema = json.load(file)
    changes = [lambda r: r.pop("counts"), lambda r: r.update(schema=2), lambda r: r.update(other=1),
               lambda r: r["findings"][0].update(severity="bad"),
               lambda r: r["findings"][0]["location"].update(line=0),
               lambda r: r["findings"][0].update(fingerprint="xyz"),
               lambda r: r["findings"][0]["steps"][0].pop("text")]
    unseen = []
    for number, change in enumerate(changes):
        report = json.loads(json.dumps(good))
        change(report)
        if not json_schema.problems_of(report, schema):
            unseen.append(f"change {number} is not seen")
    suite.check("schema: golden", json_schema.problems_of(good, schema))
    suite.check("schema: sees changes", unseen)


# ---- GitHub code scanning: what its documentation requires, and its limits

def required_problems(log):
    problems = []
    if log["$schema"].rsplit("/", 1)[1] != "sarif-schema-2.1.0.json" or log["version"] != "2.1.0":
        problems.append("schema or version")
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        problems += [f"driver: no {key}" for key in ("name", "rules", "fullName", "semanticVersion")
                     if not driver.get(key)]
        for rule in driver["rules"]:
            for path in ("id", "shortDescription.text", "fullDescription.text", "help.text",
                         "help.markdown", "defaultConfiguration.level", "properties.tags",
                         "properties.precision", "properties.problem.severity"):
                value, keys = rule, path.split(".")
                keys = keys if keys[-2:] != ["problem", "severity"] else ["properties",
                                                                        "problem.severity"]
                for key in keys:
                    value = value.get(key) if isinstance(value, dict) else None
                if not value and not (path == "help.markdown" and rule["id"].startswith("allow-")):
                    problems.append(f"{rule['id']}: no {path}")
            if len(rule["properties"]["tags"]) > 20 or len(rule["name"]) > 255:
                problems.append(f"{rule['id']}: more than GitHub takes")
            level = rule["properties"].get("security-severity")
            if level is not None and not 0 < float(level) <= 10:
                problems.append(f"{rule['id']}: security-severity {level}")
        for number, result in enumerate(run["results"]):
            problems += result_required(result, f"result {number}")
    return problems


def result_required(result, where):
    region = result["locations"][0]["physicalLocation"]["region"]
    problems = [f"{where}: no {key}" for key in ("startLine", "startColumn", "endLine", "endColumn")
                if key not in region]
    if not result["message"]["text"] or "level" not in result or "ruleId" not in result:
        problems.append(f"{where}: message, level or rule")
    if "primaryLocationLineHash" not in result["partialFingerprints"]:
        problems.append(f"{where}: no line hash")
    if len(result["relatedLocations"]) > 1000:
        problems.append(f"{where}: too many locations")
    return problems


# ---- GitLab, GitHub annotations

def gitlab_problems(text, findings):
    entries, problems = json.loads(text), []
    if len(entries) != len(findings):
        problems.append(f"{len(entries)} entries, {len(findings)} findings")
    for entry in entries:
        path = entry["location"]["path"]
        if set(entry) != {"description", "check_name", "fingerprint", "severity", "location"}:
            problems.append(f"keys: {sorted(entry)}")
        if entry["severity"] not in ("info", "minor", "major", "critical", "blocker"):
            problems.append(f"severity {entry['severity']}")
        if path.startswith("./") or entry["location"]["lines"]["begin"] < 1:
            problems.append(f"place {entry['location']}")
    if len({entry["fingerprint"] for entry in entries}) != len(entries):
        problems.append("a fingerprint stands there twice")
    return problems


def unescaped(text):
    return re.sub(r"%(0D|0A|3A|2C|25)", lambda match: chr(int(match[1], 16)), text)


def github_problems(text, findings):
    """Reads the commands as the runner does."""
    problems, places = [], []
    lines = text.split("\n")
    for line in lines[:-1]:
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        if not match or re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]", line):
            problems.append(f"no command: {line!r}")
            continue
        named = dict(part.split("=", 1) for part in match[2].split(","))
        places.append((unescaped(named["file"]), int(named["line"]), named["title"]))
        if ("col" in named) != (named["line"] == named["endLine"]):
            problems.append(f"columns of several lines: {line!r}")
    wanted = [(report_suite_visible(finding["location"]["path"]), finding["location"]["line"],
               finding["rule"]) for finding in findings]
    if sorted(places) != sorted(wanted):
        problems.append(f"places {sorted(places)[:3]}, not {sorted(wanted)[:3]}")
    words = re.findall(r"^::(error|warning|notice)", text, re.M)
    if words != sorted(words, key=("error", "warning", "notice").index):
        problems.append("not the worst first")
    return problems


def report_suite_visible(text):
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]",
                  lambda match: f"<U+{ord(match[0]):04X}>", text)


def check_project(suite, name, root, *options):
    texts = read_all(suite, root, name, *options)
    findings = json.loads(texts["json"])["findings"]
    log = json.loads(texts["sarif"])
    suite.check(f"{name}: some", [] if findings else ["none"])
    suite.check(f"{name}: schema", schema_problems(texts["json"]))
    suite.check(f"{name}: GitHub's required", required_problems(log))
    suite.check(f"{name}: gitlab", gitlab_problems(texts["gitlab"], findings))
    suite.check(f"{name}: github", github_problems(texts["github"], findings))
    return log, findings


def check_line_ends(suite):
    root = report_suite.project(suite, "ends", {})
    with open(os.path.join(root, "ends.c"), "w", encoding="utf-8", newline="") as out:
        out.write(ENDS)
    report_suite.compile_commands.write(os.path.join(root, "compile_commands.json"),
                                        report_suite.compile_commands.entries(root, ["ends.c"]))
    log, findings = check_project(suite, "ends", root)
    suite.check("ends: hashes", report_suite.hash_problems(log, root))
    hashes = [result["partialFingerprints"]["primaryLocationLineHash"]
              for result in log["runs"][0]["results"]]
    suite.check("ends: all found", [] if len(findings) == 5 and len(set(hashes)) == 5
                else [len(findings), hashes])
    columns = {result["locations"][0]["physicalLocation"]["region"]["snippet"]["text"]
               for result in log["runs"][0]["results"]}
    suite.check("ends: regions", [] if columns == {"return -1"} else list(columns))


def check_too_many(suite):
    """The worst are kept, and a notification says how many are not there."""
    count = MOST + 20
    notes = "".join(f"/* overstay-allow(lock-unheld): number {i} */\n" for i in range(3))
    sources = {f"f{i}.c": HEAD + "".join(LEAK.format(i * 100 + k) for k in range(100))
               for i in range(count // 100)}
    sources["last.c"] = HEAD + "".join(LEAK.format(MOST + k) for k in range(count % 100)) + notes
    root = report_suite.project(suite, "many", sources)
    texts = read_all(suite, root, "many", "-j2")
    run = json.loads(texts["sarif"])["runs"][0]
    told = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]
            if note["descriptor"]["id"] == "results-left-out"]
    total = len(json.loads(texts["json"])["findings"])
    problems = [] if len(run["results"]) == MOST and total == count + len(sources) * 0 + 3 else \
        [f"{len(run['results'])} results, {total} findings"]
    if len(told) != 1 or not told[0].startswith(f"{total - MOST} more results"):
        problems.append(f"told: {told}")
    if {result["level"] for result in run["results"]} != {"error"}:
        problems.append("notes are kept, and errors left out")
    suite.check("too many for a log", problems)


def check_details(suite, root):
    def details(*options, environment=None):
        texts = read_all(suite, root, "details", *options, environment=environment)
        return json.loads(texts["sarif"])["runs"][0].get("automationDetails")

    none = dict.fromkeys(AZURE, "")
    problems = []
    if details() is not None or details("--sarif-category", "nightly") != {"id": "nightly/"}:
        problems.append("category")
    if details("--sarif-profile", "azure", environment=none) != {"id": "overstay/"}:
        problems.append("azure outside of a pipeline")
    inside = details("--sarif-profile", "azure", environment=AZURE)
    phase = AZURE["SYSTEM_PHASEID"]
    if inside["id"] != ("azuredevops/pipeline/build/contoso/11111111-1111-1111-1111-111111111111/"
                        f"1234/{phase}/refs/heads/main/98765") or \
            inside["properties"]["azuredevops/pipeline/build/phaseId"] != phase:
        problems.append(f"azure in a pipeline: {inside}")
    older = {**AZURE, "SYSTEM_COLLECTIONURI": "https://contoso.visualstudio.com/"}
    if details("--sarif-profile", "azure", environment=older)["id"] != inside["id"]:
        problems.append("azure with the older address")
    part = {**AZURE, "BUILD_BUILDID": ""}
    if details("--sarif-profile", "azure", environment=part) != {"id": "overstay/"}:
        problems.append("azure: something is made up")
    suite.check("automation details", problems)


def check_suppressions(suite):
    root = report_suite.project(suite, "accepted", {"a.c": report_suite.ACCEPTED})
    texts = read_all(suite, root, "accepted")
    results = json.loads(texts["sarif"])["runs"][0]["results"]
    suite.check("suppressions", [] if [result.get("suppressions") for result in results] == [[{
        "kind": "inSource", "justification": "the caller gives it back"}]] else results)
    suite.check("suppressions: others leave them out",
                [] if json.loads(texts["gitlab"]) == [] and texts["github"] == "" else [texts])
    suite.check("suppressions: schema", schema_problems(texts["json"]))


def gone_project(suite, name):
    """Two findings in the baseline, of which one is mended since."""
    both = HEAD + LEAK.format("stays") + "static " + LEAK.format("goes")
    both += "int call(int n) { return take_goes(n); }\n"
    root = report_suite.project(suite, name, {"a.c": both})
    subprocess.run([OVERSTAY, "baseline", "write", "-q"], cwd=root, check=True, timeout=300)
    with open(os.path.join(root, "a.c"), "w", encoding="utf-8") as out:
        out.write(both.replace(LEAK.format("goes"), "int take_goes(int n) { return n; }\n"))
    return root


def check_absent(suite):
    """Only Azure hears of what is gone: GitHub would open an alert for it."""
    root = gone_project(suite, "absent")

    def states(*options):
        texts = read_all(suite, root, "absent", *options)
        suite.check("absent: schema", schema_problems(texts["json"]))
        return json.loads(texts["sarif"])["runs"][0]["results"]

    azure = ("--sarif-profile", "azure")
    known = [result.get("baselineState") for result in states("--baseline", BASELINE)]
    suite.check("gone: not for others", [] if known == ["unchanged"] else known)
    plain = [result.get("baselineState") for result in states(*azure)]
    suite.check("gone: not without a baseline", [] if plain == [None] else plain)
    results = states(*azure, "--baseline", BASELINE)
    problems = []
    if [result["baselineState"] for result in results] != ["unchanged", "absent"]:
        problems.append(results)
    else:
        place = results[1]["locations"][0]
        with open(os.path.join(root, BASELINE), encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        old = [line["fingerprint"] for line in lines if line["function"] == "a.c:take_goes"]
        if [results[1]["partialFingerprints"]["overstay/v1"]] != old or \
                place["physicalLocation"]["artifactLocation"]["uri"] != "a.c" or \
                place["logicalLocations"][0]["fullyQualifiedName"] != "a.c:take_goes" or \
                (results[1]["ruleId"], results[1]["level"]) != ("lock-leak", "error"):
            problems.append(results[1])
    suite.check("gone: for azure", problems)


def check_header_once(suite):
    """What stands in a header that many units read is told once, in every format."""
    header = "#ifndef H\n#define H\n" + HEAD + "static inline " + LEAK.format("in_header") + "#endif\n"
    sources = {f"unit{i}.c": f'#include "once.h"\nint call_{i}(void) {{ return take_in_header({i}); }}\n'
               for i in range(5)}
    root = report_suite.project(suite, "once", sources)
    with open(os.path.join(root, "once.h"), "w", encoding="utf-8") as out:
        out.write(header)
    texts = read_all(suite, root, "once")
    code, text = suite.run(root, "once.db")
    counts = [len(json.loads(texts["json"])["findings"]), len(json.loads(texts["gitlab"])),
              len(json.loads(texts["sarif"])["runs"][0]["results"]), texts["github"].count("::error"),
              text.decode().count("[lock-leak]"), code]
    suite.check("a header's finding once", [] if counts == [1] * 6 else [counts])


def check_held_locks(suite, log):
    """The code flow says what is held: from where it is taken until it is given back."""
    problems = []
    for result in log["runs"][0]["results"]:
        if result["ruleId"] != "lock-leak":
            continue
        flow = result["codeFlows"][0]["threadFlows"][0]["locations"]
        states = [list(step.get("state", {}).values()) for step in flow]
        if not states[-1] or states[-1][0]["text"] != "held":
            problems.append(f"{result['message']['text']}: {states}")
    suite.check("held locks in the code flow", problems)


def check_threads(suite, log):
    """A thread that the path leads into has a flow of its own, with the steps that run in it."""
    flows = [result["codeFlows"][0]["threadFlows"] for result in log["runs"][0]["results"]
             if result["ruleId"] == "thread-unjoined"]
    problems = [] if len(flows) == 1 and len(flows[0]) == 2 else [f"{len(flows)} flows"]
    for whole, own in flows:
        if own["id"] != "thread that runs 'worker'" or not own["locations"]:
            problems.append(f"no name: {own.get('id')}")
        if own["locations"] != whole["locations"][-len(own["locations"]):]:
            problems.append("other steps")
        texts = [step["location"]["message"]["text"] for step in whole["locations"]]
        if "started as a thread" not in texts[len(texts) - len(own["locations"]) - 1]:
            problems.append(f"not what follows the start: {texts}")
    suite.check("threads in the code flow", problems)


def on_terminal(root, database, columns, environment):
    """What a terminal of that width is sent."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    clean = {name: value for name, value in os.environ.items()
             if name not in ("NO_COLOR", "TERM", "TERM_PROGRAM", "VTE_VERSION", "FORCE_HYPERLINK",
                             "CLICOLOR_FORCE", "KITTY_WINDOW_ID", "WT_SESSION")}
    process = subprocess.Popen([OVERSTAY, "report", "-q", "-p", root, "--db", database], cwd=root,
                               stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.DEVNULL,
                               env={**clean, **environment})
    os.close(theirs)
    text = b""
    try:
        while more := os.read(ours, 1 << 16):
            text += more
    except OSError:  # the other end is gone: that is the end of a terminal
        pass
    process.wait(60)
    os.close(ours)
    return text.decode().replace("\r\n", "\n")


def check_terminal(suite, root):
    database = os.path.join(suite.folder, "sample.db")
    link, colour = "\x1b]8;;file://", "\x1b["
    wide = on_terminal(root, database, 200, {"TERM": "xterm-256color", "FORCE_HYPERLINK": "1"})
    problems = [] if link in wide and colour in wide else ["no links or colours"]
    for environment in ({"TERM": "xterm-256color"}, {"TERM": "dumb", "FORCE_HYPERLINK": "1"},
                        {"TERM": "xterm", "NO_COLOR": "1", "FORCE_HYPERLINK": "1"},
                        {"TERM": "xterm", "VTE_VERSION": "4000"}):
        text = on_terminal(root, database, 200, environment)
        if link in text or (colour in text) != (len(environment) == 1 or "VTE_VERSION" in environment):
            problems.append(f"{environment}: links or colours")
    for known in ({"VTE_VERSION": "7200"}, {"KITTY_WINDOW_ID": "1"}, {"TERM_PROGRAM": "vscode"},
                  {"TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.4"}):
        if link not in on_terminal(root, database, 200, {"TERM": "xterm", **known}):
            problems.append(f"{known}: no links")
    if link in on_terminal(root, database, 200, {"TERM": "xterm", "TERM_PROGRAM": "tmux",
                                                 "TERM_PROGRAM_VERSION": "3.2a"}):
        problems.append("links in an old tmux")
    piped = subprocess.run([OVERSTAY, "report", "-q", "-p", root, "--db", database], cwd=root,
                           capture_output=True, text=True, check=False,
                           env={**os.environ, "FORCE_HYPERLINK": "1", "TERM": "xterm"}).stdout
    suite.check("terminal: links and colours", problems + (["in a pipe"] if "\x1b" in piped else []))
    narrow = on_terminal(root, database, 60, {"TERM": "dumb"})
    lines = [line for line in narrow.split("\n") if re.match(r" *\d* \| .*note: ", line)]
    beside = [line for line in lines if len(line) > 60 and not re.match(r" +\| note: ", line)]
    words = re.findall(r"note: (.*)", wide.replace("\x1b[0m", "").replace("\x1b[1;36m", ""))
    suite.check("terminal: notes that do not fit", beside + ([] if lines and words == re.findall(
        r"note: (.*)", narrow) else ["other notes"]))


def main():
    suite = report_suite.Suite()
    try:
        check_schema_checks(suite)
        sample = report_suite.copy_sample(suite)
        log, _ = check_project(suite, "sample", sample)
        check_held_locks(suite, log)
        check_threads(suite, log)
        check_terminal(suite, sample)
        hostile = {report_suite.HOSTILE: report_suite.HOSTILE_TEXT, "a,b:c%0A::error.c":
                   HEAD + LEAK.format("command")}
        check_project(suite, "hostile", report_suite.project(suite, "hostile", hostile))
        check_line_ends(suite)
        check_suppressions(suite)
        check_details(suite, sample)
        check_absent(suite)
        check_header_once(suite)
        check_too_many(suite)
    finally:
        shutil.rmtree(suite.folder)
    print(f"{suite.passed} passed, {suite.failed} failed")
    sys.exit(bool(suite.failed))


if __name__ == "__main__":
    main()
