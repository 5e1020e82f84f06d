/* leak.h - the flow of what a function opens, shared by the stages of the search for leaks. Only
 * for analysis/. */
#ifndef ANALYSIS_LEAK_H
#define ANALYSIS_LEAK_H

#include "analysis/owner.h"

/* One call that opens something. */
typedef struct {
  uint32_t instruction;
  const Summary *summary;
  TermId place; // of the effect that opens it, in the summary's terms
  Index local;  // that it is left in; NO_BLOCK: it is the result
  uint8_t resource;
  TextId kind;
  uint32_t closed, kept; // a call that gives it back, a place where it leaves the function; or none
  uint32_t mistaken;     // a call that would give back another kind of thing; or none
  bool returned;
  bool is_handed;   // inside of something that is returned
  bool is_used;     // by more than tests
  bool may_be_kept; // by a call, in some outcome
  bool is_shown;    // to a function that is called through a pointer
  bool is_zeroed;   // memory in which nothing but zeros is
  Index filled;     // position of the first block in which somebody unknown gets it; NO_BLOCK: none
  Index published;  // position of the first block in which others may get it; NO_BLOCK: none
  uint32_t publisher; // and the instruction there
  bool *leaks;        // per block: it may be lost there
} Site;

typedef struct {
  uint32_t open;   // sites
  uint32_t *masks; // per slot: the sites whose value it may hold; then per site: what is in it
  TermId object;   // stage two: memory that the one followed is kept in, or 0,
  TermId place;    // and where in it
} Holding;

typedef struct {
  uint32_t closed, kept, lost;
} FlowEvents;

typedef struct {
  Engine *e;
  Holders holders;
  uint32_t slot_count; // of masks
  uint32_t objects;    // sites that are memory
  uint32_t followed;   // stage two: the one
  Site *sites;
  uint32_t site_count;
  Holding *in; // per block; masks is NULL where nothing is open
  bool *dirty;
  uint32_t again;     // sites that open another one while the last is still open
  uint32_t *returned; // per block that returns: sites whose value is returned
  uint32_t *events;   // per instruction: sites that it closes or hands on
  uint32_t *stored;   // per instruction: sites whose value it stores
  Index brought;      // parameter that is returned where it is not null; NO_BLOCK: none
} Flow;

void leak_enter_block(const Flow *, uint32_t *masks);
FlowEvents leak_step(Flow *, Holding *, uint32_t instruction, State *after);
uint32_t leak_refuted(const Flow *, Index block, uint32_t edge);
uint32_t leak_held(const Flow *, const uint32_t *masks);

bool leak_constant(const Function *, NodeId, int64_t *value);

void leak_find_sites(Flow *); // sites.c
/* What the call gave, at the end of its block. */
TermId leak_result(const Flow *, uint32_t site, const State *after); // likewise
void leak_note_result(Flow *);                                       // result.c: for callers
void leak_note_outputs(Flow *);                                      // output.c: likewise

/* inside.c: the one that is followed is kept in memory that was allocated here. */
typedef enum { INSIDE_STAYS, INSIDE_GONE, INSIDE_LOST } Inside;
/* The instruction stores it there, so that it is not kept by others. */
bool inside_stored(Flow *, uint32_t site, Holding *, uint32_t instruction, State *after);
Inside inside_step(const Flow *, uint32_t site, Holding *, uint32_t instruction, State *after);
const char *inside_name(const Engine *, TermId place); // of the field

/* names.c: "" when no variable with a name holds it. */
const char *holder_name(const Flow *, uint32_t site, const Holding *);

/* asked.c: the branch at the end asks for what the call left besides what it opened. */
bool leak_asks_outcome(const Flow *, uint32_t site, TermId result, State *after);
/* Per block: somebody behind it gives it back or hands it on, or it is returned there, before
 * another one is opened. */
bool *leak_cared_for(const Flow *, uint32_t site);
/* It asks once more for what was asked before, and goes the other way. */
bool leak_asks_again(Engine *, State *after, Index block, uint32_t edge);

/* kinds.c: what the call would give back, and is of a kind that it does not give back. */
uint32_t leak_mistaken(Flow *, const Instruction *call, uint32_t closed);

/* told.c: the edge that was taken says that a field is set which another way would have set.
 */
bool leak_asks_other_way(Engine *, State *after, State *taken, Index block);

/* A store to the field or global. */
bool leak_stores_in(const Engine *, uint32_t instruction, TextId symbol);

/* blank.c: does the condition ask for something in memory that is still as it was made? */
Decision leak_asks_blank(const Flow *, uint32_t site, TermId value, State *, TermId condition);

/* spared.c: the value that was opened, or a count in it, says on that edge that it is not to
 * be given back. */
bool leak_is_spared(const Flow *, uint32_t site, Index block, uint32_t edge);
bool leak_closes(const Flow *, uint32_t site, Index block); // gives it back, or hands it on

/* way.c: stage two, for one site. */
void leak_follow(Flow *, uint32_t site);
/* Can the value be that of something of this kind that is open? */
bool leak_may_be_open(Engine *, State *, TextId kind, TermId value);

#endif
