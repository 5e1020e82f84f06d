/* bound.h - what bounds one cycle. */
#ifndef DEPTH_BOUND_H
#define DEPTH_BOUND_H

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
  Token token; // of that turn, that moves; NO_TOKEN
} Verdict;

/* Which arguments begin with a number, by what is called from outside of the cycle. */
typedef struct Beginnings Beginnings;
Beginnings *beginnings_new(Arena *, Program *);
/* Was it asked since it was last asked this? */
bool beginnings_asked(Beginnings *);

/* turns[i] calls the function of turns[i + 1], the last one that of the first. */
Verdict bound_of(Beginnings *, const Turn *turns, uint32_t count);

/* What a token is called in the program; "" when it has no name. */
const char *token_name(Arena *, Program *, const Facts *, Token);

#endif
