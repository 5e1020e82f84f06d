/* read_unit.h - the work of a worker: one job in, one Unit out, as bytes (ir/serial.h). */
#ifndef WORKER_READ_UNIT_H
#define WORKER_READ_UNIT_H

#include "frontend/parse.h"
#include "input/jobs.h"
#include "worker/lookups.h"
#include "worker/process.h"

typedef struct {
  Roots roots;
  const Job *const *jobs;  // items are indices into it
  const uint32_t *numbers; // of the units, from 1, for OVERSTAY_TEST_CRASH_UNIT
  const char *const *lock_types;
  size_t lock_type_count;
  Frontend *frontend; // the worker's own, made with its first item
  Lookups *lookups;   // too
  Arena *arena;
} Reading;

/* WorkFunction on a Reading. Looks at the files before libclang does: what is no regular file is
 * not opened. A source that changes while it is read gives ANSWER_CHANGED. */
Answer read_unit(void *reading, uint32_t item, uint32_t attempt, ByteWriter *result);

/* A unit without a result: its name, and why. */
Unit *unit_without_result(Arena *, const Job *, UnitStatus, const char *reason);

#endif
