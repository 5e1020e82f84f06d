#!/usr/bin/env python3
"""`overstay contract` and `overstay models`: what is said of functions of the sample and of tests/graph,
and proposals for functions that no model describes - which, pasted, find what they are to find.
$OVERSTAY is the binary.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

import compile_commands

HERE = os.path.dirname(os.path.abspath(__file__))
OVERSTAY = os.environ.get("OVERSTAY", "overstay")
GROWS = """#include <stdlib.h>
struct node { struct node *next; };
static struct node *kept;
void keep(void) {
  struct node *node = malloc(sizeof *node);
  node->next = kept;
  kept = node;
}
void drop(void) {
  struct node *node = kept;
  kept = node->next;
  free(node);
}
int main(void) { keep(); drop(); return 0; }
"""
WAITS = """#include <pthread.h>
#include <unistd.h>
struct box { pthread_mutex_t lock; pthread_cond_t full; int count; };
int await(struct box *box) {
  while (!box->count)
    pthread_cond_wait(&box->full, &box->lock);
  return box->count;
}
void nap(void) { sleep(1); }
static void poll(void) {}
void no_nap(void) { poll(); }
"""
HEAD = """struct gate; struct box { struct gate *gate; int count; };
void gate_lock(struct gate *);
void gate_unlock(struct gate *);
int turn_enter(int, struct box *);
void turn_leave(struct box *, int);
void world_enter(void);
void world_exit(void);
struct part *part_open(const char *);
void part_close(struct part *);
void thing_start(struct box *);
void thing_stop(struct box *);
void lonely_lock(struct box *);
"""
# Of each pair: one use, and one that forgets it on a way out.
KEPT = """int kept_{0}(struct box *box) {{
  gate_lock(box->gate);
  if (box->count < {0}) {{
    gate_unlock(box->gate);
    return -1;
  }}
  box->count++;
  gate_unlock(box->gate);
  return 0;
}}
int turn_{0}(struct box *box) {{
  if (turn_enter({0}, box) != 0)
    return -1;
  box->count += {0};
  turn_leave(box, {0});
  return 0;
}}
void world_{0}(struct box *box) {{
  world_enter();
  box->count = {0};
  world_exit();
}}
int part_{0}(const char *name) {{
  struct part *part = part_open(name);
  if (!part)
    return -{0};
  part_close(part);
  return 0;
}}
void thing_{0}(struct box *box) {{
  thing_start(box);
  if (box->count == {0})
    thing_stop(box);
}}
"""
FORGOTTEN = """int forgotten(struct box *box) {
  gate_lock(box->gate);
  if (box->count < 0)
    return -1;
  gate_unlock(box->gate);
  return 0;
}
int forgotten_turn(struct box *box) {
  if (turn_enter(0, box) != 0)
    return -1;
  if (box->count < 0)
    return -2;
  turn_leave(box, 0);
  return 0;
}
"""
# A lock of its own making: its body says nothing of locks.
OWN = """struct spin { volatile int taken; };
void spin_lock_own(struct spin *s) { while (__sync_lock_test_and_set(&s->taken, 1)) {} }
void spin_unlock_own(struct spin *s) { __sync_lock_release(&s->taken); }
""" + "".join(f"""void own_{i}(struct spin *s, int *n) {{
  spin_lock_own(s);
  *n += {i};
  spin_unlock_own(s);
}}
""" for i in range(5))
PROPOSED = ["gate_lock(x) : acquire *x", "gate_unlock(x) : release *x",
            "turn_enter(_, x) : acquire *x if ret == 0", "turn_leave(x, _) : release *x",
            "world_enter() : acquire @world_enter", "world_exit() : release @world_enter",
            "part_open(_) : open ret part_open if ret != 0", "part_close(x) : close x",
            "spin_lock_own(x) : acquire *x", "spin_unlock_own(x) : release *x"]


class Suite:
    def __init__(self):
        self.passed, self.failed = 0, 0
        self.folder = tempfile.mkdtemp(prefix="overstay-contract-")

    def check(self, name, problems):
        self.passed += not problems
        self.failed += bool(problems)
        if problems:
            print(f"{name}:\n  " + "\n  ".join(map(str, problems[:10])))

    def run(self, root, command, *options):
        done = subprocess.run([OVERSTAY, command, "-p", root, *options], cwd=root, timeout=300,
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr


def copied(suite, name):
    root = os.path.join(suite.folder, name)
    shutil.copytree(os.path.join(HERE, name), root)
    describe(root)
    suite.run(root, "check", "--quiet")
    return root


def program(suite, name, files):
    """A folder with these sources and their commands."""
    root = os.path.join(suite.folder, name)
    os.makedirs(root)
    for file, text in files.items():
        with open(os.path.join(root, file), "w", encoding="utf-8") as out:
            out.write(text)
    describe(root)
    return root


def describe(root):
    names = sorted(path for path in os.listdir(root) if path.endswith(".c"))
    compile_commands.write(os.path.join(root, "compile_commands.json"),
                           compile_commands.entries(root, names))


def contract(suite, root, function):
    code, out, err = suite.run(root, "contract", "-f", "json", function)
    if code:
        raise ValueError(f"{function}: {code}, {err}")
    return json.loads(out)["contracts"][0]


def check_contracts(suite, root):
    enter = contract(suite, root, "session_enter")
    deeds = [(deed["action"], deed["what"], deed["kind"], deed["when"], deed["result"])
             for deed in enter["deeds"]]
    suite.check("a lock that success holds", [] if sorted(deeds) == [
        ("acquire", "session->lock", "mutex", "session->closing == 0", "1"),
        ("use", "session->lock", "mutex", "session->closing != 0", "0")] else deeds)
    take = contract(suite, root, "stats_lock")["deeds"]
    suite.check("a wrapper", [] if take == [{"action": "acquire", "what": "counters_lock", "kind":
                "mutex", "when": "", "result": ""}] else take)
    later = contract(suite, root, "housekeeper_report_later")["threads"]
    suite.check("a thread", [] if [(event["action"], event["runs"]) for event in later] ==
                [("spawn", ["report"])] and later[0]["often"].startswith("any number") else later)
    pop = contract(suite, root, "queue_pop")
    suite.check("where it may wait", [] if [(block["callee"], block["kind"], block["calls"])
                for block in pop["may_wait"]] == [("pthread_cond_wait", "thread", 0)] and
                pop["may_be_cancelled"] else pop["may_wait"])
    far = [block for block in contract(suite, root, "main")["may_wait"]
           if block["callee"] == "pthread_cond_wait"]
    suite.check("where its callees may", [] if far and far[0]["function"] == "queue_push" and
                far[0]["calls"] == 1 else far)
    check_stacks(suite, root)


def check_stacks(suite, root):
    stack = contract(suite, root, "read_trusted")["stack"]
    below = contract(suite, root, "read_trusted_list")["stack"]
    problems = [] if stack["recursive"] and 0 < stack["own_low"] <= stack["own_high"] <= \
        stack["high"] else [stack]
    if stack["low"] < stack["own_low"] or below["high"] < below["own_high"]:
        problems.append(f"less with what it calls: {stack} {below}")
    if contract(suite, root, "stats_lock")["stack"]["recursive"]:
        problems.append("stats_lock is not recursive")
    suite.check("stacks", problems)


def check_containers(suite):
    root = program(suite, "grows", {"a.c": GROWS})
    suite.run(root, "check", "--quiet")
    found = {name: [(deed["action"], deed["what"]) for deed in
                    contract(suite, root, name)["containers"]] for name in ("keep", "drop")}
    suite.check("containers", [] if found["keep"] == [("grow", "kept")] and found["drop"] == [
        ("shrink", "kept")] else [found])


def check_waits(suite):
    """Who waits with its caller's mutex says so; models that give way to a body count without one."""
    root = program(suite, "waits", {"a.c": WAITS})
    suite.run(root, "check", "--quiet")
    deeds = [(deed["action"], deed["what"]) for deed in contract(suite, root, "await")["deeds"]]
    suite.check("a wait", [] if deeds == [("wait", "box->full with box->lock")] else deeds)
    waits = {name: [block["callee"] for block in contract(suite, root, name)["may_wait"]]
             for name in ("nap", "no_nap")}
    suite.check("models that give way", [] if waits == {"nap": ["sleep"], "no_nap": []} else [waits])


def check_guards(suite):
    """Data that a lock guards, as most of their uses say."""
    with open(os.path.join(HERE, "rules", "lock-race.c"), encoding="utf-8") as source:
        root = program(suite, "guards", {"a.c": source.read()})
    suite.run(root, "check", "--quiet", "--fail-on", "never")
    found = [(guard["what"], guard["lock"], guard["held"], guard["uses"])
             for guard in contract(suite, root, "pool_give")["guards"]]
    wanted = [("struct pool.free", "struct pool.lock", 4, 4),
              ("struct pool.used", "struct pool.lock", 4, 5)]
    suite.check("guards", [] if sorted(found) == wanted else [found])


def check_text(suite, root):
    code, out, _ = suite.run(root, "contract", "session_enter")
    wanted = ["session_enter (session.c)", "acquires", "session->lock (mutex) when session->closing "
              "== 0: returns 1", "takes", "and gives it back", "stack", "it returns"]
    suite.check("text", [part for part in wanted if part not in out] + ([] if not code else [code]))
    outcomes = [suite.run(root, "contract", what)[::2] for what in ("pthread_join", "no_such")]
    suite.check("unknown ones", [] if [code for code, _ in outcomes] == [2, 2] and
                "overstay models pthread_join" in outcomes[0][1] else outcomes)


def plain(line):
    return " ".join(line.split())


def check_proposals(suite):
    root = program(suite, "pairs", {"kept.c": HEAD + "".join(KEPT.format(i) for i in range(30)),
                                    "own.c": OWN, "forgotten.c": HEAD + FORGOTTEN})
    before = suite.run(root, "check")
    suite.check("nothing is known of them", [] if before[0] == 0 else before)
    code, out, err = suite.run(root, "models", "--propose")
    lines = [line for line in out.split("\n") if line and line[0] != "#"]
    suite.check("proposals", [] if sorted(map(plain, lines)) == sorted(PROPOSED) and code == 0
                else sorted(set(map(plain, lines)) ^ set(PROPOSED)))
    suite.check("proposals: figures", [part for part in (
        "# 30 of 31 calls of gate_lock are followed by gate_unlock", "z = 2.", "in 31 functions",
        "it has a body") if part not in out] + [part for part in ("lonely", "thing_start(")
                                                if part in out])
    suite.check("proposals: how many", [] if "6 pairs" in err and "5 of which" in err else [err])
    with open(os.path.join(root, ".overstay.model"), "w", encoding="utf-8") as file:
        file.write(out)
    code, found, _ = suite.run(root, "check", "-f", "json")
    report = json.loads(found)
    places = sorted((finding["rule"], finding["location"]["function"])
                    for finding in report["findings"])
    suite.check("pasted, they find", [] if places == [("lock-leak", "forgotten"),
                                                      ("lock-leak", "forgotten_turn")] else places)
    number = out.split("\n").index(next(line for line in lines if line.startswith("gate_lock"))) + 1
    code, out, _ = suite.run(root, "models", "gate_lock")
    suite.check("which line governs", [] if f".overstay.model:{number}" in out and code == 0 else [out])
    suite.check("nothing is left to propose", [line for line in suite.run(
        root, "models", "--propose")[1].split("\n") if line])


def check_models(suite, root):
    code, out, _ = suite.run(root, "models", "pthread_mutex_trylock")
    suite.check("a model's line", [] if code == 0 and "pthread.model:" in out and "R->H" in out
                else [out])
    code, out, err = suite.run(root, "models")
    suite.check("all that is called", [] if code == 0 and "pthread_mutex_lock " in out and
                "queue_pop" not in out and "nothing is known of" in err else [out, err])
    code, out, _ = suite.run(root, "models", "queue_pop")
    suite.check("its own code", [] if code == 0 and "its own code" in out else [out])
    codes = [suite.run(root, "models", *what)[0] for what in (("no_such",), ("--propose", "main"))]
    suite.check("models: usage", [] if codes == [2, 2] else codes)


def main():
    suite = Suite()
    try:
        sample = copied(suite, "sample")
        check_contracts(suite, sample)
        check_text(suite, sample)
        check_containers(suite)
        check_waits(suite)
        check_guards(suite)
        check_models(suite, sample)
        check_proposals(suite)
    finally:
        shutil.rmtree(suite.folder)
    print(f"{suite.passed} passed, {suite.failed} failed")
    sys.exit(bool(suite.failed))


if __name__ == "__main__":
    main()
