/* What a recursion hangs on, and what bounds it. */
// run: --min-confidence possible
#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 100 };

struct node {
  struct node *next, *left, *right;
  bool busy;
  int value;
};
struct reader {
  const char *at;
  int depth, limit;
};

/* ---- nothing bounds them */

static void drop_list(struct node *list) {
  if (!list)
    return;
  drop_list(list->next); // expect: recursion-unbounded "the length of the list"
  free(list);
}

static void drop_tree(struct node *tree) {
  if (!tree)
    return;
  drop_tree(tree->left); // expect: recursion-unbounded "the height of what is walked"
  drop_tree(tree->right);
  free(tree);
}

static const char *skip_list(const char *text) {
  while (*text && *text != ')')
    if (*text == '(')
      text = skip_list(text + 1); // expect: recursion-unbounded "the nesting of what is read"
    else
      text++;
  return text;
}

static unsigned factorial(unsigned n) {
  return n < 2 ? 1 : n * factorial(n - 1); // expect: recursion-unbounded "an argument"
}

/* What a library finds under a name that stands in the program does not. */
static int expansions(const char *text) {
  while (text && *text)
    if (*text++ == '$')
      return 1 + expansions(getenv("NEXT")); // expect: recursion-unbounded "what is read"
  return 0;
}

/* Counted, and compared with nothing that stops it. */
static int nesting(struct reader *r) {
  int most = r->depth;
  r->depth++;
  while (*r->at == '[') {
    r->at++;
    int inner = nesting(r); // expect: recursion-unbounded
    most = inner > most ? inner : most;
  }
  r->depth--;
  return most;
}

/* ---- bounded */

static int counted(struct reader *r, int depth) {
  if (depth > DEEPEST || *r->at++ != '[')
    return depth;
  return counted(r, depth + 1) + 1;
}

static bool enter(struct reader *r) { return ++r->depth <= r->limit; }
static void leave(struct reader *r) { r->depth--; }

static int by_helper(struct reader *r) {
  int sum = 0;
  if (!enter(r))
    return -1;
  while (*r->at == '[') {
    r->at++;
    sum += by_helper(r);
  }
  leave(r);
  return sum;
}

static int half(const int *numbers, int low, int high, int wanted) {
  if (low >= high)
    return low;
  int middle = low + (high - low) / 2;
  if (numbers[middle] < wanted)
    return half(numbers, middle + 1, high, wanted) + 0;
  return half(numbers, low, middle, wanted) + 0;
}

static void sort(int *numbers, int low, int high) {
  while (low < high) {
    int i = low, k = high, pivot = numbers[(low + high) / 2];
    while (i <= k) {
      while (numbers[i] < pivot)
        i++;
      while (numbers[k] > pivot)
        k--;
      if (i <= k) {
        int kept = numbers[i];
        numbers[i++] = numbers[k];
        numbers[k--] = kept;
      }
    }
    if (k - low < high - k) {
      sort(numbers, low, k);
      low = i;
    } else {
      sort(numbers, i, high);
      high = k;
    }
  }
}

static const char *stack_base;
static size_t stack_most = 1 << 20;

static bool too_deep(void) {
  char here;
  long used = stack_base - &here;
  if (used < 0)
    used = -used;
  return (size_t)used > stack_most;
}

static int by_stack(struct reader *r) {
  if (too_deep())
    exit(1);
  int sum = 1;
  while (*r->at == '[') {
    r->at++;
    sum += by_stack(r);
  }
  return sum;
}

static void once(struct node *n) {
  if (n->busy)
    return;
  n->busy = true;
  once(n);
  n->busy = false;
}

static int retried(const char *text, bool again) {
  int value = (int)strlen(text);
  if (!value && again)
    return retried(text, false) + 1;
  return value;
}

static unsigned small(unsigned n) { return n ? small(n - 1) + n : 0; }

static void walk(const char *path, int level) {
  char inner[512];
  DIR *folder = level < 20 ? opendir(path) : NULL;
  struct dirent *entry;
  while (folder && (entry = readdir(folder))) {
    snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
    walk(inner, level + 1);
  }
  if (folder)
    closedir(folder);
}

int main(int count, char **arguments) {
  struct reader r = {.at = arguments[count - 1], .limit = DEEPEST};
  struct node n = {0};
  int numbers[4] = {3, 1, 2, 0};
  stack_base = (const char *)&r;
  sort(numbers, 0, 3);
  once(&n);
  walk(arguments[0], 0);
  drop_list(n.next);
  drop_tree(n.left);
  return counted(&r, 0) + by_helper(&r) + half(numbers, 0, 3, count) + by_stack(&r) + nesting(&r) +
         retried(r.at, true) + expansions(r.at) + (int)small(10) + (int)factorial((unsigned)count) +
         (int)strlen(skip_list(r.at));
}
