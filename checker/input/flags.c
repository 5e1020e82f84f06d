/* flags.c - flag_rules.c says for every flag what becomes of it; here it is done. */
#include "input/flags.h"

#include <string.h>

#include "base/guard.h"
#include "base/path.h"
#include "base/text.h"
#include "input/flag_rules.h"
#include "input/split.h"
#include "input/target.h"

typedef struct {
  Arena *arena;
  const char *driver;
  Machine machine;
  bool nostdinc, lost_gcc_headers;
  Arguments kept, forced, folders, unknown, unsafe;
  const char *language; // of the last -x
} Filter;

static void keep(Filter *f, const char *argument) { arguments_add(f->arena, &f->kept, argument); }

/* The name without its value, so that one note stands for "-fplugin=a" and "-fplugin=b". */
static void leave_out(Filter *f, Arguments *to, const char *argument) {
  size_t length = strcspn(argument, "=,");
  arguments_add(f->arena, to, arena_text_n(f->arena, argument, length));
}

/* ---- what some of the actions do */

static void keep_forced(Filter *f, const char *file) {
  // The driver of clang takes FILE.gch or FILE.pch instead of `-include FILE` when there is one,
  // and gives no unit at all when that is stale. The parser proper does not look for them.
  bool safe = guard_on("include-prologue");
  if (safe)
    keep(f, "-Xclang");
  keep(f, "-include");
  if (safe)
    keep(f, "-Xclang");
  keep(f, file);
  arguments_add(f->arena, &f->forced, file);
}

static void keep_folder(Filter *f, const FlagRule *rule, const char *folder) {
  if (!folder[0] || !strcmp(folder, "-"))
    return;
  if (!strcmp(rule->name, "-I")) {
    keep(f, arena_printf(f->arena, "-I%s", folder));
  } else {
    keep(f, rule->name);
    keep(f, folder);
  }
  arguments_add(f->arena, &f->folders, folder);
}

/* Builds of kernels and the like name GCC's own headers after -nostdinc. libclang needs its own
 * in their place: the intrinsics of another compiler are errors to it. */
static bool is_gcc_headers(const char *folder) {
  return (strstr(folder, "/lib/gcc/") || strstr(folder, "/lib/gcc-cross/")) &&
         (text_ends(folder, "/include") || text_ends(folder, "/include-fixed"));
}

static void keep_system(Filter *f, const FlagRule *rule, const char *folder) {
  if (is_gcc_headers(folder))
    f->lost_gcc_headers = true;
  else
    keep_folder(f, rule, folder);
}

static void keep_standard(Filter *f, const char *argument, const char *name) {
  static const char *const names[] = {
      "c89",   "c90",   "iso9899:1990", "iso9899:199409", "gnu89",        "gnu90",
      "c99",   "c9x",   "gnu99",        "gnu9x",          "iso9899:1999", "c11",
      "c1x",   "gnu11", "iso9899:2011", "gnu1x",          "c17",          "c18",
      "gnu17", "gnu18", "c2x",          "gnu2x",          "iso9899:2017",
  };
  if (!strcmp(name, "c23") || !strcmp(name, "gnu23")) // libclang 17 knows the working name only
    name = name[0] == 'c' ? "c2x" : "gnu2x";
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!strcmp(names[i], name)) {
      keep(f, arena_printf(f->arena, "-std=%s", name));
      return;
    }
  arguments_add(f->arena, &f->unknown, argument);
}

static void keep_target(Filter *f, const char *triple) {
  if (machine_of_triple(triple, &f->machine))
    keep(f, arena_printf(f->arena, "--target=%s", triple));
  else
    arguments_add(f->arena, &f->unknown, arena_printf(f->arena, "--target=%s", triple));
}

static void keep_machine(Filter *f, const char *argument) {
  if (machine_knows(f->machine, argument))
    keep(f, argument);
  else
    arguments_add(f->arena, &f->unknown, argument);
}

/* The parts of "-Wp,-MD,file,-DX": definitions mean something, the rest is dropped. */
static void keep_definitions(Filter *f, const char *argument, const char *parts) {
  bool other = false;
  for (const char *part = parts; *part;) {
    size_t length = strcspn(part, ",");
    if (length > 2 && (text_starts(part, "-D") || text_starts(part, "-U")))
      keep(f, arena_text_n(f->arena, part, length));
    else
      other = true;
    part += length;
    part += *part == ',';
  }
  if (other)
    leave_out(f, &f->unsafe, argument);
}

static void apply(Filter *f, const FlagRule *rule, const char *argument, const char *value,
                  bool apart) {
  switch (guard_on("allowlist") ? rule->action : ACTION_KEEP) {
  case ACTION_KEEP:
    keep(f, argument);
    if (apart)
      keep(f, value);
    break;
  case ACTION_JOIN:
    keep(f, arena_printf(f->arena, "%s%s", rule->name, value));
    break;
  case ACTION_FOLDER:
    keep_folder(f, rule, value);
    break;
  case ACTION_SYSTEM:
    keep_system(f, rule, value);
    break;
  case ACTION_NOSTDINC:
    f->nostdinc = true;
    break;
  case ACTION_FORCED:
    keep_forced(f, value);
    break;
  case ACTION_MACROS:
    keep(f, "-imacros");
    keep(f, value);
    arguments_add(f->arena, &f->forced, value);
    break;
  case ACTION_LANGUAGE:
    f->language = strcmp(value, "none") ? value : NULL;
    break;
  case ACTION_STANDARD:
    keep_standard(f, argument, value);
    break;
  case ACTION_MACHINE:
    keep_machine(f, argument);
    break;
  case ACTION_TARGET:
    keep_target(f, value);
    break;
  case ACTION_PREPROCESSOR:
    keep_definitions(f, argument, value);
    break;
  case ACTION_IGNORE:
    break;
  case ACTION_UNSAFE:
    leave_out(f, &f->unsafe, argument);
    break;
  case ACTION_REFUSE:
    leave_out(f, &f->unknown, argument);
    break;
  }
}

/* ---- the command as a whole */

/* Programs that stand before the compiler: `ccache gcc ...`, `libtool --mode=compile gcc ...`. */
static size_t find_driver(Arena *arena, const Arguments *command) {
  static const char *const launchers[] = {"ccache",  "distcc", "sccache", "icecc",
                                          "libtool", "nice",   "env",     "gomacc"};
  size_t driver = 0;
  for (bool again = true; again && driver + 1 < command->count;) {
    again = false;
    const char *name = driver_kind(arena, command->at[driver]);
    for (size_t i = 0; i < sizeof launchers / sizeof *launchers; i++)
      again = again || !strcmp(name, launchers[i]);
    if (!again)
      break;
    size_t next = driver + 1;
    while (next < command->count && (command->at[next][0] == '-' || strchr(command->at[next], '=')))
      next++;
    if (next == command->count)
      break;
    driver = next;
  }
  return driver;
}

static Language language_named(const char *name) {
  if (!guard_on("languages"))
    return LANGUAGE_C;
  if (!strcmp(name, "c") || !strcmp(name, "cpp-output"))
    return LANGUAGE_C;
  if (text_starts(name, "c++") || text_starts(name, "objective-c++"))
    return LANGUAGE_CXX;
  return text_starts(name, "assembler") ? LANGUAGE_ASSEMBLER : LANGUAGE_OTHER;
}

static Language language_of_file(const char *file) {
  const char *dot = strrchr(path_base(file), '.');
  static const struct {
    const char *extension;
    Language language;
  } extensions[] = {
      {".c", LANGUAGE_C},         {".i", LANGUAGE_C},          {".C", LANGUAGE_CXX},
      {".cc", LANGUAGE_CXX},      {".cp", LANGUAGE_CXX},       {".cpp", LANGUAGE_CXX},
      {".cxx", LANGUAGE_CXX},     {".c++", LANGUAGE_CXX},      {".CPP", LANGUAGE_CXX},
      {".ii", LANGUAGE_CXX},      {".mm", LANGUAGE_CXX},       {".s", LANGUAGE_ASSEMBLER},
      {".S", LANGUAGE_ASSEMBLER}, {".sx", LANGUAGE_ASSEMBLER}, {".asm", LANGUAGE_ASSEMBLER},
  };
  for (size_t i = 0; dot && i < sizeof extensions / sizeof *extensions; i++)
    if (!strcmp(dot, extensions[i].extension))
      return extensions[i].language;
  return LANGUAGE_OTHER;
}

static Language find_language(const Filter *f, const char *file) {
  if (f->language)
    return language_named(f->language);
  Language language = language_of_file(file);
  const char *kind = driver_kind(f->arena, f->driver);
  // `g++ a.c` compiles C++.
  if (language == LANGUAGE_C && text_ends(kind, "++") && !text_ends(file, ".i"))
    return LANGUAGE_CXX;
  return language;
}

static void begin_with_driver(Filter *f) {
  const char *triple = triple_of_driver(f->arena, f->driver);
  if (triple && guard_on("target"))
    keep_target(f, triple);
  const char *kind = driver_kind(f->arena, f->driver);
  if (!strcmp(kind, "c89") || !strcmp(kind, "c99"))
    keep(f, arena_printf(f->arena, "-std=%s", kind));
}

/* The target decides which machine flags are known, so it is looked for before the others. */
static void find_target(Filter *f, const Arguments *command, size_t first) {
  for (size_t i = first; i < command->count; i++) {
    const char *argument = command->at[i];
    if (text_starts(argument, "--target="))
      machine_of_triple(argument + 9, &f->machine);
    else if (!strcmp(argument, "-target") && i + 1 < command->count)
      machine_of_triple(command->at[i + 1], &f->machine);
  }
}

static void filter_all(Filter *f, const Arguments *command, size_t first) {
  for (size_t i = first; i < command->count; i++) {
    const char *argument = command->at[i];
    if (argument[0] != '-' || !argument[1])
      continue; // an input file: the entry names the one that is meant
    const FlagRule *rule = flag_rule_find(argument);
    if (!rule) {
      leave_out(f, &f->unknown, argument);
      continue;
    }
    const char *joined = argument + strlen(rule->name);
    bool apart = rule->shape == SHAPE_SEPARATE || (rule->shape == SHAPE_EITHER && !joined[0]);
    if (apart && i + 1 == command->count)
      continue; // a name without its value: the compiler itself would have refused it
    apply(f, rule, argument, apart ? command->at[++i] : joined, apart);
  }
}

static TextList as_list(const Arguments *from) {
  return (TextList){from->at, (uint32_t)from->count};
}

Flags *flags_filter(Arena *arena, const CompileCommand *entry) {
  Flags *flags = arena_new_one(arena, Flags);
  Arguments command = {0};
  if (!arguments_expand(arena, &command, entry->directory, entry->arguments,
                        entry->argument_count)) {
    *flags = (Flags){.language = language_of_file(entry->file), .error = command.error};
    return flags;
  }
  size_t driver = find_driver(arena, &command);
  Filter f = {.arena = arena,
              .driver = command.count ? command.at[driver] : "",
              .machine = machine_of_host()};
  begin_with_driver(&f);
  find_target(&f, &command, driver + 1);
  filter_all(&f, &command, driver + 1);
  if (f.nostdinc)
    keep(&f, f.lost_gcc_headers ? "-nostdlibinc" : "-nostdinc");
  if (f.language && language_named(f.language) == LANGUAGE_C) {
    keep(&f, "-x");
    keep(&f, f.language);
  }
  *flags = (Flags){find_language(&f, entry->file),
                   as_list(&f.kept),
                   as_list(&f.forced),
                   as_list(&f.folders),
                   as_list(&f.unknown),
                   as_list(&f.unsafe),
                   NULL};
  return flags;
}
