"""Names and messages that look like commands of GitHub's workflows: one line of ours stays one command,
and what it says cannot end it or add to it."""
import os
import re

import fault
from fault import expect

LEAK = """#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int NAME(int a) {
  pthread_mutex_lock(&m);
  if (WHEN)
    return 1;
  pthread_mutex_unlock(&m);
  return 0;
}
"""
NAMES = ("a::error file=b.c,line=1::mine.c", "a%0A::set-output name=x::y.c", "a\n::warning::mine.c",
         "a\r\n::stop-commands::x.c", "a,line=99:b.c", "a%25b.c")
COMMAND = re.compile(r"^::(error|warning|notice) ([^:]*?)::(.*)$")


def unescape(text):
    for code, meant in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, meant)
    return text


def one_command_a_finding(project):
    problems = []
    os.makedirs(project.path(".git"))
    for number, name in enumerate(NAMES):
        project.add(name, LEAK.replace("NAME", f"f{number}").replace(
            "WHEN", 'a == *"::error::%0A" || a'))
    run = project.check("-f", "github")
    lines = run.out.split("\n")
    expect(problems, lines.pop() == "" and len(lines) == len(NAMES), run.brief())
    files = set()
    for line in lines:
        found = COMMAND.match(line)
        expect(problems, found and "\r" not in line, ascii(line))
        properties = dict(pair.split("=", 1) for pair in found[2].split(",")) if found else {}
        files.add(unescape(properties.get("file", "")))
        expect(problems, properties.get("line") == "6" and properties.get("title") == "lock-leak",
               ascii(line))
    shown = {name.replace("\r", "<U+000D>").replace("\n", "<U+000A>") for name in NAMES}
    expect(problems, files == shown, ascii(files))
    return problems


fault.main((one_command_a_finding, "github"))
