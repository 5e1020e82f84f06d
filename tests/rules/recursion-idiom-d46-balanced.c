/* IDIOMS D46: trees that are kept balanced, and types that were checked, are as high as a logarithm
 * or a limit says; a tree without balance is as high as it is.
 *
 * Known gap: that a tree is kept balanced is not seen, and it is told as any other. */
// run: --min-confidence possible
#include <stddef.h>

struct avl {
  struct avl *left, *right;
  int key, height;
};

static int height_of(const struct avl *tree) { return tree ? tree->height : 0; }

static struct avl *rotate_right(struct avl *tree) {
  struct avl *top = tree->left;
  tree->left = top->right;
  top->right = tree;
  tree->height = 1 + (height_of(tree->left) > height_of(tree->right) ? height_of(tree->left)
                                                                     : height_of(tree->right));
  return top;
}

static struct avl *rotate_left(struct avl *tree) {
  struct avl *top = tree->right;
  tree->right = top->left;
  top->left = tree;
  tree->height = 1 + (height_of(tree->left) > height_of(tree->right) ? height_of(tree->left)
                                                                     : height_of(tree->right));
  return top;
}

struct avl *avl_insert(struct avl *tree, struct avl *added) {
  if (!tree)
    return added;
  if (added->key < tree->key)
    tree->left = avl_insert(tree->left, added); // expect-false: recursion-unbounded
  else
    tree->right = avl_insert(tree->right, added);
  int lean = height_of(tree->left) - height_of(tree->right);
  if (lean > 1)
    return rotate_right(tree);
  if (lean < -1)
    return rotate_left(tree);
  return tree;
}

long avl_sum(const struct avl *tree) {
  return tree ? avl_sum(tree->left) + tree->key + avl_sum(tree->right) : 0; // expect-false: recursion-unbounded
}

struct tree {
  struct tree *left, *right;
  int key;
};

struct tree *tree_insert(struct tree *tree, struct tree *added) {
  struct tree **at = &tree;
  while (*at)
    at = added->key < (*at)->key ? &(*at)->left : &(*at)->right;
  *at = added;
  return tree;
}

long tree_sum(const struct tree *tree) {
  if (!tree)
    return 0;
  return tree_sum(tree->left) + tree->key + tree_sum(tree->right); // expect: recursion-unbounded "the height of what is walked"
}

/* A limit that the user may set. */
extern int max_allowed_depth;

int list_folders(const char *path, int depth, int (*each)(const char *inner)) {
  int count = each(path);
  if (depth > max_allowed_depth)
    return -1;
  for (const char *at = path; *at; at++)
    if (*at == '/')
      count += list_folders(at + 1, depth + 1, each);
  return count;
}
