/* search.c - see search.h. The order is the compiler's: -iquote, -I (and CPATH), -isystem (and
 * C_INCLUDE_PATH), the folders of the system, -idirafter. The parser's own headers are left out:
 * its version is part of every key. */
#include "input/search.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/text.h"
#include "input/split.h"

typedef enum { GROUP_QUOTE, GROUP_GIVEN, GROUP_SYSTEM, GROUP_AFTER, GROUP_COUNT } Group;

typedef struct {
  Arena *arena;
  const Job *job;
  const char *sysroot;
  bool without_system;
  Arguments groups[GROUP_COUNT];
} Search;

static void add(Search *s, Group group, const char *folder) {
  const char *full = path_join(s->arena, s->job->directory, folder);
  arguments_add(s->arena, &s->groups[group], path_normal(s->arena, full));
}

static void add_variable(Search *s, Group group, const char *name) {
  const char *value = getenv(name);
  while (value && *value) {
    size_t length = strcspn(value, ":");
    if (length)
      add(s, group, arena_text_n(s->arena, value, length));
    value += length;
    value += *value == ':';
  }
}

/* How many of the flags it is: 0 when it has nothing to do with the search. */
static uint32_t take_flag(Search *s, const char *flag, const char *next) {
  static const struct {
    const char *name;
    Group group;
  } folders[] = {{"-iquote", GROUP_QUOTE}, {"-isystem", GROUP_SYSTEM}, {"-idirafter", GROUP_AFTER}};
  for (size_t i = 0; next && i < sizeof folders / sizeof *folders; i++)
    if (!strcmp(flag, folders[i].name)) {
      add(s, folders[i].group, next);
      return 2;
    }
  if (next && (!strcmp(flag, "--sysroot") || !strcmp(flag, "-isysroot"))) {
    s->sysroot = next;
    return 2;
  }
  if (text_starts(flag, "--sysroot="))
    s->sysroot = flag + 10;
  else if (!strcmp(flag, "-nostdinc") || !strcmp(flag, "-nostdlibinc"))
    s->without_system = true;
  else if (text_starts(flag, "-I") && flag[2])
    add(s, GROUP_GIVEN, flag + 2);
  else
    return 0;
  return 1;
}

/* /usr/include/x86_64-linux-gnu and its like: whichever are there. */
static void add_system(Search *s) {
  add(s, GROUP_SYSTEM, arena_printf(s->arena, "%s/usr/local/include", s->sysroot));
  glob_t found = {0};
  if (!glob(arena_printf(s->arena, "%s/usr/include/*-linux-*", s->sysroot), 0, NULL, &found))
    for (size_t i = 0; i < found.gl_pathc; i++)
      add(s, GROUP_SYSTEM, found.gl_pathv[i]);
  globfree(&found);
  add(s, GROUP_SYSTEM, arena_printf(s->arena, "%s/usr/include", s->sysroot));
}

SearchPath search_path(Arena *arena, const Job *job) {
  Search s = {.arena = arena, .job = job, .sysroot = ""};
  for (uint32_t i = 0; i < job->flags.count;) {
    const char *next = i + 1 < job->flags.count ? job->flags.at[i + 1] : NULL;
    uint32_t used = take_flag(&s, job->flags.at[i], next);
    i += used ? used : 1;
  }
  add_variable(&s, GROUP_GIVEN, "CPATH");
  add_variable(&s, GROUP_SYSTEM, "C_INCLUDE_PATH");
  if (!s.without_system)
    add_system(&s);
  Arguments all = {0};
  for (Group group = GROUP_QUOTE; group < GROUP_COUNT; group++)
    for (size_t i = 0; i < s.groups[group].count; i++)
      arguments_add(arena, &all, s.groups[group].at[i]);
  uint32_t quotes = (uint32_t)s.groups[GROUP_QUOTE].count, count = (uint32_t)all.count;
  return (SearchPath){{all.at, count}, {all.at + quotes, count - quotes}};
}
