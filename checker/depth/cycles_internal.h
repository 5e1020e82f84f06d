/* cycles_internal.h - a search for the cycles of one component, while it goes on. */
#ifndef DEPTH_CYCLES_INTERNAL_H
#define DEPTH_CYCLES_INTERNAL_H

#include "depth/cycles.h"
#include "depth/second.h"

enum { CYCLE_LIMIT = 256, LENGTH_LIMIT = 8, STEP_LIMIT = 40000, COMBINATIONS = 64 };
enum { NOWHERE = 0xffffffffu, NO_MEMBER = NOWHERE };

typedef struct {
  uint32_t from, to; // members
  uint32_t site;     // of `from`
  bool by_pointer;
} CallEdge;

typedef struct {
  Cycle cycle;
  uint32_t mover; // member that has the token that moves, or NO_MEMBER
  Token token;
} Found;

typedef struct {
  Arena *arena; // of this component
  Program *program;
  Helpers *helpers;
  Beginnings *beginnings;
  Seconds *seconds; // NULL at first
  PartResult *part;
  Arena *results;
  uint32_t *ids;    // members
  uint32_t *number; // per function of the program: member + 1
  Facts **facts;
  uint32_t count;
  CallEdge *edges;
  uint32_t edge_count;
  size_t edge_room;
  bool *cut;        // per edge
  uint32_t *starts; // per member, into edges
  uint32_t *parts;  // per member: component without the edges that are cut
  Found *found;
  uint32_t found_count;
  size_t found_room;
  Cycle *limited;
  uint32_t limited_count;
  size_t limited_room;
  uint32_t steps;
  bool too_many;
} Search;

typedef struct {
  uint32_t members[LENGTH_LIMIT];
  uint32_t count;
} Way;

/* A cycle of these calls that is counted up to a number. */
void levels_add(Search *, const Way *, const uint32_t *edges, uint64_t levels);
/* The shortest cycle through each call that is bounded by a counter of its own. */
void levels_find(Search *, const Resets *);

#endif
