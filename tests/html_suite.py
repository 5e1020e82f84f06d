#!/usr/bin/env python3
"""The HTML report, as a parser and as a browser see it: no script and nothing that asks for one, all
links lead somewhere, nothing is wider than the window, pictures keep inside of their frames - with
names that were made to break it. $OVERSTAY is the binary; screenshots go to $OVERSTAY_SHOTS (build/
screenshots).
"""
import glob
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

import browser
import compile_commands

HERE = os.path.dirname(os.path.abspath(__file__))
OVERSTAY = os.environ.get("OVERSTAY", "overstay")
SHOTS = os.environ.get("OVERSTAY_SHOTS",
                       os.path.join(os.path.dirname(HERE), "build", "screenshots"))
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"
VOID = {"meta", "link", "br"}
LONG = "_".join(["a_name_that_does_not_end"] * 12)
WIDE = "\u975e\u5e38\u306b\u9577\u3044\u95a2\u6570\u540d" * 8
FILE = "we ird%\x1b[31m#?'<script>alert(1)&\"\u00e9\u202e.c"
SOURCE = """#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static struct { const char *at; } reader;
extern void use(const char *, char *);
/* </code></pre><script>alert(2)</script> "&quot; \u202e \u2066 \x1b]8;;x\x07 */

int LONG(int failed) {
  pthread_mutex_lock(&m); /* \U0001f512 </span><script>alert(3)</script> */
\tif (failed) { use("</div><img src=x onerror=alert(4)>", NULL); return -1; } // \u05e9\u05dc\u05d5\u05dd
  pthread_mutex_unlock(&m);
  return 0;
}

int WIDE(int failed) {
  pthread_mutex_lock(&m);
  if (failed)
    return -1;
  pthread_mutex_unlock(&m);
  return 0;
}

int \u0645\u0631\u062d\u0628\u0627(int failed) {
  pthread_mutex_lock(&m);
  if (failed)
    return -1; /* overstay-allow(lock-leak): <b>handed</b> to the "caller" & kept */
  pthread_mutex_unlock(&m);
  return 0;
}

int LONG_value(void);

static int WIDE_list(void) {
  reader.at++;
  while (*reader.at && *reader.at != ']')
    if (LONG_value())
      return -1;
  return 0;
}

int LONG_value(void) {
  if (*reader.at == '[')
    return WIDE_list();
  reader.at++;
  return 0;
}

static void *LONG_work(void *nothing) {
  char large[600 << 10];
  use("", large);
  return nothing;
}

static void begin(void) {
  pthread_t WIDE_thread;
  pthread_create(&WIDE_thread, NULL, LONG_work, NULL);
}

struct node { struct node *next; };
static struct node *WIDE_kept;

static void LONG_keep(void) {
  struct node *node = malloc(sizeof *node);
  node->next = WIDE_kept;
  WIDE_kept = node;
}

int main(int count, char **arguments) {
  reader.at = arguments[0];
  while (getchar() != EOF)
    LONG_keep();
  for (int i = 0; i < count; i++)
    begin();
  return LONG(count) + WIDE(count) + \u0645\u0631\u062d\u0628\u0627(count) + LONG_value();
}
"""
# What a person would see: the widest thing of a page, and text that leaves its picture.
OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"
OUTSIDE = """[...document.querySelectorAll('svg.picture text')].filter(text => {
  const box = text.getBBox(), frame = text.ownerSVGElement.viewBox.baseVal;
  return box.x < -1 || box.y < -1 || box.x + box.width > frame.width + 1 ||
    box.y + box.height > frame.height + 1; }).map(text => text.textContent)"""
# Text on its background, as WCAG wants it: 4.5 to 1.
FAINT = """(() => {
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = c => { const [r, g, b] = c.map(v => { v /= 255;
    return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e)
    .backgroundColor); if (c.length == 3 || c[3] == 1) return c; } return [255, 255, 255]; };
  const bad = new Set();
  for (const e of document.querySelectorAll('body *:not(svg *)')) {
    if (![...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim()) ||
        e.matches('.skip')) continue;
    const a = light(parse(getComputedStyle(e).color)), b = light(behind(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.add(e.className + ' ' + e.tagName + ' ' + ratio.toFixed(2)); }
  return [...bad]; })()"""


class Suite:
    def __init__(self):
        self.passed, self.failed = 0, 0
        self.folder = tempfile.mkdtemp(prefix="overstay-html-")
        os.makedirs(SHOTS, exist_ok=True)

    def check(self, name, problems):
        self.passed += not problems
        self.failed += bool(problems)
        if problems:
            print(f"{name}:\n  " + "\n  ".join(map(str, problems[:10])))

    def run(self, root, *options, command="check"):
        done = subprocess.run([OVERSTAY, command, "-p", root, "--db", root + ".db", *options],
                              cwd=root, capture_output=True, text=True, timeout=300)
        return done


class Reader(html.parser.HTMLParser):
    """Tags that are balanced, where links lead to, and whatever could run."""

    def __init__(self):
        super().__init__()
        self.open, self.problems, self.links, self.ids, self.policy = [], [], [], [], None
        self.text, self.title = [], ""

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if tag in ("script", "iframe", "object", "embed", "form", "base", "img", "style"):
            self.problems.append(f"<{tag}>")
        self.problems += [f"{tag} {name}" for name in named if name.startswith("on") or
                          name == "style"]
        if tag == "meta" and named.get("http-equiv") == "Content-Security-Policy":
            self.policy = named["content"]
        self.links += [named["href"]] if "href" in named else []
        self.ids += [named["id"]] if "id" in named else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        self.text.append(data)


def read(path):
    with open(path, encoding="utf-8", errors="strict") as file:
        return file.read()


def read_page(path):
    reader = Reader()
    reader.feed(read(path))
    reader.close()
    return reader


def link_problems(folder, path, reader, ids):
    problems = []
    for link in reader.links:
        if link.startswith("https://"):
            continue
        file, _, anchor = link.partition("#")
        target = os.path.normpath(os.path.join(os.path.dirname(path), urllib.parse.unquote(file))) \
            if file else path
        if not os.path.isfile(target) or not target.startswith(folder):
            problems.append(f"{path}: {link} leads nowhere")
        elif anchor and target.endswith(".html") and anchor not in ids(target):
            problems.append(f"{path}: {link}: no such place")
    return problems


def page_problems(folder):
    """Every page: well formed, nothing that runs, all links lead somewhere."""
    problems, readers = [], {}
    paths = glob.glob(os.path.join(folder, "**", "*.html"), recursive=True)
    for path in paths:
        reader = readers[path] = read_page(path)
        problems += [f"{path}: {problem}" for problem in reader.problems + reader.open]
        if reader.policy != POLICY:
            problems.append(f"{path}: policy {reader.policy}")
        if len(set(reader.ids)) != len(reader.ids):
            problems.append(f"{path}: an id stands there twice")
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]",
                     "".join(reader.text)):
            problems.append(f"{path}: control characters")
    for path, reader in readers.items():
        problems += link_problems(folder, path, reader, lambda target: readers[target].ids)
    return problems if paths else ["no pages"]


def visible(text):
    """As the report shows what cannot be seen."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]",
                  lambda match: f"<U+{ord(match[0]):04X}>", text)


def content_problems(folder, report):
    """Each finding has a page that says it, its steps and its place; the index counts them."""
    problems = []
    for finding in report["findings"] + report["suppressed"]:
        path = os.path.join(folder, "finding", finding["fingerprint"] + ".html")
        if not os.path.exists(path):
            problems.append(f"no page of {finding['message']}")
            continue
        text = "".join(read_page(path).text)
        plain = text.replace("'", "")
        for wanted in [finding["message"][1:], *[step["text"] for step in finding["steps"]]]:
            if visible(wanted).replace("'", "") not in plain:
                problems.append(f"{path}: does not say {wanted!r}")
        place = finding["location"]
        if f"{visible(place['path'])}:{place['line']}:{place['column']}" not in text:
            problems.append(f"{path}: does not say where")
        if finding.get("reason", "") not in text:
            problems.append(f"{path}: does not say why it is accepted")
    index = "".join(read_page(os.path.join(folder, "index.html")).text)
    for word, number in report["counts"].items():
        if word in ("error", "warning", "note") and not re.search(rf"\b{number}{word}s", index):
            problems.append(f"index: not {number} {word}s")
    return problems


def browser_problems(page, what):
    problems = []
    if page.ask("document.scripts.length") != 0:
        problems.append("a script")
    if page.ask(OVERFLOW) > 0:
        problems.append(f"{page.ask(OVERFLOW)} pixels too wide")
    if page.ask("getComputedStyle(document.body).margin") != "0px":
        problems.append("the style sheet is not used")
    problems += [f"outside of its picture: {text}" for text in page.ask(OUTSIDE)]
    problems += [f"hard to read: {text}" for text in page.ask(FAINT)]
    problems += page.complaints()
    return [f"{what}: {problem}" for problem in problems]


VIEWS = (("light", {}), ("dark", {"dark": True}), ("narrow", {"width": 390, "height": 800}),
         ("print", {"media": "print", "width": 800}))


def check_in_browser(suite, name, folder, window):
    pages = {"index": "index.html", "unchecked": "unchecked.html",
             "rule": "rule/lock-leak.html"}
    for path in sorted(glob.glob(os.path.join(folder, "finding", "*.html"))):
        chips = re.search(r'rule/([a-z-]+)\.html', read(path))[1]
        pages.setdefault(chips if "picture" not in read(path) else chips + "-picture",
                         os.path.relpath(path, folder))
    for path in glob.glob(os.path.join(folder, "folder", "*.html"))[:1]:
        pages["folder"] = os.path.relpath(path, folder)
    for label, path in pages.items():
        problems = []
        for view, how in VIEWS:
            page = window.open(os.path.join(folder, path), **how)
            problems += browser_problems(page, view)
            page.picture(os.path.join(SHOTS, f"{name}-{label}-{view}.png"))
            page.close()
        suite.check(f"{name}: {label} in a browser", problems)
    return pages


CIRCLE = """#include <pthread.h>
static pthread_mutex_t accounts = PTHREAD_MUTEX_INITIALIZER, journal = PTHREAD_MUTEX_INITIALIZER;
static int entries, balance;
static void append(void) {
  pthread_mutex_lock(&journal);
  entries++;
  pthread_mutex_unlock(&journal);
}
static void *pay(void *unused) {
  pthread_mutex_lock(&accounts);
  append();
  pthread_mutex_unlock(&accounts);
  return unused;
}
static void *audit(void *unused) {
  pthread_mutex_lock(&journal);
  pthread_mutex_lock(&accounts);
  balance = entries;
  pthread_mutex_unlock(&accounts);
  pthread_mutex_unlock(&journal);
  return unused;
}
int main(void) {
  pthread_t one, two;
  if (pthread_create(&one, NULL, pay, NULL))
    return 1;
  if (pthread_create(&two, NULL, audit, NULL))
    return 1;
  pthread_join(one, NULL);
  return pthread_join(two, NULL);
}
"""


def project(suite, name, sources, lost=()):
    root = os.path.join(suite.folder, name)
    for path, text in sources.items():
        os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
        with open(os.path.join(root, path), "w", encoding="utf-8") as out:
            out.write(text)
    names = [path for path in sources if path.endswith(".c")]
    compile_commands.write(os.path.join(root, "compile_commands.json"),
                           compile_commands.entries(root, [*names, *lost]))
    return root


def copied(suite, name):
    root = os.path.join(suite.folder, name)
    shutil.copytree(os.path.join(HERE, name), root)
    names = sorted(path for path in os.listdir(root) if path.endswith(".c"))
    compile_commands.write(os.path.join(root, "compile_commands.json"),
                           compile_commands.entries(root, names))
    return root


def check_project(suite, window, root, *options):
    name, folder = os.path.basename(root), root + ".html"
    done = suite.run(root, "--min-confidence", "info", "-f", "json", "-o", f"html={folder}",
                     *options)
    report = json.loads(done.stdout)
    suite.check(f"{name}: pages", page_problems(folder))
    suite.check(f"{name}: content", content_problems(folder, report))
    return check_in_browser(suite, name, folder, window), folder, report


def check_circle(suite, folder, report):
    """The picture of a circle of locks: who holds which, and waits for which."""
    circle, = [finding for finding in report["findings"] if finding["rule"] == "lock-order"]
    pages = [text for text in map(read, glob.glob(os.path.join(folder, "finding", "*.html")))
             if circle["fingerprint"] in text or "lock-order" in text]
    pictures = [picture for text in pages
                for picture in re.findall(r"<svg[^>]*class=\"picture.*?</svg>", text, re.S)]
    words = [" ".join(re.findall(r">([^<>]+)<", picture)) for picture in pictures]
    wanted = ("holds accounts", "waits for journal", "holds journal", "waits for accounts",
              "'pay'", "'audit'")
    suite.check("circle of locks: picture",
                [f"{len(words)} pictures of one circle"] if len(words) != 1 else
                [f"'{word}' is not in {words[0]}" for word in wanted if word not in words[0]])


def check_again(suite, root, folder):
    """From the database: the same pages; a finding that is gone takes its page along."""
    again = root + ".again"
    suite.run(root, "--min-confidence", "info", "-f", "html", "--output", again, command="report",)
    first, second = [sorted(os.path.relpath(path, where) for path in
                            glob.glob(os.path.join(where, "**"), recursive=True))
                     for where in (folder, again)]
    suite.check("the same pages from the database", [] if first == second else [first, second])
    kept = os.path.join(again, "finding", "notes.txt")
    with open(kept, "w", encoding="utf-8") as out:
        out.write("mine")
    suite.run(root, "--only", "lock-leak", "-o", f"html={again}", command="report")
    left = glob.glob(os.path.join(again, "finding", "*.html"))
    suite.check("pages of what is gone", ([] if os.path.exists(kept) else ["removed what is not ours"])
                + [path for path in left if "lock-leak" not in read(path)] + ([] if left else ["none"]))


def check_links(suite, root):
    """A tree that brings a folder for the report along makes nothing else be written or removed."""
    away, folder = root + ".away", root + ".linked"
    os.makedirs(away)
    os.makedirs(os.path.join(folder, "finding"))
    mine = os.path.join(away, "mine.html")
    with open(mine, "w", encoding="utf-8") as out:
        out.write("<p>mine")
    os.utime(mine, (1, 1))
    shutil.copy2(mine, os.path.join(folder, "finding", "mine.html"))
    for name in ("index.html", "index.html.new", "style.css", "style.css.new"):
        os.symlink(mine, os.path.join(folder, name))
    done = suite.run(root, "-f", "html", "--output", folder, command="report")
    problems = [] if done.returncode == 1 and read(mine) == "<p>mine" else [done.returncode, done.stderr]
    if os.path.islink(os.path.join(folder, "index.html")) or \
            not os.path.exists(os.path.join(folder, "finding", "mine.html")):
        problems.append("a link is kept, or a page that is not ours is gone")
    shutil.rmtree(os.path.join(folder, "finding"))
    os.symlink(away, os.path.join(folder, "finding"))
    done = suite.run(root, "-f", "html", "--output", folder, command="report")
    if done.returncode != 4 or os.listdir(away) != ["mine.html"] or "is no folder" not in done.stderr:
        problems.append(f"followed a folder: {done.returncode} {os.listdir(away)} {done.stderr}")
    suite.check("links in the folder", problems)


def check_usage(suite, root):
    done = suite.run(root, "-f", "html")
    suite.check("a folder has to be named", [] if done.returncode == 2 and "--output" in done.stderr
                else [done.returncode, done.stderr])
    blocked = os.path.join(suite.folder, "file")
    with open(blocked, "w", encoding="utf-8"):
        pass
    done = suite.run(root, "-o", f"html={blocked}/report")
    suite.check("a folder that cannot be made", [] if done.returncode == 4
                else [done.returncode, done.stderr])


LEAK = """#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
"""
LEAKING = """int take_{0}(int failed) {{
  pthread_mutex_lock(&m);
  if (failed)
    return -1;
  pthread_mutex_unlock(&m);
  return 0;
}}
"""


def check_many(suite, window):
    """Lists are parted: by 200 findings, and by folders when there are many."""
    sources = {f"part{i}/f.c": LEAK + "".join(LEAKING.format(10 * i + k) for k in range(10))
               for i in range(35)}
    root = project(suite, "many", sources)
    folder = root + ".html"
    suite.run(root, "-q", "-o", f"html={folder}")
    suite.check("many: pages", page_problems(folder))
    lists = sorted(os.path.relpath(path, folder) for path in
                   glob.glob(os.path.join(folder, "all", "*")) +
                   glob.glob(os.path.join(folder, "rule", "lock-leak*")))
    suite.check("many: lists", [] if lists == [
        "all/findings-2.html", "all/findings.html", "all/folders.html", "rule/lock-leak-2.html",
        "rule/lock-leak.html"] else lists)
    index = read(os.path.join(folder, "index.html"))
    shown = len(re.findall('href="folder/', index)), len(re.findall('href="finding/', index))
    pages = [len(re.findall(r'href="\.\./finding/', read(os.path.join(folder, "all", name))))
             for name in ("findings.html", "findings-2.html")]
    suite.check("many: how many", [] if shown == (30, 50) and pages == [200, 150] else [shown, pages])
    problems = []
    for name in ("index.html", "all/findings-2.html", "all/folders.html"):
        page = window.open(os.path.join(folder, name), width=390)
        problems += browser_problems(page, name)
        page.picture(os.path.join(SHOTS, f"many-{os.path.basename(name)}.png"))
        page.close()
    suite.check("many: in a browser", problems)


def check_same_bytes(suite, root):
    pages = []
    for number in (1, 2):
        folder = f"{root}.same{number}"
        suite.run(root, "--reproducible", "-o", f"html={folder}")
        pages.append([read(path) for path in
                      sorted(glob.glob(os.path.join(folder, "**", "*.html"), recursive=True))])
    suite.check("same bytes", [] if pages[0] == pages[1] and pages[0] else ["differ"])
    suite.check("no times, no names of this machine",
                [] if not any("<time" in page or suite.folder in page for page in pages[0])
                else ["times or paths"])


def main():
    suite = Suite()
    try:
        with browser.Browser() as window:
            check_project(suite, window, copied(suite, "sample"))
            check_project(suite, window, copied(suite, "graph"), "--platform", "musl")
            text = SOURCE.replace("LONG", LONG).replace("WIDE", WIDE)
            hostile = project(suite, "hostile", {FILE: text}, ["src/\u0434\u043e\u043a/<b>&.c"])
            pages, folder, _ = check_project(suite, window, hostile, "--platform", "musl")
            suite.check("hostile: pictures", [f"no picture of {rule}" for rule in (
                "recursion-unbounded", "thread-unjoined", "stack-budget", "growth-unbounded")
                if rule + "-picture" not in pages])
            circle = project(suite, "circle", {"bank.c": CIRCLE})
            pages, *of_circle = check_project(suite, window, circle)
            check_circle(suite, *of_circle)
            check_many(suite, window)
        check_again(suite, hostile, folder)
        check_usage(suite, hostile)
        check_links(suite, hostile)
        check_same_bytes(suite, hostile)
    finally:
        shutil.rmtree(suite.folder)
    print(f"{suite.passed} passed, {suite.failed} failed")
    sys.exit(bool(suite.failed))


if __name__ == "__main__":
    main()
