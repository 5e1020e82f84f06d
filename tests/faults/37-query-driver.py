"""--query-driver: the one place where a program is run that compile_commands.json names. It is run only
when the user's pattern fits, never out of the tree, and it gets no flag that runs anything else."""
import os
import shutil
import tempfile

import fault
from fault import expect

VENDOR = "#include <vendor.h>\n" + fault.LEAK.replace('#include "shared.h"\n', "").replace(
    "N + SHARED", "VENDOR").replace("leakN", "leak").replace("return shared(a)", "return 1")
DRIVER = """#!/bin/sh
echo "$@" >> '{log}'
cat >&2 <<'TEXT'
Target: {target}
#include "..." search starts here:
#include <...> search starts here:
 {own}
 {folder}
End of search list.
TEXT
"""


def script(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o755)


class Compiler:
    """A compiler outside of the tree, that knows where vendor.h is."""

    def __init__(self, project, where=None):
        self.folder = where or tempfile.mkdtemp(prefix="overstay-driver-")
        self.path = os.path.join(self.folder, "bin", "vendor-gcc")
        self.log = os.path.join(self.folder, "log")
        own, include = (os.path.join(self.folder, name) for name in ("own", "include"))
        for folder, names in ((own, ("stddef.h", "stdarg.h")), (include, ("vendor.h",))):
            os.makedirs(folder)
            for name in names:
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write("#define VENDOR 3\n" if name == "vendor.h" else "#error mine\n")
        script(self.path, DRIVER.format(log=self.log, own=own, folder=include,
                                        target="x86_64-linux-gnu"))
        os.makedirs(project.path(".git"), exist_ok=True)

    def asked(self):
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="utf-8") as file:
            return file.read().splitlines()

    def close(self):
        shutil.rmtree(self.folder)


def it_is_asked(project):
    """Proves itself: without the option the header is not found."""
    problems, compiler = [], Compiler(project)
    try:
        for name in ("a.c", "b.c"):
            project.add(name, VENDOR.replace("leak(", name[0] + "("), compiler=compiler.path,
                        flags=("-m64", "-specs=evil", "-B/evil", "-fplugin=/evil.so", "-wrapper",
                               "evil", "-Wp,-MD,x", "-isysroot", "/"))
        run = project.check("--no-cache")
        expect(problems, run.code != 1 and not compiler.asked(), f"without: {run.brief()}")
        run = project.check("--no-cache", "--query-driver", "/other/*,/usr/bin/*")
        expect(problems, run.code != 1 and not compiler.asked(), f"another: {run.brief()}")
        run = project.check("--query-driver", "/other/*," + os.path.dirname(compiler.folder) + "/*gcc")
        expect(problems, run.code == 1 and "2 errors" in run.err, run.brief())
        expect(problems, compiler.asked() == ["-m64 -isysroot / -E -v -x c /dev/null"],
               f"asked: {compiler.asked()}")
        run = project.check("--query-driver", compiler.path)
        expect(problems, "0 analysed, 2 unchanged" in run.err, run.brief())
        run = project.check("--no-cache", environment={"OVERSTAY_QUERY_DRIVER": compiler.path})
        expect(problems, run.code == 1, run.brief())
    finally:
        compiler.close()
    return problems


def not_out_of_the_tree(project):
    problems, inside = [], Compiler(project, project.path("tools"))
    outside = tempfile.mkdtemp(prefix="overstay-driver-")
    try:
        os.symlink(inside.path, os.path.join(outside, "link-gcc"))
        for compiler in (inside.path, "tools/bin/vendor-gcc", os.path.join(outside, "link-gcc")):
            project.entries.clear()
            project.add("a.c", VENDOR, compiler=compiler)
            run = project.check("--no-cache", "--query-driver", "/*")
            expect(problems, not inside.asked(), f"{compiler} was run")
            expect(problems, "does not run it" in run.err, run.brief())
    finally:
        shutil.rmtree(outside)
    return problems


def patterns_and_failures(project):
    """Proves itself by what is said."""
    problems, compiler = [], Compiler(project)
    try:
        project.add("a.c", VENDOR, compiler=compiler.path)
        run = project.check("--query-driver", "*gcc")
        expect(problems, run.code == 2 and "is no absolute path" in run.err, run.brief())
        script(compiler.path, "#!/bin/sh\nexit 1\n")
        run = project.check("--no-cache", "--query-driver", "/*")
        expect(problems, run.code in (0, 3) and "did not say where it looks" in run.err, run.brief())
        project.entries.clear()
        project.add("a.c", fault.GOOD, compiler="gcc")
        run = project.check("--no-cache", "--query-driver", "/*")
        expect(problems, run.code == 0 and "did not say" not in run.err, f"gcc: {run.brief()}")
    finally:
        compiler.close()
    return problems


fault.main((it_is_asked, ""), (not_out_of_the_tree, "driver-outside"), (patterns_and_failures, ""))
