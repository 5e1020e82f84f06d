/* roots.c - see roots.h */
#include "base/roots.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "base/guard.h"
#include "base/path.h"

static const char top_token[] = "${root}", build_token[] = "${build}";

static bool is_named(const char *path, const char *token, size_t length) {
  return !strncmp(path, token, length) && (!path[length] || path[length] == '/');
}

const char *roots_name(Arena *arena, Roots roots, const char *path) {
  if (path_inside(roots.top, path))
    return path_below(arena, roots.top, path);
  if (!roots.build || !path_inside(roots.build, path) || !guard_on("roots"))
    return path;
  return arena_printf(arena, "%s%s", build_token, path + strlen(roots.build));
}

const char *roots_path(Arena *arena, Roots roots, const char *name) {
  size_t length = sizeof build_token - 1;
  if (roots.build && is_named(name, build_token, length))
    return arena_printf(arena, "%s%s", roots.build, name + length);
  return path_join(arena, roots.top, name);
}

static bool is_path_letter(char c) { return isalnum((unsigned char)c) || (c && strchr("._-", c)); }

/* -I/a/b: letters that are an option's name. */
static bool is_option_name(const char *text, const char *end) {
  if (*text != '-')
    return false;
  for (const char *c = text + 1; c < end; c++)
    if (!isalpha((unsigned char)*c))
      return false;
  return true;
}

static bool stands_here(const char *text, const char *at, const char *folder, size_t length) {
  if (!folder || length < 2 || strncmp(at, folder, length) || is_path_letter(at[length]))
    return false;
  bool starts = at == text || (at[-1] != '/' && !is_path_letter(at[-1]));
  return starts || is_option_name(text, at);
}

const char *roots_hide(Arena *arena, Roots roots, const char *text) {
  size_t top = strlen(roots.top), build = roots.build ? strlen(roots.build) : 0;
  bool found = strstr(text, roots.top) || (roots.build && strstr(text, roots.build));
  if (!found || !guard_on("roots"))
    return text;
  ByteWriter out = {0};
  for (const char *at = text; *at;) {
    if (stands_here(text, at, roots.top, top)) {
      bytes_put_raw(&out, top_token, sizeof top_token - 1);
      at += top;
    } else if (stands_here(text, at, roots.build, build)) {
      bytes_put_raw(&out, build_token, sizeof build_token - 1);
      at += build;
    } else {
      bytes_put_raw(&out, at++, 1);
    }
  }
  char *result = arena_alloc(arena, out.count + 1);
  memcpy(result, out.at, out.count);
  result[out.count] = 0;
  bytes_free(&out);
  return result;
}
