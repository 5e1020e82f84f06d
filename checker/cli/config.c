/* config.c - see config.h. inih knows what a line means; it is given the lines one by one, so that
 * we know where we are, and a file that is no regular one is never waited for. */
#include "cli/config.h"

#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/message.h"
#include "base/path.h"

enum { LONGEST_FILE = 1 << 20 };

typedef struct {
  Arena *arena;
  Config *config;
  const char *rest; // of the text
  uint32_t line;    // of what was taken last
} Reader;

static bool has_git(Arena *arena, const char *folder) {
  return path_exists(path_join(arena, folder, ".git"));
}

const char *config_find(Arena *arena) {
  const char *folder = path_current(arena);
  for (;;) {
    const char *path = path_join(arena, folder, ".overstay.ini");
    if (path_exists(path))
      return path;
    if (has_git(arena, folder) || !strcmp(folder, "/"))
      return NULL;
    folder = path_folder(arena, folder);
  }
}

static const char *tree_of(Arena *arena, const char *folder) {
  for (const char *at = folder;; at = path_folder(arena, at)) {
    if (has_git(arena, at))
      return at;
    if (!strcmp(at, "/"))
      return folder;
  }
}

/* A line without its end, as inih asks for it: NULL at the end of the text. */
static char *take_line(char *to, int room, void *context) {
  Reader *r = context;
  if (!*r->rest)
    return NULL;
  size_t length = strcspn(r->rest, "\n");
  r->line++;
  if (length + 2 > (size_t)room)
    die(EXIT_USAGE,
        "%s:%u: the line is longer than %d characters\n"
        "  a list goes on in lines that begin with a blank",
        r->config->shown, r->line, room - 2);
  memcpy(to, r->rest, length);
  to[length] = 0;
  r->rest += length;
  r->rest += *r->rest == '\n';
  return to;
}

static int take_entry(void *context, const char *section, const char *name, const char *value) {
  Reader *r = context;
  Config *config = r->config;
  const char *key = arena_printf(r->arena, "%s%s%s", section, section[0] ? "." : "", name);
  config->entries = arena_grow(r->arena, config->entries, sizeof *config->entries, config->count,
                               &config->capacity, config->count + 1);
  config->entries[config->count++] = (ConfigEntry){key, arena_text(r->arena, value), r->line};
  return 1;
}

Config config_read(Arena *arena, const char *path) {
  Config config = {.path = path_canonical(arena, path)};
  config.shown = path_seen_from(arena, path_current(arena), config.path);
  config.folder = path_folder(arena, config.path);
  config.tree = tree_of(arena, config.folder);
  FileText file = file_read(arena, config.path, LONGEST_FILE);
  if (!file.text)
    die(EXIT_USAGE, "%s: %s", config.shown, file.error);
  if (strlen(file.text) != file.size)
    die(EXIT_USAGE, "%s: it holds a NUL, so it is no text", config.shown);
  Reader reader = {.arena = arena, .config = &config, .rest = file.text};
  int wrong = ini_parse_stream(take_line, &reader, take_entry, &reader);
  if (wrong)
    die(EXIT_USAGE, "%s:%d: this is neither KEY = VALUE nor [SECTION] nor a comment", config.shown,
        wrong);
  return config;
}
