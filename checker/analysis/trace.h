/* trace.h - what the analysis of a function asked about the rest of the program. A stored result
 * still holds when the same questions have the same answers, whatever else changed: a verifying
 * trace (Mokhov, Mitchell, Peyton Jones, "Build Systems à la Carte", 2018). The answers are
 * hashes of summaries without locations, so a change that no caller can see ends here.
 */
#ifndef ANALYSIS_TRACE_H
#define ANALYSIS_TRACE_H

#include "analysis/analysis.h"

typedef enum {
  QUERY_CALL,     // what a call of this function, or through this field or global, does
  QUERY_KIND,     // whether locks of this class are recursive
  QUERY_CONSTANT, // the value that this global always has
  QUERIES
} QueryKind;

typedef struct {
  QueryKind kind;
  TextId symbol;
} Query;

struct Trace {
  Query *queries; // distinct, in the order they were asked
  uint32_t count;
  size_t room;
  Arena *arena;
};

/* Who decides what a call does. Not noted. */
typedef struct {
  const Summary *model; // else the targets, when they agree
  Targets targets;
} Callee;
Callee analysis_callee(const Analysis *, const ProgramFunction *caller, TextId symbol);
/* Is the summary of a target taken into account? Only along the edges that decide the order. */
bool analysis_is_known(const ProgramFunction *caller, const ProgramFunction *target);

void trace_reset(Trace *, Arena *);
void trace_ask(Trace *, QueryKind, TextId symbol);

/* The answers that hold now, as one hash, and whether the function stands in a cycle of calls. Of
 * the members of its cycle they are what is known of them at this moment. */
Hash trace_answers(const Analysis *, const ProgramFunction *, const Trace *);

/* Symbols that the links of the function name are written as numbers. */
void trace_write(ByteWriter *, const Trace *, const ProgramFunction *, const TextPool *);
Trace trace_read(Arena *, ByteReader *, const ProgramFunction *, TextPool *);

#endif
