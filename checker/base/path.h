/* path.h - file names: joined, made canonical, shown.
 *
 * Canonical means: the folder is resolved (symbolic links, "..") and the last part is kept as it
 * was named. A source that is itself a link keeps its name, because `#include "x.h"` is looked up
 * in the folder of the name, not in that of the link's target.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>

#include "base/arena.h"

const char *path_join(Arena *, const char *folder, const char *name); // absolute names stay
const char *path_folder(Arena *, const char *path);                   // "." when there is none
const char *path_base(const char *path);                              // after the last slash
const char *path_normal(Arena *, const char *path);    // "a/./b/../c" is "a/c", without the disk
const char *path_canonical(Arena *, const char *path); // absolute; path_normal if not there
const char *path_current(Arena *);                     // working directory

bool path_inside(const char *root, const char *path); // both canonical; the root is inside itself
/* Below `root`: relative to it, else unchanged. */
const char *path_below(Arena *, const char *root, const char *path);
/* Relative to `from` with "../" where needed (both absolute); for showing. */
const char *path_seen_from(Arena *, const char *from, const char *path);

bool path_exists(const char *);
bool path_is_regular(const char *); // follows links

#endif
