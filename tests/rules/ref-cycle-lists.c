// ref-cycle: lists of counted elements, and elements that own what they are a list of.
#include <stdlib.h>

/* ---- a list is no circle: each element owns the next one, and counts are given up one by one */

struct entry {
  int count;
  struct entry *next;
};

void entry_unref(struct entry *entry) {
  if (--entry->count > 0)
    return;
  if (entry->next)
    entry_unref(entry->next);
  free(entry);
}

void entry_append(struct entry *last, struct entry *entry) {
  entry->count++;
  last->next = entry;
}

/* ---- a list of both ways, of which one owns */

struct step {
  int count;
  struct step *next, *previous;
};

void step_unref(struct step *step) {
  if (--step->count > 0)
    return;
  if (step->next)
    step_unref(step->next);
  free(step);
}

void step_append(struct step *last, struct step *step) {
  step->count++;
  last->next = step;
  step->previous = last;
}

/* ---- both ways own */

struct page {
  int count;
  struct page *next, *previous;
};

void page_unref(struct page *page) {
  if (--page->count > 0)
    return;
  if (page->next)
    page_unref(page->next);
  if (page->previous)
    page_unref(page->previous);
  free(page);
}

void page_append(struct page *last, struct page *page) {
  page->count++;
  last->next = page;
  last->count++;
  page->previous = last; // expect: ref-cycle "'struct page.previous' and 'struct page.next'"
}

/* ---- an array of children that own their parent */

struct group;

struct member {
  int count;
  struct group *group;
};

struct group {
  int count, used;
  struct member **members;
};

static void member_unref(struct member *member);

static void group_unref(struct group *group) {
  if (--group->count > 0)
    return;
  for (int i = 0; i < group->used; i++)
    member_unref(group->members[i]);
  free(group->members);
  free(group);
}

static void member_unref(struct member *member) {
  if (--member->count > 0)
    return;
  group_unref(member->group);
  free(member);
}

void group_join(struct group *group, struct member *member) {
  member->count++;
  group->members[group->used++] = member;
  group->count++;
  member->group = group; // expect: ref-cycle "'struct member.group' and 'struct group.members'"
}

/* ---- a chain of children; the last one takes itself out */

struct child;

struct family {
  int count;
  struct child *first;
};

struct child {
  int count;
  struct child *next;
  struct family *family;
};

static void child_unref(struct child *child);

static void family_unref(struct family *family) {
  if (--family->count > 0)
    return;
  while (family->first) {
    struct child *child = family->first;
    family->first = child->next;
    child_unref(child);
  }
  free(family);
}

static void child_unref(struct child *child) {
  if (--child->count > 0)
    return;
  family_unref(child->family);
  free(child);
}

void family_add(struct family *family, struct child *child) {
  child->count++;
  child->next = family->first;
  family->first = child;
  family->count++;
  child->family = family;
}

void child_leave(struct child *child, struct child **place) {
  *place = child->next;
  child->next = NULL;
  child_unref(child);
}

/* ---- the same, and nobody ever leaves */

struct leaf;

struct tree {
  int count;
  struct leaf *first;
};

struct leaf {
  int count;
  struct leaf *next;
  struct tree *tree;
};

static void leaf_unref(struct leaf *leaf);

static void tree_unref(struct tree *tree) {
  if (--tree->count > 0)
    return;
  while (tree->first) {
    struct leaf *leaf = tree->first;
    tree->first = leaf->next;
    leaf_unref(leaf);
  }
  free(tree);
}

static void leaf_unref(struct leaf *leaf) {
  if (--leaf->count > 0)
    return;
  tree_unref(leaf->tree);
  free(leaf);
}

void tree_add(struct tree *tree, struct leaf *leaf) {
  leaf->count++;
  leaf->next = tree->first;
  tree->first = leaf;
  tree->count++;
  leaf->tree = tree; // expect: ref-cycle "'struct leaf.tree' and 'struct tree.first'"
}

/* ---- who owns itself */

struct timer {
  int count;
  struct timer *self;
};

void timer_unref(struct timer *timer) {
  if (--timer->count > 0)
    return;
  timer_unref(timer->self);
  free(timer);
}

void timer_start(struct timer *timer) {
  timer->count++;
  timer->self = timer; // expect: ref-cycle "an object refers to itself by 'struct timer.self'"
}
