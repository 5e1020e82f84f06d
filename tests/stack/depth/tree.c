// A tree that has gone wrong: a node is its own child. Small frames.
// stack: 256K
#include "level.h"

volatile long *level;

struct tree {
  struct tree *left, *right;
};

static long height(const struct tree *tree) {
  if (!tree)
    return 0;
  ++*level;
  long left = height(tree->left), right = height(tree->right);
  return 1 + (left > right ? left : right);
}

int main(int count, char **arguments) {
  struct tree tree = {0};
  tree.left = tree.right = &tree;
  (void)count;
  level = level_begin(arguments[1]);
  return (int)height(&tree);
}
