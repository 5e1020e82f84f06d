/* view.c - units and functions out: sorted lists over the tables in memory, and decoded IR. */
#include "store/inner.h"

#include "base/message.h"
#include "ir/serial.h"

void store_forget_view(Store *store) { store->has_view = false; }

static const Store *sorted; // qsort has no context; only the main thread makes views

static int compare_units(const void *left, const void *right) {
  const UnitRow *a = &sorted->units.at[*(const uint32_t *)left];
  const UnitRow *b = &sorted->units.at[*(const uint32_t *)right];
  int order = strcmp(a->key.source, b->key.source);
  return order ? order : compare_hashes(a->key.command, b->key.command);
}

static int compare_functions(const void *left, const void *right) {
  const FunctionRow *a = &sorted->functions.at[*(const uint32_t *)left];
  const FunctionRow *b = &sorted->functions.at[*(const uint32_t *)right];
  int order = strcmp(a->key, b->key);
  return order ? order : compare_hashes(a->body, b->body);
}

static void view_units(Store *store) {
  size_t count = 0;
  store->view_unit_rows = arena_new_array(store->view_arena, uint32_t, store->units.count);
  for (size_t i = 0; i < store->units.count; i++)
    if (store->units.at[i].in_view)
      store->view_unit_rows[count++] = (uint32_t)i;
  sorted = store;
  if (count)
    qsort(store->view_unit_rows, count, sizeof(uint32_t), compare_units);
  store->view_units = arena_new_array(store->view_arena, StoredUnit, count);
  store->view_unit_count = count;
  for (size_t i = 0; i < count; i++) {
    const UnitRow *row = &store->units.at[store->view_unit_rows[i]];
    store->view_units[i] = (StoredUnit){.key = row->key,
                                        .status = row->status,
                                        .reason = row->reason,
                                        .annotations = row->annotations,
                                        .is_new = row->is_new,
                                        .parse_seconds = row->parse_seconds,
                                        .lower_seconds = row->lower_seconds};
  }
}

static Hash id_hash(uint32_t id) { return (Hash){id * 0x9e3779b97f4a7c15u, id}; }

/* How many units of the view hold each function; marks the files they were read from. */
static uint32_t *count_holders(Store *store) {
  uint32_t *holders = arena_new_array(store->view_arena, uint32_t, store->functions.count);
  for (size_t i = 0; i < store->files.count; i++)
    store->files.at[i].in_view = false;
  for (size_t i = 0; i < store->view_unit_count; i++) {
    const UnitRow *row = &store->units.at[store->view_unit_rows[i]];
    for (uint32_t k = 0; k < row->ir_count; k++)
      holders[store->irs.at[row->irs[k]].function]++;
    for (uint32_t k = 0; k < row->file_count; k++)
      store->files.at[row->files[k] >> 1].in_view = true;
  }
  return holders;
}

/* Sorts the functions that some unit of the view holds and numbers them. */
static uint32_t *order_functions(Store *store, const uint32_t *holders) {
  uint32_t *rows = arena_new_array(store->view_arena, uint32_t, store->functions.count);
  size_t count = 0;
  for (size_t i = 0; i < store->functions.count; i++)
    if (holders[i])
      rows[count++] = (uint32_t)i;
  sorted = store;
  if (count)
    qsort(rows, count, sizeof *rows, compare_functions);
  store->view_function_count = count;
  store->view_functions = arena_new_array(store->view_arena, StoredFunction, count);
  store->view_function_irs = arena_new_array(store->view_arena, uint32_t, count);
  store->view_of_function = arena_new_array(store->view_arena, uint32_t, store->functions.count);
  hash_map_clear(&store->id_map);
  for (size_t i = 0; i < count; i++) {
    const FunctionRow *row = &store->functions.at[rows[i]];
    store->view_functions[i] = (StoredFunction){.id = row->id, .key = row->key, .body = row->body};
    store->view_of_function[rows[i]] = (uint32_t)i;
    hash_map_put(&store->id_map, id_hash(row->id), (uint32_t)i);
  }
  return rows;
}

/* Units come in order, so the first that holds a function lends its copy. */
static void link_unit(Store *store, size_t unit, uint32_t **units) {
  const UnitRow *row = &store->units.at[store->view_unit_rows[unit]];
  for (uint32_t i = 0; i < row->ir_count; i++) {
    const IrRow *ir = &store->irs.at[row->irs[i]];
    uint32_t index = store->view_of_function[ir->function];
    StoredFunction *function = &store->view_functions[index];
    if (function->unit_count && units[index][function->unit_count - 1] == unit)
      continue; // twice in one unit
    if (!function->unit_count) {
      function->name = ir->name;
      function->source = ir->source;
      function->flags = ir->flags;
      function->names = ir->names;
      function->incomplete = ir->incomplete;
      store->view_function_irs[index] = row->irs[i];
    }
    units[index][function->unit_count++] = (uint32_t)unit;
  }
}

static int compare_numbers(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  return a < b ? -1 : a > b;
}

static void list_functions(Store *store, size_t unit) {
  const UnitRow *row = &store->units.at[store->view_unit_rows[unit]];
  uint32_t *list = arena_new_array(store->view_arena, uint32_t, row->ir_count);
  uint32_t count = 0;
  for (uint32_t i = 0; i < row->ir_count; i++)
    list[i] = store->view_of_function[store->irs.at[row->irs[i]].function];
  if (row->ir_count)
    qsort(list, row->ir_count, sizeof *list, compare_numbers);
  for (uint32_t i = 0; i < row->ir_count; i++)
    if (!count || list[count - 1] != list[i])
      list[count++] = list[i];
  store->view_units[unit].functions = list;
  store->view_units[unit].function_count = count;
}

static void make_view(Store *store) {
  if (store->has_view)
    return;
  arena_reset(store->view_arena);
  states_trim(store);
  store_sweep(store);
  view_units(store);
  uint32_t *holders = count_holders(store);
  uint32_t *rows = order_functions(store, holders);
  uint32_t **units = arena_new_array(store->view_arena, uint32_t *, store->view_function_count);
  for (size_t i = 0; i < store->view_function_count; i++) {
    units[i] = arena_new_array(store->view_arena, uint32_t, holders[rows[i]]);
    store->view_functions[i].units = units[i];
  }
  for (size_t i = 0; i < store->view_unit_count; i++) {
    link_unit(store, i, units);
    list_functions(store, i);
  }
  store->has_view = true;
}

const StoredUnit *store_units(Store *store, size_t *count) {
  make_view(store);
  *count = store->view_unit_count;
  return store->view_units;
}

const StoredFunction *store_functions(Store *store, size_t *count) {
  make_view(store);
  *count = store->view_function_count;
  return store->view_functions;
}

/* The first function whose key is not less. */
static size_t lower_bound(const Store *store, const char *key) {
  size_t low = 0, high = store->view_function_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (strcmp(store->view_functions[middle].key, key) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

size_t store_find(Store *store, const char *key, size_t *first) {
  make_view(store);
  size_t count = 0;
  *first = lower_bound(store, key);
  while (*first + count < store->view_function_count &&
         !strcmp(store->view_functions[*first + count].key, key))
    count++;
  return count;
}

ptrdiff_t store_find_body(Store *store, const char *key, Hash body) {
  make_view(store);
  uint32_t row = hash_map_get(&store->function_map, function_identity(key, body));
  if (row == MAP_ABSENT || !store->functions.at[row].references)
    return -1;
  return (ptrdiff_t)store->view_of_function[row];
}

ptrdiff_t store_find_id(Store *store, uint32_t id) {
  make_view(store);
  uint32_t index = hash_map_get(&store->id_map, id_hash(id));
  return index == MAP_ABSENT ? -1 : (ptrdiff_t)index;
}

Function *store_function(Store *store, Arena *arena, size_t index) {
  Function *function = NULL;
  pthread_mutex_lock(&store->mutex);
  Unpack *unpack = unpack_take(store);
  const IrRow *ir = &store->irs.at[store->view_function_irs[index]];
  sqlite3_stmt *get = sql_use(store, SQL_IR_CODE);
  bind_number(get, 1, ir->id);
  size_t count = 0, raw = 0;
  const void *bytes = sql_row(store, get) ? column_bytes(get, 0, &count) : NULL;
  bytes = bytes ? unpack_bytes(unpack, bytes, count, &raw) : NULL;
  sqlite3_reset(get);
  pthread_mutex_unlock(&store->mutex);
  if (bytes && seal_matches(hash_bytes(bytes, raw), ir->content))
    function = function_read(arena, bytes, raw);
  pthread_mutex_lock(&store->mutex);
  unpack_give(store, unpack);
  pthread_mutex_unlock(&store->mutex);
  // All was verified when the store was opened: this is the disk failing meanwhile, or a bug.
  if (!function)
    die(EXIT_INTERNAL, "cannot read the code of '%s' from database '%s'",
        store->functions.at[ir->function].key, store->path ? store->path : ":memory:");
  return function;
}

FunctionLinks *store_links(Store *store, Arena *arena, TextPool *symbols, size_t index) {
  make_view(store);
  const IrRow *ir = &store->irs.at[store->view_function_irs[index]];
  ByteReader in = bytes_reader(ir->links, ir->link_bytes);
  return links_read(arena, &in, symbols);
}

const Unit *store_unit(Store *store, Arena *arena, size_t index) {
  make_view(store);
  const UnitRow *row = &store->units.at[store->view_unit_rows[index]];
  sqlite3_stmt *get = sql_use(store, SQL_UNIT_FACTS);
  bind_number(get, 1, row->id);
  Unpack *unpack = unpack_take(store);
  size_t count = 0, raw = 0;
  const void *bytes = sql_row(store, get) ? column_bytes(get, 0, &count) : NULL;
  bytes = bytes ? unpack_bytes(unpack, bytes, count, &raw) : NULL;
  sqlite3_reset(get);
  Unit *unit = bytes ? unit_read(arena, bytes, raw) : NULL;
  unpack_give(store, unpack);
  if (!unit)
    die(EXIT_INTERNAL, "cannot read the facts of '%s' from database '%s'", row->key.source,
        store->path ? store->path : ":memory:");
  unit->parse_seconds = row->parse_seconds;
  unit->lower_seconds = row->lower_seconds;
  unit->file_count = row->file_count;
  unit->files = arena_new_array(arena, UnitFile, row->file_count);
  for (uint32_t i = 0; i < row->file_count; i++) {
    const FileRow *file = &store->files.at[row->files[i] >> 1];
    unit->files[i] = (UnitFile){.path = store->paths.at[file->path].path,
                                .size = file->size,
                                .mtime_ns = file->mtime_ns,
                                .content = file->content,
                                .system = row->files[i] & 1};
  }
  return unit;
}

Hash store_run_key(Store *store, Hash options) {
  make_view(store);
  Hash key = options;
  for (size_t i = 0; i < store->view_unit_count; i++)
    key = hash_pair(key, store->units.at[store->view_unit_rows[i]].seal);
  return key;
}
