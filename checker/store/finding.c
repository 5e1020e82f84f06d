/* finding.c - the result of the last run, and when each finding was seen first.
 *
 * A finding is found again by its fingerprint; when that changed because the code around it did, by
 * its loose hash, one to one in the order of the reports (ANALYSIS C.4).
 */
#include "store/inner.h"

/* ---- history */
typedef struct {
  Hash fingerprint, loose;
  const char *rule, *function, *object;
  int64_t ordinal, first_seen, last_seen;
  bool gone, matched;
} History;

typedef ARRAY(History) Histories;

static void load_history(Store *store, Arena *arena, Histories *all) {
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

/* The first open entry with this loose hash; `all` is sorted. */
static History *match_loose(Histories *all, Hash loose) {
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

typedef struct {
  const Finding *finding;
  FindingState state;
  bool matched;
} Entry;

static int compare_positions(const Position *a, const Position *b) {
  int order = strcmp(a->function ? a->function : "", b->function ? b->function : "");
  if (!order)
    order = compare_hashes(a->body, b->body);
  if (!order && a->terminator != b->terminator)
    order = a->terminator ? 1 : -1;
  if (!order && a->index != b->index)
    order = a->index < b->index ? -1 : 1;
  return order;
}

static int compare_entries(const void *left, const void *right) {
  const Finding *a = ((const Entry *)left)->finding, *b = ((const Entry *)right)->finding;
  int order = compare_positions(&a->at, &b->at);
  if (!order)
    order = strcmp(a->rule, b->rule);
  if (!order)
    order = strcmp(a->object ? a->object : "", b->object ? b->object : "");
  return order ? order : compare_hashes(a->fingerprint, b->fingerprint);
}

/* `known` keeps its hashes, by which the list is sorted. */
static void see_again(Store *store, Entry *entry, History *known, int64_t ordinal,
                      int64_t started) {
  entry->state = known->gone ? FINDING_NEW : FINDING_KNOWN;
  entry->matched = known->matched = true;
  if (!hash_equal(known->fingerprint, entry->finding->fingerprint))
    drop_history(store, known->fingerprint);
  History row = *known;
  row.fingerprint = entry->finding->fingerprint;
  row.loose = entry->finding->loose;
  row.ordinal = ordinal;
  row.last_seen = started;
  row.gone = false;
  save_history(store, &row);
}

static void match_history(Store *store, Entry *entries, size_t count, int64_t started,
                          bool complete) {
  Arena *arena = arena_new();
  Histories all = {0};
  HashMap exact = {0};
  load_history(store, arena, &all);
  if (all.count)
    qsort(all.at, all.count, sizeof *all.at, compare_history);
  for (size_t i = 0; i < all.count; i++)
    hash_map_put(&exact, all.at[i].fingerprint, (uint32_t)i);
  for (size_t i = 0; i < count; i++) {
    uint32_t index = hash_map_get(&exact, entries[i].finding->fingerprint);
    if (index != MAP_ABSENT)
      see_again(store, &entries[i], &all.at[index], (int64_t)i, started);
  }
  for (size_t i = 0; i < count; i++) {
    const Finding *finding = entries[i].finding;
    if (entries[i].matched)
      continue;
    History *known = match_loose(&all, finding->loose);
    if (known) {
      see_again(store, &entries[i], known, (int64_t)i, started);
      continue;
    }
    entries[i].state = FINDING_NEW;
    History row = {.fingerprint = finding->fingerprint,
                   .loose = finding->loose,
                   .rule = finding->rule,
                   .object = finding->object,
                   .ordinal = (int64_t)i,
                   .function = finding->at.function,
                   .first_seen = started,
                   .last_seen = started};
    save_history(store, &row);
  }
  for (size_t i = 0; i < all.count && complete; i++)
    if (!all.at[i].matched && !all.at[i].gone) {
      all.at[i].gone = true;
      save_history(store, &all.at[i]);
    }
  hash_map_free(&exact);
  array_free(&all);
  arena_free(arena);
}

/* ---- the last run */
static void seal_row(Store *store, Hash fingerprint, int64_t state, const void *bytes,
                     size_t count) {
  seal_hash(store, fingerprint);
  bytes_put_s(&store->seal, state);
  bytes_put_u(&store->seal, count);
  bytes_put_raw(&store->seal, bytes, count);
}

static Hash seal_of_rows(Store *store) {
  sqlite3_stmt *all = sql_use(store, SQL_FINDING_ALL);
  while (sql_row(store, all)) {
    size_t count;
    const void *bytes = column_bytes(all, 3, &count);
    seal_row(store, column_hash(all, 1), sqlite3_column_int64(all, 2), bytes, count);
  }
  return seal_end(store);
}

void store_put_findings(Store *store, Hash run_key, int64_t started, bool complete,
                        const Finding *findings, size_t count) {
  Entry *entries = memory_resize(NULL, count * sizeof *entries);
  for (size_t i = 0; i < count; i++)
    entries[i] = (Entry){.finding = &findings[i]};
  if (count)
    qsort(entries, count, sizeof *entries, compare_entries);
  transaction_enter(store);
  match_history(store, entries, count, started, complete);
  sql_run(store, sql_use(store, SQL_FINDING_CLEAR));
  for (size_t i = 0; i < count; i++) {
    store->raw.count = 0;
    finding_write(&store->raw, entries[i].finding);
    sqlite3_stmt *put = sql_use(store, SQL_FINDING_PUT);
    bind_number(put, 1, (int64_t)i + 1);
    bind_hash(put, 2, entries[i].finding->fingerprint);
    bind_number(put, 3, entries[i].state);
    bind_bytes(put, 4, store->raw.at, store->raw.count);
    sql_run(store, put);
  }
  meta_put_hash(store, "findings_seal", seal_of_rows(store));
  meta_put_hash(store, "run_key", run_key);
  history_seal(store);
  store_put_remarks(store, NULL, 0);
  transaction_leave(store);
  memory_free(entries);
}

/* ---- remarks */
static int compare_remarks(const void *left, const void *right) {
  const Remark *a = left, *b = right;
  int order = strcmp(a->kind, b->kind);
  if (!order)
    order = strcmp(a->subject, b->subject);
  return order ? order : strcmp(a->text, b->text);
}

static Hash seal_of_remarks(Store *store) {
  sqlite3_stmt *all = sql_use(store, SQL_REMARK_ALL);
  while (sql_row(store, all))
    for (int i = 0; i < 3; i++)
      bytes_put_text(&store->seal, (const char *)sqlite3_column_text(all, i));
  return seal_end(store);
}

void store_put_remarks(Store *store, const Remark *remarks, size_t count) {
  Remark *ordered = memory_resize(NULL, count * sizeof *ordered);
  if (count) {
    memcpy(ordered, remarks, count * sizeof *ordered);
    qsort(ordered, count, sizeof *ordered, compare_remarks);
  }
  transaction_enter(store);
  sql_run(store, sql_use(store, SQL_REMARK_CLEAR));
  for (size_t i = 0; i < count; i++) {
    sqlite3_stmt *put = sql_use(store, SQL_REMARK_PUT);
    bind_number(put, 1, (int64_t)i + 1);
    bind_text(put, 2, ordered[i].kind);
    bind_text(put, 3, ordered[i].subject);
    bind_text(put, 4, ordered[i].text);
    sql_run(store, put);
  }
  meta_put_hash(store, "remarks_seal", seal_of_remarks(store));
  transaction_leave(store);
  memory_free(ordered);
}

const Remark *store_remarks(Store *store, Arena *arena, size_t *count) {
  Remark *remarks = NULL;
  size_t capacity = 0;
  *count = 0;
  sqlite3_stmt *all = sql_use(store, SQL_REMARK_ALL);
  while (sql_row(store, all)) {
    remarks = arena_grow(arena, remarks, sizeof *remarks, *count, &capacity, *count + 1);
    remarks[(*count)++] = (Remark){column_text(arena, all, 0), column_text(arena, all, 1),
                                   column_text(arena, all, 2)};
  }
  return remarks;
}

static bool rows_match(Store *store) {
  return seal_matches(seal_of_rows(store), meta_get_hash(store, "findings_seal")) &&
         seal_matches(seal_of_remarks(store), meta_get_hash(store, "remarks_seal"));
}

bool findings_are_sound(Store *store) {
  return hash_is_zero(meta_get_hash(store, "findings_seal")) || rows_match(store);
}

bool store_run_is_current(Store *store, Hash run_key) {
  return !hash_is_zero(run_key) && hash_equal(meta_get_hash(store, "run_key"), run_key) &&
         rows_match(store);
}

void store_repeat_findings(Store *store, int64_t started) {
  transaction_enter(store);
  sql_run(store, sql_use(store, SQL_FINDING_KNOWN));
  meta_put_hash(store, "findings_seal", seal_of_rows(store));
  sqlite3_stmt *put = sql_use(store, SQL_HISTORY_SEEN);
  bind_number(put, 1, started);
  sql_run(store, put);
  history_seal(store);
  transaction_leave(store);
}

static int compare_gone(const void *left, const void *right) {
  const GoneFinding *a = left, *b = right;
  if (a->last_seen != b->last_seen)
    return a->last_seen > b->last_seen ? -1 : 1;
  return compare_hashes(a->fingerprint, b->fingerprint);
}

static GoneFinding gone_of(const History *row) {
  return (GoneFinding){row->fingerprint, row->rule,      row->function, row->object,
                       row->first_seen,  row->last_seen, row->gone};
}

const GoneFinding *store_history(Store *store, Arena *arena, size_t *count) {
  Histories all = {0};
  load_history(store, arena, &all);
  GoneFinding *entries = arena_new_array(arena, GoneFinding, all.count);
  for (size_t i = 0; i < all.count; i++)
    entries[i] = gone_of(&all.at[i]);
  *count = all.count;
  array_free(&all);
  return entries;
}

const GoneFinding *store_gone(Store *store, Arena *arena, size_t *count) {
  Histories all = {0};
  load_history(store, arena, &all);
  GoneFinding *gone = arena_new_array(arena, GoneFinding, all.count);
  *count = 0;
  for (size_t i = 0; i < all.count; i++)
    if (all.at[i].gone)
      gone[(*count)++] = gone_of(&all.at[i]);
  if (*count)
    qsort(gone, *count, sizeof *gone, compare_gone);
  array_free(&all);
  return gone;
}

const StoredFinding *store_findings(Store *store, Arena *arena, size_t *count) {
  StoredFinding *findings = NULL;
  size_t capacity = 0;
  Histories history = {0};
  HashMap exact = {0};
  *count = 0;
  if (!seal_matches(seal_of_rows(store), meta_get_hash(store, "findings_seal")))
    return NULL; // no run yet, or damaged: then the run is not current either
  load_history(store, arena, &history);
  for (size_t i = 0; i < history.count; i++)
    hash_map_put(&exact, history.at[i].fingerprint, (uint32_t)i);
  sqlite3_stmt *all = sql_use(store, SQL_FINDING_ALL);
  while (sql_row(store, all)) {
    findings = arena_grow(arena, findings, sizeof *findings, *count, &capacity, *count + 1);
    StoredFinding *stored = &findings[*count];
    size_t bytes_count;
    const void *bytes = column_bytes(all, 3, &bytes_count);
    ByteReader r = bytes_reader(bytes, bytes_count);
    *stored = (StoredFinding){.state = (FindingState)sqlite3_column_int64(all, 2)};
    stored->finding.fingerprint = column_hash(all, 1);
    if (!finding_read(&r, arena, &stored->finding))
      continue; // sealed, so this cannot be; and if it is, one line less is better than a crash
    uint32_t index = hash_map_get(&exact, stored->finding.fingerprint);
    stored->first_seen = index == MAP_ABSENT ? 0 : history.at[index].first_seen;
    stored->last_seen = index == MAP_ABSENT ? 0 : history.at[index].last_seen;
    ++*count;
  }
  hash_map_free(&exact);
  array_free(&history);
  return findings;
}
