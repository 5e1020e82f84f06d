/* links_internal.h - between links.c, which finds the lists, and links_flow.c, which follows
 * function pointers through the locals of a function. */
#ifndef IR_LINKS_INTERNAL_H
#define IR_LINKS_INTERNAL_H

#include "ir/guards.h"
#include "ir/links.h"

enum { TALLIED = 4 }; // sites that are compared with each other; more are on one way somewhere

/* The sites of one list entry, as they are met. */
typedef struct {
  Index blocks[TALLIED];
  uint32_t count;
  Repeats repeats, guarded;
  Index guard; // of all of them, or NO_GUARD
  bool serves;
} Tally;

/* A store of a function pointer into a local. */
typedef struct {
  NodeId value;
  uint32_t next; // in the list of the same local, plus 1
} PointerStore;

typedef struct {
  const Function *f;
  FunctionLinks *links;
  Arena *arena;
  Cfg *cfg; // NULL when nothing hangs on it
  Repetition *repetition;
  Guards *guards;
  uint32_t *call_numbers, *slot_numbers, *taken_numbers; // by symbol: place in the list, plus 1
  Tally *call_tallies, *slot_tallies;
  NodeId *temp_places; // by temp: the place that an INST_LOAD read, else 0
  size_t store_room, flow_room, tally_room;
  Tally *flow_tallies;
  uint32_t *pointer_lists; // by local: its last PointerStore, plus 1
  PointerStore *pointers;
  size_t pointer_count, pointer_room;
} LinkScan;

static inline bool is_function_pointer(const Function *f, const Node *node) {
  const Type *type = &f->types[node->type];
  return type->kind == TYPE_POINTER && f->types[type->element].kind == TYPE_FUNCTION;
}

void tally_add(const LinkScan *, Tally *, Index block);
Sites tally_sites(const LinkScan *, const Tally *);

void flows_find(LinkScan *);

#endif
