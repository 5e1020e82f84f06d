/* A list freed by recursion is as deep as it is long; by a loop it is not. Siblings by a loop and
 * children by recursion: as deep as the tree is high. */
// run: --min-confidence possible
#include <stdlib.h>
#include <string.h>

struct rule {
  struct rule *next;
  char *text;
};

struct item {
  struct item *next, *child;
};

void free_rules(struct rule *rule) {
  if (!rule)
    return;
  free_rules(rule->next); // expect: recursion-unbounded "the length of the list"
  free(rule->text);
  free(rule);
}

void free_rules_loop(struct rule *rule) {
  while (rule) {
    struct rule *next = rule->next;
    free(rule->text);
    free(rule);
    rule = next;
  }
}

void free_items(struct item *item) {
  while (item) {
    struct item *next = item->next;
    if (item->child)
      free_items(item->child); // expect: recursion-unbounded "the height of what is walked"
    free(item);
    item = next;
  }
}

/* An empty list is no reason to think that it is short. */
size_t length_of(const struct rule *rule) {
  if (rule->next == NULL)
    return strlen(rule->text);
  return strlen(rule->text) + length_of(rule->next); // expect: recursion-unbounded "the length of the list"
}
