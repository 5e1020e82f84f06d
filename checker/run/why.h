/* why.h - why something is new in comparison with another view, when it was not its own lines that
 * changed: "new because 'give' no longer releases 'pool->lock' when it returns -1".
 *
 * Nothing is guessed. The program is judged once more with one function as it was before, and all
 * else as it is now: a finding that is not there then is there because of that function. The
 * functions that are nearest to the finding are asked first, and only a few; where none of them
 * alone decides, nothing is said.
 *
 * Three steps, because the two views cannot be looked at together: why_begin() in the view that is
 * reported, why_before() in the one that it is compared with, why_tell() in the first again. */
#ifndef WHY_H
#define WHY_H

#include "run/run.h"

typedef struct Why Why;

/* `is_new` is a flag for each of the findings. NULL: nothing is asked. */
Why *why_begin(Run *, const Tree *now, const Outcome *, const bool *is_new);
void why_before(Why *, const Tree *before);
/* The outcome with a step more (STEP_REASON) where a reason is known. */
Outcome why_tell(Why *);
/* For those who ask later, in the normal view; `since` is what it was compared with. */
void why_keep(const Why *, const char *since);
void why_free(Why *); // NULL is fine

/* What was said of the finding with this fingerprint in the last comparison, or NULL. */
const char *why_recall(Store *, Arena *, Hash fingerprint);

#endif
