/* reading.c - see reading.h */
#include "reading.h"

#include <sched.h>
#include <string.h>

#include "base/bytes.h"
#include "base/embedded.h"
#include "base/guard.h"
#include "base/message.h"
#include "frontend/version.h"
#include "ir/serial.h"
#include "progress.h"
#include "worker/pool.h"
#include "worker/read_unit.h"

enum { UNITS_A_TRANSACTION = 64 };

typedef struct {
  Reading work; // first: what the workers see of it
  Arena *arena; // of the unit at hand
  Store *store;
  Progress progress;
  const char *name; // of the unit begun last
  uint32_t stored;
  const ReadingInput *input;
} Read;

Hash reading_version(Arena *arena) {
  return hash_text(arena_printf(arena, "%s|%d|%s|%s", OVERSTAY_VERSION, SERIAL_VERSION,
                                frontend_version(arena), embedded_extractor));
}

/* ---- storing */

/* Without its own headers libclang misreads everything; better no result than that one. */
static void check_own_headers(const Unit *unit, const Job *job) {
  bool own_choice = false;
  for (uint32_t i = 0; i < job->flags.count; i++)
    own_choice = own_choice || !strcmp(job->flags.at[i], "-nostdinc");
  for (uint32_t i = 0; i < unit->missing_count && !own_choice; i++)
    if (!strcmp(unit->missing[i], "stddef.h") || !strcmp(unit->missing[i], "stdarg.h"))
      die(EXIT_INTERNAL,
          "%s: libclang does not find its own header <%s>\n"
          "  Debian has it in the package libclang-common-19-dev",
          job->shown, unit->missing[i]);
}

static UnitStatus unit_status(WorkStatus status) {
  switch (status) {
  case WORK_DONE:
    return UNIT_OK;
  case WORK_CRASHED:
    return UNIT_CRASHED;
  case WORK_TIMEOUT:
    return UNIT_TIMEOUT;
  case WORK_MEMORY:
    return UNIT_MEMORY;
  case WORK_CHANGED:
    return UNIT_UNREADABLE;
  }
  return UNIT_CRASHED;
}

static void store_result(void *context, uint32_t item, const WorkResult *result) {
  Read *r = context;
  const Job *job = r->work.jobs[item];
  arena_reset(r->arena);
  Unit *unit;
  if (result->status == WORK_DONE) {
    unit = unit_read(r->arena, result->bytes, result->count);
    if (!unit)
      unit = unit_without_result(r->arena, job, UNIT_CRASHED, "the worker's answer is damaged");
    check_own_headers(unit, job);
  } else {
    unit = unit_without_result(r->arena, job, unit_status(result->status), result->reason);
  }
  if (r->input->take) {
    r->input->take(r->input->context, unit);
    return;
  }
  store_put_unit(r->store, unit);
  const char *few = test_hook("OVERSTAY_TEST_TRANSACTION");
  if (few || ++r->stored % UNITS_A_TRANSACTION == 0) {
    store_commit(r->store);
    store_begin(r->store);
  }
}

static void note_started(void *context, uint32_t item) {
  Read *r = context;
  r->name = r->work.jobs[item]->shown;
}

static void show_progress(void *context, uint32_t finished) {
  Read *r = context;
  progress_show(&r->progress, finished, r->name);
}

/* ---- choosing */

/* The jobs whose units are not fresh; `numbers` are their places in the list, from 1. */
static uint32_t choose_stale(Store *store, const JobList *list, const Job **stale,
                             uint32_t *numbers) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < list->count; i++) {
    const Job *job = &list->jobs[i];
    if (store && store_unit_fresh(store, (UnitKey){job->shown, job->command_hash}))
      continue;
    stale[count] = job;
    numbers[count++] = i + 1;
  }
  return count;
}

static void drop_others(Arena *arena, Store *store, const JobList *list) {
  UnitKey *keys = arena_new_array(arena, UnitKey, list->count);
  for (uint32_t i = 0; i < list->count; i++)
    keys[i] = (UnitKey){list->jobs[i].shown, list->jobs[i].command_hash};
  store_keep_units(store, keys, list->count);
}

static uint32_t processor_count(void) {
  cpu_set_t set;
  int count = sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
  return count > 0 ? (uint32_t)count : 1;
}

ReadingResult read_units(Arena *arena, Store *store, const ReadingInput *input,
                         const Options *options) {
  const JobList *list = input->jobs;
  const Job **stale = arena_new_array(arena, const Job *, list->count);
  uint32_t *numbers = arena_new_array(arena, uint32_t, list->count);
  uint32_t count = choose_stale(store, list, stale, numbers);
  Read r = {.work = {.roots = input->roots,
                     .jobs = stale,
                     .numbers = numbers,
                     .lock_types = input->lock_types,
                     .lock_type_count = input->lock_type_count},
            .arena = arena_new(),
            .store = store,
            .input = input,
            .progress = progress_begin(options->progress, options->quiet, count),
            .name = ""};
  Pool pool = {
      .task = {read_unit, &r, options->unit_seconds, options->unit_bytes},
      .item_count = count,
      .workers = options->workers ? options->workers : processor_count(),
      .started = note_started,
      .done = store_result,
      .tick = show_progress,
  };
  if (store)
    store_begin(store);
  int signal_number = pool_run(&pool);
  progress_clear(&r.progress);
  if (store && !signal_number)
    drop_others(arena, store, list);
  if (store)
    store_commit(store);
  arena_free(r.arena);
  return (ReadingResult){count, list->count - count, signal_number};
}
