/* source_tree.h - a tree laid out so that libclang can read it: the contents as files of a folder
 * for the run, and a description of what stands for what.
 *
 * libclang's unsaved files cannot do it: they are found by the very name they are given under, so
 * not as "../include/x.h", and nothing can be said to be absent. The virtual file system of LLVM
 * can; a command that brings its own is not followed (input/flag_rules.c).
 */
#ifndef SOURCE_TREE_H
#define SOURCE_TREE_H

#include "base/tree.h"
#include "revision/run_folder.h"

typedef struct {
  Tree *tree;
  RunFolder folder;
} SourceTree;

bool source_tree_can_say(Arena *, const char *path); // what cannot be named there

/* Ends the process (4) when there is no room. */
SourceTree source_tree_lay(Arena *, Tree *, const char *place);
void source_tree_free(SourceTree *);

#endif
