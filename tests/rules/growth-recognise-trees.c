/* What hangs below a root: buckets with chains, in the program and allocated; binary trees, entered by
 * a loop and by recursion. Of each, one that something leaves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 64 };

struct word {
  char text[32];
  struct word *next;
};

struct leaf {
  int number;
  struct leaf *low, *high;
};

struct table {
  struct word **buckets;
  size_t mask, count;
};

static struct word *fixed[BUCKETS], *fixed_kept[BUCKETS];
static struct table table, table_kept;
static struct leaf *tree, *tree_kept, *deep_kept;

static struct word *word_new(const char *text, struct word *next) {
  struct word *word = calloc(1, sizeof *word);
  if (!word)
    abort();
  strncpy(word->text, text, sizeof word->text - 1);
  word->next = next;
  return word;
}

static void table_put(struct table *t, const char *text) {
  size_t at = strlen(text) & t->mask;
  struct word *word = word_new(text, NULL);
  word->next = t->buckets[at];
  t->buckets[at] = word;
  t->count++;
}

static void table_cut(struct table *t, const char *text) {
  struct word **link = &t->buckets[strlen(text) & t->mask];
  for (; *link; link = &(*link)->next)
    if (strcmp((*link)->text, text) == 0) {
      struct word *word = *link;
      *link = word->next;
      free(word);
      t->count--;
      return;
    }
}

static struct leaf *leaf_new(int number) {
  struct leaf *leaf = calloc(1, sizeof *leaf);
  if (!leaf)
    abort();
  leaf->number = number;
  return leaf;
}

static void tree_put(int number) {
  struct leaf **place = &tree;
  while (*place)
    place = number < (*place)->number ? &(*place)->low : &(*place)->high;
  *place = leaf_new(number);
}

static void tree_cut_lowest(void) {
  struct leaf **place = &tree;
  while (*place && (*place)->low)
    place = &(*place)->low;
  struct leaf *leaf = *place;
  if (leaf) {
    *place = leaf->high;
    free(leaf);
  }
}

static void tree_keep(int number) {
  struct leaf *leaf = leaf_new(number), *at = tree_kept;
  if (!at) {
    tree_kept = leaf;
    return;
  }
  for (;;) {
    struct leaf **side = number < at->number ? &at->low : &at->high;
    if (!*side) {
      *side = leaf; // expect: growth-unbounded "'tree_kept'"
      return;
    }
    at = *side;
  }
}

static struct leaf *deep_put(struct leaf *at, int number) {
  if (!at)
    return leaf_new(number);
  if (number < at->number)
    at->low = deep_put(at->low, number);
  else
    at->high = deep_put(at->high, number);
  return at;
}

int main(void) {
  char text[32];
  table.buckets = calloc(BUCKETS, sizeof *table.buckets);
  table_kept.buckets = calloc(BUCKETS, sizeof *table_kept.buckets);
  if (!table.buckets || !table_kept.buckets)
    return 1;
  table.mask = table_kept.mask = BUCKETS - 1;
  for (;;) {
    if (scanf("%31s", text) != 1)
      continue;
    size_t length = strlen(text);
    fixed[length] = word_new(text, fixed[length]);
    fixed_kept[length] = word_new(text, fixed_kept[length]); // expect: growth-unbounded "'fixed_kept"
    table_put(&table, text);
    table_put(&table_kept, text); // expect: growth-unbounded "'table_kept"
    tree_put((int)length);
    tree_keep((int)length);
    deep_kept = deep_put(deep_kept, (int)length); // expect-miss: growth-unbounded "'deep_kept'"
    if (text[0] == '-') {
      table_cut(&table, text + 1);
      tree_cut_lowest();
      struct word *first = fixed[length];
      fixed[length] = first->next;
      free(first);
    }
  }
}
