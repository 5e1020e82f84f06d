/* summary_set.c - see summary_set.h. The hash is of the written form, which is all of a summary. */
#include "model/summary_set.h"

#include "base/array.h"
#include "base/hash_map.h"

struct SummarySet {
  Arena *arena;
  const TextPool *symbols;
  HashMap numbers; // by hash
  ARRAY(const Summary *) summaries;
};

SummarySet *summary_set_new(Arena *arena, const TextPool *symbols) {
  SummarySet *set = arena_new_one(arena, SummarySet);
  set->arena = arena;
  set->symbols = symbols;
  return set;
}

void summary_set_free(SummarySet *set) {
  hash_map_free(&set->numbers);
  array_free(&set->summaries);
}

const Summary *summary_set_keep(SummarySet *set, const Summary *summary) {
  Hash hash = summary_hash(summary, set->symbols);
  uint32_t number = hash_map_get(&set->numbers, hash);
  if (number != MAP_ABSENT)
    return set->summaries.at[number];
  Summary *kept = summary_copy(set->arena, summary);
  kept->hash = hash;
  hash_map_put(&set->numbers, hash, (uint32_t)set->summaries.count);
  array_push(&set->summaries, kept);
  return kept;
}
