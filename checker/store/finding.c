/* finding.c - the result of the last run, in the order of its reports, and what it has to say
 * besides. Which of them are new is match.c's to tell.
 */
#include "store/inner.h"

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
  const Finding *a = ((const FindingEntry *)left)->finding;
  const Finding *b = ((const FindingEntry *)right)->finding;
  int order = compare_positions(&a->at, &b->at);
  if (!order)
    order = strcmp(a->rule, b->rule);
  if (!order)
    order = strcmp(a->object ? a->object : "", b->object ? b->object : "");
  return order ? order : compare_hashes(a->fingerprint, b->fingerprint);
}

void store_put_findings(Store *store, Hash run_key, int64_t started, bool complete,
                        const Finding *findings, size_t count) {
  FindingEntry *entries = memory_resize(NULL, count * sizeof *entries);
  for (size_t i = 0; i < count; i++)
    entries[i] = (FindingEntry){.finding = &findings[i]};
  if (count)
    qsort(entries, count, sizeof *entries, compare_entries);
  transaction_enter(store);
  histories_match(store, entries, count, started, complete);
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
  meta_put_hash(store, "findings_key", run_key);
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

bool store_findings_are_of(Store *store, Hash run_key) {
  return !hash_is_zero(run_key) && hash_equal(meta_get_hash(store, "findings_key"), run_key) &&
         rows_match(store);
}

void store_repeat_findings(Store *store, int64_t started) {
  transaction_enter(store);
  sql_run(store, sql_use(store, SQL_FINDING_KNOWN));
  meta_put_hash(store, "findings_seal", seal_of_rows(store));
  sqlite3_stmt *put = sql_use(store, SQL_HISTORY_SEEN);
  bind_number(put, 1, started);
  sql_run(store, put);
  meta_put_bytes(store, "gone", NULL, 0);
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
  return (GoneFinding){.fingerprint = row->fingerprint,
                       .rule = row->rule,
                       .function = row->function,
                       .object = row->object,
                       .first_seen = row->first_seen,
                       .last_seen = row->last_seen,
                       .gone = row->gone};
}

static int by_fingerprint(const void *left, const void *right) {
  return compare_hashes(((const GoneFinding *)left)->fingerprint,
                        ((const GoneFinding *)right)->fingerprint);
}

const GoneFinding *store_history(Store *store, Arena *arena, size_t *count) {
  Histories all = {0};
  histories_load(store, arena, &all);
  GoneFinding *entries = arena_new_array(arena, GoneFinding, all.count);
  for (size_t i = 0; i < all.count; i++)
    entries[i] = gone_of(&all.at[i]);
  if (all.count) // the table has them in the order of their bytes
    qsort(entries, all.count, sizeof *entries, by_fingerprint);
  *count = all.count;
  array_free(&all);
  return entries;
}

/* Reads what write_gone wrote; what the history does not hold (it was salvaged) is left out. */
const GoneFinding *store_gone(Store *store, Arena *arena, size_t *count) {
  Histories all = {0};
  HashMap exact = {0};
  size_t size;
  const void *bytes = meta_get_bytes(store, arena, "gone", &size);
  ByteReader r = bytes_reader(bytes, size);
  GoneFinding *gone = arena_new_array(arena, GoneFinding, size / sizeof(Hash));
  histories_load(store, arena, &all);
  for (size_t i = 0; i < all.count; i++)
    hash_map_put(&exact, all.at[i].fingerprint, (uint32_t)i);
  *count = 0;
  for (const void *at; (at = bytes_get_raw(&r, sizeof(Hash)));) {
    Hash fingerprint;
    memcpy(&fingerprint, at, sizeof fingerprint);
    uint8_t severity = bytes_get_u8(&r), confidence = bytes_get_u8(&r);
    uint32_t index = hash_map_get(&exact, fingerprint);
    if (r.failed || index == MAP_ABSENT || !all.at[index].gone || severity > SEVERITY_ERROR ||
        confidence > CONFIDENCE_CERTAIN)
      continue;
    gone[*count] = gone_of(&all.at[index]);
    gone[*count].severity = (Severity)severity;
    gone[(*count)++].confidence = (Confidence)confidence;
  }
  if (*count)
    qsort(gone, *count, sizeof *gone, compare_gone);
  hash_map_free(&exact);
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
  histories_load(store, arena, &history);
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

/* ---- another comparison */
void store_trial_begin(Store *store) {
  size_t count;
  store_units(store, &count); // what making the view deletes shall stay deleted
  transaction_enter(store);
  sql_run(store, sql_use(store, SQL_TRIAL));
  sql_run(store, sql_use(store, SQL_HISTORY_CLEAR));
  store_put_findings(store, (Hash){0}, 0, true, NULL, 0);
}

void store_trial_end(Store *store) {
  sql_run(store, sql_use(store, SQL_TRIAL_UNDO));
  sql_run(store, sql_use(store, SQL_TRIAL_END));
  transaction_leave(store);
}
