/* finding.h - what the user will read, as the rules make it and the store keeps it.
 *
 * Positions are (function, instruction), texts are templates: lines, names and conditions are
 * looked up in the function's IR when a report is printed, so moving code changes no finding.
 */
#ifndef STORE_FINDING_H
#define STORE_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/hash.h"

typedef enum { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR } Severity;
typedef enum {
  CONFIDENCE_INFO,
  CONFIDENCE_POSSIBLE,
  CONFIDENCE_LIKELY,
  CONFIDENCE_CERTAIN
} Confidence;

/* A place in a function: an instruction, or the terminator of a block. */
typedef struct {
  const char *function; // key
  Hash body;            // which body, when a key has several
  uint32_t index;       // instruction, or block when `terminator`
  bool terminator;
} Position;

typedef enum {
  STEP_EVENT,    // acquired here, released here, called here
  STEP_BRANCH,   // a condition decides here
  STEP_CALL,     // enters a callee (its own inside is not told)
  STEP_BREAK,    // where the promise breaks: the primary location
  STEP_CONTRAST, // the sibling path that does it right
  STEP_EVIDENCE, // a fact about the whole program
  STEP_SPAWN,    // a thread is started here: what follows on the path runs in it
  STEP_REASON,   // why it is new in comparison with a revision (run/why.h); no rule says it
} StepKind;

typedef struct {
  StepKind kind;
  Position at;      // function NULL: no place (evidence)
  const char *text; // "{}" stands for the C text of `node` in at.function
  uint32_t node;    // NodeId, 0 none
  bool if_true;     // STEP_BRANCH: which side was taken
  uint32_t next;    // STEP_BRANCH of a switch: the block that was gone on to
} Step;

typedef struct {
  const char *rule; // id
  Severity severity;
  Confidence confidence;
  Position at;
  const char *message; // template like Step.text
  uint32_t node;
  const char *object; // class key of what it is about: "struct pool.lock", "src/a.c:m"
  Step *steps;
  uint32_t step_count;
  Hash fingerprint; // ANALYSIS C.4
  Hash loose;
} Finding;

/* All but the fingerprint, which belongs to a whole run. Reading gives false when damaged. */
void finding_write(ByteWriter *, const Finding *);
bool finding_read(ByteReader *, Arena *, Finding *);

#endif
