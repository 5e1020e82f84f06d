"""SIGINT, SIGTERM, a reader that goes away, stdout closed: no process is left, the database is
whole, nobody complains."""
import os
import signal
import subprocess
import time

import fault
from fault import expect


def processes_of(session):
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(name))
    return found


def interrupt(project, number):
    """Starts a run that waits for a FIFO, sends the signal; its exit code and what is left."""
    full = dict(os.environ, **project.without)
    process = subprocess.Popen([fault.OVERSTAY, "check", "-j", "2"], cwd=project.root, env=full,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, start_new_session=True,
                               # a background job of a shell inherits SIGINT ignored
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    limit = time.monotonic() + 60
    while len(processes_of(process.pid)) < 3 and time.monotonic() < limit:
        time.sleep(0.05)
    time.sleep(0.5)
    os.kill(process.pid, number)
    try:
        code = process.wait(timeout=90)
    except subprocess.TimeoutExpired:
        process.kill()
        code = None
    time.sleep(0.2)
    left = processes_of(process.pid)
    for child in left:
        os.kill(child, signal.SIGKILL)
    process.stdout.close()
    process.stderr.close()
    return code, left


def signals_end_it_all(project):
    problems = []
    os.mkfifo(project.path("never.h"))
    project.add("waits.c", '#include "never.h"\n')
    project.add("waits2.c", '#include "never.h"\n')
    project.add("good.c", fault.GOOD)
    project.write_commands()
    for number in (signal.SIGINT, signal.SIGTERM):
        code, left = interrupt(project, number)
        expect(problems, code == -number, f"{number!r}: exit {code}")  # a shell shows 128 + number
        expect(problems, not left, f"{number!r}: {len(left)} processes are left")
    os.remove(project.path("never.h"))
    project.write("never.h", "")
    run = project.check()
    expect(problems, run.code == 0 and project.units() == {"read": 3}, run.brief())
    return problems


LEAK = """#include <pthread.h>
pthread_mutex_t m;
int leakN(int a) {
  pthread_mutex_lock(&m);
  if (a)
    return 1;
  pthread_mutex_unlock(&m);
  return 0;
}
"""


def shell(project, script):
    full = dict(os.environ, **project.without, TOOL=fault.OVERSTAY)
    done = subprocess.run(["bash", "-c", script], cwd=project.root, env=full, check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def closed_ends_are_quiet(project):
    problems = []
    project.add("a.c", "".join(LEAK.replace("N", str(i)) for i in range(400)))
    project.write_commands()
    code, out, err = shell(project, '"$TOOL" check -q -f json | head -1; exit ${PIPESTATUS[0]}')
    expect(problems, code == 1 and len(out) < 10 and not err, f"| head: {code} {out[:80]} {err}")
    code, out, err = shell(project, '"$TOOL" check -q >&-')
    expect(problems, code == 1 and not err, f">&-: {code} {err}")
    code, out, err = shell(project, '"$TOOL" check -q 2>&- <&- | wc -c')
    expect(problems, code == 0 and int(out) > 1000, f"2>&-: {code} {out}")
    return problems


def a_full_device_is_an_error(project):
    problems = []
    project.add("a.c", LEAK)
    project.write_commands()
    for form in ("text", "json", "sarif"):
        code, _, err = shell(project, f'"$TOOL" check -f {form} > /dev/full')
        expect(problems, code == 4 and "No space left" in err, f"{form}: {code} {err}")
    code, _, err = shell(project, '"$TOOL" check --output absent/report.txt')
    expect(problems, code == 4 and "absent/report.txt" in err, f"{code} {err}")
    return problems


fault.main((signals_end_it_all, "reap"), (closed_ends_are_quiet, "sigpipe"),
           (a_full_device_is_an_error, "write-errors"))
