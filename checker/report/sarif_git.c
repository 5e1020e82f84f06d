/* sarif_git.c - which version of which repository was analysed, read from .git without running git
 * (a configuration in the tree could make git run programs). A checkout that has no remote, or
 * keeps its references in another way than files, is simply not described.
 */
#include "report/sarif.h"

#include <ctype.h>

#include "base/path.h"
#include "base/text.h"

enum { LONGEST_FILE = 1 << 20 };

static char *read_file(Arena *arena, const char *path) {
  FILE *file = path_is_regular(path) ? fopen(path, "re") : NULL;
  if (!file)
    return NULL;
  char *text = arena_alloc(arena, LONGEST_FILE + 1);
  text[fread(text, 1, LONGEST_FILE, file)] = 0;
  fclose(file);
  return text;
}

static char *strip(char *text) {
  while (isspace((unsigned char)*text))
    text++;
  for (size_t n = strlen(text); n && isspace((unsigned char)text[n - 1]);)
    text[--n] = 0;
  return text;
}

/* The .git folder above `from`; a worktree's ".git" file names it. */
static const char *find_git(Arena *arena, const char *from, const char **top) {
  for (const char *folder = from;; folder = path_folder(arena, folder)) {
    const char *git = path_join(arena, folder, ".git");
    *top = folder;
    if (path_is_regular(git)) {
      char *text = read_file(arena, git);
      return text_starts(text, "gitdir: ") ? path_join(arena, folder, strip(text + 8)) : NULL;
    }
    if (path_exists(path_join(arena, git, "HEAD")))
      return git;
    if (!strcmp(folder, "/") || !strcmp(folder, "."))
      return NULL;
  }
}

/* A linked worktree keeps its HEAD, and shares the rest. */
static const char *shared_folder(Arena *arena, const char *git) {
  char *common = read_file(arena, path_join(arena, git, "commondir"));
  return common ? path_join(arena, git, strip(common)) : git;
}

static bool is_revision(const char *text) {
  return strlen(text) >= 40 && strspn(text, "0123456789abcdef") == strlen(text);
}

static const char *packed_revision(Arena *arena, const char *shared, const char *name) {
  char *text = read_file(arena, path_join(arena, shared, "packed-refs"));
  for (char *line = text, *next; line && *line; line = next) {
    next = strchr(line, '\n');
    next = next ? (*next = 0, next + 1) : line + strlen(line);
    char *space = strchr(line, ' ');
    if (space && !strcmp(space + 1, name)) {
      *space = 0;
      return line;
    }
  }
  return NULL;
}

static const char *revision_of(Arena *arena, const char *git, const char *shared,
                               const char **branch) {
  char *head = read_file(arena, path_join(arena, git, "HEAD"));
  *branch = NULL;
  if (!head)
    return NULL;
  head = strip(head);
  if (!text_starts(head, "ref: "))
    return is_revision(head) ? head : NULL;
  const char *name = strip(head + 5);
  if (text_starts(name, "refs/heads/"))
    *branch = name + strlen("refs/heads/");
  char *loose = read_file(arena, path_join(arena, shared, name));
  const char *revision = loose ? strip(loose) : packed_revision(arena, shared, name);
  return revision && is_revision(revision) ? revision : NULL;
}

static const char *origin_of(Arena *arena, const char *shared) {
  char *text = read_file(arena, path_join(arena, shared, "config"));
  bool origin = false;
  for (char *line = text, *next; line && *line; line = next) {
    next = strchr(line, '\n');
    next = next ? (*next = 0, next + 1) : line + strlen(line);
    line = strip(line);
    if (*line == '[')
      origin = !strcmp(line, "[remote \"origin\"]");
    else if (origin && text_starts(line, "url") && strchr(line, '='))
      return strip(strchr(line, '=') + 1);
  }
  return NULL;
}

/* As a URI, and without the name and password that may stand in it: NULL when it is none. */
static const char *public_uri(Arena *arena, const char *url) {
  const char *rest = strstr(url, "://"), *scheme = url;
  size_t scheme_length;
  if (rest) {
    scheme_length = (size_t)(rest - url);
    rest += 3;
  } else { // user@host:path
    const char *colon = strchr(url, ':');
    if (!colon || url[0] == '/' || url[0] == '.')
      return NULL;
    rest = arena_printf(arena, "%.*s/%s", (int)(colon - url), url, colon + 1);
    scheme = "ssh";
    scheme_length = 3;
  }
  const char *slash = strchr(rest, '/'), *user = strchr(rest, '@');
  for (const char *more = user; more && slash && more < slash; more = strchr(more + 1, '@'))
    user = more;
  if (user && slash && user < slash)
    rest = user + 1;
  for (const char *c = rest; *c; c++)
    if (!isalnum((unsigned char)*c) && !strchr("-._~/:%+", *c))
      return NULL; // also a query, in which a token may stand
  return arena_printf(arena, "%.*s://%s", (int)scheme_length, scheme, rest);
}

json_t *sarif_version_control(const Sarif *sarif) {
  Arena *arena = sarif->arena;
  const char *top, *branch, *root = sarif->report->options->roots.top;
  const char *git = root[0] == '/' ? find_git(arena, root, &top) : NULL;
  const char *shared = git ? shared_folder(arena, git) : NULL;
  const char *revision = git ? revision_of(arena, git, shared, &branch) : NULL;
  const char *origin = git ? origin_of(arena, shared) : NULL;
  const char *uri = origin ? public_uri(arena, origin) : NULL;
  if (!revision || !uri)
    return NULL;
  json_t *list = json_array(), *value = json_object();
  jsonic_put_text(arena, value, "repositoryUri", uri);
  jsonic_put_text(arena, value, "revisionId", revision);
  if (branch)
    jsonic_put_text(arena, value, "branch", branch);
  if (!strcmp(top, root)) { // paths are relative to the root of the repository
    json_t *mapped = json_object();
    jsonic_put(mapped, "uriBaseId", json_string("%SRCROOT%"));
    jsonic_put(value, "mappedTo", mapped);
  }
  jsonic_add(list, value);
  return list;
}
