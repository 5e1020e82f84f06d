/* prefixes.c - see prefixes.h.
 *
 * Prefixes that go on from another one wait for it, so they are made level by level. What could not
 * be made, for whatever reason, is left out: its sources take the next shorter one, or none. What
 * an earlier run has kept is not made again, and serves also sources that are alone with it. */
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
  const Prefix **ready; // by number in the plan; NULL: there is none
  Prefix **attempts;    // of the level at hand
  uint32_t *numbers;    // of these in the plan
  uint32_t count;
  MadePrefix *made;
  uint32_t made_count;
} Building;

static double cpu_of_children(void) {
  struct rusage used;
  getrusage(RUSAGE_CHILDREN, &used);
  return (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
         (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* The longest one that there is of a beginning and its parents. */
static const Prefix *ready_of(const Building *b, uint32_t number) {
  while (number != PREFIX_NONE && !b->ready[number])
    number = b->plan->at[number].parent;
  return number == PREFIX_NONE ? NULL : b->ready[number];
}

static uint32_t count_directives(const Prefix *prefix) {
  return prefix ? prefix->directive_count + count_directives(prefix->base) : 0;
}

static Prefix *prepare(Building *b, uint32_t number, const char *folder) {
  const PlannedPrefix *planned = &b->plan->at[number];
  Prefix *prefix = arena_new_one(b->arena, Prefix);
  prefix->base = ready_of(b, planned->parent);
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
  const PlannedPrefix *planned = &b->plan->at[b->numbers[item]];
  b->ready[b->numbers[item]] = prefix;
  b->made[b->made_count++] =
      (MadePrefix){.key = planned->key,
                   .users = planned->users,
                   .prefix = prefix,
                   .unit = arena_copy(b->arena, result->bytes, result->count),
                   .unit_bytes = result->count};
}

static int make_level(Building *b, uint32_t level, const Prefixes *prefixes, const Options *options,
                      uint32_t workers) {
  const Job **jobs = arena_new_array(b->arena, const Job *, b->plan->count);
  uint64_t *least = arena_new_array(b->arena, uint64_t, b->plan->count);
  b->count = 0;
  for (uint32_t i = 0; i < b->plan->count; i++) {
    if (b->plan->at[i].level != level || b->ready[i])
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

/* The longest one of an earlier run that a source begins with, unless `other` is as long. */
static const Prefix *longest_kept(KeptPrefixes *kept, const Tree *tree, const BeginningKeys *keys,
                                  const Prefix *other) {
  for (uint32_t i = keys->count; i > count_directives(other); i--) {
    const Prefix *prefix = kept_prefixes_find(kept, tree, keys->at[i - 1]);
    if (prefix)
      return prefix;
  }
  return other;
}

static void assign(Prefixes *prefixes, const Building *b, const PrefixOrder *order) {
  const Prefix **of_job = arena_new_array(b->arena, const Prefix *, order->count);
  for (uint32_t i = 0; i < order->count; i++) {
    of_job[i] = ready_of(b, b->plan->of_job[i]);
    of_job[i] = longest_kept(prefixes->kept, order->tree, &b->plan->keys[i], of_job[i]);
    prefixes->kept_users += kept_prefixes_has(prefixes->kept, of_job[i]);
    if (of_job[i])
      prefixes->of_job = of_job;
  }
}

/* For tests: another file takes the place of this one as soon as the prefixes are made. */
static void swap_if_asked(void) {
  const char *path = test_hook("OVERSTAY_TEST_SWAP");
  char other[4096];
  if (path && snprintf(other, sizeof other, "%s.new", path) < (int)sizeof other)
    rename(other, path);
}

/* False when all is there already, or may not be made, or cannot. */
static bool must_make(Prefixes *prefixes, Building *b, const PrefixOrder *order) {
  bool missing = false;
  for (uint32_t i = 0; i < b->plan->count; i++) {
    b->ready[i] = kept_prefixes_find(prefixes->kept, order->tree, b->plan->at[i].key);
    missing |= !b->ready[i];
  }
  if (missing && order->makes)
    prefixes->folder = run_folder_make(b->arena, order->place);
  return prefixes->folder.path;
}

Prefixes prefixes_make(Arena *arena, const PrefixOrder *order, const Options *options) {
  Prefixes prefixes = {.folder = {NULL, -1}};
  if (!order->place || !order->count)
    return prefixes;
  double before = cpu_of_children();
  PrefixPlan plan = prefix_plan(arena, order->tree, order->jobs, order->count);
  prefixes.planned = plan.count;
  clock_gettime(CLOCK_REALTIME_COARSE, &prefixes.begun);
  prefixes.kept =
      kept_prefixes_open(arena, order->roots, order->keeps ? order->place : NULL, order->version);
  Building b = {.work = {.roots = order->roots},
                .arena = arena,
                .plan = &plan,
                .ready = arena_new_array(arena, const Prefix *, plan.count),
                .attempts = arena_new_array(arena, Prefix *, plan.count),
                .numbers = arena_new_array(arena, uint32_t, plan.count),
                .made = arena_new_array(arena, MadePrefix, plan.count)};
  bool makes = must_make(&prefixes, &b, order);
  for (uint32_t level = 0; makes && level < plan.level_count && !prefixes.signal; level++)
    prefixes.signal = make_level(&b, level, &prefixes, options, order->workers);
  swap_if_asked();
  assign(&prefixes, &b, order);
  prefixes.of_plan = b.made;
  prefixes.made = b.made_count;
  prefixes.seconds = cpu_of_children() - before;
  return prefixes;
}

void prefixes_end(Prefixes *prefixes, bool keep) {
  if (keep && prefixes->made &&
      kept_prefixes_add(prefixes->kept, &prefixes->folder, prefixes->of_plan, prefixes->made))
    run_folder_release(&prefixes->folder);
  else
    run_folder_remove(&prefixes->folder);
  if (prefixes->kept)
    kept_prefixes_close(prefixes->kept);
}
