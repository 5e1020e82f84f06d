"""A source or header that is written again and again while it is read: never half a unit."""
import os
import threading

import fault
from fault import expect


class Writer:
    """Replaces a file's content without pause, in one piece, until it is told to stop."""

    def __init__(self, path, texts):
        self.path, self.texts, self.stopped = path, texts, threading.Event()
        self.thread = threading.Thread(target=self.write, daemon=True)

    def write(self):
        number = 0
        while not self.stopped.is_set():
            number += 1
            with open(self.path + ".new", "w", encoding="utf-8") as file:
                file.write(self.texts[number % len(self.texts)] + f"/* {number} */\n")
            os.rename(self.path + ".new", self.path)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()


SLOW = "".join(f"int slow{i}(int a) {{ return a * {i}; }}\n" for i in range(20000))


def a_source_that_changes_has_failed(project):
    problems = []
    project.add("busy.c", SLOW)
    project.add("good.c", fault.GOOD)
    with Writer(project.path("busy.c"), [SLOW, SLOW + fault.GOOD]):
        run = project.check()
    expect(problems, run.code == 3, run.brief())
    expect(problems, project.units() == {"read": 1, "unreadable": 1}, f"units: {project.units()}")
    expect(problems, "changed while it was read" in run.err, run.err)
    run = project.check()
    expect(problems, run.code == 0 and project.units() == {"read": 2}, run.brief())
    return problems


def so_has_one_whose_header_changes(project):
    problems = []
    project.write("busy.h", "#define N 1\n")
    project.add("a.c", '#include "busy.h"\n' + SLOW + "int n(void) { return N; }\n")
    project.add("good.c", fault.GOOD)
    with Writer(project.path("busy.h"), ["#define N 1\n", "#define N 2\n"]):
        run = project.check()
    expect(problems, run.code == 3, run.brief())
    expect(problems, project.units() == {"read": 1, "unreadable": 1}, f"units: {project.units()}")
    return problems


def one_that_changes_once_is_read_again(project):
    """libclang waits for a FIFO while a header changes that it has read."""
    problems = []
    project.write("own.h", "#define N 1\n")
    os.mkfifo(project.path("gate.h"))
    project.add("a.c", '#include "own.h"\n#include "gate.h"\nint n(void) { return N; }\n')

    def change():
        with open(project.path("gate.h"), "w", encoding="utf-8") as gate:  # waits for the reader
            project.write("gate.txt", "")
            os.rename(project.path("gate.txt"), project.path("gate.h"))
            project.write("new.h", "#define N 2\n")
            os.rename(project.path("new.h"), project.path("own.h"))
            gate.write("\n")

    threading.Thread(target=change, daemon=True).start()
    run = project.check(timeout=100)
    expect(problems, run.code == 0 and project.units() == {"read": 1}, run.brief())
    expect(problems, "2" in project.run("dump", "ir", "a.c:n").out, "the old content is stored")
    return problems


fault.main((a_source_that_changes_has_failed, "changed"),
           (so_has_one_whose_header_changes, "changed"),
           (one_that_changes_once_is_read_again, "retry"))
