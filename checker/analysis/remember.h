/* remember.h - what is stored of a function besides its summary, so that it need not be analysed
 * again: the questions and answers of its last analysis (trace.h), what was found in it, and its
 * rounds.
 *
 * A function in a cycle of calls is analysed in rounds, until nothing changes. Each of them depends
 * on its code and on the answers it got, as any analysis does, so each is stored with its trace:
 * the next run goes through the same rounds, and analyses a member only where it would hear
 * something that it has not heard before. What comes out is what comes out from nothing.
 */
#ifndef ANALYSIS_REMEMBER_H
#define ANALYSIS_REMEMBER_H

#include "analysis/engine.h"
#include "analysis/trace.h"

enum { RECURSION_ROUNDS = 4 };

struct Round {
  Trace trace;
  Hash answers, summary_hash;
  const Summary *summary; // of this run, or NULL
  uint32_t number;        // of an earlier run: of the summary among those stored, 0 is the last one
};

typedef struct {
  ProgramFunction *function;
  const Round *rounds[RECURSION_ROUNDS]; // of this run
  uint32_t round_count;
  bool is_analysed; // in this run
  /* Of an earlier run. */
  bool is_remembered;
  Remembered last;
  bool is_told; // names of locals matter
  Trace trace;
  Round *past;
  uint32_t past_count;
  ByteReader rest; // what was found
} Member;

Member member_new(const Analysis *, ProgramFunction *);
/* Sets the summary to what came out of an analysis that got the answers that hold now. */
bool member_recall_round(Analysis *, Member *);
/* Takes over what the last analysis found, and the summary. */
bool member_recall(Analysis *, Member *);
/* Stores what was analysed in this run: the last analysis, with what it asked and the answers it
 * got; or, when that one was recalled, rounds that are not those of the earlier run. */
void member_keep(Analysis *, Member *, const Trace *, Hash answers);
void member_keep_rounds(Analysis *, Member *);
/* What is known of a function now. NULL while it has no summary. */
const Summary *analysis_summary(Analysis *, uint32_t id);

#endif
