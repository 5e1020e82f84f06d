/* git.h - asks the git program about a repository, in a way that runs nothing of what the
 * repository names: a hook, a filter, a monitor, a transport, a git of its own.
 *
 * The program and not a library, because only git itself reads every form of index and object
 * store there is. What may be asked is plumbing that looks at the index and at objects only: as
 * soon as git compares with the work tree it may run filters. That comparison is ours.
 */
#ifndef GIT_H
#define GIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

typedef struct {
  Arena *arena;
  const char *program; // absolute, outside of the repository
  const char *top;     // of the work tree
  char **environment;
} Git;

/* Ends the process (2) when there is no git. */
Git git_open(Arena *, const char *top);

typedef struct {
  const char *text; // stdout; ends in NUL, which `size` does not count
  size_t size;
  const char *error; // what it said when it failed; NULL: it did not
} GitAnswer;

/* `arguments` end with NULL; `input` is its stdin. */
GitAnswer git_ask(const Git *, const char *const *arguments, const char *input, size_t size);
/* Ends the process (2) with git's own words when it fails. */
GitAnswer git_tell(const Git *, const char *const *arguments, const char *input, size_t size);

#endif
