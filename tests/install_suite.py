#!/usr/bin/env python3
"""What cmake --install and cpack leave, and the files for editors: that they are there, that they are
read by what they are for, and that they fit what overstay prints.

usage: install_suite.py      (run.py runs it; ends in "N passed, N failed")

The build folder is that of $OVERSTAY. A package on a clean Debian is tests/clean_root.py.
"""
import glob
import gzip
import json
import os
import re
import shutil
import subprocess

import cases

OVERSTAY = os.path.abspath(os.environ.get("OVERSTAY", "build/release/overstay"))
BUILD = os.path.dirname(OVERSTAY)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FILES = ("bin/overstay", "share/man/man1/overstay.1.gz", "share/bash-completion/completions/overstay",
         "share/zsh/vendor-completions/_overstay", "share/fish/vendor_completions.d/overstay.fish",
         "share/doc/overstay/README.md", "share/doc/overstay/docs/ci.md",
         "share/doc/overstay/docs/rules/lock-leak.md", "share/doc/overstay/copyright",
         "share/doc/overstay/examples/vscode/tasks.json",
         "share/doc/overstay/examples/vim/compiler/overstay.vim")


def expect(problems, condition, text):
    if not condition:
        problems.append(text)


def run(*command, **how):
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **how)
    return done.returncode, done.stdout.decode("utf-8", "replace")


def installed(folder):
    problems = []
    code, said = run("cmake", "--install", BUILD, "--prefix", folder)
    if code:
        return [said]
    for name in FILES:
        expect(problems, os.path.isfile(os.path.join(folder, name)), f"{name} is missing")
    code, said = run(os.path.join(folder, "bin/overstay"), "--version", cwd="/")
    expect(problems, code == 0 and said.startswith("overstay "), said)
    with gzip.open(os.path.join(folder, FILES[1])) as page:
        expect(problems, b".TH OVERSTAY 1" in page.read(), "no manual page")
    for shell, name in (("bash", FILES[2]), ("zsh", FILES[3]), ("fish", FILES[4])):
        if shutil.which(shell):
            code, said = run(shell, "-n", os.path.join(folder, name))
            expect(problems, code == 0, f"{name}: {said}")
    for path in glob.glob(os.path.join(folder, "**"), recursive=True):
        expect(problems, os.path.isdir(path) or os.access(path, os.X_OK) == ("/bin/" in path),
               f"{path}: mode")
    return problems


def packages(folder):
    problems = []
    if not shutil.which("dpkg-deb"):
        print("note: no dpkg-deb here: packages were not made")
        return problems
    code, said = run("cpack", "--config", os.path.join(BUILD, "CPackConfig.cmake"), "-B", folder,
                     "-D", "CPACK_PACKAGE_CONTACT=Packager <packager@debian.org>")
    deb = glob.glob(os.path.join(folder, "*.deb"))
    if code or len(deb) != 1 or len(glob.glob(os.path.join(folder, "*.tar.gz"))) != 1:
        return [said]
    _, said = run("dpkg-deb", "-I", deb[0])
    expect(problems, re.search(r"Depends: .*libclang-common-\d+-dev", said), said)
    expect(problems, re.search(r"Depends: .*libsqlite3-0", said), said)
    _, said = run("dpkg-deb", "-c", deb[0])
    for name in FILES:
        expect(problems, f"./usr/{name}\n" in said, f"{name} is not in the package")
    if not shutil.which("lintian"):
        print("note: lintian is not installed: the package was not looked at")
    else:
        # Who packages it is a matter of who packages it.
        _, said = run("lintian", "--allow-root", "--no-cfg", deb[0])
        left = [line for line in said.splitlines() if line.startswith("E:") and
                "bogus-mail-host" not in line]
        expect(problems, not left, "\n".join(left))
    return problems


LEAK = """#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int leak(int a) {
  pthread_mutex_lock(&m);
  if (a)
    return 1;
  pthread_mutex_unlock(&m);
  return 0; // overstay-allow(lock-double): for a note
}
"""


def report(folder):
    """Lines of a run with an error and a note in it, and the folder it ran in."""
    with open(os.path.join(folder, "leak.c"), "w", encoding="utf-8") as file:
        file.write(LEAK)
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump([{"directory": folder, "file": "leak.c",
                    "arguments": ["cc", "-c", "leak.c"]}], file)
    done = subprocess.run([OVERSTAY, "check", "-q", "--color", "never"], cwd=folder, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.decode()


WANTED = [("leak.c", 6, 5, "error", "lock-leak"), ("leak.c", 8, 1, "note", "allow-unused")]


def vscode(folder):
    with open(os.path.join(ROOT, "contrib/vscode/tasks.json"), encoding="utf-8") as file:
        tasks = json.loads(re.sub(r"^\s*//.*$", "", file.read(), flags=re.M))
    pattern = tasks["tasks"][0]["problemMatcher"]["pattern"]
    found = []
    for line in report(folder).splitlines():
        match = re.search(pattern["regexp"], line)
        if match:
            found.append((match[pattern["file"]], int(match[pattern["line"]]),
                          int(match[pattern["column"]]), match[pattern["severity"]],
                          match[pattern["code"]]))
    return [] if found == WANTED else [f"{found} and not {WANTED}"]


VIM = """set nocompatible
source contrib/vim/compiler/overstay.vim
cgetfile {report}
for entry in getqflist()
  call writefile([entry.valid .. ' ' .. bufname(entry.bufnr) .. ':' .. entry.lnum .. ':' .. entry.col .. ': ' .. entry.type .. ' ' .. entry.text], '{out}', 'a')
endfor
call writefile([&l:makeprg .. &makeprg], '{out}', 'a')
qall!
"""


def vim(folder):
    program = shutil.which("vim") or shutil.which("vim.tiny") or shutil.which("nvim")
    if not program or "-eval" in run(program, "--version")[1]:
        print("note: no vim with +eval here: its compiler file was not tried")
        return []
    script, text, out = (os.path.join(folder, name) for name in ("s.vim", "report.txt", "out.txt"))
    with open(text, "w", encoding="utf-8") as file:
        file.write(report(folder))
    with open(script, "w", encoding="utf-8") as file:
        file.write(VIM.format(report=text, out=out))
    code, said = run(program, "-es", "-u", "NONE", "-S", script, cwd=ROOT,
                     env={**os.environ, "HOME": folder}, stdin=subprocess.DEVNULL)
    if not os.path.exists(out):
        return [f"exit {code}: {said}"]
    with open(out, encoding="utf-8") as file:
        lines = file.read().splitlines()
    found = [line.split(" ", 3)[:3] for line in lines[:-1]]
    wanted = [["1", "leak.c:6:5:", "e"], ["1", "leak.c:8:1:", "n"]]
    good = found == wanted and "overstay check -q" in lines[-1]
    return [] if good else [f"{lines} and not {wanted}"]


def none_ls(folder):
    program = next((name for name in ("lua5.4", "lua5.3", "lua", "luajit") if shutil.which(name)), None)
    if not program:
        print("note: no lua here: the none-ls source was not tried")
        return []
    script = os.path.join(folder, "s.lua")
    with open(script, "w", encoding="utf-8") as file:
        file.write(f"""local source = dofile("{ROOT}/contrib/none-ls/overstay.lua")
for line in io.lines() do
  local d = source.parse(line)
  if d then print(d.filename, d.row, d.col, d.severity, d.code) end
end
""")
    done = subprocess.run([program, script], input=report(folder).encode(), check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    found = [tuple(line.split("\t")) for line in done.stdout.decode().splitlines()]
    wanted = [("leak.c", "6", "5", "1", "lock-leak"), ("leak.c", "8", "1", "3", "allow-unused")]
    return [] if found == wanted else [f"{found} and not {wanted}"]


def efm(_):
    """Its patterns are those of vim, so they are tried there."""
    with open(os.path.join(ROOT, "contrib/efm/config.yaml"), encoding="utf-8") as file:
        patterns = re.findall(r"^ +- '(.*)'$", file.read(), re.M)
    with open(os.path.join(ROOT, "contrib/vim/compiler/overstay.vim"), encoding="utf-8") as file:
        line = re.search(r"errorformat=(.*)", file.read()).group(1)
    return [] if ",".join(patterns) == line.replace("\\ ", " ") else [f"{patterns}, vim: {line}"]


if __name__ == "__main__":
    cases.main((installed, packages, vscode, vim, none_ls, efm), "overstay-install-")
