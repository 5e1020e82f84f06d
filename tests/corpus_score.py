#!/usr/bin/env python3
"""Scores overstay on real code whose truth is known.

usage: corpus_score.py [--binary PATH] [--list] [--only NAME,...] DIR truth.tsv
       corpus_score.py [--binary PATH] [--list] [--only NAME,...] DIR history.tsv

NAMEs are projects of truth.tsv, or parts of the ids of history.tsv.

truth.tsv: one fact a row (group, project, file, line, symbol, family, verdict, class, reason).
DIR holds the trees as trees/PROJECT/ with a compile_commands.json. A `should` row is found when a
run of all rules at any confidence gives a finding of its family that stands in, or passes through,
the row's function (lock, recursion), or that names its symbol (thread, global). A `should-not` row
is flagged when a run at default confidence gives a finding of its family whose own place is in
that function, or whose object is that symbol.

history.tsv: one fixed bug a row (id, repo, fix_commit, file, function, line_before, family, ...).
DIR holds the cases as ID/before/ and ID/after/, each with a compile_commands.json. A case is
prepared when both are there, parsed when no unit failed and the function was analysed in both,
found when before gives a finding of the family, at any confidence, that stands in or passes
through the function, and silent when after, at default confidence, gives none of these.
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
    return any(row["symbol"] in finding.functions()
               or (not by_place and finding.mentions(row["symbol"]))
               for finding in run.of_family(row["family"]))


def is_flagged(row, run):
    """The row's file counts, too: short names stand in more than one."""
    return any((finding.function == row["symbol"] and finding.file.endswith(row["file"]))
               or finding.mentions(row["symbol"])
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


def score_truth(binary, folder, rows, show):
    families = built_families(binary)
    counts = collections.defaultdict(collections.Counter)
    for project in sorted({row["project"] for row in rows}):
        tree = os.path.join(folder, "trees", project)
        mine = [row for row in rows if row["project"] == project]
        if not os.path.exists(os.path.join(tree, "compile_commands.json")):
            print(f"{project}: no tree, {len(mine)} rows left out")
            continue
        with tempfile.TemporaryDirectory(prefix="overstay-score-") as scratch:
            database = os.path.join(scratch, "facts.db")
            everything = Run(binary, tree, database, EVERYTHING)
            default = Run(binary, tree, database, ())
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


def judge_case(binary, case, row):
    """(stage reached, text): 'absent', 'failed', or found/missed x silent/loud."""
    runs = {}
    for side, options in (("before", EVERYTHING), ("after", ())):
        tree = os.path.join(case, side)
        if not os.path.exists(os.path.join(tree, "compile_commands.json")):
            return "absent", f"no {side}/compile_commands.json"
        with tempfile.TemporaryDirectory(prefix="overstay-score-") as scratch:
            runs[side] = Run(binary, tree, os.path.join(scratch, "facts.db"), options)
        trouble = runs[side].error or runs[side].gaps.get(row["function"])
        failed = [unit for unit in runs[side].failed if unit.endswith(row["file"])]
        if trouble or failed:
            return "failed", f"{side}: {trouble or 'unit failed'}"
    hits = {side: [finding for finding in run.of_family(row["family"])
                   if row["function"] in finding.functions()] for side, run in runs.items()}
    text = "; ".join(f"{finding.file}:{finding.line} {finding.rule}"
                     for finding in hits["before"] + hits["after"])
    return ("found" if hits["before"] else "missed",
            "loud after" if hits["after"] else "silent after"), text


def score_history(binary, folder, rows, show):
    families = built_families(binary)
    stages = collections.Counter()
    for row in rows:
        if row["family"] not in families:
            stages["not built"] += 1
            continue
        stages["cases"] += 1
        stage, text = judge_case(binary, os.path.join(folder, row["id"]), row)
        if stage == "absent":
            if show:
                print(f"  absent: {row['id']}: {text}")
            continue
        stages["prepared"] += 1
        if stage == "failed":
            print(f"  not parsed: {row['id']}: {text}")
            continue
        stages["parsed"] += 1
        stages[stage[0]] += 1
        stages[stage[1]] += 1
        if show or stage != ("found", "silent after"):
            print(f"  {stage[0]}, {stage[1]}: {row['id']} {text}")
    print(f"{stages['cases']} cases: {stages['prepared']} prepared, {stages['parsed']} parsed, "
          f"{stages['found']} found before, {stages['silent after']} silent after; "
          f"{stages['not built']} of families that are not built")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default="build/release/overstay")
    parser.add_argument("--list", action="store_true", help="print every row, not only the bad")
    parser.add_argument("--only", default="", help="names, separated by commas")
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("table", metavar="TABLE.tsv")
    arguments = parser.parse_args()
    binary, folder = os.path.abspath(arguments.binary), os.path.abspath(arguments.folder)
    rows = rows_of(arguments.table)
    if not rows:
        sys.exit(f"corpus_score.py: {arguments.table} has no rows")
    only = [name for name in arguments.only.split(",") if name]
    history = "fix_commit" in rows[0]
    rows = [row for row in rows if not only or (
        any(name in row["id"] for name in only) if history else row["project"] in only)]
    score = score_history if history else score_truth
    return score(binary, folder, rows, arguments.list)


if __name__ == "__main__":
    sys.exit(main())
