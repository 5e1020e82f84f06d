/* read_unit.h - the work of a worker: one job in, one Unit out, as bytes (ir/serial.h); or a prefix
 * of several jobs, which makes a file. */
#ifndef WORKER_READ_UNIT_H
#define WORKER_READ_UNIT_H

#include <time.h>

#include "frontend/prefix.h"
#include "input/jobs.h"
#include "worker/lookups.h"
#include "worker/process.h"

typedef struct {
  Roots roots;
  const Tree *tree;        // NULL: the disk
  const Job *const *jobs;  // items are indices into it
  const uint32_t *numbers; // of the units, from 1, for OVERSTAY_TEST_CRASH_UNIT and its like
  const char *const *lock_types;
  size_t lock_type_count;
  const Prefix *const *prefixes; // what each job begins with, or NULL; NULL: none has one
  struct timespec prefixes_begun;
  bool verify; // what is read after a prefix is read without, too, and compared
  /* The worker's own: */
  Frontend *frontend; // made with its first item
  Lookups *lookups;   // too
  Arena *arena;
  uint32_t doubts; // units in a row that were not believed after a prefix
} Reading;

typedef enum {
  READ_PLAIN,
  READ_AFTER_PREFIX,
  READ_AGAIN,   // there was a prefix, but reason for doubt
  READ_EQUAL,   // verified: both are the same
  READ_DIFFERS, // verified: they are not; the unit is that without prefix
} HowRead;

typedef struct {
  HowRead how;
  const char *difference; // READ_DIFFERS: what differs
  Unit *unit;
} UnitAnswer;

/* WorkFunction on a Reading; the result is a UnitAnswer. Looks at the files before libclang does:
 * what is no regular file is not opened. A source that changes while it is read gives
 * ANSWER_CHANGED. */
Answer read_unit(void *reading, uint32_t item, uint32_t attempt, ByteWriter *result);

/* False when the bytes are damaged. */
bool unit_answer_read(Arena *, const void *bytes, size_t count, UnitAnswer *);

typedef struct {
  Roots roots;
  const Job *const *jobs; // for each prefix one that begins with it
  const Prefix *const *prefixes;
  const uint64_t *least_bytes; // of headers that each must add to its base
  /* The worker's own: */
  Frontend *frontend;
  Lookups *lookups;
  Arena *arena;
} Precompiling;

/* WorkFunction on a Precompiling; the result is what frontend_precompile gives, as a unit, with the
 * places where its headers were looked for in vain. */
Answer precompile_prefix(void *precompiling, uint32_t item, uint32_t attempt, ByteWriter *result);

/* A unit without a result: its name, and why. */
Unit *unit_without_result(Arena *, const Job *, UnitStatus, const char *reason);

#endif
