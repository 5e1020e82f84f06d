/* stacks.c - see stacks.h. A .su file has a line for each function: `file:line:column:function`,
 * bytes and how they come about, with tabs between. clang has no column, and leaves the return
 * address out. What gcc makes of a function besides has a suffix: a part that it split off, or a
 * copy for certain arguments. */
#include "run/stacks.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/bytes.h"
#include "base/file.h"
#include "base/message.h"
#include "base/path.h"

enum { RETURN_ADDRESS = 8, LARGEST_USAGE = 64 << 20, DEEPEST_FOLDER = 32 };

typedef struct {
  const char *name;
  uint64_t main_bytes, thread_bytes;
} Platform;

enum { KIB = 1024, MIB = 1024 * 1024 };

static const Platform platforms[] = {
    {"glibc", 8 * MIB, 8 * MIB},   {"musl", 8 * MIB, 128 * KIB}, {"macos", 8 * MIB, 512 * KIB},
    {"freebsd", 8 * MIB, 2 * MIB}, {"windows", MIB, MIB},
};

static void set_platform(StackOptions *stack, const char *name) {
  for (size_t i = 0; i < sizeof platforms / sizeof *platforms; i++)
    if (!strcmp(platforms[i].name, name)) {
      stack->platform = platforms[i].name;
      stack->main_bytes = platforms[i].main_bytes;
      stack->thread_bytes = platforms[i].thread_bytes;
    }
}

/* ---- --stack ROOT=SIZE */

static uint64_t size_of(const char *given, const char *text) {
  char *end;
  errno = 0;
  unsigned long long size = strtoull(text, &end, 10);
  uint64_t scale = *end == 'K' ? KIB : *end == 'M' ? MIB : *end == 'G' ? (uint64_t)KIB * MIB : 1;
  bool fine = *text >= '0' && *text <= '9' && !errno && size && size <= UINT64_MAX / scale / 2;
  if (!fine || end[scale > 1])
    die(EXIT_USAGE, "--stack: '%s' is not of the form ROOT=SIZE, as in main=8M", given);
  return size * scale;
}

static void read_given(Arena *arena, StackOptions *stack, const Texts *texts) {
  StackGiven *given = arena_new_array(arena, StackGiven, texts->count);
  for (size_t i = 0; i < texts->count; i++) {
    const char *text = texts->at[i], *equals = strchr(text, '=');
    given[i] = (StackGiven){.root = arena_text_n(arena, text, strcspn(text, "=")),
                            .bytes = size_of(text, equals && equals != text ? equals + 1 : "")};
  }
  stack->given = given;
  stack->given_count = (uint32_t)texts->count;
}

/* ---- --stack-usage DIR */

typedef ARRAY(StackUsage) Usages;

static const char *without_dots(Arena *arena, const char *path) {
  path = path_normal(arena, path);
  while (!strncmp(path, "../", 3))
    path += 3;
  return path;
}

static bool is_number(const char *from, const char *to) {
  return from < to && strspn(from, "0123456789") >= (size_t)(to - from);
}

/* The last colon before `end`, or NULL. */
static const char *colon_before(const char *text, const char *end) {
  while (end > text && end[-1] != ':')
    end--;
  return end > text ? end - 1 : NULL;
}

/* False: not a line of such a file. */
static bool read_place(Arena *arena, char *place, StackUsage *usage) {
  const char *name = colon_before(place, place + strlen(place));
  const char *last = name ? colon_before(place, name) : NULL;
  if (!last || !is_number(last + 1, name))
    return false;
  const char *before = colon_before(place, last);
  bool has_column = before && is_number(before + 1, last);
  usage->bytes += has_column ? 0 : RETURN_ADDRESS;
  usage->file = without_dots(
      arena, arena_text_n(arena, place, (size_t)((has_column ? before : last) - place)));
  size_t plain = strcspn(name + 1, ".");
  usage->name = arena_text_n(arena, name + 1, plain);
  usage->is_part = !strncmp(name + 1 + plain, ".part", 5) || !strncmp(name + 1 + plain, ".cold", 5);
  return *usage->name && *usage->file;
}

static bool read_line(Arena *arena, char *line, StackUsage *usage) {
  char *bytes = strchr(line, '\t'), *kind = bytes ? strchr(bytes + 1, '\t') : NULL;
  if (!kind || !is_number(bytes + 1, kind))
    return false;
  *bytes = 0;
  *usage =
      (StackUsage){.bytes = strtoull(bytes + 1, NULL, 10), .grows = !strcmp(kind + 1, "dynamic")};
  return read_place(arena, line, usage);
}

static void read_file(Arena *arena, const char *path, Usages *usages) {
  Arena *scratch = arena_new();
  FileText file = file_read(scratch, path, LARGEST_USAGE);
  if (!file.text)
    die(EXIT_USAGE, "%s: %s", path, file.error);
  for (const char *at = file.text; *at;) {
    size_t length = strcspn(at, "\r\n");
    char *line = arena_text_n(scratch, at, length);
    StackUsage usage;
    if (length && !read_line(arena, line, &usage))
      die(EXIT_USAGE, "%s: '%s' is no line of a stack usage file", path, line);
    if (length)
      array_push(usages, usage);
    at += length + (at[length] != 0);
  }
  arena_free(scratch);
}

static bool is_usage(const char *name) {
  size_t length = strlen(name);
  return length > 3 && !strcmp(name + length - 3, ".su");
}

static void read_folder(Arena *arena, const char *path, uint32_t depth, Usages *usages) {
  DIR *entries = opendir(path);
  if (!entries && !depth)
    die(EXIT_USAGE, "--stack-usage: %s: %s", path, strerror(errno));
  for (struct dirent *entry; entries && (entry = readdir(entries));) {
    const char *name = entry->d_name, *inner = path_join(arena, path, name);
    struct stat status;
    if (!strcmp(name, ".") || !strcmp(name, "..") || lstat(inner, &status))
      continue;
    if (S_ISDIR(status.st_mode) && depth < DEEPEST_FOLDER)
      read_folder(arena, inner, depth + 1, usages);
    else if (S_ISREG(status.st_mode) && is_usage(name))
      read_file(arena, inner, usages);
  }
  if (entries)
    closedir(entries);
}

static int compare_usages(const void *left, const void *right) {
  const StackUsage *a = left, *b = right;
  int order = strcmp(a->name, b->name);
  if (!order)
    order = strcmp(a->file, b->file);
  if (!order && a->bytes != b->bytes)
    order = a->bytes < b->bytes ? -1 : 1;
  return order ? order : (a->is_part * 2 + a->grows) - (b->is_part * 2 + b->grows);
}

static void read_usages(Arena *arena, StackOptions *stack, const char *folder) {
  Usages usages = {0};
  read_folder(arena, folder, 0, &usages);
  if (!usages.count)
    die(EXIT_USAGE, "--stack-usage: there is no .su file in %s", folder);
  qsort(usages.at, usages.count, sizeof *usages.at, compare_usages);
  stack->usages = arena_copy(arena, usages.at, sizeof *usages.at * usages.count);
  stack->usage_count = (uint32_t)usages.count;
  array_free(&usages);
}

/* ---- all of it */

static Hash hash_of(const StackOptions *stack) {
  ByteWriter out = {0};
  bytes_put_text(&out, stack->platform);
  for (uint32_t i = 0; i < stack->given_count; i++) {
    bytes_put_text(&out, stack->given[i].root);
    bytes_put_u(&out, stack->given[i].bytes);
  }
  for (uint32_t i = 0; i < stack->usage_count; i++) {
    const StackUsage *usage = &stack->usages[i];
    bytes_put_text(&out, usage->name);
    bytes_put_text(&out, usage->file);
    bytes_put_u(&out, usage->bytes << 2 | (uint64_t)usage->is_part << 1 | usage->grows);
  }
  Hash hash = hash_bytes(out.at, out.count);
  bytes_free(&out);
  return hash;
}

const StackOptions *stack_options(Arena *arena, const Options *options) {
  StackOptions *stack = arena_new_one(arena, StackOptions);
  set_platform(stack, options->platform ? options->platform : platforms[0].name);
  read_given(arena, stack, &options->stack);
  if (options->stack_usage)
    read_usages(arena, stack, options->stack_usage);
  stack->hash = hash_of(stack);
  return stack;
}
