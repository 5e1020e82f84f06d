/* roots.h - names that mean the same wherever the tree and its build folder lie.
 *
 * A stored path is relative to the root of the project, or begins with "${build}" when it is in a
 * build folder outside of the root, or is absolute. In flags and texts both folders stand as
 * "${root}" and "${build}". So a database that was made in CI fits the same tree elsewhere.
 */
#ifndef BASE_ROOTS_H
#define BASE_ROOTS_H

#include "base/arena.h"

typedef struct {
  const char *top;   // root of the project: absolute, canonical
  const char *build; // folder of the compile_commands.json; NULL when it is inside the root
} Roots;

const char *roots_name(Arena *, Roots, const char *path); // of an absolute path
const char *roots_path(Arena *, Roots, const char *name); // and back: absolute
/* The text with both folders replaced wherever they stand as the beginning of a path. */
const char *roots_hide(Arena *, Roots, const char *text);

#endif
