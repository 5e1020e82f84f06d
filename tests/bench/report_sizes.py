#!/usr/bin/env python3
"""How large the reports of many findings are, and how long they take: a project of N functions that
each leave a lock held, in N/25 files. Prints a table; with a browser, also how long the index takes to
load. usage: report_sizes.py [N] ; $OVERSTAY is the binary.
"""
import gzip
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import browser  # pylint: disable=wrong-import-position
import compile_commands  # pylint: disable=wrong-import-position

OVERSTAY = os.environ.get("OVERSTAY", "build/release/overstay")
FUNCTIONS = 25
FUNCTION = """int take_{0}(int failed, struct item *item) {{
  pthread_mutex_lock(&lock_{1});
  if (!item)
    item = find_item({0});
  if (failed || item->count > {0}) /* the error path of number {0} */
    return -1;
  item->count++;
  pthread_mutex_unlock(&lock_{1});
  return 0;
}}

"""


def make_project(root, count):
    names = []
    for file in range(0, count, FUNCTIONS):
        number = file // FUNCTIONS
        name = f"src/part{number % 20}/file_{number}.c"
        os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
        with open(os.path.join(root, name), "w", encoding="utf-8") as out:
            out.write("#include <pthread.h>\nstruct item { int count; };\n"
                      "extern struct item *find_item(int);\n"
                      f"static pthread_mutex_t lock_{number} = PTHREAD_MUTEX_INITIALIZER;\n\n")
            for function in range(file, min(file + FUNCTIONS, count)):
                out.write(FUNCTION.format(function, number))
        names.append(name)
    compile_commands.write(os.path.join(root, "compile_commands.json"),
                           compile_commands.entries(root, names))


def measured(root, *options):
    begin = time.monotonic()
    done = subprocess.run([OVERSTAY, "report", "-p", root, *options], capture_output=True,
                          text=True, check=False)
    if done.returncode > 1:
        sys.exit(done.stderr)
    return time.monotonic() - begin


def size_of(path):
    if os.path.isfile(path):
        return os.path.getsize(path), 1
    sizes = [os.path.getsize(os.path.join(folder, name))
             for folder, _, names in os.walk(path) for name in names]
    return sum(sizes), len(sizes)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    with tempfile.TemporaryDirectory(prefix="overstay-sizes-") as root:
        make_project(root, count)
        begin = time.monotonic()
        subprocess.run([OVERSTAY, "check", "-p", root, "--progress", "never", "--quiet"],
                       stdout=subprocess.DEVNULL, check=False)
        print(f"check: {time.monotonic() - begin:.2f} s")
        for form in ("text", "json", "sarif", "gitlab", "github", "html"):
            out = os.path.join(root, "out." + form)
            seconds = measured(root, "-f", form, "--output", out)
            size, files = size_of(out)
            line = f"{form}: {seconds:.2f} s, {size / 1e6:.2f} MB in {files} files"
            if form == "sarif":
                with open(out, "rb") as file:
                    line += f", {len(gzip.compress(file.read())) / 1e6:.2f} MB gzip"
            print(line, flush=True)
        with browser.Browser() as window:
            for page in ("index.html", "all/findings.html", "rule/lock-leak.html"):
                begin = time.monotonic()
                opened = window.open(os.path.join(root, "out.html", page))
                print(f"{page}: {time.monotonic() - begin:.2f} s with a new tab, "
                      f"{opened.ask('performance.timing.loadEventEnd-performance.timing.navigationStart')}"
                      f" ms by its own clock, {os.path.getsize(os.path.join(root, 'out.html', page)) // 1024}"
                      " KiB")


if __name__ == "__main__":
    main()
