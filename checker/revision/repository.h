/* repository.h - what git knows of the sources: what is staged, and what a revision has, each as a
 * Tree of the files that the work tree has otherwise.
 *
 * A file of the work tree that git does not know is part of every tree, because it is probably
 * generated - except a source that is not ignored either: that one is new, and in no tree yet.
 *
 * Unsound: links, submodules, compile_commands.json and .overstay.model are those of the work tree,
 * and so are files whose name does not look like C and that no unit has read before.
 */
#ifndef REPOSITORY_H
#define REPOSITORY_H

#include "base/roots.h"
#include "input/jobs.h"
#include "revision/source_tree.h"

typedef struct Repository Repository;

/* Reads the index. Ends the process (2) when the root of the project is in no repository. */
Repository *repository_open(Arena *, Roots);
void repository_close(Repository *);

/* The commit that REV means; ends the process (2) when there is none. HEAD of a repository without
 * commits is the empty tree. */
const char *repository_commit(Repository *, const char *revision);

typedef struct {
  const char *path; // below the root
  const char *blob; // in the revision; NULL: it is not there
  bool is_staged;   // it is in the index
} ChangedPath;

/* In what the index differs from a commit. */
const ChangedPath *repository_changes(Repository *, const char *commit, size_t *count);

typedef struct {
  const JobList *jobs;
  bool (*is_read)(const void *context, const char *path); // units have read a file below the root
  const void *context;
  const char *place; // beside which the files can be laid that libclang reads
} TreeOrder;

bool repository_looks_like_source(const char *path);

/* `changes` is what repository_changes() gave for HEAD, or for the commit. */
SourceTree repository_staged_tree(Repository *, const TreeOrder *, const ChangedPath *changes,
                                  size_t count);
SourceTree repository_commit_tree(Repository *, const TreeOrder *, const ChangedPath *changes,
                                  size_t count);
#endif
