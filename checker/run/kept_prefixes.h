/* kept_prefixes.h - the precompiled beginnings of sources that earlier runs left for later ones.
 *
 * A run that reads one source has nobody to share its headers with, but an earlier one that read
 * all of them had. They lie in folders beside the database (run_folder.h), each with an index.
 * One is used again only when every file that it was made of is byte for byte what it was, nothing
 * has appeared where one of its headers was looked for in vain, and its file is the very one that
 * was written here: libclang trusts what it loads, and a database may have come with the sources
 * of a stranger. The kernel's number of the file and the time of its last change, which nobody can
 * choose, say so.
 */
#ifndef KEPT_PREFIXES_H
#define KEPT_PREFIXES_H

#include "base/tree.h"
#include "frontend/prefix.h"
#include "revision/run_folder.h"

typedef struct KeptPrefixes KeptPrefixes;

/* `version`: of all else that decides what a parse gives (reading_version). Place NULL: there are
 * none, and none are kept. */
KeptPrefixes *kept_prefixes_open(Arena *, Roots, const char *place, Hash version);
/* The one of that key (input/prefix.h), when it would be the same if it were made now of the files
 * of `tree`. The tree is the same for all questions. */
const Prefix *kept_prefixes_find(KeptPrefixes *, const Tree *tree, Hash key);
bool kept_prefixes_has(const KeptPrefixes *, const Prefix *); // is it one of these?
void kept_prefixes_close(KeptPrefixes *);

typedef struct {
  Hash key;
  uint32_t users;
  const Prefix *prefix;
  const void *unit; // what precompile_prefix gave
  size_t unit_bytes;
} MadePrefix;

/* Keeps the folder, with those that most sources begin with, and removes of older folders what goes
 * beyond the room for all. `made`: bases first. False when nothing is kept. */
bool kept_prefixes_add(KeptPrefixes *, const RunFolder *, const MadePrefix *made, uint32_t count);

#endif
