/* repository.c - see repository.h.
 *
 * git is asked for lists and contents only (git.h says why). Whether a file of the work tree is the
 * one of the index is told by its stat, as git does it, and else by comparing the content. */
#include "revision/repository.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/guard.h"
#include "base/hash_map.h"
#include "base/message.h"
#include "base/path.h"
#include "base/text.h"
#include "revision/git.h"
#include "revision/source_tree.h"

enum { LONGEST_SOURCE = 1 << 28, ASKED_AT_ONCE = 200 };

/* Bits of the flags in the index. */
enum { FLAG_TO_BE_ADDED = 1 << 29, FLAG_NOT_CHECKED_OUT = 1 << 30 };

typedef struct {
  const char *path, *blob;
  bool is_file, has_stat;
  unsigned long seconds, nanoseconds, changed_seconds, changed_nanoseconds, inode, size, flags;
} Entry;

struct Repository {
  Arena *arena;
  Git git;
  Entry *entries;
  size_t count;
  HashMap by_path;
  struct timespec written; // the index
};

/* ---- the index */

/* "  ctime: 1:2\n  mtime: 3:4\n  dev: 5\tino: 6\n  uid: 7\tgid: 8\n  size: 9\tflags: a\n": when git
 * says it in another way, contents are compared. */
static const char *read_stat(Entry *entry, const char *at) {
  int length = 0;
  unsigned long device, user, group;
  int fields = sscanf(
      at,
      "  ctime: %lu:%lu\n  mtime: %lu:%lu\n  dev: %lu\tino: %lu\n  uid: %lu\tgid: %lu\n"
      "  size: %lu\tflags: %lx\n%n",
      &entry->changed_seconds, &entry->changed_nanoseconds, &entry->seconds, &entry->nanoseconds,
      &device, &entry->inode, &user, &group, &entry->size, &entry->flags, &length);
  entry->has_stat = fields == 10 && length;
  if (entry->has_stat)
    return at + length;
  while (*at == ' ') // lines of another form
    at += strcspn(at, "\n") + 1;
  return at;
}

/* "100644 BLOB 0\tPATH". */
static bool read_entry(Repository *r, Entry *entry, const char *line) {
  size_t mode = strcspn(line, " ");
  const char *blob = line[mode] ? line + mode + 1 : "";
  size_t length = strcspn(blob, " ");
  const char *tab = strchr(blob, '\t');
  if (!tab || !blob[length])
    return false;
  entry->path = tab + 1;
  entry->blob = arena_text_n(r->arena, blob, length);
  bool merged = blob[length + 1] == '0';
  entry->is_file = merged && text_starts(line, "100");
  return true;
}

static void read_index(Repository *r) {
  const char *const list[] = {"ls-files", "-s", "-z", "--debug", NULL};
  const char *const where[] = {"rev-parse", "--git-path", "index", NULL};
  GitAnswer answer = git_tell(&r->git, list, NULL, 0), index = git_tell(&r->git, where, NULL, 0);
  const char *name = arena_text_n(r->arena, index.text, index.size ? strcspn(index.text, "\n") : 0);
  struct stat status;
  if (!stat(path_join(r->arena, r->git.top, name), &status))
    r->written = status.st_mtim;
  size_t room = 0;
  for (const char *at = answer.text; at < answer.text + answer.size;) {
    Entry entry = {0};
    const char *line = at;
    at = read_stat(&entry, at + strlen(at) + 1);
    if (!read_entry(r, &entry, line))
      die(EXIT_USAGE, "git ls-files says what cannot be understood: %s", line);
    r->entries = arena_grow(r->arena, r->entries, sizeof entry, r->count, &room, r->count + 1);
    hash_map_put(&r->by_path, hash_text(entry.path), (uint32_t)r->count);
    r->entries[r->count++] = entry;
  }
}

Repository *repository_open(Arena *arena, Roots roots) {
  if (!path_exists(path_join(arena, roots.top, ".git")) && !getenv("GIT_DIR"))
    die(EXIT_USAGE, "%s is not in a git repository", roots.top);
  Repository *r = arena_new_one(arena, Repository);
  *r = (Repository){.arena = arena, .git = git_open(arena, roots.top)};
  read_index(r);
  return r;
}

void repository_close(Repository *r) {
  if (r)
    hash_map_free(&r->by_path);
}

/* ---- revisions */

static const char *line_of(Repository *r, const GitAnswer *answer) {
  return arena_text_n(r->arena, answer->text, strcspn(answer->text, "\n"));
}

const char *repository_commit(Repository *r, const char *revision) {
  const char *wanted = arena_printf(r->arena, "%s^{commit}", revision);
  const char *const parse[] = {"rev-parse", "--verify", "-q", "--end-of-options", wanted, NULL};
  GitAnswer answer = git_ask(&r->git, parse, NULL, 0);
  if (!answer.error)
    return line_of(r, &answer);
  if (strcmp(revision, "HEAD"))
    die(EXIT_USAGE, "'%s' is no revision of this repository", revision);
  const char *const empty[] = {"hash-object", "-t", "tree", "--stdin", NULL};
  answer = git_tell(&r->git, empty, NULL, 0);
  return line_of(r, &answer);
}

/* ":100644 100644 OLD NEW M\0PATH\0" */
const ChangedPath *repository_changes(Repository *r, const char *commit, size_t *count) {
  const char *const diff[] = {"diff-index", "--cached", "--no-renames", "--no-ext-diff",
                              "-r",         "-z",       commit,         NULL};
  GitAnswer answer = git_tell(&r->git, diff, NULL, 0);
  ChangedPath *changes = NULL;
  size_t room = 0;
  *count = 0;
  for (const char *at = answer.text; at < answer.text + answer.size;) {
    const char *path = at + strlen(at) + 1;
    char old_mode[8], new_mode[8], old_blob[72], new_blob[72];
    if (sscanf(at, ":%7s %7s %71s %71s", old_mode, new_mode, old_blob, new_blob) != 4)
      die(EXIT_USAGE, "git diff-index says what cannot be understood: %s", at);
    at = path + strlen(path) + 1;
    bool was_file = text_starts(old_mode, "100"), is_file = text_starts(new_mode, "100");
    bool was = strcmp(old_mode, "000000") != 0, is = strcmp(new_mode, "000000") != 0;
    if ((was && !was_file) || (is && !is_file))
      continue; // a link or a submodule
    changes = arena_grow(r->arena, changes, sizeof *changes, *count, &room, *count + 1);
    changes[(*count)++] = (ChangedPath){
        .path = path, .blob = was ? arena_text(r->arena, old_blob) : NULL, .is_staged = is};
  }
  return changes;
}

/* ---- trees */

bool repository_looks_like_source(const char *path) {
  static const char *const ends[] = {".c", ".h", ".inc", ".inl", ".def", ".tbl", ".x", ".i"};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
    if (text_ends(path, ends[i]))
      return true;
  return false;
}

typedef struct {
  const char *path, *blob; // blob NULL: not there
} Wanted;

typedef struct {
  Repository *r;
  const TreeOrder *order;
  Tree *tree;
  HashMap said; // paths
  Wanted *wanted;
  size_t count, room;
} Building;

static void want(Building *b, const char *path, const char *blob) {
  Hash name = hash_text(path);
  if (hash_map_get(&b->said, name) != MAP_ABSENT)
    return;
  hash_map_put(&b->said, name, 0);
  if (!repository_looks_like_source(path) && !b->order->is_read(b->order->context, path))
    return;
  if (!source_tree_can_say(b->r->arena, path)) {
    warn("%s: the file of the work tree is taken, because its name cannot be said", path);
    return;
  }
  b->wanted =
      arena_grow(b->r->arena, b->wanted, sizeof *b->wanted, b->count, &b->room, b->count + 1);
  b->wanted[b->count++] = (Wanted){path, blob};
}

static const char *on_disk(const Building *b, const char *path) {
  return path_join(b->r->arena, b->r->git.top, path);
}

/* As git decides it: by stat, unless the file may have been written after the index was. */
static bool is_as_in_index(const Building *b, const Entry *entry) {
  struct stat status;
  const struct timespec *written = &b->r->written;
  if (!entry->has_stat || lstat(on_disk(b, entry->path), &status) || !S_ISREG(status.st_mode))
    return false;
  bool racy =
      status.st_mtim.tv_sec > written->tv_sec ||
      (status.st_mtim.tv_sec == written->tv_sec && status.st_mtim.tv_nsec >= written->tv_nsec);
  return !racy && (unsigned long)status.st_mtim.tv_sec == entry->seconds &&
         (unsigned long)status.st_mtim.tv_nsec == entry->nanoseconds &&
         (unsigned long)status.st_ctim.tv_sec == entry->changed_seconds &&
         (unsigned long)status.st_ctim.tv_nsec == entry->changed_nanoseconds &&
         (uint32_t)status.st_ino == (uint32_t)entry->inode &&
         (uint32_t)status.st_size == (uint32_t)entry->size;
}

static void want_index(Building *b) {
  for (size_t i = 0; i < b->r->count; i++) {
    const Entry *entry = &b->r->entries[i];
    if (!entry->is_file || entry->flags & FLAG_NOT_CHECKED_OUT)
      continue;
    if (entry->flags & FLAG_TO_BE_ADDED)
      want(b, entry->path, NULL);
    else if (!is_as_in_index(b, entry))
      want(b, entry->path, entry->blob);
  }
}

/* ---- sources that git does not know */

static bool is_in_submodule(const Repository *r, const char *path) {
  for (size_t i = 0; i < r->count; i++)
    if (!r->entries[i].is_file && path_inside(r->entries[i].path, path))
      return true;
  return false;
}

static void want_away(Building *b, const char **paths, size_t count) {
  static const char *const ask[] = {"ls-files", "-z", "--others", "--exclude-standard", "--"};
  enum { ASK = sizeof ask / sizeof *ask };
  const char *all[ASK + ASKED_AT_ONCE + 1];
  memcpy(all, ask, sizeof ask);
  memcpy(all + ASK, paths, count * sizeof *paths);
  all[ASK + count] = NULL;
  GitAnswer answer = git_ask(&b->r->git, all, NULL, 0);
  if (answer.error) // in a repository inside of this one, for example
    return;
  for (const char *at = answer.text; at < answer.text + answer.size; at += strlen(at) + 1)
    want(b, at, NULL);
}

static void want_new_sources_away(Building *b) {
  const char *paths[ASKED_AT_ONCE];
  size_t count = 0;
  const JobList *jobs = b->order->jobs;
  for (uint32_t i = 0; i < jobs->count; i++) {
    const char *path = jobs->jobs[i].shown;
    bool known = hash_map_get(&b->r->by_path, hash_text(path)) != MAP_ABSENT;
    bool again = i && !strcmp(path, jobs->jobs[i - 1].shown);
    if (known || again || path[0] == '/' || path[0] == '$' || is_in_submodule(b->r, path))
      continue;
    paths[count++] = path;
    if (count == ASKED_AT_ONCE) {
      want_away(b, paths, count);
      count = 0;
    }
  }
  if (count)
    want_away(b, paths, count);
}

/* ---- contents */

static const char *next_blob(const GitAnswer *answer, const char *at, const Wanted *wanted,
                             TreeFile *file) {
  unsigned long size = 0;
  char type[16] = "";
  const char *end = answer->text + answer->size;
  const char *line_end = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
  bool known = line_end && sscanf(at, "%*s %15s %lu", type, &size) == 2 && !strcmp(type, "blob");
  if (!known || size > (size_t)(end - line_end) - 1)
    die(EXIT_USAGE, "%s: git has no content of it (is this a partial clone?)", wanted->path);
  file->text = line_end + 1;
  file->size = size;
  ((char *)file->text)[size] = 0; // in place of the end of line that git puts behind it
  return file->text + size + 1;
}

/* Line ends are git's to convert: such files are the same. */
static bool is_same_text(const TreeFile *file, const FileText *disk) {
  const char *a = file->text, *b = disk->text, *a_end = a + file->size, *b_end = b + disk->size;
  while (a < a_end && b < b_end) {
    if (*a != *b && *b == '\r' && b + 1 < b_end && b[1] == '\n')
      b++;
    if (*a++ != *b++)
      return false;
  }
  return a == a_end && b == b_end;
}

static void put_wanted(Building *b, const Wanted *wanted, TreeFile file) {
  struct stat status;
  file.path = on_disk(b, wanted->path);
  bool there = !lstat(file.path, &status);
  Arena *scratch = arena_new();
  FileText disk = {0};
  if (file.text && there)
    disk = file_read(scratch, file.path, LONGEST_SOURCE);
  if (!disk.text || !is_same_text(&file, &disk))
    tree_put(b->tree, file);
  arena_free(scratch);
}

static void fill(Building *b) {
  static const char *const batch[] = {"cat-file", "--batch", NULL};
  size_t room = 0, used = 0;
  for (size_t i = 0; i < b->count; i++)
    room += b->wanted[i].blob ? strlen(b->wanted[i].blob) + 1 : 0;
  char *list = arena_alloc(b->r->arena, room + 1);
  for (size_t i = 0; i < b->count; i++)
    if (b->wanted[i].blob)
      used += (size_t)snprintf(list + used, room + 1 - used, "%s\n", b->wanted[i].blob);
  GitAnswer answer = {.text = ""};
  if (used)
    answer = git_tell(&b->r->git, batch, list, used);
  const char *at = answer.text;
  for (size_t i = 0; i < b->count; i++) {
    TreeFile file = {0};
    if (b->wanted[i].blob)
      at = next_blob(&answer, at, &b->wanted[i], &file);
    put_wanted(b, &b->wanted[i], file);
  }
}

static SourceTree finish(Building *b) {
  want_new_sources_away(b);
  fill(b);
  hash_map_free(&b->said);
  return source_tree_lay(b->r->arena, b->tree, b->order->place);
}

SourceTree repository_staged_tree(Repository *r, const TreeOrder *order, const ChangedPath *changes,
                                  size_t count) {
  Building b = {.r = r, .order = order, .tree = tree_new()};
  for (size_t i = 0; i < count; i++)
    if (!changes[i].is_staged)
      want(&b, changes[i].path, NULL); // taken out of the index, perhaps still there
  want_index(&b);
  return finish(&b);
}

SourceTree repository_commit_tree(Repository *r, const TreeOrder *order, const ChangedPath *changes,
                                  size_t count) {
  Building b = {.r = r, .order = order, .tree = tree_new()};
  for (size_t i = 0; i < count; i++)
    want(&b, changes[i].path, changes[i].blob);
  want_index(&b);
  return finish(&b);
}
