"""What flags say stays in flags: -DTOKEN="..." is in no report, also where a condition uses it."""
import os

import fault
from fault import expect

LEAK = """#include <pthread.h>
#include <string.h>
#include "names.h"
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int leak(const char *a) {
  pthread_mutex_lock(&m);
  while (strcmp(a, TOKEN) || !strcmp(a, "plain\\n") || !strcmp(a, NAME))
    if (a[1])
      return 1;
  pthread_mutex_unlock(&m);
  return 0;
}
"""
SECRET = "hidden-4711"


def everything(project, name):
    text = ""
    for folder, _, names in os.walk(project.path(name)):
        for file_name in names:
            with open(os.path.join(folder, file_name), encoding="utf-8") as file:
                text += file.read()
    return text


def in_no_report(project):
    problems = []
    os.makedirs(project.path(".git"))
    project.write("names.h", '#define NAME "of the header"\n')
    project.add("a.c", LEAK, [f'-DTOKEN="{SECRET}"', f"--token={SECRET}", "-Xclang", f"-{SECRET}",
                              f"-I/{SECRET}", "-include", "names.h"])
    project.add("missing.c", flags=[f'-DTOKEN="{SECRET}"'])
    for form in ("text", "json", "sarif", "gitlab", "github"):
        run = project.check("-f", form, "--stats")
        expect(problems, run.code == 1 and "leak" in run.out, f"{form}: {run.brief()}")
        expect(problems, SECRET not in run.out + run.err, f"{form}: {run.brief()}")
    run = project.check()
    expect(problems, 'strcmp(a, "...")' in run.out, run.brief())
    project.check("-o", "html=html")
    expect(problems, SECRET not in everything(project, "html"), "html")
    project.run("baseline", "write")
    for command in (["explain", "leak"], ["contract", "leak"], ["db", "export"], ["report"],
                    ["graph", "calls"], ["baseline", "check"]):
        run = project.run(*command)
        expect(problems, SECRET not in run.out + run.err, f"{command}: {run.brief()}")
    with open(project.path(".overstay-baseline.jsonl"), encoding="utf-8") as file:
        expect(problems, SECRET not in file.read(), "baseline")
    return problems


def what_sources_say_is_shown(project):
    """Proves itself: the texts are there."""
    problems = []
    os.makedirs(project.path(".git"))
    project.write("names.h", '#define NAME "of the header"\n')
    leak = LEAK.replace("while (", "if (").replace("    if (a[1])\n  ", "")
    for name, condition in (("a", '!strcmp(a, "plain\\n")'), ("b", "!strcmp(a, NAME)")):
        text = leak.replace("leak", name)
        start = text.index("if (")
        text = text[:start] + f"if ({condition})\n" + text[text.index("    return 1"):]
        project.add(f"{name}.c", text)
    run = project.check()
    for words in ('strcmp(a, "plain\\n")', 'strcmp(a, "of the header")'):
        expect(problems, f"'{words}' is false" in run.out, f"{words}: {run.brief()}")
    return problems


fault.main((in_no_report, "literals"), (what_sources_say_is_shown, ""))
