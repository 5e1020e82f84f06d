/* split.h - a command line as a list of arguments, and @files put in their place. */
#ifndef INPUT_SPLIT_H
#define INPUT_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef struct {
  const char **at;
  size_t count, capacity;
  const char *error; // why the list is not complete; NULL when it is
} Arguments;

typedef enum {
  SPLIT_SHELL,    // "command" of a compile_commands.json: what a POSIX shell does with quotes
  SPLIT_RESPONSE, // an @file: a backslash also escapes inside single quotes (as in GCC)
} SplitManner;

void arguments_add(Arena *, Arguments *, const char *);

/* Adds the arguments of `text`; false (and `error`) when a quote has no end. */
bool arguments_split(Arena *, Arguments *, const char *text, SplitManner);

/* `from` with the content of @files in their place, which are looked up in `directory`. Limits:
 * 1 MB altogether, 8 levels, no cycle, regular files only. False when one is broken. */
bool arguments_expand(Arena *, Arguments *, const char *directory, const char *const *from,
                      size_t count);

#endif
