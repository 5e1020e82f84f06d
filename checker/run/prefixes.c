/* prefixes.c - see prefixes.h.
 *
 * Prefixes that go on from another one wait for it, so they are made level by level. What could not
 * be made, for whatever reason, is left out: its sources take the next shorter one, or none. */
#include "run/prefixes.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#include "base/guard.h"
#include "input/prefix.h"
#include "ir/serial.h"
#include "worker/pool.h"
#include "worker/read_unit.h"

/* Writing a prefix costs about as much as parsing it, and loading one costs each user what parsing
 * a small header costs: so it must be of some size, the more so the fewer use it. With --verify-pch
 * every prefix is wanted: the aim is to compare. */
enum { LEAST_BYTES = 8 * 1024, LEAST_BYTES_SAVED = 128 * 1024 };

static uint64_t least_bytes(const PlannedPrefix *planned, const Options *options) {
  uint64_t each = LEAST_BYTES_SAVED / (planned->users - 1);
  return options->verify_pch ? 0 : each > LEAST_BYTES ? each : LEAST_BYTES;
}

enum { BYTES_OF_ONE = 8 << 20, BYTES_LEFT_FREE = 256 << 20 };

/* A program of thousands of folders has gigabytes of prefixes, and the folder may be in memory. */
static bool has_room(const char *folder, uint32_t count) {
  struct statvfs status;
  return !statvfs(folder, &status) && (uint64_t)status.f_bavail * status.f_frsize >
                                          BYTES_LEFT_FREE + (uint64_t)count * BYTES_OF_ONE;
}

typedef struct {
  Precompiling work; // first: what the workers see of it
  Arena *arena;
  const PrefixPlan *plan;
  Prefix **made;     // by number in the plan; NULL: not made
  Prefix **attempts; // of the level at hand
  uint32_t *numbers; // of these in the plan
  uint32_t count;
  uint32_t made_count;
} Building;

static double cpu_of_children(void) {
  struct rusage used;
  getrusage(RUSAGE_CHILDREN, &used);
  return (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
         (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* The longest one that was made of a beginning and its parents. */
static Prefix *made_of(const Building *b, uint32_t number) {
  while (number != PREFIX_NONE && !b->made[number])
    number = b->plan->at[number].parent;
  return number == PREFIX_NONE ? NULL : b->made[number];
}

static uint32_t count_directives(const Prefix *prefix) {
  return prefix ? prefix->directive_count + count_directives(prefix->base) : 0;
}

static Prefix *prepare(Building *b, uint32_t number, const char *folder) {
  const PlannedPrefix *planned = &b->plan->at[number];
  Prefix *prefix = arena_new_one(b->arena, Prefix);
  prefix->base = made_of(b, planned->parent);
  prefix->name = planned->name;
  prefix->file = arena_printf(b->arena, "%s/%u.pch", folder, number);
  uint32_t done = count_directives(prefix->base);
  prefix->directive_count = planned->count - done;
  for (uint32_t i = done; i < planned->count; i++)
    prefix->size += planned->directives[i].length + 1;
  char *text = arena_alloc(b->arena, prefix->size + 1);
  prefix->text = text;
  for (uint32_t i = done; i < planned->count; i++) {
    memcpy(text, planned->directives[i].text, planned->directives[i].length);
    text += planned->directives[i].length;
    *text++ = '\n';
  }
  return prefix;
}

static void keep(void *context, uint32_t item, const WorkResult *result) {
  Building *b = context;
  if (result->status != WORK_DONE)
    return;
  Unit *found = unit_read(b->arena, result->bytes, result->count);
  if (!found || found->status != UNIT_OK)
    return;
  Prefix *prefix = b->attempts[item];
  prefix->files = found->files;
  prefix->file_count = found->file_count;
  b->made[b->numbers[item]] = prefix;
  b->made_count++;
}

static int make_level(Building *b, uint32_t level, const Prefixes *prefixes, const Options *options,
                      uint32_t workers) {
  const Job **jobs = arena_new_array(b->arena, const Job *, b->plan->count);
  uint64_t *least = arena_new_array(b->arena, uint64_t, b->plan->count);
  b->count = 0;
  for (uint32_t i = 0; i < b->plan->count; i++) {
    if (b->plan->at[i].level != level)
      continue;
    jobs[b->count] = b->plan->at[i].job;
    least[b->count] = least_bytes(&b->plan->at[i], options);
    b->attempts[b->count] = prepare(b, i, prefixes->folder.path);
    b->numbers[b->count++] = i;
  }
  b->work.jobs = jobs;
  b->work.least_bytes = least;
  b->work.prefixes = (const Prefix *const *)b->attempts;
  Pool pool = {.task = {.work = precompile_prefix,
                        .context = b,
                        .deadline_seconds = options->unit_seconds,
                        .memory_bytes = options->unit_bytes,
                        .output_folder = prefixes->folder.path},
               .item_count = b->count,
               .workers = workers,
               .done = keep};
  return has_room(prefixes->folder.path, b->count) ? pool_run(&pool) : 0;
}

static const Prefix *const *assign(const Building *b, uint32_t job_count) {
  if (!b->made_count)
    return NULL;
  const Prefix **of_job = arena_new_array(b->arena, const Prefix *, job_count);
  for (uint32_t i = 0; i < job_count; i++)
    of_job[i] = made_of(b, b->plan->of_job[i]);
  return of_job;
}

/* For tests: another file takes the place of this one as soon as the prefixes are made. */
static void swap_if_asked(void) {
  const char *path = test_hook("OVERSTAY_TEST_SWAP");
  char other[4096];
  if (path && snprintf(other, sizeof other, "%s.new", path) < (int)sizeof other)
    rename(other, path);
}

Prefixes prefixes_make(Arena *arena, const PrefixOrder *order, const Options *options) {
  Prefixes prefixes = {.folder = {NULL, -1}};
  if (!order->place)
    return prefixes;
  double before = cpu_of_children();
  PrefixPlan plan = prefix_plan(arena, order->jobs, order->count);
  prefixes.planned = plan.count;
  if (!plan.count)
    return prefixes;
  prefixes.folder = run_folder_make(arena, order->place);
  if (!prefixes.folder.path)
    return prefixes;
  clock_gettime(CLOCK_REALTIME_COARSE, &prefixes.begun);
  Building b = {.work = {.roots = order->roots},
                .arena = arena,
                .plan = &plan,
                .made = arena_new_array(arena, Prefix *, plan.count),
                .attempts = arena_new_array(arena, Prefix *, plan.count),
                .numbers = arena_new_array(arena, uint32_t, plan.count)};
  for (uint32_t level = 0; level < plan.level_count && !prefixes.signal; level++)
    prefixes.signal = make_level(&b, level, &prefixes, options, order->workers);
  swap_if_asked();
  prefixes.of_job = assign(&b, order->count);
  prefixes.made = b.made_count;
  prefixes.seconds = cpu_of_children() - before;
  return prefixes;
}

void prefixes_remove(Prefixes *prefixes) { run_folder_remove(&prefixes->folder); }
