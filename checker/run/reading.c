/* reading.c - see reading.h */
#include "run/reading.h"

#include <sched.h>
#include <string.h>

#include "base/bytes.h"
#include "base/embedded.h"
#include "base/guard.h"
#include "base/hash_map.h"
#include "base/message.h"
#include "frontend/version.h"
#include "ir/serial.h"
#include "run/prefixes.h"
#include "cli/progress.h"
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
  uint32_t how[READ_DIFFERS + 1]; // units by how they were read
  uint32_t workers;
  uint32_t left; // units that the time did not suffice for
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
  case WORK_LEFT:
    return UNIT_TIMEOUT;
  case WORK_MEMORY:
    return UNIT_MEMORY;
  case WORK_CHANGED:
    return UNIT_UNREADABLE;
  }
  return UNIT_CRASHED;
}

static Unit *unit_of_answer(Read *r, const Job *job, const WorkResult *result) {
  UnitAnswer answer;
  if (!unit_answer_read(r->arena, result->bytes, result->count, &answer))
    return unit_without_result(r->arena, job, UNIT_CRASHED, "the worker's answer is damaged");
  r->how[answer.how]++;
  if (answer.how == READ_DIFFERS)
    warn("%s: after a precompiled prefix the unit is another one: %s", job->shown,
         answer.difference);
  check_own_headers(answer.unit, job);
  return answer.unit;
}

static Hash identity(const Job *job) { return hash_pair(hash_text(job->shown), job->command_hash); }

/* A unit that was not read because the time was up. */
static void leave(Read *r, const Job *job) {
  r->left++;
  if (r->input->left_before)
    hash_map_put(r->input->left_before, identity(job), 0);
  if (r->input->keeps_old)
    return;
  arena_reset(r->arena);
  store_put_unit(r->store, unit_without_result(r->arena, job, UNIT_TIMEOUT,
                                               "not looked at, because the time was up"));
}

static void store_result(void *context, uint32_t item, const WorkResult *result) {
  Read *r = context;
  const Job *job = r->work.jobs[item];
  arena_reset(r->arena);
  Unit *unit;
  if (result->status == WORK_LEFT) {
    leave(r, job);
    return;
  }
  if (result->status == WORK_DONE) {
    unit = unit_of_answer(r, job, result);
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
static uint32_t choose_stale(Store *store, const ReadingInput *input, bool all, const Job **stale,
                             uint32_t *numbers) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < input->jobs->count; i++) {
    const Job *job = &input->jobs->jobs[i];
    if (!all && store_unit_fresh(store, (UnitKey){job->shown, job->command_hash}))
      continue;
    if (input->left_before && hash_map_get(input->left_before, identity(job)) != MAP_ABSENT)
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

static PrefixOrder prefix_order(Arena *arena, const Read *r, uint32_t count,
                                const Options *options) {
  const ReadingInput *input = r->input;
  uint32_t others;
  tree_files(input->tree, &others);
  return (PrefixOrder){
      .roots = input->roots,
      .tree = input->tree,
      .jobs = r->work.jobs,
      .count = count,
      .place = options->no_pch ? NULL : input->place,
      // One is made from the disk. Who waits for a commit waits for few units, and making it would
      // come before all of them.
      .makes = !others && !input->keeps_old,
      .keeps = r->store && !options->no_cache,
      .version = reading_version(arena),
      .workers = r->workers,
  };
}

static int run_workers(Read *r, const Options *options, uint32_t count) {
  Pool pool = {
      .task = {.work = read_unit,
               .context = r,
               .deadline_seconds = options->unit_seconds,
               .memory_bytes = options->unit_bytes},
      .item_count = count,
      .workers = r->workers,
      .until = r->input->until,
      .started = note_started,
      .done = store_result,
      .tick = show_progress,
  };
  if (r->store)
    store_begin(r->store);
  int signal_number = pool_run(&pool);
  progress_clear(&r->progress);
  return signal_number;
}

static void count_prefixes(ReadingResult *result, const Prefixes *prefixes, const Read *r) {
  result->prefixes.made = prefixes->made;
  result->prefixes.planned = prefixes->planned;
  result->prefixes.seconds = prefixes->seconds;
  result->prefixes.kept = prefixes->kept_users;
  result->prefixes.after = r->how[READ_AFTER_PREFIX];
  result->prefixes.again = r->how[READ_AGAIN];
  result->prefixes.equal = r->how[READ_EQUAL];
  result->prefixes.different = r->how[READ_DIFFERS];
}

ReadingResult read_units(Arena *arena, Store *store, const ReadingInput *input,
                         const Options *options) {
  const JobList *list = input->jobs;
  const Job **stale = arena_new_array(arena, const Job *, list->count);
  uint32_t *numbers = arena_new_array(arena, uint32_t, list->count);
  uint32_t count = choose_stale(store, input, !store || options->verify_pch, stale, numbers);
  uint32_t workers = options->workers ? options->workers : processor_count();
  Read r = {.work = {.roots = input->roots,
                     .tree = input->tree,
                     .jobs = stale,
                     .numbers = numbers,
                     .lock_types = input->lock_types,
                     .lock_type_count = input->lock_type_count,
                     .verify = options->verify_pch},
            .arena = arena_new(),
            .store = store,
            .input = input,
            .workers = workers,
            .progress = progress_begin(options->progress, options->quiet, count),
            .name = ""};
  PrefixOrder order = prefix_order(arena, &r, count, options);
  Prefixes prefixes = prefixes_make(arena, &order, options);
  r.work.prefixes = prefixes.of_job;
  r.work.prefixes_begun = prefixes.begun;
  ReadingResult result = {
      .read = count, .unchanged = list->count - count, .signal = prefixes.signal};
  if (!result.signal) {
    result.signal = run_workers(&r, options, count);
    result.left = r.left;
    result.read -= r.left;
    if (store && !result.signal)
      drop_others(arena, store, list);
    if (store)
      store_commit(store);
  }
  prefixes_end(&prefixes, !result.signal && !options->verify_pch);
  count_prefixes(&result, &prefixes, &r);
  arena_free(r.arena);
  return result;
}
