/* load.c - the tables that are kept in memory: read and verified when the store is opened.
 *
 * Reading everything, code included, to check the seals costs some 20 ms for 10,000 functions, and
 * in exchange there is no damage to be found later, when half the program has been analysed.
 */
#include "store/inner.h"

#include "base/message.h"

int compare_hashes(Hash a, Hash b) {
  if (a.high != b.high)
    return a.high < b.high ? -1 : 1;
  return a.low < b.low ? -1 : a.low > b.low;
}

Hash function_identity(const char *key, Hash body) { return hash_pair(hash_text(key), body); }

Hash ir_seal(Store *store, const IrRow *ir, Hash packed) {
  ByteWriter *seal = &store->seal;
  seal_hash(store, store->functions.at[ir->function].identity);
  seal_hash(store, ir->content);
  seal_hash(store, packed);
  bytes_put_text(seal, ir->name);
  bytes_put_text(seal, ir->source);
  bytes_put_u(seal, ir->flags);
  bytes_put_text(seal, ir->incomplete);
  bytes_put_raw(seal, ir->links, ir->link_bytes);
  seal_hash(store, ir->names);
  return seal_end(store);
}

Hash unit_seal(Store *store, const UnitRow *unit, const void *facts, size_t count) {
  ByteWriter *seal = &store->seal;
  bytes_put_text(seal, unit->key.source);
  seal_hash(store, unit->key.command);
  bytes_put_u(seal, unit->status);
  bytes_put_text(seal, unit->reason);
  bytes_put_text(seal, unit->annotations);
  bytes_put_u(seal, unit->file_count);
  for (uint32_t i = 0; i < unit->file_count; i++) {
    const FileRow *file = &store->files.at[unit->files[i] >> 1];
    seal_hash(store, file->identity);
    bytes_put_raw(seal, file->allows, file->allow_bytes);
    bytes_put_u(seal, unit->files[i] & 1);
  }
  bytes_put_u(seal, unit->ir_count);
  for (uint32_t i = 0; i < unit->ir_count; i++) {
    const IrRow *ir = &store->irs.at[unit->irs[i]];
    seal_hash(store, store->functions.at[ir->function].identity);
    seal_hash(store, ir->content);
  }
  seal_hash(store, hash_bytes(facts, count));
  return seal_end(store);
}

void unit_references(Store *store, const UnitRow *unit, int change) {
  for (uint32_t i = 0; i < unit->file_count; i++)
    store->files.at[unit->files[i] >> 1].references += (uint32_t)change;
  for (uint32_t i = 0; i < unit->ir_count; i++) {
    IrRow *ir = &store->irs.at[unit->irs[i]];
    ir->references += (uint32_t)change;
    store->functions.at[ir->function].references += (uint32_t)change;
  }
}

/* Rows come in the order of their ids, so an id is found by bisection. The id of the row must be
 * the first field that `id_at` reads. */
#define INDEX_OF_ID(array, wanted, result)                                                         \
  do {                                                                                             \
    size_t low = 0, high = (array)->count;                                                         \
    while (low < high) {                                                                           \
      size_t middle = low + (high - low) / 2;                                                      \
      if ((array)->at[middle].id < (wanted))                                                       \
        low = middle + 1;                                                                          \
      else                                                                                         \
        high = middle;                                                                             \
    }                                                                                              \
    (result) =                                                                                     \
        low < (array)->count && (array)->at[low].id == (wanted) ? (uint32_t)low : MAP_ABSENT;      \
  } while (0)

static void load_files(Store *store) {
  sqlite3_stmt *all = sql_use(store, SQL_FILE_ALL);
  while (sql_row(store, all)) {
    FileRow row = {.id = column_id(all, 0),
                   .content = column_hash(all, 2),
                   .size = (uint64_t)sqlite3_column_int64(all, 3),
                   .mtime_ns = sqlite3_column_int64(all, 4),
                   .ctime_ns = sqlite3_column_int64(all, 5),
                   .inode = (uint64_t)sqlite3_column_int64(all, 6)};
    const void *allows = column_bytes(all, 7, &row.allow_bytes);
    row.allows = arena_copy(store->arena, allows, row.allow_bytes);
    const char *path = (const char *)sqlite3_column_text(all, 1);
    if (row.id >= store->next_file && path) {
      file_add(store, row, path);
      store->next_file = row.id + 1;
    }
  }
}

static void load_functions(Store *store) {
  sqlite3_stmt *all = sql_use(store, SQL_FUNCTION_ALL);
  while (sql_row(store, all)) {
    FunctionRow row = {.id = column_id(all, 0),
                       .key = column_text(store->arena, all, 1),
                       .body = column_hash(all, 2)};
    if (row.id < store->next_function)
      continue;
    store->next_function = row.id + 1;
    row.identity = function_identity(row.key, row.body);
    hash_map_put(&store->function_map, row.identity, (uint32_t)store->functions.count);
    hash_map_put(&store->row_map, (Hash){row.id, 0}, (uint32_t)store->functions.count);
    array_push(&store->functions, row);
  }
}

static void load_irs(Store *store) {
  sqlite3_stmt *all = sql_use(store, SQL_IR_ALL);
  while (sql_row(store, all)) {
    IrRow row = {.id = column_id(all, 0),
                 .content = column_hash(all, 2),
                 .name = column_text(store->arena, all, 4),
                 .source = column_text(store->arena, all, 5),
                 .flags = (uint32_t)sqlite3_column_int64(all, 6),
                 .incomplete = column_text(store->arena, all, 7)};
    uint32_t function = column_id(all, 1);
    if (row.id < store->next_ir)
      continue;
    store->next_ir = row.id + 1;
    INDEX_OF_ID(&store->functions, function, row.function);
    if (row.function == MAP_ABSENT)
      continue;
    size_t count;
    const void *links = column_bytes(all, 10, &row.link_bytes);
    row.names = column_hash(all, 11);
    row.links = arena_copy(store->arena, links, row.link_bytes);
    const void *code = column_bytes(all, 9, &count);
    Hash packed = hash_bytes(code, count);
    row.damaged = !seal_matches(packed, column_hash(all, 3)) ||
                  !seal_matches(ir_seal(store, &row, packed), column_hash(all, 8));
    // A damaged row is not entered in the map, so that a unit that is read again stores it anew.
    if (!row.damaged)
      hash_map_put(&store->ir_map,
                   hash_pair(store->functions.at[row.function].identity, row.content),
                   (uint32_t)store->irs.count);
    array_push(&store->irs, row);
  }
}

static bool load_unit_files(Store *store, UnitRow *unit, const void *bytes, size_t count) {
  ByteReader r = bytes_reader(bytes, count);
  unit->file_count = (uint32_t)bytes_get_count(&r, 1);
  unit->files = arena_new_array(store->arena, uint32_t, unit->file_count);
  for (uint32_t i = 0; i < unit->file_count; i++) {
    uint32_t id = bytes_get_u32(&r), index;
    INDEX_OF_ID(&store->files, id >> 1, index);
    if (index == MAP_ABSENT)
      return false;
    unit->files[i] = index << 1 | (id & 1);
  }
  return !r.failed && r.at == r.end;
}

static bool load_unit_irs(Store *store, UnitRow *unit, const void *bytes, size_t count) {
  ByteReader r = bytes_reader(bytes, count);
  unit->ir_count = (uint32_t)bytes_get_count(&r, 1);
  unit->irs = arena_new_array(store->arena, uint32_t, unit->ir_count);
  for (uint32_t i = 0; i < unit->ir_count; i++) {
    uint32_t id = bytes_get_u32(&r), index;
    INDEX_OF_ID(&store->irs, id, index);
    if (index == MAP_ABSENT || store->irs.at[index].damaged)
      return false;
    unit->irs[i] = index;
  }
  return !r.failed && r.at == r.end;
}

static bool load_unit(Store *store, sqlite3_stmt *row, UnitRow *unit) {
  size_t count;
  const void *bytes = column_bytes(row, 5, &count);
  if (unit->status > UNIT_UNREADABLE || !load_unit_files(store, unit, bytes, count))
    return false;
  bytes = column_bytes(row, 6, &count);
  if (!load_unit_irs(store, unit, bytes, count))
    return false;
  bytes = column_bytes(row, 14, &count);
  unit->lookups = arena_copy(store->arena, bytes, count);
  unit->lookups_size = (uint32_t)count;
  bytes = column_bytes(row, 10, &count);
  unit->seal = unit_seal(store, unit, bytes, count);
  return seal_matches(state_seal(unit), column_hash(row, 9)) && lookups_are_known(store, unit);
}

/* A run that was ended between two writes can leave two states of a unit in the view. */
static void choose_views(Store *store) {
  for (size_t i = 0; i < store->units.count; i++) {
    UnitRow *unit = &store->units.at[i];
    unit->in_view = unit->viewed;
    uint32_t other = hash_map_get(&store->unit_map, unit_identity(unit->key));
    for (; unit->in_view && other != MAP_ABSENT; other = store->units.at[other].older)
      unit->in_view = !store->units.at[other].viewed || store->units.at[other].used <= unit->used;
  }
  for (size_t i = 0; i < store->units.count; i++) {
    UnitRow *unit = &store->units.at[i];
    unit->changed = unit->viewed != unit->in_view;
    unit->viewed = unit->in_view;
  }
}

static void load_units(Store *store, int64_t **damaged, size_t *damaged_count) {
  ARRAY(int64_t) bad = {0};
  sqlite3_stmt *all = sql_use(store, SQL_UNIT_ALL);
  while (sql_row(store, all)) {
    int64_t id = sqlite3_column_int64(all, 0), status = sqlite3_column_int64(all, 3);
    UnitRow unit = {.id = column_id(all, 0),
                    .key = {column_text(store->arena, all, 1), column_hash(all, 2)},
                    .status = status < 0 || status > UNIT_UNREADABLE ? UNIT_UNREADABLE + 1
                                                                     : (UnitStatus)status,
                    .reason = column_text(store->arena, all, 4),
                    .annotations = column_text(store->arena, all, 15),
                    .parse_seconds = (double)sqlite3_column_int64(all, 7) / 1e9,
                    .lower_seconds = (double)sqlite3_column_int64(all, 8) / 1e9,
                    .inputs = column_hash(all, 11),
                    .viewed = sqlite3_column_int64(all, 12) != 0,
                    .used = sqlite3_column_int64(all, 13)};
    bool usable = unit.id == id && unit.id >= store->next_unit && load_unit(store, all, &unit);
    if (unit.id >= store->next_unit)
      store->next_unit = unit.id + 1;
    if (!usable) {
      array_push(&bad, id);
      continue;
    }
    array_push(&store->units, unit);
    state_enter(store, (uint32_t)store->units.count - 1);
    unit_references(store, &unit, 1);
  }
  choose_views(store);
  *damaged = bad.at;
  *damaged_count = bad.count;
}

/* Other tables are read when they are asked for. A look at each of their pages now makes sure that
 * they can be. */
static void look_at(Store *store, Sql which) {
  sqlite3_stmt *all = sql_use(store, which);
  while (sql_row(store, all))
    for (int i = 0; i < sqlite3_column_count(all); i++)
      sqlite3_column_blob(all, i);
}

#define FIT(array)                                                                                 \
  ((array)->at = memory_resize((array)->at, sizeof *(array)->at * (array)->count),                 \
   (void)((array)->capacity = (array)->count))

/* Most runs change little, so there is no room left for more than what there is. */
static void fit_tables(Store *store) {
  FIT(&store->files);
  FIT(&store->paths);
  FIT(&store->functions);
  FIT(&store->irs);
  FIT(&store->units);
  FIT(&store->lookups);
}

void store_load(Store *store) {
  static const Sql others[] = {SQL_SUMMARY_ALL, SQL_FINDING_ALL, SQL_REMARK_ALL, SQL_HISTORY_ALL,
                               SQL_META_ALL};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    look_at(store, others[i]);
  int64_t *damaged;
  size_t count;
  load_files(store);
  lookups_load(store);
  load_functions(store);
  load_irs(store);
  load_units(store, &damaged, &count);
  fit_tables(store);
  store->damaged_units = (uint32_t)count;
  if (!store->damaged && !history_is_sound(store))
    warn("the history of findings was stored damaged: they may have been seen first at another "
         "time than the reports say");
  if (count && !store->damaged) {
    inform("the facts of %zu unit%s were stored damaged and are read again", count,
           count == 1 ? "" : "s");
    transaction_enter(store);
    for (size_t i = 0; i < count; i++) {
      sqlite3_stmt *drop = sql_use(store, SQL_UNIT_DROP);
      bind_number(drop, 1, damaged[i]);
      sql_run(store, drop);
    }
    Hash none = {0};
    meta_put_hash(store, "run_key", none);
    transaction_leave(store);
  }
  memory_free(damaged);
}

static void drop_row(Store *store, Sql which, uint32_t id) {
  sqlite3_stmt *drop = sql_use(store, which);
  bind_number(drop, 1, id);
  sql_run(store, drop);
}

/* Rows stay in memory with id 0, because they are referred to by index; a unit that holds them
 * again gives them a new one. */
void store_sweep(Store *store) {
  bool begun = false;
#define BEGIN_ONCE() (begun ? (void)0 : transaction_enter(store), (void)(begun = true))
  for (size_t i = 0; i < store->irs.count; i++) {
    IrRow *ir = &store->irs.at[i];
    if (ir->references || !ir->id)
      continue;
    BEGIN_ONCE();
    drop_row(store, SQL_IR_DROP, ir->id);
    ir->id = 0;
  }
  for (size_t i = 0; i < store->functions.count; i++) {
    FunctionRow *function = &store->functions.at[i];
    if (function->references || !function->id)
      continue;
    BEGIN_ONCE();
    drop_row(store, SQL_FUNCTION_DROP, function->id);
    store_drop_summary(store, function->id);
    function->id = 0;
  }
  for (size_t i = 0; i < store->files.count; i++) {
    FileRow *file = &store->files.at[i];
    if (file->references || !file->id)
      continue;
    BEGIN_ONCE();
    drop_row(store, SQL_FILE_DROP, file->id);
    file->id = 0;
  }
#undef BEGIN_ONCE
  if (store->states_dropped)
    lookups_sweep(store);
  store->states_dropped = false;
  if (begun)
    transaction_leave(store);
}
