/* target.c - lists of names, kept to what libclang 17 knows (the oldest that is supported). */
#include "input/target.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/path.h"
#include "base/text.h"

typedef struct {
  const char *prefix;
  Machine machine;
} Architecture;

/* The first whose prefix fits, so longer names stand first. */
static const Architecture architectures[] = {
    {"x86_64", MACHINE_X86},         {"amd64", MACHINE_X86},       {"i386", MACHINE_X86},
    {"i486", MACHINE_X86},           {"i586", MACHINE_X86},        {"i686", MACHINE_X86},
    {"aarch64_be", MACHINE_AARCH64}, {"aarch64", MACHINE_AARCH64}, {"arm64", MACHINE_AARCH64},
    {"armeb", MACHINE_ARM},          {"arm", MACHINE_ARM},         {"thumb", MACHINE_ARM},
    {"riscv32", MACHINE_RISCV},      {"riscv64", MACHINE_RISCV},   {"mips64el", MACHINE_OTHER},
    {"mips64", MACHINE_OTHER},       {"mipsel", MACHINE_OTHER},    {"mips", MACHINE_OTHER},
    {"powerpc64le", MACHINE_OTHER},  {"powerpc64", MACHINE_OTHER}, {"powerpc", MACHINE_OTHER},
    {"ppc64le", MACHINE_OTHER},      {"ppc64", MACHINE_OTHER},     {"ppc", MACHINE_OTHER},
    {"s390x", MACHINE_OTHER},        {"sparc64", MACHINE_OTHER},   {"sparcv9", MACHINE_OTHER},
    {"sparc", MACHINE_OTHER},        {"avr", MACHINE_OTHER},       {"msp430", MACHINE_OTHER},
    {"loongarch64", MACHINE_OTHER},  {"hexagon", MACHINE_OTHER},   {"bpf", MACHINE_OTHER},
    {"wasm32", MACHINE_OTHER},       {"wasm64", MACHINE_OTHER},    {"m68k", MACHINE_OTHER},
};

static const char *const x86_names[] = {
    "native",
    "alderlake",
    "amdfam10",
    "athlon",
    "athlon-4",
    "athlon-fx",
    "athlon-mp",
    "athlon-tbird",
    "athlon-xp",
    "athlon64",
    "athlon64-sse3",
    "atom",
    "barcelona",
    "bdver1",
    "bdver2",
    "bdver3",
    "bdver4",
    "bonnell",
    "broadwell",
    "btver1",
    "btver2",
    "c3",
    "c3-2",
    "cannonlake",
    "cascadelake",
    "cooperlake",
    "core-avx-i",
    "core-avx2",
    "core2",
    "corei7",
    "corei7-avx",
    "emeraldrapids",
    "geode",
    "goldmont",
    "goldmont-plus",
    "grandridge",
    "graniterapids",
    "haswell",
    "i386",
    "i486",
    "i586",
    "i686",
    "icelake-client",
    "icelake-server",
    "ivybridge",
    "k6",
    "k6-2",
    "k6-3",
    "k8",
    "k8-sse3",
    "knl",
    "knm",
    "lakemont",
    "meteorlake",
    "nehalem",
    "nocona",
    "opteron",
    "opteron-sse3",
    "penryn",
    "pentium",
    "pentium-m",
    "pentium-mmx",
    "pentium2",
    "pentium3",
    "pentium3m",
    "pentium4",
    "pentium4m",
    "pentiumpro",
    "prescott",
    "raptorlake",
    "rocketlake",
    "sandybridge",
    "sapphirerapids",
    "sierraforest",
    "silvermont",
    "skx",
    "skylake",
    "skylake-avx512",
    "slm",
    "tigerlake",
    "tremont",
    "westmere",
    "winchip-c6",
    "winchip2",
    "x86-64",
    "x86-64-v2",
    "x86-64-v3",
    "x86-64-v4",
    "yonah",
    "znver1",
    "znver2",
    "znver3",
    "znver4",
};

static const char *const x86_features[] = {
    "mmx",
    "3dnow",
    "sse",
    "sse2",
    "sse3",
    "ssse3",
    "sse4",
    "sse4.1",
    "sse4.2",
    "sse4a",
    "avx",
    "avx2",
    "avx512f",
    "avx512cd",
    "avx512bw",
    "avx512dq",
    "avx512vl",
    "avx512ifma",
    "avx512vbmi",
    "avx512vbmi2",
    "avx512vnni",
    "avx512bitalg",
    "avx512vpopcntdq",
    "avx512bf16",
    "avx512fp16",
    "avxvnni",
    "fma",
    "fma4",
    "xop",
    "bmi",
    "bmi2",
    "lzcnt",
    "popcnt",
    "aes",
    "pclmul",
    "sha",
    "gfni",
    "vaes",
    "vpclmulqdq",
    "adx",
    "rdrnd",
    "rdseed",
    "rdpid",
    "fsgsbase",
    "f16c",
    "prfchw",
    "movbe",
    "cx16",
    "fxsr",
    "xsave",
    "xsaveopt",
    "xsavec",
    "xsaves",
    "clflushopt",
    "clwb",
    "rtm",
    "mwaitx",
    "sgx",
    "waitpkg",
    "serialize",
    "amx-tile",
    "amx-int8",
    "amx-bf16",
    "tbm",
};

static const char *const arm_names[] = {
    "armv4",   "armv4t",  "armv5t",       "armv5te",      "armv6",     "armv6k",    "armv6t2",
    "armv6-m", "armv7",   "armv7-a",      "armv7-r",      "armv7-m",   "armv7e-m",  "armv7ve",
    "armv8-a", "armv8-r", "armv8-m.base", "armv8-m.main", "armv8.1-a", "armv8.2-a",
};

static const char *const arm_units[] = {
    "none",  "vfp",        "vfpv2",       "vfpv3",      "vfpv3-d16",     "vfpv3-fp16",
    "vfpv4", "vfpv4-d16",  "fpv4-sp-d16", "fpv5-d16",   "fpv5-sp-d16",   "fp-armv8",
    "neon",  "neon-vfpv3", "neon-fp16",   "neon-vfpv4", "neon-fp-armv8", "crypto-neon-fp-armv8",
};

static const char *const aarch64_names[] = {
    "armv8-a",   "armv8.1-a", "armv8.2-a", "armv8.3-a",
    "armv8.4-a", "armv8.5-a", "armv8.6-a", "armv9-a",
};

static const char *const aarch64_features[] = {
    "crc",     "crypto", "fp",  "simd", "sve",  "sve2",   "lse",      "rdma",
    "dotprod", "fp16",   "aes", "sha2", "nofp", "nosimd", "nocrypto",
};

static const char *const aarch64_cpus[] = {
    "generic",    "cortex-a35", "cortex-a53", "cortex-a55",  "cortex-a57",  "cortex-a72",
    "cortex-a73", "cortex-a75", "cortex-a76", "neoverse-n1", "neoverse-n2", "neoverse-v1",
};

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define IN(table, text, length) is_in((table), COUNT(table), (text), (length))

static bool is_in(const char *const *table, size_t count, const char *text, size_t length) {
  for (size_t i = 0; i < count; i++)
    if (strlen(table[i]) == length && !strncmp(table[i], text, length))
      return true;
  return false;
}

Machine machine_of_host(void) {
#if defined(__x86_64__) || defined(__i386__)
  return MACHINE_X86;
#elif defined(__aarch64__)
  return MACHINE_AARCH64;
#elif defined(__arm__)
  return MACHINE_ARM;
#elif defined(__riscv)
  return MACHINE_RISCV;
#else
  return MACHINE_OTHER;
#endif
}

bool machine_of_triple(const char *triple, Machine *machine) {
  for (size_t i = 0; i < COUNT(architectures); i++)
    if (text_starts(triple, architectures[i].prefix)) {
      *machine = architectures[i].machine;
      return true;
    }
  return false;
}

/* Length of `name` without "-12", "-12.2" or ".exe" at its end. */
static size_t without_version(const char *name) {
  size_t length = strlen(name);
  if (text_ends(name, ".exe"))
    length -= 4;
  size_t end = length;
  while (end && (isdigit((unsigned char)name[end - 1]) || name[end - 1] == '.'))
    end--;
  return end && end < length && name[end - 1] == '-' ? end - 1 : length;
}

const char *driver_kind(Arena *arena, const char *driver) {
  const char *base = path_base(driver);
  const char *name = arena_text_n(arena, base, without_version(base));
  const char *dash = strrchr(name, '-');
  return dash ? dash + 1 : name;
}

const char *triple_of_driver(Arena *arena, const char *driver) {
  const char *base = path_base(driver);
  const char *name = arena_text_n(arena, base, without_version(base));
  const char *dash = strrchr(name, '-');
  if (!dash || !memchr(name, '-', (size_t)(dash - name)))
    return NULL; // "musl-gcc", "afl-clang": a prefix that is no triple
  return arena_text_n(arena, name, (size_t)(dash - name));
}

/* "rv64gc", "rv32imac_zicsr": the letters of the base sets only. */
static bool riscv_knows(const char *name) {
  if (!text_starts(name, "rv32") && !text_starts(name, "rv64"))
    return false;
  return name[4] && !name[4 + strspn(name + 4, "imafdcg")] && strchr("ig", name[4]);
}

static bool aarch64_knows(const char *name) {
  size_t length = strcspn(name, "+");
  if (!IN(aarch64_names, name, length))
    return false;
  while (name[length] == '+') {
    name += length + 1;
    length = strcspn(name, "+");
    if (!IN(aarch64_features, name, length))
      return false;
  }
  return true;
}

static bool x86_knows(const char *flag) {
  if (!strcmp(flag, "-m32") || !strcmp(flag, "-m64") || !strcmp(flag, "-mx32"))
    return true;
  if (text_starts(flag, "-march="))
    return IN(x86_names, flag + 7, strlen(flag + 7));
  const char *feature = flag + (text_starts(flag, "-mno-") ? 5 : 2);
  return IN(x86_features, feature, strlen(feature));
}

static bool arm_knows(const char *flag) {
  if (text_starts(flag, "-march="))
    return IN(arm_names, flag + 7, strlen(flag + 7));
  if (text_starts(flag, "-mfpu="))
    return IN(arm_units, flag + 6, strlen(flag + 6));
  static const char *const others[] = {"-mthumb",
                                       "-marm",
                                       "-mfloat-abi=hard",
                                       "-mfloat-abi=soft",
                                       "-mfloat-abi=softfp",
                                       "-mbig-endian",
                                       "-mlittle-endian"};
  return IN(others, flag, strlen(flag));
}

bool machine_knows(Machine machine, const char *flag) {
  switch (machine) {
  case MACHINE_X86:
    return x86_knows(flag);
  case MACHINE_ARM:
    return arm_knows(flag);
  case MACHINE_AARCH64:
    if (text_starts(flag, "-mcpu="))
      return IN(aarch64_cpus, flag + 6, strlen(flag + 6));
    return text_starts(flag, "-march=") && aarch64_knows(flag + 7);
  case MACHINE_RISCV:
    return text_starts(flag, "-march=") && riscv_knows(flag + 7);
  case MACHINE_OTHER:
    return !strcmp(flag, "-m32") || !strcmp(flag, "-m64");
  }
  return false;
}
