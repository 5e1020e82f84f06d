/* summary_set.h - summaries that say the same are kept once. Thousands of functions do nothing that
 * a caller sees, and those of a cycle are summarised again and again.
 */
#ifndef MODEL_SUMMARY_SET_H
#define MODEL_SUMMARY_SET_H

#include "model/effect.h"

typedef struct SummarySet SummarySet;

SummarySet *summary_set_new(Arena *, const TextPool *symbols);
void summary_set_free(SummarySet *); // tables outside the arena
/* The one of its kind, with its hash, and with terms of its own; made when there is none. */
const Summary *summary_set_keep(SummarySet *, const Summary *);

#endif
