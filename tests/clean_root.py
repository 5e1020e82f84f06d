#!/usr/bin/env python3
"""The Debian package on a clean Debian: it installs with what it depends on, runs, says what is wrong
when clang's headers are taken away, and leaves nothing when it is removed. Needs root, debootstrap
and a Debian mirror, so it is no part of ./dev test.

usage: clean_root.py PACKAGE.deb [FOLDER]

FOLDER keeps the root for the next time; else it is made anew and removed.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

import compile_commands

HERE = os.path.dirname(os.path.abspath(__file__))
SUITE = "bookworm"
IGNORED = ("var/", "run/", "tmp/", "etc/ld.so.cache", "root/", "proc/", "dev/", "sys/", "etc/group",
           "etc/passwd", "etc/shadow", "etc/gshadow")


class Root:
    def __init__(self, folder):
        self.folder, self.problems = folder, []

    def make(self):
        if not os.path.exists(os.path.join(self.folder, "usr/bin/apt-get")):
            subprocess.run(["debootstrap", "--variant=minbase", SUITE, self.folder], check=True,
                           stdout=subprocess.DEVNULL)
        subprocess.run(["mount", "-t", "proc", "proc", os.path.join(self.folder, "proc")], check=True)

    def leave(self):
        subprocess.run(["umount", os.path.join(self.folder, "proc")], check=False)

    def run(self, *command, cwd="/", expected=0):
        inside = ["chroot", self.folder, "env", "-i", "PATH=/usr/bin:/bin:/usr/sbin:/sbin",
                  "HOME=/root", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", "sh", "-c",
                  'cd "$0" && exec "$@"', cwd, *command]
        done = subprocess.run(inside, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL)
        said = done.stdout.decode("utf-8", "replace")
        if expected is not None and done.returncode != expected:
            self.problems.append(f"{' '.join(command)}: exit {done.returncode}: {said[-2000:]}")
        return said

    def expect(self, what, said, *texts):
        self.problems += [f"{what}: '{text}' is not in: {said[-2000:]}" for text in texts
                          if text not in said]

    def files(self):
        found = set()
        for folder, _, names in os.walk(self.folder):
            inside = os.path.relpath(folder, self.folder)
            found.update(os.path.normpath(os.path.join(inside, name)) for name in names)
        return {name for name in found if not name.startswith(IGNORED)}

    def packages(self):
        return set(self.run("dpkg-query", "-W", "-f", "${Package}\n").split())


def copy_sample(root):
    folder = os.path.join(root.folder, "tmp/sample")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(os.path.join(HERE, "sample"), folder)
    sources = [name for name in os.listdir(folder) if name.endswith(".c")]
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(compile_commands.entries("/tmp/sample", sources), file)
    return len(sources)


def check(root, package):
    root.run("apt-get", "update", "-qq")
    packages = root.packages()
    files = root.files()
    shutil.copy(package, os.path.join(root.folder, "tmp/overstay.deb"))
    root.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "/tmp/overstay.deb")
    # The sample includes headers of the C library; those of clang come with the package.
    root.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "libc6-dev")
    count = copy_sample(root)
    said = root.run("overstay", "check", cwd="/tmp/sample", expected=1)
    root.expect("the sample", said, "[lock-leak]", f"{count} units: {count} analysed",
                "0 failed")
    root.expect("html", root.run("overstay", "report", "-o", "html=/tmp/html", cwd="/tmp/sample",
                                 expected=1), "[lock-leak]")
    root.expect("version", root.run("overstay", "--version"), "overstay ")
    root.expect("a page", root.run("overstay", "explain", "lock-leak"), "lock-leak")
    headers = next(name for name in root.packages() if name.startswith("libclang-common-"))
    root.run("dpkg", "--force-depends", "--remove", headers)
    shutil.rmtree(os.path.join(root.folder, "tmp/sample/.overstay"))
    said = root.run("overstay", "check", cwd="/tmp/sample", expected=4)
    root.expect("without clang's headers", said, headers)
    root.run("apt-get", "purge", "-y", "-qq", "overstay", "libc6-dev")
    root.run("apt-get", "autoremove", "-y", "-qq", "--purge")
    left = root.packages() - packages
    root.problems += [f"packages are left: {sorted(left)}"] if left else []
    left = root.files() - files
    root.problems += [f"files are left: {sorted(left)[:10]}"] if left else []


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__.strip())
    folder = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="overstay-root-")
    root = Root(os.path.abspath(folder))
    root.make()
    try:
        check(root, sys.argv[1])
    finally:
        root.leave()
    if len(sys.argv) == 2:
        shutil.rmtree(folder)
    for problem in root.problems:
        print(problem)
    print("0 passed, 1 failed" if root.problems else "1 passed, 0 failed")
    return 1 if root.problems else 0


if __name__ == "__main__":
    sys.exit(main())
