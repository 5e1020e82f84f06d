"""Where functions give back what they opened themselves, by the text alone, for mutate.py."""
import dataclasses
import re

OPENERS = {
    r"fclose|pclose": r"fopen|fdopen|popen|tmpfile|xfopen|xfdopen",
    r"close": r"open|openat|socket|accept4?|dup|epoll_create1?|mkstemp|xopen|xdup|inotify_init1?|eventfd",
    r"closedir": r"opendir|fdopendir",
    r"munmap": r"mmap|xmmap",
    r"freeaddrinfo": r"getaddrinfo",
    r"(?:[a-z]*_*)?free|sdsfree|ha_free|FREE_AND_NULL":
        r"\w*(?:malloc|calloc|alloc|strdup|strndup|memdup|memdupz|strfmt|_new|_dup|sdsnew\w*|sdscat\w*|"
        r"sdsempty|sdsdup|detach|realloc)",
}
RELEASE = re.compile(r"^(\s*)(" + "|".join(OPENERS) + r")\s*\(\s*(\w+)\s*\);\s*(?:/[/*].*)?$")


@dataclasses.dataclass
class Site:
    line: int
    kind: str
    text: str # what the line becomes


def find(function, lines, failure):
    """Releases of variables that the function fills from a call that opens; `failure` is how it
    leaves when something went wrong."""
    sites, seen = [], {}
    for number in range(function.first + 1, function.last + 1):
        match = RELEASE.match(lines[number - 1])
        if not match:
            continue
        indent, closer, variable = match.groups()
        opener = next(opens for closes, opens in OPENERS.items() if re.fullmatch(closes, closer))
        before = "\n".join(lines[function.first - 1:number - 1])
        if not re.search(rf"\b{variable}\s*=\s*(?:\([\w\s*]+\)\s*)?(?:{opener})\s*\(", before):
            continue
        first_on_line = lines[number - 2].split("//")[0].rstrip()
        begins = not first_on_line or first_on_line.endswith((";", "{", "}", "*/"))
        seen.setdefault(variable, []).append((number, indent, lines[number - 1].strip(), begins))
    for releases in seen.values():
        for number, indent, statement, begins in releases:
            if len(releases) > 1:
                sites.append(Site(number, "deleted", indent + ";"))
            if begins:
                sites.append(Site(number, "passed",
                                  f"{indent}{{ extern int overstay_mutant(void); "
                                  f"if (overstay_mutant()) {failure} {statement} }}"))
    return sites
