/* match.c - which findings of the run before are those of this one: when each was seen first, which
 * are new, moved or gone (ANALYSIS C.4).
 *
 * Three rounds, each one to one in the order of the reports, so that several with equal names are
 * a multiset: mending one makes one gone and none new. By fingerprint; by loose hash, when only the
 * code around changed; and at last by what a new name leaves: a function of the same code, or of
 * the same name in another file. The last only for functions that are not there any more, and only
 * when all units have a result: one that failed has not moved.
 */
#include "store/inner.h"

#include "base/guard.h"

/* ---- history */
void histories_load(Store *store, Arena *arena, Histories *all) {
  sqlite3_stmt *select = sql_use(store, SQL_HISTORY_ALL);
  while (sql_row(store, select))
    array_push(all, (History){.fingerprint = column_hash(select, 0),
                              .loose = column_hash(select, 1),
                              .rule = column_text(arena, select, 2),
                              .function = column_text(arena, select, 3),
                              .object = column_text(arena, select, 4),
                              .ordinal = sqlite3_column_int64(select, 5),
                              .first_seen = sqlite3_column_int64(select, 6),
                              .last_seen = sqlite3_column_int64(select, 7),
                              .gone = sqlite3_column_int64(select, 8) != 0});
}

static void save_history(Store *store, const History *row) {
  sqlite3_stmt *put = sql_use(store, SQL_HISTORY_PUT);
  bind_hash(put, 1, row->fingerprint);
  bind_hash(put, 2, row->loose);
  bind_text(put, 3, row->rule);
  bind_text(put, 4, row->function);
  bind_text(put, 5, row->object);
  bind_number(put, 6, row->ordinal);
  bind_number(put, 7, row->first_seen);
  bind_number(put, 8, row->last_seen);
  bind_number(put, 9, row->gone);
  sql_run(store, put);
}

static void drop_history(Store *store, Hash fingerprint) {
  sqlite3_stmt *drop = sql_use(store, SQL_HISTORY_DROP);
  bind_hash(drop, 1, fingerprint);
  sql_run(store, drop);
}

static int compare_history(const void *left, const void *right) {
  const History *a = left, *b = right;
  int order = compare_hashes(a->loose, b->loose);
  if (order)
    return order;
  if (a->ordinal != b->ordinal)
    return a->ordinal < b->ordinal ? -1 : 1;
  return compare_hashes(a->fingerprint, b->fingerprint);
}

/* ---- one run */
typedef struct {
  Store *store;
  Arena *arena;
  Histories all; // by loose hash, then in the order of the last run
  FindingEntry *entries;
  size_t count;
  int64_t started;
} Match;

/* `known` keeps its hashes, by which the list is sorted. */
static void see_again(Match *m, size_t number, History *known, FindingState state) {
  FindingEntry *entry = &m->entries[number];
  const Finding *finding = entry->finding;
  entry->state = known->gone ? FINDING_NEW : state;
  entry->matched = known->matched = true;
  if (!hash_equal(known->fingerprint, finding->fingerprint))
    drop_history(m->store, known->fingerprint);
  save_history(m->store, &(History){.fingerprint = finding->fingerprint,
                                    .loose = finding->loose,
                                    .rule = finding->rule,
                                    .function = finding->at.function,
                                    .object = finding->object,
                                    .ordinal = (int64_t)number,
                                    .first_seen = known->first_seen,
                                    .last_seen = m->started});
}

static void match_exact(Match *m) {
  HashMap exact = {0};
  for (size_t i = 0; i < m->all.count; i++)
    hash_map_put(&exact, m->all.at[i].fingerprint, (uint32_t)i);
  for (size_t i = 0; i < m->count; i++) {
    uint32_t index = hash_map_get(&exact, m->entries[i].finding->fingerprint);
    if (index != MAP_ABSENT)
      see_again(m, i, &m->all.at[index], FINDING_KNOWN);
  }
  hash_map_free(&exact);
}

/* The first open entry with this loose hash. */
static History *find_loose(Histories *all, Hash loose) {
  size_t low = 0, high = all->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare_hashes(all->at[middle].loose, loose) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  for (; low < all->count && hash_equal(all->at[low].loose, loose); low++)
    if (!all->at[low].matched && !all->at[low].gone)
      return &all->at[low];
  return NULL;
}

static void match_loose(Match *m) {
  for (size_t i = 0; i < m->count; i++) {
    History *known =
        m->entries[i].matched ? NULL : find_loose(&m->all, m->entries[i].finding->loose);
    if (known)
      see_again(m, i, known, FINDING_KNOWN);
  }
}

/* ---- moved */

/* What is left of the name of a function or object without the file and the function it stands in,
 * and without the mark that tells records of one name apart. */
static const char *plain_name(Arena *arena, const char *key) {
  const char *colon = strrchr(key, ':');
  const char *begin = colon ? colon + 1 : key;
  const char *mark = strchr(begin, '#');
  if (!mark)
    return begin;
  return arena_printf(arena, "%.*s%s", (int)(mark - begin), begin, mark + strcspn(mark, "."));
}

/* One that the first two rounds did not find again. */
typedef struct {
  History *row;
  const char *function, *object;
  Hash body; // zero: not known
  Severity severity;
  Confidence confidence;
} Left;

/* What the last run said of them; this run's findings are not stored yet. */
static void recall_findings(Match *m, Left *left, size_t count) {
  HashMap rows = {0};
  for (size_t i = 0; i < count; i++)
    hash_map_put(&rows, left[i].row->fingerprint, (uint32_t)i);
  sqlite3_stmt *all = sql_use(m->store, SQL_FINDING_ALL);
  while (sql_row(m->store, all)) {
    Finding finding = {0};
    size_t size;
    const void *bytes = column_bytes(all, 3, &size);
    ByteReader r = bytes_reader(bytes, size);
    uint32_t index = hash_map_get(&rows, column_hash(all, 1));
    if (index == MAP_ABSENT || !finding_read(&r, m->arena, &finding))
      continue;
    left[index].body = finding.at.body;
    left[index].severity = finding.severity;
    left[index].confidence = finding.confidence;
  }
  hash_map_free(&rows);
}

static bool is_there(Store *store, const char *function) {
  size_t first;
  return function && store_find(store, function, &first) > 0;
}

static int compare_left(const void *a, const void *b) {
  const History *x = ((const Left *)a)->row, *y = ((const Left *)b)->row;
  if (x->ordinal != y->ordinal)
    return x->ordinal < y->ordinal ? -1 : 1;
  return compare_hashes(x->fingerprint, y->fingerprint);
}

static Left *all_left(Match *m, size_t *count) {
  Left *left = arena_new_array(m->arena, Left, m->all.count);
  *count = 0;
  for (size_t i = 0; i < m->all.count; i++) {
    History *row = &m->all.at[i];
    if (!row->matched && !row->gone)
      left[(*count)++] = (Left){.row = row,
                                .function = plain_name(m->arena, row->function),
                                .object = plain_name(m->arena, row->object),
                                .severity = SEVERITY_ERROR,
                                .confidence = CONFIDENCE_LIKELY};
  }
  if (*count)
    qsort(left, *count, sizeof *left, compare_left);
  recall_findings(m, left, *count);
  return left;
}

typedef enum { BY_NAME, BY_CODE } Likeness;

static bool is_like(Match *m, const Left *left, const Left *now, const Finding *finding,
                    Likeness likeness) {
  if (left->row->matched || strcmp(left->row->rule, finding->rule) ||
      strcmp(left->object, now->object))
    return false;
  if (!strcmp(left->row->function, finding->at.function))
    return likeness == BY_NAME; // the object's name is another one
  bool same = likeness == BY_NAME ? !strcmp(left->function, now->function)
                                  : !hash_is_zero(now->body) && hash_equal(left->body, now->body);
  return same && !(guard_on("moved-away") && is_there(m->store, left->row->function));
}

/* Only the layout of the record changed that the object's name tells. */
static bool stands_still(const History *row, const Finding *finding) {
  const char *colon = strrchr(row->object, ':');
  size_t file = colon ? (size_t)(colon - row->object) + 1 : 0;
  return !strcmp(row->function, finding->at.function) &&
         !strncmp(row->object, finding->object, file) && !strchr(finding->object + file, ':');
}

static void match_moved(Match *m, Left *left, size_t left_count) {
  for (Likeness likeness = BY_NAME; likeness <= BY_CODE && left_count; likeness++)
    for (size_t i = 0; i < m->count; i++) {
      const Finding *finding = m->entries[i].finding;
      Left now = {.function = plain_name(m->arena, finding->at.function),
                  .object = plain_name(m->arena, finding->object),
                  .body = finding->at.body};
      for (size_t k = 0; k < left_count && !m->entries[i].matched; k++)
        if (is_like(m, &left[k], &now, finding, likeness))
          see_again(m, i, left[k].row,
                    stands_still(left[k].row, finding) ? FINDING_KNOWN : FINDING_MOVED);
    }
}

/* ---- all of it */
static void begin_new(Match *m) {
  for (size_t i = 0; i < m->count; i++) {
    const Finding *finding = m->entries[i].finding;
    if (m->entries[i].matched)
      continue;
    m->entries[i].state = FINDING_NEW;
    save_history(m->store, &(History){.fingerprint = finding->fingerprint,
                                      .loose = finding->loose,
                                      .rule = finding->rule,
                                      .object = finding->object,
                                      .ordinal = (int64_t)i,
                                      .function = finding->at.function,
                                      .first_seen = m->started,
                                      .last_seen = m->started});
  }
}

static void write_gone(Match *m, const Left *left, size_t count) {
  ByteWriter gone = {0};
  for (size_t i = 0; i < count; i++) {
    History *row = left[i].row;
    if (row->matched)
      continue;
    row->gone = true;
    save_history(m->store, row);
    bytes_put_raw(&gone, &row->fingerprint, sizeof row->fingerprint);
    bytes_put_u8(&gone, (uint8_t)left[i].severity);
    bytes_put_u8(&gone, (uint8_t)left[i].confidence);
  }
  meta_put_bytes(m->store, "gone", gone.at, gone.count);
  bytes_free(&gone);
}

void histories_match(Store *store, FindingEntry *entries, size_t count, int64_t started,
                     bool complete) {
  Match m = {
      .store = store, .arena = arena_new(), .entries = entries, .count = count, .started = started};
  histories_load(store, m.arena, &m.all);
  if (m.all.count)
    qsort(m.all.at, m.all.count, sizeof *m.all.at, compare_history);
  match_exact(&m);
  if (guard_on("loose"))
    match_loose(&m);
  size_t left_count = 0;
  Left *left = complete ? all_left(&m, &left_count) : NULL;
  if (guard_on("moved"))
    match_moved(&m, left, left_count);
  begin_new(&m);
  write_gone(&m, left, left_count);
  array_free(&m.all);
  arena_free(m.arena);
}
