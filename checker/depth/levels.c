/* levels.c - cycles that are counted up to a number: how deep they may go, for who knows what a
 * round takes of the stack. */
#include "depth/cycles_internal.h"

enum { LIMITED = 64 }; // of a component

void levels_add(Search *s, const Way *way, const uint32_t *edges, uint64_t levels) {
  if (s->limited_count == LIMITED)
    return;
  Cycle cycle = {.calls = arena_new_array(s->arena, CycleCall, way->count),
                 .count = way->count,
                 .kind = DEPTH_LIMIT,
                 .measure = "",
                 .field = "",
                 .levels = levels};
  for (uint32_t i = 0; i < way->count; i++) {
    const CallEdge *edge = &s->edges[edges[i]];
    const Site *site = &s->facts[edge->from]->sites[edge->site];
    cycle.calls[i] = (CycleCall){s->ids[edge->from], site->instruction};
    cycle.by_pointer |= edge->by_pointer;
  }
  s->limited = arena_grow(s->arena, s->limited, sizeof cycle, s->limited_count, &s->limited_room,
                          s->limited_count + 1u);
  s->limited[s->limited_count++] = cycle;
}

/* The shortest way from where the call leads back to it, in front of it; false: it is too long. */
static bool way_back(const Search *s, uint32_t edge, uint32_t *by, uint32_t *queue, Way *way,
                     uint32_t *edges) {
  uint32_t from = s->edges[edge].from, to = s->edges[edge].to, used = 0;
  for (uint32_t i = 0; i < s->count; i++)
    by[i] = NOWHERE;
  queue[used++] = to;
  for (uint32_t at = 0; at < used && from != to && by[from] == NOWHERE; at++)
    for (uint32_t k = s->starts[queue[at]]; k < s->starts[queue[at] + 1]; k++)
      if (by[s->edges[k].to] == NOWHERE && s->edges[k].to != to) {
        by[s->edges[k].to] = k;
        queue[used++] = s->edges[k].to;
      }
  uint32_t reversed[LENGTH_LIMIT] = {edge}, count = 1;
  for (uint32_t at = from; at != to; at = s->edges[by[at]].from) {
    if (by[at] == NOWHERE || count == LENGTH_LIMIT)
      return false;
    reversed[count++] = by[at];
  }
  *way = (Way){.count = count};
  for (uint32_t i = 0; i < count; i++) {
    edges[i] = reversed[count - 1 - i];
    way->members[i] = s->edges[edges[i]].from;
  }
  return true;
}

void levels_find(Search *s, const Resets *resets) {
  uint32_t *by = NULL, *queue = NULL, edges[LENGTH_LIMIT];
  Way way;
  for (uint32_t i = 0; i < s->edge_count; i++) {
    const Facts *facts = s->facts[s->edges[i].from];
    const Site *site = &facts->sites[s->edges[i].site];
    uint64_t levels = site->bounded && !site->stack_asked ? site_levels(facts, site, resets) : 0;
    if (!levels)
      continue;
    by = by ? by : arena_new_array(s->arena, uint32_t, s->count);
    queue = queue ? queue : arena_new_array(s->arena, uint32_t, s->count);
    if (way_back(s, i, by, queue, &way, edges))
      levels_add(s, &way, edges, levels);
  }
}
