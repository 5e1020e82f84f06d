/* R-F11, IDIOMS D42: a graph that may have circles. With a mark the walk ends, though it can still
 * be as deep as there are nodes; without one it need not end at all. */
// run: --min-confidence possible
#include <stdbool.h>
#include <stddef.h>

enum { SEEN = 1 };

struct commit {
  unsigned flags;
  struct commit *parents[2];
  struct entity *entity;
};

struct entity {
  bool is_expanding;
  struct entity *inside[4];
  size_t count;
};

/* The mark goes with the way back: no entity within itself, as deep as there are entities. */
int expand(struct entity *entity) {
  int size = 1;
  if (entity->is_expanding)
    return -1;
  entity->is_expanding = true;
  for (size_t i = 0; i < entity->count; i++) {
    int inner = expand(entity->inside[i]); // expect: recursion-unbounded "the height of what is walked"
    if (inner < 0)
      return inner;
    size += inner;
  }
  entity->is_expanding = false;
  return size;
}

int count_commits(struct commit *commit) {
  if (!commit || commit->flags & SEEN)
    return 0;
  commit->flags |= SEEN;
  return 1 + count_commits(commit->parents[0]) + // expect: recursion-unbounded "the height of what is walked"
         count_commits(commit->parents[1]);
}

int count_ways(const struct commit *commit) {
  if (!commit)
    return 1;
  return count_ways(commit->parents[0]) + // expect: recursion-unbounded "the height of what is walked"
         count_ways(commit->parents[1]);
}
