#!/usr/bin/env python3
"""Scores overstay on real code whose truth is known.

usage: corpus_score.py [OPTION...] DIR truth.tsv
       corpus_score.py [OPTION...] [--part NAME] DIR history.tsv

  --binary PATH       what to run, build/release/overstay
  --list              every row, not only the bad ones
  --only NAME,...     projects of truth.tsv, or parts of the ids of history.tsv
  --family NAME,...   rows of these families
  --part NAME         the compile_commands.json are in this folder of each version
  --databases FOLDER  keep the facts there as PROJECT.db, or as ID.before.db and ID.after.db, and
                      use what is there

truth.tsv: one fact a row (group, project, file, line, symbol, family, verdict, class, reason).
DIR holds the trees as trees/PROJECT/ with a compile_commands.json. A `should` row is found when a
run of all rules at any confidence gives a finding of its family that stands in, or passes through,
the row's function (lock, recursion), or that names its symbol (thread, global). A `should-not` row
is flagged when a run at default confidence gives a finding of its family whose own place is in
that function, or whose object is that symbol.

history.tsv: one fixed bug a row (id, repo, fix_commit, file, function, line_before, family, ...).
DIR holds the cases as ID/before/ and ID/after/, each with a compile_commands.json. A case is
prepared when both are there, parsed when its unit did not fail and the function is not tainted in
either (a function that reached a limit is a miss, not a failure), found when before gives a finding of the family, at any confidence, that
stands in or passes through the function, and silent when that finding is gone from after at default
confidence. Where something was found and is gone at any confidence ("found and gone", the honest
figure), other findings that stand in both versions are not "that finding"; new ones always count.
"""
import argparse
import collections
import csv
import json
import os
import subprocess
import sys
import tempfile

from findings import failed_units, findings_of, not_checked

EVERYTHING = ("--all-rules", "--min-confidence", "info")
FAMILIES = {"lock": ("lock-", "cond-"), "thread": ("thread-",),
            "recursion": ("recursion-", "stack-"), "global": ("growth-",),
            "growth": ("growth-",), "resource": ("resource-", "ref-")}


class Run:
    """One report; how it ended stands in `error`."""

    def __init__(self, binary, folder, database, options):
        command = [binary, "check", "-p", folder, "--db", database, "--format", "json",
                   "--progress", "never", "--fail-on", "never", "--allow-partial", *options]
        done = subprocess.run(command, capture_output=True, check=False, cwd=folder,
                              stdin=subprocess.DEVNULL)
        self.error, self.findings, self.gaps, self.failed = "", [], {}, []
        try:
            report = json.loads(done.stdout)
            self.findings, self.gaps = findings_of(report), not_checked(report)
            self.failed = failed_units(report)
        except ValueError:
            self.error = f"exit {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"

    def of_family(self, family):
        return [finding for finding in self.findings
                if finding.rule.startswith(FAMILIES[family])]


def is_found(row, run):
    by_place = row["family"] in ("lock", "recursion")
    return any(any(name == row["symbol"] or name.endswith("_" + row["symbol"]) # TEST_IMPL(symbol)
                   for name in finding.functions())
               or (not by_place and finding.mentions(row["symbol"]))
               for finding in run.of_family(row["family"]))


def is_flagged(row, run):
    """The row's file counts, too: short names stand in more than one."""
    return any(finding.mentions(row["symbol"]) if row["family"] == "global" else
               finding.file.endswith(row["file"])
               and (finding.function == row["symbol"] or finding.mentions(row["symbol"]))
               for finding in run.of_family(row["family"]))


def built_families(binary):
    listing = subprocess.run([binary, "rules", "--format", "json"], capture_output=True, check=True)
    data = json.loads(listing.stdout)
    rules = [rule["id"] for rule in (data["rules"] if isinstance(data, dict) else data)]
    return {family for family, prefixes in FAMILIES.items()
            if any(rule.startswith(prefixes) for rule in rules)}


def rows_of(path):
    with open(path, encoding="utf-8") as source:
        return list(csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE))


def both_runs(binary, tree, database):
    """Everything, and what is shown by default; the second run does no parsing."""
    return Run(binary, tree, database, EVERYTHING), Run(binary, tree, database, ())


def truth_runs(arguments, project, tree):
    with tempfile.TemporaryDirectory(prefix="overstay-score-") as scratch:
        kept = os.path.abspath(arguments.databases) if arguments.databases else scratch
        return both_runs(os.path.abspath(arguments.binary), tree,
                         os.path.join(kept, f"{project}.db"))


def score_truth(arguments, rows):
    folder, show = os.path.abspath(arguments.folder), arguments.list
    families = built_families(os.path.abspath(arguments.binary))
    counts = collections.defaultdict(collections.Counter)
    for project in sorted({row["project"] for row in rows}):
        tree = os.path.join(folder, "trees", project)
        mine = [row for row in rows if row["project"] == project]
        if not os.path.exists(os.path.join(tree, "compile_commands.json")):
            print(f"{project}: no tree, {len(mine)} rows left out")
            continue
        everything, default = truth_runs(arguments, project, tree)
        if everything.error or default.error:
            print(f"{project}: {everything.error or default.error}")
            continue
        for row in mine:
            if row["family"] not in families:
                counts[project][row["family"], "not built"] += 1
                continue
            hit = (is_found(row, everything) if row["verdict"] == "should"
                   else is_flagged(row, default))
            outcome = {("should", True): "found", ("should", False): "missed",
                       ("should-not", True): "flagged", ("should-not", False): "silent"}
            word = outcome[row["verdict"], hit]
            counts[project][row["family"], word] += 1
            if show or word in ("missed", "flagged"):
                print(f"  {word}: {project} {row['file']}:{row['line']} {row['symbol']} "
                      f"({row['family']}, {row['class']})")
    return print_truth(counts)


def print_truth(counts):
    total = collections.Counter()
    for project, found in sorted(counts.items()):
        print(f"{project}: " + ", ".join(f"{family} {word} {number}"
                                         for (family, word), number in sorted(found.items())))
        for (_, word), number in found.items():
            total[word] += number
    print(f"should rows: {total['found']} of {total['found'] + total['missed']} found; "
          f"should-not rows: {total['flagged']} of {total['flagged'] + total['silent']} flagged; "
          f"{total['not built']} rows of families that are not built")
    return 1 if total["flagged"] else 0


def has_failed(run, row):
    """Why the row's function was not seen; a limit reached in it is a miss and not a failure."""
    gap = run.gaps.get(row["function"], "")
    if any(unit.endswith(row["file"]) for unit in run.failed):
        return "unit failed"
    return run.error or ("" if gap.startswith("degraded") else gap)


def judge_case(arguments, row):
    """(stage reached, text): 'absent', 'failed', or the words that hold of the case."""
    case = os.path.join(os.path.abspath(arguments.folder), row["id"])
    hits = {}
    for side in ("before", "after"):
        tree = os.path.join(case, side, arguments.part)
        if not os.path.exists(os.path.join(tree, "compile_commands.json")):
            return "absent", f"no compile_commands.json in {side}"
        with tempfile.TemporaryDirectory(prefix="overstay-score-") as scratch:
            kept = os.path.abspath(arguments.databases) if arguments.databases else scratch
            database = os.path.join(kept, f"{row['id']}.{side}.db")
            everything, default = both_runs(os.path.abspath(arguments.binary), tree, database)
        trouble = has_failed(everything, row) or default.error
        if trouble:
            return "failed", f"{side}: {trouble}"
        hits[side], hits[side, "default"] = [
            {(finding.rule, finding.message): finding for finding in run.of_family(row["family"])
             if row["function"] in finding.functions()} for run in (everything, default)]
    gone = bool(hits["before"].keys() - hits["after"].keys())
    loud = hits["after", "default"].keys() - (hits["before"].keys() if gone else set())
    text = "; ".join(f"{side} {finding.file}:{finding.line} {finding.rule}"
                     for side in ("before", "after") for finding in hits[side].values())
    return ("found" if hits["before"] else "missed",
            "loud after" if loud else "silent after", *["found and gone"] * gone), text


def score_history(arguments, rows):
    families = built_families(os.path.abspath(arguments.binary))
    stages = collections.Counter()
    for row in rows:
        if row["family"] not in families:
            stages["not built"] += 1
            continue
        stages["cases"] += 1
        stage, text = judge_case(arguments, row)
        if stage == "absent":
            if arguments.list:
                print(f"  absent: {row['id']}: {text}")
            continue
        stages["prepared"] += 1
        if stage == "failed":
            print(f"  not parsed: {row['id']}: {text}")
            continue
        stages["parsed"] += 1
        stages.update(stage)
        if arguments.list or stage != ("found", "silent after", "found and gone"):
            print(f"  {', '.join(stage)}: {row['id']} {text}", flush=True)
    print(f"{stages['cases']} cases: {stages['prepared']} prepared, {stages['parsed']} parsed, "
          f"{stages['found']} found before, {stages['silent after']} silent after, "
          f"{stages['found and gone']} found and gone; "
          f"{stages['not built']} of families that are not built")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default="build/release/overstay")
    parser.add_argument("--list", action="store_true", help="print every row, not only the bad")
    parser.add_argument("--only", default="", help="names, separated by commas")
    parser.add_argument("--family", default="", help="families, separated by commas")
    parser.add_argument("--part", default="", help="folder of the compile_commands.json")
    parser.add_argument("--databases", default="", help="folder for the facts of each version")
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("table", metavar="TABLE.tsv")
    arguments = parser.parse_args()
    rows = rows_of(arguments.table)
    if not rows:
        sys.exit(f"corpus_score.py: {arguments.table} has no rows")
    only = [name for name in arguments.only.split(",") if name]
    families = [name for name in arguments.family.split(",") if name]
    history = "fix_commit" in rows[0]
    rows = [row for row in rows if (not families or row["family"] in families) and (not only or (
        any(name in row["id"] for name in only) if history else row["project"] in only))]
    if history:
        return score_history(arguments, rows)
    return score_truth(arguments, rows)


if __name__ == "__main__":
    sys.exit(main())
