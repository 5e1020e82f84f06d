/* Arrays whose length is a variable, which is a few at most: all that is put into it says so. */
// mechanism: stored-size
#include <alloca.h>
#include <stddef.h>

struct tree {
  struct tree *left, *right;
  const char *name;
  size_t length;
};
void use(void *);
int is_open(const struct tree *);

void shows(const struct tree *node, int depth) {
  const int longest = 255;
  char name[longest + 1];
  if (!node || depth > 100)
    return;
  use(name);
  shows(node->left, depth + 1);
  shows(node->right, depth + 1);
}

void shows_short(const struct tree *node, int depth) {
  size_t wanted = node->length;
  size_t length = wanted < 64 ? wanted : 64;
  char *name = alloca(length);
  if (!is_open(node) || depth > 100)
    return;
  use(name);
  shows_short(node->left, depth + 1);
}

void shows_two(const struct tree *node, int depth) {
  size_t matches = 2;
  if (!is_open(node))
    matches = 4;
  int found[matches];
  if (depth > 100)
    return;
  use(found);
  shows_two(node->left, depth + 1);
}

void shows_all(const struct tree *node, int depth) {
  size_t length = 16;
  if (is_open(node))
    length = node->length;
  char name[length]; // expect: stack-alloca-loop "an array of variable length in a recursion"
  if (depth > 100)
    return;
  use(name);
  shows_all(node->left, depth + 1); // note: "'shows_all' calls itself here"
}
