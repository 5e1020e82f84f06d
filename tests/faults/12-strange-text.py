"""Identifiers of 20 MB, NUL, bad UTF-8, an array of three million elements: valid output."""
import json

import fault
from fault import expect

LEAK = """#include <pthread.h>
static pthread_mutex_t NAME = PTHREAD_MUTEX_INITIALIZER;
int leak(int a) {
  pthread_mutex_lock(&NAME);
  if (a)
    return 1; // WORDS
  pthread_mutex_unlock(&NAME);
  return 0;
}
"""


def output_is_valid(project):
    problems = []
    long_name = "x" * (20 << 20)
    project.add("long.c", f"int {long_name};\nint f(void) {{ return {long_name}; }}\n")
    project.add("nul.c", b"int g(int a) { return a \x00 + 1; }\n")
    project.add("array.c", "int big[] = {" + "1," * 3000000 + "};\n")
    project.add("bytes.c", LEAK.replace("NAME", "m").encode().replace(b"WORDS", b"\xff\xfe \xc3("))
    project.add("named.c", LEAK.replace("NAME", "verr\u00fcckt").replace("leak", "leak2"))
    project.add("cut.c", b"int h(void) { return \"\xe2\x82")
    for form in ("json", "sarif", "text"):
        run = project.check("-f", form, "--output", "report", "--tu-timeout", "120s")
        expect(problems, run.code == 1, run.brief())
        with open(project.path("report"), "rb") as file:
            text = file.read()
        try:
            decoded = text.decode("utf-8")
            if form != "text":
                json.loads(decoded)
        except ValueError as error:
            problems.append(f"{form}: {error}")
    units = project.units()
    expect(problems, units.get("read", 0) == 6, f"units: {units}")
    return problems


fault.main((output_is_valid, "utf8"))
