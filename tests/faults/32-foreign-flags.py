"""Cross compilers, kernels and flags of GCC: the target comes from the driver's name, what
libclang does not know is dropped with a note, and every unit is read."""
import fault
from fault import expect

KERNEL = """-nostdinc -isystem /usr/lib/gcc/x86_64-linux-gnu/12/include -Iinclude -D__KERNEL__
-fmacro-prefix-map=./= -Wall -Wundef -Werror=strict-prototypes -Wno-trigraphs -fno-strict-aliasing
-fno-common -fshort-wchar -fno-PIE -std=gnu11 -mno-sse -mno-mmx -mno-sse2 -mno-3dnow -mno-avx
-fcf-protection=branch -fno-jump-tables -m64 -falign-jumps=1 -falign-loops=1 -mno-80387
-mno-fp-ret-in-387 -mpreferred-stack-boundary=3 -mskip-rax-setup -mtune=generic -mno-red-zone
-mcmodel=kernel -mindirect-branch=thunk-extern -mindirect-branch-register -mfunction-return=thunk-extern
-fno-asynchronous-unwind-tables -fno-delete-null-pointer-checks -O2 --param=allow-store-data-races=0
-fconserve-stack -fno-allow-store-data-races -fstack-protector-strong -fno-stack-clash-protection
-pg -mrecord-mcount -mfentry -DCC_USING_FENTRY -falign-functions=16 -fplugin-arg-x-y=1
-fzero-init-padding-bits=all -fmin-function-alignment=16 -Wa,-mx86-used-note=no -march=znver99""".split()
NEEDS = "int f(void) {{\n#if !({0})\n  it_is_not(;\n#endif\n  return sizeof(void *);\n}}\n"
TARGETS = {
    "arm-linux-gnueabihf-gcc-12": "defined __arm__ && __SIZEOF_POINTER__ == 4",
    "/opt/bin/aarch64-linux-gnu-gcc": "defined __aarch64__",
    "riscv64-unknown-elf-gcc": "defined __riscv && __riscv_xlen == 64",
    "i686-w64-mingw32-gcc": "defined __i386__ && defined _WIN32",
    "powerpc64le-linux-gnu-gcc-13.2": "defined __powerpc64__",
    "mips-linux-gnu-gcc": "defined __mips__",
    "xtensa-lx106-elf-gcc": "1",
    "ccache": "1",
}


def is_clean(project, name):
    dump = project.run("dump", "ir", f"{name}:f")
    return "function f" in dump.out and "tainted" not in dump.out


def kernel_flags_are_taken(project):
    problems = []
    project.write("include/stdarg.h", "")
    project.add("kernel.c", "#include <stddef.h>\n" + NEEDS.format("defined __KERNEL__"), KERNEL)
    project.add("old.c", NEEDS.format("__STDC_VERSION__ == 199901L"), compiler="c99")
    project.add("new.c", NEEDS.format("__STDC_VERSION__ > 201710L"), ["-std=gnu23"])
    project.add("m32.c", NEEDS.format("__SIZEOF_POINTER__ == 4"), ["-m32"])
    project.add("avx.c", NEEDS.format("defined __AVX2__"), ["-march=haswell"])
    run = project.check()
    expect(problems, run.code == 0, run.brief())
    expect(problems, run.err.count("note:") == 1 and "-fconserve-stack (1)" in run.err, run.err)
    for name in ("kernel.c", "old.c", "new.c", "m32.c", "avx.c"):
        expect(problems, is_clean(project, name), f"{name} has errors")
    return problems


def the_driver_names_the_target(project):
    problems = []
    for number, (driver, condition) in enumerate(TARGETS.items()):
        flags = ["-mfloat-abi=hard", "-mfpu=neon"] if driver.startswith("arm") else []
        flags += ["arm-linux-gnueabi-gcc"] if driver == "ccache" else []
        flags += ["-mlongcalls", "-mabi=lp64d", "-mstrict-align"]
        project.add(f"unit{number}.c", NEEDS.format(condition), flags, compiler=driver)
    run = project.check()
    expect(problems, run.code == 0, run.brief())
    expect(problems, "xtensa" in run.err, "no note about the unknown target")
    for number, driver in enumerate(TARGETS):
        expect(problems, is_clean(project, f"unit{number}.c"), f"{driver}: errors")
    return problems


fault.main((kernel_flags_are_taken, "allowlist"), (the_driver_names_the_target, "target"))
