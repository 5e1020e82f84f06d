"""What the fault tests share: a project in a temporary folder, and the proof that a test tests.

A test is a function that takes a Project and returns a list of problems ([] is good). It counts
only when it was seen to fail: main() runs it once as it is, and once with its guards switched off
(OVERSTAY_WITHOUT, builds for development only), and then it must find a problem. Where nothing
guards, because all must go well, a hook spoils the run instead: a unit is lost, which must show.
"""
import contextlib
import dataclasses
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

OVERSTAY = os.path.abspath(os.environ.get("OVERSTAY", "build/dev/overstay"))
LOSE_FIRST = "OVERSTAY_TEST_CRASH_UNIT=1"
GOOD = "int good(int a) { return a + 1; }\n"
LEAK = """#include <pthread.h>
#include "shared.h"
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int leakN(int a) {
  pthread_mutex_lock(&lock);
  if (a > N + SHARED)
    return shared(a);
  pthread_mutex_unlock(&lock);
  return 0;
}
"""
SHARED = """#define SHARED %d
static inline int shared(int a) { return a + SHARED; }
"""


@dataclasses.dataclass
class Run:
    code: int  # None: it did not end in time
    out: str
    err: str

    def brief(self):
        return f"exit {self.code}\n{self.out[-800:]}\n{self.err[-1600:]}"


class Project:
    def __init__(self, without=""):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix="overstay-fault-"))
        # Guards that are off, or a hook that spoils the run: "OVERSTAY_TEST_CRASH_UNIT=1".
        name, is_hook, value = without.partition("=")
        self.without = {name: value} if is_hook else {"OVERSTAY_WITHOUT": without}
        self.entries = []

    def path(self, name):
        return os.path.join(self.root, name)

    def write(self, name, text):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return path

    def add(self, name, text=None, flags=(), compiler="gcc", directory="."):
        """A source and its entry; without a text there is only the entry."""
        if text is not None:
            self.write(name, text)
        self.entries.append({"directory": os.path.normpath(self.path(directory)), "file": name,
                             "arguments": [compiler, *flags, "-c", name]})

    def add_leaks(self, count, shared):
        """Units with a finding each, and a header that all of them read; again: the header only."""
        self.write("shared.h", SHARED % shared)
        for number in range(0 if self.entries else count):
            self.add(f"unit{number}.c", LEAK.replace("N", str(number)))
        self.write_commands()

    def start(self, *arguments, environment=None):
        full = dict(os.environ, **self.without, **(environment or {}))
        return subprocess.Popen([OVERSTAY, *arguments], cwd=self.root, env=full,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, start_new_session=True)

    def run(self, *arguments, environment=None, timeout=300):
        process = self.start(*arguments, environment=environment)
        try:
            out, err = process.communicate(timeout=timeout)
            code = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()  # its workers end with it
            out, err = process.communicate()
            code = None
        return Run(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))

    def write_commands(self):
        self.write("compile_commands.json", json.dumps(self.entries, indent=1))

    def check(self, *options, **how):
        if self.entries:
            self.write_commands()
        return self.run("check", "-j", "2", *options, **how)

    def units(self):
        """How many units ended how: {"read": 2, "crashed": 1}."""
        line = re.search(r"^units: (.*)$", self.run("db", "info").out, re.M)
        return {kind: int(count) for count, kind in
                re.findall(r"(\d+) ([a-z ]+)", line.group(1))} if line else {}

    def digest(self):
        """Of all files but our own folder."""
        found = {}
        for folder, folders, files in os.walk(self.root):
            folders[:] = [name for name in folders if name != ".overstay"]
            for name in files + folders:
                path = os.path.join(folder, name)
                text = b""
                if os.path.isfile(path) and not os.path.islink(path):
                    with open(path, "rb") as file:
                        text = file.read()
                found[os.path.relpath(path, self.root)] = hashlib.sha256(text).hexdigest()
        return found

    def close(self):
        shutil.rmtree(self.root, ignore_errors=True)


def beside(folder):
    """What stands in the folder of a database, but for what runs keep for later ones on purpose."""
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return sorted(name for name in names
                  if ".run-" not in name or not os.path.exists(os.path.join(folder, name, "index")))


def expect(problems, condition, text):
    if not condition:
        problems.append(text)


def has_sanitizer():
    with open(OVERSTAY, "rb") as file:
        return b"__asan_init" in file.read()


def can_switch_off():
    with contextlib.closing(Project()) as project:
        project.add("a.c", GOOD)
        project.check(environment={"OVERSTAY_TEST_CRASH_UNIT": "1"})
        return project.units().get("crashed") == 1


def attempt(function, without=""):
    with contextlib.closing(Project(without)) as project:
        try:
            return function(project)
        except Exception as error:  # pylint: disable=broad-except
            if not without:
                raise
            return [f"{type(error).__name__}: {error}"]


def main(*tests):
    """Each test: (function, guards). Guards are names separated by commas, or "HOOK=VALUE"; "" is
    for tests that prove themselves, and their docstring says how."""
    passed = failed = 0
    provable = can_switch_off()
    for function, guards in tests:
        problems = attempt(function)
        if not problems and guards and provable:
            without = attempt(function, guards)
            if not without:
                problems = [f"passes also without {guards}"]
            elif os.environ.get("OVERSTAY_FAULTS_SHOW"):
                print(f"{function.__name__} without {guards}:\n  " + "\n  ".join(without))
        if problems:
            print(f"{function.__name__}: " + "\n  ".join(problems))
        passed, failed = passed + (not problems), failed + bool(problems)
    if not provable:
        print("guards cannot be switched off in this build: only that they hold was tested")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
