/* bound.h - what bounds one cycle. */
#ifndef DEPTH_BOUND_H
#define DEPTH_BOUND_H

#include "depth/beginnings.h"
#include "depth/depth.h"
#include "depth/facts.h"

/* A call on a cycle. */
typedef struct {
  Facts *facts;
  const Site *site;
} Turn;

typedef struct {
  DepthKind kind;
  uint32_t turn;
  Token token;     // of that turn, that moves; NO_TOKEN
  uint32_t text;   // Cycle.text
  TextId field;    // Cycle.field
  uint64_t levels; // DEPTH_LIMIT: Cycle.levels; 0: not known
} Verdict;

/* turns[i] calls the function of turns[i + 1], the last one that of the first. */
Verdict bound_of(Program *, Beginnings *, const Turn *turns, uint32_t count);

/* What a token of turn `g` is when its function is entered again, over its tokens at entry. */
Value value_around(const Turn *turns, uint32_t count, uint32_t g, Token);

/* What a token is called in the program; "" when it has no name. */
const char *token_name(Arena *, Program *, const Facts *, Token);

#endif
