/* promise.h - what a summary promises to callers, in words: "acquire", "session->lock", "mutex",
 * when, and what is returned in that case. For `overstay contract`, and for why something is new.
 */
#ifndef MODEL_PROMISE_H
#define MODEL_PROMISE_H

#include "model/effect.h"

/* What it does to a lock, a thread, a file: in all of its cases, or in one. */
typedef struct {
  const char *action;  // "acquire", as in models
  const char *what;    // "session->lock"
  const char *kind;    // "mutex", "read", or ""
  const char *when;    // "session->closing == 0"; "" when it does so in any case
  const char *result;  // "1", "-4 to 0"; "" when it is not told
  bool in_all;         // cases that return
  TextId class_symbol; // of the field or global that it is; 0: whatever a pointer leads to
} Promise;

typedef struct {
  Promise *at;
  uint32_t count;
} Promises;

Promises promises_of(Arena *, const Summary *, const TextPool *symbols, const ParameterNames *);
/* The same action, on the same place. */
bool promise_is_like(const Promise *, const Promise *);
/* "releases", "may leave": of an action, in a sentence about who does it. */
const char *promise_verb(const char *action);

#endif
