"""What another version of the tool, of libclang or of the models made is not believed."""
import sqlite3

import fault
from fault import expect

MODEL = "seize(l) : acquire *l\nyield(l) : release *l\n"
UNIT = """struct latch { int word; };
void seize(struct latch *);
void yield(struct latch *);
struct latch a;
int leak(int failed) {
  seize(&a);
  if (failed)
    return -1;
  yield(&a);
  return 0;
}
"""


def another_parser_reads_again(project):
    """The key of the extractor holds the versions of the tool and of libclang; here it is another
    one, as an older version would have left it."""
    problems = []
    project.add_leaks(3, 0)
    project.check()
    path = project.path(".overstay/facts.db")
    with sqlite3.connect(path) as db:
        seen = db.execute("SELECT fingerprint, first_seen FROM history").fetchall()
        db.execute("UPDATE meta SET value = ? WHERE key = 'extractor'", (b"another version!",))
    info = project.run("db", "info")
    expect(problems, "another version" in info.out, info.brief())
    run = project.check()
    expect(problems, "3 analysed" in run.err and "0 new, 3 known" in run.err, run.brief())
    with sqlite3.connect(path) as db:
        now = db.execute("SELECT fingerprint, first_seen FROM history").fetchall()
    expect(problems, seen and now == seen, "the history is another one")
    return problems


def other_models_analyse_again(project):
    """Seen to fail when the models were no part of the run's key."""
    problems = []
    project.add("a.c", UNIT)
    expect(problems, "no findings" in project.check().err, "found without a model")
    project.write(".overstay.model", MODEL)
    run = project.check()
    expect(problems, "0 analysed" in run.err and "[lock-leak]" in run.out, run.brief())
    project.write(".overstay.model", "")
    run = project.check()
    expect(problems, "0 analysed" in run.err and "[lock-leak]" not in run.out, run.brief())
    return problems


fault.main((another_parser_reads_again, "extractor"), (other_models_analyse_again, "models-key"))
