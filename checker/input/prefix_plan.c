/* prefix_plan.c - which beginnings are shared by enough sources, see prefix.h.
 *
 * Beginnings form a tree, one directive a step. Where the number of sources that go on together
 * becomes smaller, the beginning up to there is a candidate; one that is shared by few pays for
 * parsing, writing and reading it less than it saves. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/path.h"
#include "input/prefix.h"

enum { LEAST_USERS = 3, LONGEST_SOURCE = 1 << 30 };

/* What a job begins with, and what it must have in common with others to share that. */
typedef struct {
  const Job *job;
  const char *folder;
  Directives directives;
  uint32_t number; // of the job
} Beginning;

typedef struct {
  Arena *arena;
  Beginning *beginnings; // sorted: those with much in common stand together
  PrefixPlan plan;
  size_t capacity;
} Planner;

static bool is_suitable(const Job *job) {
  if (job->refused || job->forced.count)
    return false;
  for (uint32_t i = 0; i + 1 < job->flags.count; i++)
    if (!strcmp(job->flags.at[i], "-x") && strcmp(job->flags.at[i + 1], "c"))
      return false;
  return true;
}

/* ---- order */

static int by_group(const Beginning *a, const Beginning *b) {
  int order = strcmp(a->folder, b->folder);
  if (!order)
    order = strcmp(a->job->directory, b->job->directory);
  if (!order && a->job->flags.count != b->job->flags.count)
    order = a->job->flags.count < b->job->flags.count ? -1 : 1;
  for (uint32_t i = 0; !order && i < a->job->flags.count; i++)
    order = strcmp(a->job->flags.at[i], b->job->flags.at[i]);
  return order;
}

static int by_directive(const Directive *a, const Directive *b) {
  uint32_t length = a->length < b->length ? a->length : b->length;
  int order = memcmp(a->text, b->text, length);
  return order ? order : a->length < b->length ? -1 : a->length > b->length;
}

static int by_beginning(const void *x, const void *y) {
  const Beginning *a = x, *b = y;
  int order = by_group(a, b);
  for (uint32_t i = 0; !order && i < a->directives.count && i < b->directives.count; i++)
    order = by_directive(&a->directives.at[i], &b->directives.at[i]);
  if (!order && a->directives.count != b->directives.count)
    order = a->directives.count < b->directives.count ? -1 : 1;
  return order ? order : a->number < b->number ? -1 : 1;
}

/* The source itself is not kept: of a large program they are gigabytes. */
static Directives read_directives(Arena *arena, const Tree *tree, const char *source) {
  Arena *scratch = arena_new();
  Directives kept = {0};
  FileText file = tree_read(scratch, tree, source, LONGEST_SOURCE);
  if (file.text) {
    Directives found = prefix_scan(scratch, file.text, file.size);
    kept.at = arena_copy(arena, found.at, found.count * sizeof *found.at);
    kept.count = found.count;
    for (uint32_t i = 0; i < kept.count; i++)
      kept.at[i].text = arena_text_n(arena, kept.at[i].text, kept.at[i].length);
  }
  arena_free(scratch);
  return kept;
}

static BeginningKeys keys_of(Arena *arena, const Beginning *beginning) {
  const Directives *directives = &beginning->directives;
  BeginningKeys keys = {arena_new_array(arena, Hash, directives->count), directives->count};
  Hash key = hash_pair(hash_text(beginning->folder), hash_text(beginning->job->directory));
  key = hash_pair(key, beginning->job->command_hash);
  for (uint32_t i = 0; i < keys.count; i++)
    key = keys.at[i] = hash_pair(key, hash_bytes(directives->at[i].text, directives->at[i].length));
  return keys;
}

static uint32_t common(const Beginning *a, const Beginning *b) {
  uint32_t count = 0;
  if (by_group(a, b))
    return 0;
  while (count < a->directives.count && count < b->directives.count &&
         directive_equal(&a->directives.at[count], &b->directives.at[count]))
    count++;
  return count;
}

/* ---- the tree */

static uint32_t add_prefix(Planner *p, const Beginning *first, uint32_t count, uint32_t parent,
                           uint32_t users) {
  PrefixPlan *plan = &p->plan;
  plan->at =
      arena_grow(p->arena, plan->at, sizeof *plan->at, plan->count, &p->capacity, plan->count + 1);
  uint32_t level = parent == PREFIX_NONE ? 0 : plan->at[parent].level + 1;
  Hash key = plan->keys[first->number].at[count - 1];
  char hex[33];
  hash_hex(key, hex);
  plan->at[plan->count] = (PlannedPrefix){
      .job = first->job,
      .directives = first->directives.at,
      .count = count,
      .parent = parent,
      .level = level,
      .users = users,
      .key = key,
      .name = arena_printf(p->arena, "%s/.overstay-prefix-%.16s.h", first->folder, hex)};
  if (plan->level_count <= level)
    plan->level_count = level + 1;
  return plan->count++;
}

/* Beginnings first .. first + users - 1 have `depth` directives in common; what is planned of that
 * is `parent`. Parts them by how they go on. */
static void part(Planner *p, uint32_t first, uint32_t users, uint32_t depth, uint32_t parent) {
  const Beginning *all = p->beginnings;
  for (uint32_t i = first, end; i < first + users; i = end) {
    end = i + 1;
    if (all[i].directives.count == depth) {
      p->plan.of_job[all[i].number] = parent;
      continue;
    }
    while (end < first + users && common(&all[i], &all[end]) > depth)
      end++;
    if (end - i < LEAST_USERS) {
      for (uint32_t k = i; k < end; k++)
        p->plan.of_job[all[k].number] = parent;
      continue;
    }
    uint32_t together = common(&all[i], &all[end - 1]); // sorted: nothing between differs earlier
    part(p, i, end - i, together, add_prefix(p, &all[i], together, parent, end - i));
  }
}

PrefixPlan prefix_plan(Arena *arena, const Tree *tree, const Job *const *jobs, uint32_t count) {
  Planner p = {.arena = arena,
               .beginnings = arena_new_array(arena, Beginning, count),
               .plan = {.of_job = arena_new_array(arena, uint32_t, count),
                        .keys = arena_new_array(arena, BeginningKeys, count)}};
  uint32_t suitable = 0;
  for (uint32_t i = 0; i < count; i++) {
    p.plan.of_job[i] = PREFIX_NONE;
    if (!is_suitable(jobs[i]))
      continue;
    p.beginnings[suitable] =
        (Beginning){.job = jobs[i],
                    .folder = path_folder(arena, jobs[i]->source),
                    .directives = read_directives(arena, tree, jobs[i]->source),
                    .number = i};
    p.plan.keys[i] = keys_of(arena, &p.beginnings[suitable++]);
  }
  qsort(p.beginnings, suitable, sizeof *p.beginnings, by_beginning);
  for (uint32_t i = 0, end; i < suitable; i = end) {
    for (end = i + 1; end < suitable && !by_group(&p.beginnings[i], &p.beginnings[end]);)
      end++;
    part(&p, i, end - i, 0, PREFIX_NONE);
  }
  return p.plan;
}
