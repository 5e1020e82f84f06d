/* tree.h - the sources of a run when they are not all on the disk: what is staged in git, or a
 * revision. Everybody who looks at a source or a header asks here; NULL is the disk as it is.
 *
 * A tree says only what is otherwise: files with another content, and files that are not there.
 * Whatever it does not name, generated headers for example, is as on the disk.
 *
 * Unsound: paths are compared as texts, so a file that is reached through a symbolic link in its
 * path is the one on the disk.
 */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/file.h"

typedef struct Tree Tree;

typedef struct {
  const char *path; // absolute, normal
  const char *text; // NULL: the file is not there
  size_t size;
} TreeFile;

typedef enum { TREE_NOTHING, TREE_FILE, TREE_FOLDER, TREE_OTHER } TreeEntry;

Tree *tree_new(void);
void tree_free(Tree *);
/* Neither path nor text are copied. The first that is said of a path counts. */
void tree_put(Tree *, TreeFile);
const TreeFile *tree_files(const Tree *, uint32_t *count);

/* What LLVM's virtual file system needs to see the same: a file in its YAML. */
void tree_set_overlay(Tree *, const char *path);
const char *tree_overlay(const Tree *); // NULL: the disk is all there is

const TreeFile *tree_find(const Tree *, const char *path); // NULL: as on the disk
TreeEntry tree_look(const Tree *, const char *path);       // follows links
/* A folder that has files in this tree, on the disk or not. */
bool tree_has_folder(const Tree *, const char *path);
FileText tree_read(Arena *, const Tree *, const char *path, size_t limit);

#endif
