/* tree.c - see tree.h */
#include "base/tree.h"

#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/hash_map.h"
#include "base/path.h"

struct Tree {
  ARRAY(TreeFile) files;
  HashMap by_path, folders;
  const char *overlay;
};

Tree *tree_new(void) {
  Tree *tree = memory_resize(NULL, sizeof *tree);
  *tree = (Tree){0};
  return tree;
}

void tree_free(Tree *tree) {
  if (!tree)
    return;
  array_free(&tree->files);
  hash_map_free(&tree->by_path);
  hash_map_free(&tree->folders);
  memory_free(tree);
}

static void add_folders(Tree *tree, const char *path) {
  for (size_t length = strlen(path); length > 1;) {
    while (length && path[length - 1] != '/')
      length--;
    length -= length > 0;
    Hash folder = hash_bytes(path, length);
    if (!length || hash_map_get(&tree->folders, folder) != MAP_ABSENT)
      return;
    hash_map_put(&tree->folders, folder, 0);
  }
}

void tree_put(Tree *tree, TreeFile file) {
  Hash path = hash_text(file.path);
  if (hash_map_get(&tree->by_path, path) != MAP_ABSENT)
    return;
  hash_map_put(&tree->by_path, path, (uint32_t)tree->files.count);
  array_push(&tree->files, file);
  if (file.text)
    add_folders(tree, file.path);
}

const TreeFile *tree_files(const Tree *tree, uint32_t *count) {
  *count = tree ? (uint32_t)tree->files.count : 0;
  return tree ? tree->files.at : NULL;
}

void tree_set_overlay(Tree *tree, const char *path) { tree->overlay = path; }

const char *tree_overlay(const Tree *tree) { return tree ? tree->overlay : NULL; }

const TreeFile *tree_find(const Tree *tree, const char *path) {
  if (!tree || !tree->files.count)
    return NULL;
  uint32_t index = hash_map_get(&tree->by_path, hash_text(path));
  return index == MAP_ABSENT ? NULL : &tree->files.at[index];
}

bool tree_has_folder(const Tree *tree, const char *path) {
  return tree && hash_map_get(&tree->folders, hash_text(path)) != MAP_ABSENT;
}

TreeEntry tree_look(const Tree *tree, const char *path) {
  struct stat status;
  const TreeFile *file = tree_find(tree, path);
  if (file)
    return file->text ? TREE_FILE : TREE_NOTHING;
  if (tree_has_folder(tree, path))
    return TREE_FOLDER;
  if (stat(path, &status))
    return TREE_NOTHING;
  if (S_ISDIR(status.st_mode))
    return TREE_FOLDER;
  return S_ISREG(status.st_mode) ? TREE_FILE : TREE_OTHER;
}

FileText tree_read(Arena *arena, const Tree *tree, const char *path, size_t limit) {
  const TreeFile *file = tree_find(tree, path);
  if (!file)
    return file_read(arena, path, limit);
  if (!file->text)
    return (FileText){.error = "No such file or directory"};
  if (file->size > limit)
    return (FileText){.error = "too long"};
  return (FileText){file->text, file->size, NULL};
}
