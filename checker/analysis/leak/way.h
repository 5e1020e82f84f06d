/* way.h - one way from a call that opens something to where it may be lost: shared by the search
 * for it (way.c) and what makes a way doubtful (doubts.c). Only for analysis/leak/. */
#ifndef ANALYSIS_LEAK_WAY_H
#define ANALYSIS_LEAK_WAY_H

#include "analysis/leak/leak.h"

typedef struct {
  Flow *flow;
  uint32_t site, steps, replays;
  uint32_t *distance; // per block: edges to where it may be lost; NO_BLOCK: not from there
  uint8_t *visits;    // per block, on the way at hand
  bool *cared_for;    // per block: somebody behind it gives it back, or gets it
  bool takes_doubtful;
} Search;

/* One block on a way. */
typedef struct {
  State *state; // at its beginning; its parents are the way to here
  Holding holding;
  TermId value;  // what was opened
  TermId result; // of the call that opened it
  bool is_first;
  bool is_doubtful;
  uint32_t refused; // the last call that keeps it in other outcomes; or NO_INSTRUCTION
  bool is_again;    // another one was opened meanwhile, by the same call
} Way;

/* ---- doubts.c */
bool way_skips_loop(const Search *, const State *at, Index next);
bool way_is_kept_in_loops(const Search *);
bool way_is_refused_for_null(const Search *, State *after, uint32_t instruction);
bool way_may_give_none(const Search *, State *after);
bool way_is_choice(const Search *);
bool way_is_set_with(const Search *, const Way *, Index block, uint32_t edge);
bool way_may_be_borrowed(const Search *, const Way *, Index block, uint32_t edge);

#endif
