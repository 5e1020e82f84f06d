/* response_file.c - @files, expanded by us: libclang does not expand them, and what they hold has
 * to pass the allowlist like every other flag. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/guard.h"
#include "base/path.h"
#include "input/split.h"

enum { BYTES_LIMIT = 1024 * 1024, DEPTH_LIMIT = 8 };

/* The files being expanded, innermost first: a file that stands in the chain is a cycle. */
typedef struct Open {
  const struct Open *outer;
  dev_t device;
  ino_t inode;
  int depth;
} Open;

typedef struct {
  Arena *arena;
  Arguments *to;
  const char *directory;
  size_t bytes_left;
} Expansion;

static bool expand(Expansion *, const char *const *from, size_t count, const Open *outer);

static bool fail(Expansion *x, const char *path, const char *why) {
  x->to->error = arena_printf(x->arena, "response file '%s': %s", path, why);
  return false;
}

static bool is_cycle(const Open *inner) {
  for (const Open *outer = inner->outer; outer; outer = outer->outer)
    if (outer->device == inner->device && outer->inode == inner->inode)
      return true;
  return false;
}

/* `file` is open; its content is split and expanded in its turn. */
static bool expand_open(Expansion *x, const char *path, int file, const Open *outer) {
  struct stat status;
  if (fstat(file, &status))
    return fail(x, path, strerror(errno));
  Open open_file = {outer, status.st_dev, status.st_ino, outer ? outer->depth + 1 : 1};
  if (is_cycle(&open_file))
    return fail(x, path, "it includes itself");
  if (open_file.depth > DEPTH_LIMIT)
    return fail(x, path, "response files are nested more than 8 deep");
  FileText text = file_read_open(x->arena, file, x->bytes_left);
  if (!text.text)
    return fail(x, path,
                strcmp(text.error, "too long") ? text.error : "more than 1 MB of response files");
  x->bytes_left -= text.size;
  Arguments inside = {0};
  if (!arguments_split(x->arena, &inside, text.text, SPLIT_RESPONSE))
    return fail(x, path, inside.error);
  return expand(x, inside.at, inside.count, &open_file);
}

static bool expand_file(Expansion *x, const char *name, const Open *outer) {
  const char *path = path_join(x->arena, x->directory, name);
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0)
    return fail(x, path, strerror(errno));
  bool fine = expand_open(x, path, file, outer);
  close(file);
  return fine;
}

static bool expand(Expansion *x, const char *const *from, size_t count, const Open *outer) {
  for (size_t i = 0; i < count; i++) {
    bool is_file = from[i][0] == '@' && from[i][1] && guard_on("response-file");
    if (!is_file)
      arguments_add(x->arena, x->to, from[i]);
    else if (!expand_file(x, from[i] + 1, outer))
      return false;
  }
  return true;
}

bool arguments_expand(Arena *arena, Arguments *to, const char *directory, const char *const *from,
                      size_t count) {
  Expansion x = {arena, to, directory, BYTES_LIMIT};
  return expand(&x, from, count, NULL);
}
