#!/usr/bin/env python3
"""What the code base promises about itself, as tests: layers, sizes, names that belong together.

usage: consistency.py [NAME...]      (run.py runs the same checks as consistency/NAME)

A check is a function that returns its problems; an empty list is a pass.
"""
import concurrent.futures
import glob
import json
import os
import re
import shutil
import subprocess
import sys

import expect
import rule_index

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)

# Who may include whom: a folder may include itself and what is listed. main.c and pipeline.c may
# include all.
LAYERS = {
    "base": (),
    "input": ("base",),
    "ir": ("base",),
    "model": ("ir", "base"),
    "frontend": ("input", "model", "ir", "base"),
    "worker": ("frontend", "input", "model", "ir", "base"),
    "link": ("model", "ir", "base"),
    "depth": ("link", "model", "ir", "base"),
    "growth": ("link", "model", "ir", "base"),
    "wait": ("link", "model", "ir", "base"),
    "race": ("wait", "link", "model", "ir", "base"),
    "refs": ("growth", "link", "model", "ir", "base"),
    "analysis": ("link", "model", "ir", "base"),
    "store": ("analysis", "link", "model", "ir", "base"),
    "rule": ("analysis", "depth", "growth", "refs", "link", "race", "store", "wait",
             "model", "ir", "base"),
    "report": ("store", "ir", "base"),
    "picture": ("report", "store", "ir", "base"),
    "html": ("picture", "report", "store", "ir", "base"),
    "cli": ("html", "picture", "report", "store", "base"),
    "revision": ("report", "input", "base"),
}
# Above them run/ wires them together, and command/ sees that, too.
# Single headers that are data types only and may be seen from elsewhere.
SHARED_HEADERS = {("analysis", "store/finding.h")}
THIRD_PARTY = {"clang-c/": "frontend", "sqlite3.h": "store", "jansson.h": ("input", "report", "picture"),
               "ini.h": "cli"}
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.M)

FUNCTION_LIMIT, SWITCH_LIMIT, FILE_LIMIT, PARAMETER_LIMIT = 80, 150, 500, 6
ALLOCATION = re.compile(r"\b(malloc|calloc|realloc|reallocarray|strdup|strndup|free)\s*\(")
RULE_ID = re.compile(r'\.id\s*=\s*"([^"]+)"')
REFERENCES = re.compile(r'\.references\s*=\s*((?:"[^"]*"\s*)+)')
REFERENCE = re.compile(r"(CWE)-(\d+)|(CERT)[- ](\w+-C)|(MISRA)[- ]C[-:]2012[- ](\d+\.\d+)")


def sources(*patterns):
    found = []
    for pattern in patterns:
        found += glob.glob(os.path.join(ROOT, pattern), recursive=True)
    return sorted(found)


def ours():
    return sources("checker/**/*.[ch]", "rules/*.c")


def name_of(path):
    return os.path.relpath(path, ROOT)


def without_comments(text):
    """Comments and literals blanked, line structure kept."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def layer_problem(folder, quoted, system):
    if quoted:
        target = quoted.split("/")[0] if "/" in quoted else ""
        if not target:
            return "names no layer; write it from checker/"
        if target != folder and target not in LAYERS[folder] \
                and (folder, quoted) not in SHARED_HEADERS:
            return f"{folder} may not see {target}"
        return ""
    for header, owner in THIRD_PARTY.items():
        if system.startswith(header) and folder not in owner:
            return f"<{header}> belongs to {owner}"
    return ""


def check_layers():
    problems = []
    for path in ours():
        parts = name_of(path).split(os.sep)
        folder = parts[1] if len(parts) >= 3 else ""
        for quoted, system in INCLUDE.findall(expect.read(path)):
            if parts[0] == "rules":
                trouble = "" if quoted == "rule/rule.h" or (system and "/" not in system
                          and system != "sqlite3.h") else "a rule sees rule/rule.h only"
            elif not folder or folder == "command":
                trouble = ""
            elif folder == "run":
                trouble = "run may not see command" if quoted.startswith("command/") else ""
            elif folder not in LAYERS:
                trouble = f"'{folder}' is no layer"
            else:
                # The list of rules is data that the registry reads.
                listing = quoted.endswith("rules/rules.def") and folder == "rule"
                trouble = "" if listing else layer_problem(folder, quoted, system)
            if trouble:
                problems.append(f'{name_of(path)}: "{quoted or system}": {trouble}')
    return problems


def check_allocation():
    """Memory is asked for in base/ only, where running out of it is handled."""
    problems = []
    for path in ours():
        if name_of(path).startswith("checker/base/"):
            continue
        for number, line in enumerate(without_comments(expect.read(path)).split("\n"), 1):
            match = ALLOCATION.search(line)
            if match:
                problems.append(f"{name_of(path)}:{number}: {match.group(1)} outside base/")
    return problems


def is_flat_switch(body):
    """Nearly all of the function is one switch: the one shape that may be long."""
    return re.search(r"^  switch \(", body, re.M) and body.count("\n    case ") + \
        body.count("\n  case ") >= 10


def parameter_count(signature):
    inner = signature.strip()[1:-1].strip()
    if inner in ("", "void"):
        return 0
    depth, count = 0, 1
    for character in inner:
        depth += (character in "([{") - (character in ")]}")
        count += character == "," and depth == 0
    return count


def check_sizes():
    problems = []
    for path in ours():
        lines = expect.read(path).count("\n")
        if lines > FILE_LIMIT:
            problems.append(f"{name_of(path)}: {lines} lines, the limit is {FILE_LIMIT}")
    if not shutil.which("ctags"):
        return problems + ["ctags is missing: function sizes cannot be checked"]
    tags = subprocess.run(
        ["ctags", "--output-format=json", "--fields=+neS", "--kinds-C=f", "--languages=C",
         "--langmap=C:.c.h", "-L", "-", "-f", "-"],
        input="\n".join(ours()), text=True, capture_output=True, check=True).stdout
    for line in tags.splitlines():
        tag = json.loads(line)
        if "end" not in tag:
            continue
        length = tag["end"] - tag["line"] + 1
        body = "\n".join(expect.read(tag["path"]).split("\n")[tag["line"] - 1:tag["end"]])
        limit = SWITCH_LIMIT if is_flat_switch(body) else FUNCTION_LIMIT
        where = f"{name_of(tag['path'])}:{tag['line']}: {tag['name']}"
        if length > limit:
            problems.append(f"{where} has {length} lines, the limit is {limit}")
        if parameter_count(tag.get("signature", "()")) > PARAMETER_LIMIT:
            problems.append(f"{where} has more than {PARAMETER_LIMIT} parameters")
    return problems


def compile_all(commands):
    """Runs compilers in parallel; the problems are what they print."""
    def one(command):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        return [] if done.returncode == 0 else [f"{' '.join(command[-1:])}:\n{done.stderr[:2000]}"]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [problem for found in pool.map(one, commands) for problem in found]


def our_flags():
    llvm = sorted(glob.glob("/usr/lib/llvm-*/include/clang-c/Index.h"))
    system = [path.removesuffix("/clang-c/Index.h") for path in llvm[-1:]]
    return ["-std=gnu17", "-D_GNU_SOURCE=", '-DOVERSTAY_VERSION="0"', "-Wall", "-Wextra", "-Wshadow",
            "-Wconversion", "-Wmissing-prototypes", "-Werror", "-include",
            "checker/base/banned.h", "-Ichecker", "-I.", *[f"-isystem{path}" for path in system],
            "-fsyntax-only"]


def check_headers():
    """Each header compiles alone."""
    return compile_all([["gcc", *our_flags(), "-x", "c", path]
                        for path in ours() if path.endswith(".h")])


def check_clang():
    """The build uses one compiler; the other must not warn either."""
    compiler = shutil.which("clang-19") or shutil.which("clang")
    if not compiler:
        return ["no clang: its warnings cannot be checked"]
    return compile_all([[compiler, *our_flags(), path] for path in ours() if path.endswith(".c")])


def check_rule_list():
    rules = rule_index.listed_rules()
    problems = [] if rules else ["rules/rules.def lists no rule"]
    if rules != sorted(set(rules)):
        problems.append("rules/rules.def is not sorted, or names a rule twice")
    files = [os.path.basename(path).removesuffix(".c") for path in sources("rules/*.c")]
    pages = [os.path.basename(path).removesuffix(".md") for path in sources("docs/rules/*.md")]
    problems += [f"rules/{name}.c is not in rules.def" for name in files if name not in rules]
    problems += [f"docs/rules/{name}.md belongs to no rule" for name in pages
                 if name not in rules and name != "index"]
    return problems


def fixture_problems(rule):
    """A fixture holds what is found and what is not."""
    path = os.path.join(HERE, "rules", rule)
    path = path if os.path.isdir(path) else path + ".c"
    if not os.path.exists(path):
        return [f"{rule}: no fixture tests/rules/{rule}.c"]
    fixture = expect.Fixture.from_path(path)
    if not any(want.tag == "expect" and want.rule == rule for want in fixture.announced):
        return [f"{rule}: its fixture expects nothing of it"]
    functions = "".join(fixture.files.values()).count("\n}\n")
    if functions <= len(fixture.announced) / 2:
        return [f"{rule}: its fixture has no function where nothing is found"]
    return []


def references_in(text):
    """{"CWE 667", "MISRA 22.16"}, in whichever way they are written."""
    return {" ".join(filter(None, groups)) for groups in REFERENCE.findall(text)}


def check_rules():
    """Each rule has its file, page and fixture, and the page names the file's references."""
    problems = []
    for rule in rule_index.listed_rules():
        problems += fixture_problems(rule)
        source = os.path.join(ROOT, "rules", rule + ".c")
        page = os.path.join(ROOT, "docs", "rules", rule + ".md")
        missing = [name_of(path) for path in (source, page) if not os.path.exists(path)]
        problems += [f"{rule}: no {path}" for path in missing]
        if missing:
            continue
        text, prose = expect.read(source), expect.read(page)
        if RULE_ID.findall(text) != [rule]:
            problems.append(f'{rule}: rules/{rule}.c does not say .id = "{rule}"')
        said = references_in(" ".join(REFERENCES.findall(text)))
        listed = references_in(prose.partition("\n## References")[2])
        if said != listed:
            problems.append(f"{rule}: .references are {sorted(said)}, the page lists "
                            f"{sorted(listed)}")
        for heading in ("What it finds", "Why it matters", "Bad", "Good", "Options", "Limits",
                        "References"):
            if f"\n## {heading}\n" not in prose:
                problems.append(f"{rule}: its page has no heading '{heading}'")
    return problems


def check_rule_index():
    """The table of all rules says what the rules say."""
    there = expect.read(rule_index.PAGE) if os.path.exists(rule_index.PAGE) else ""
    return [] if there == rule_index.page() else [
        "docs/rules/index.md is not what the rules say: run tests/rule_index.py"]


def check_format():
    """As `./dev format` leaves it."""
    if not shutil.which("clang-format-19"):
        return ["clang-format-19 is missing"]
    done = subprocess.run(["./dev", "format", "--check"], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    names = sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", done.stderr, re.M)))
    return [] if done.returncode == 0 else [f"./dev format changes: {' '.join(names) or done.stderr}"]


def check_opening_comments():
    """Each file opens with what it is."""
    return [f"{name_of(path)}: does not open with a comment" for path in ours()
            if not expect.read(path).startswith("/*")]


def check_links():
    """Links between our own pages lead somewhere."""
    problems = []
    for path in sources("*.md", "docs/**/*.md", "tests/**/*.md"):
        text = re.sub(r"^```.*?^```$", "", expect.read(path), flags=re.M | re.S)  # no code
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            if not os.path.exists(os.path.join(os.path.dirname(path), target)):
                problems.append(f"{name_of(path)}: no such file: {target}")
    return problems


def checks():
    return [(name.removeprefix("check_").replace("_", "-"), check)
            for name, check in sorted(globals().items())
            if name.startswith("check_") and callable(check)]


def main():
    failed = 0
    for name, check in checks():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        problems = check()
        failed += bool(problems)
        print(f"{name}: {'ok' if not problems else ''}")
        for problem in problems:
            print("  " + problem.replace("\n", "\n    "))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
