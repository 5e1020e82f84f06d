"""Escape sequences, line ends, turned writing and terminal links in names of files and in comments: what
people read shows them and does nothing else; JSON has them escaped."""
import json
import re

import fault
from fault import expect

# Cursor, colour, title, a link (OSC 8), the clipboard (OSC 52), C1's CSI, and right-to-left override.
ACTS = ("\x1b[2J", "\x1b]0;mine\x07", "\x1b]8;;http://evil\x1b\\x", "\x1b]52;c;bWU=\x07", "\x9b31m",
        "\u202e", "\u2066", "\r", "\x7f", "\x08")
LEAK = """#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int NAME(int a) {
  pthread_mutex_lock(&m); /* WORDS */
  if (a)
    return 1; // WORDS
  pthread_mutex_unlock(&m);
  return 0; // overstay-allow(lock-double): WORDS
}
"""
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def add_all(project):
    words = " ".join(ACTS).replace("\r", "")
    for number, act in enumerate(ACTS):
        name = f"a{number}{act}b.c".replace("/", "|")
        project.add(name, LEAK.replace("NAME", f"f{number}").replace("WORDS", words))
    project.add("two\nlines: error: fake.c", LEAK.replace("NAME", "two"))
    project.add("lost\n\x1b[1mfake: error: me\u202e.c")


def looks(problems, what, text):
    found = BAD.search(text)
    expect(problems, not found, f"{what}: {found and ascii(text[max(0, found.start() - 60):found.end() + 20])}")
    expect(problems, not re.search(r"^(lines|fake): error", text, re.M), f"{what}: a line was made up")


def nothing_acts(project):
    problems = []
    add_all(project)
    for form in ("text", "github"):
        run = project.check("-f", form, "--stats")
        expect(problems, run.code == 1, run.brief())
        looks(problems, form, run.out)
        looks(problems, f"{form}, stderr", run.err)
    for options in (["--progress", "always", "--no-cache"], ["--fail-on", "never"]):
        looks(problems, f"{options}", project.check(*options).err)
    for command in (["explain", "f5"], ["baseline", "write"], ["contract", "f5"],
                    ["dump", "runs", "two\nlines: error: fake.c"],
                    *(["check", "-p", f"none{act}"] for act in ACTS)):
        run = project.run(*command)
        looks(problems, f"{command}", run.out)
        looks(problems, f"{command}, stderr", run.err)
    return problems


def json_is_escaped(project):
    """Proves itself: the names are there, and can be read back."""
    problems = []
    add_all(project)
    for form in ("json", "sarif", "gitlab"):
        text = project.check("-f", form).out
        expect(problems, not re.search("[\x00-\x09\x0b-\x1f]", text), f"{form} has control characters")
        json.loads(text)
    for line in project.run("db", "export").out.splitlines():
        json.loads(line)
    names = {found["location"]["path"] for found in
             json.loads(project.check("-f", "json").out)["findings"]}
    expect(problems, len(names) == len(ACTS) + 1 and any("\x1b[2J" in name for name in names), names)
    return problems


fault.main((nothing_acts, "visible"), (json_is_escaped, ""))
