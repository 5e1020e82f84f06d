/* unit.c - units in: which are fresh, and what replaces them when they are not. */
#include "store/inner.h"

#include "ir/links.h"
#include "ir/serial.h"

static Hash unit_identity(UnitKey key) { return hash_pair(hash_text(key.source), key.command); }

static UnitRow *find_unit(Store *store, UnitKey key) {
  uint32_t index = hash_map_get(&store->unit_map, unit_identity(key));
  return index == MAP_ABSENT || store->units.at[index].dropped ? NULL : &store->units.at[index];
}

bool store_unit_fresh(Store *store, UnitKey key) {
  const UnitRow *unit = find_unit(store, key);
  // A crash or a limit may have had a reason outside of the sources: such units are tried again.
  if (!unit || (unit->status != UNIT_OK && unit->status != UNIT_PARSE_FAILED) || !unit->file_count)
    return false;
  for (uint32_t i = 0; i < unit->file_count; i++)
    if (!file_unchanged(store, unit->files[i] >> 1))
      return false;
  for (uint32_t i = 0; i < unit->missing_count; i++)
    if (path_appeared(store, unit->missing[i]))
      return false;
  return true;
}

static void drop_unit(Store *store, UnitRow *unit) {
  sqlite3_stmt *drop = sql_use(store, SQL_UNIT_DROP);
  bind_number(drop, 1, unit->id);
  sql_run(store, drop);
  unit_references(store, unit, -1);
  unit->dropped = true;
  store_forget_view(store);
}

size_t store_keep_units(Store *store, const UnitKey *keys, size_t count) {
  HashMap kept = {0};
  size_t dropped = 0;
  for (size_t i = 0; i < count; i++)
    hash_map_put(&kept, unit_identity(keys[i]), 0);
  transaction_enter(store);
  for (size_t i = 0; i < store->units.count; i++) {
    UnitRow *unit = &store->units.at[i];
    if (!unit->dropped && hash_map_get(&kept, unit_identity(unit->key)) == MAP_ABSENT) {
      drop_unit(store, unit);
      dropped++;
    }
  }
  transaction_leave(store);
  hash_map_free(&kept);
  return dropped;
}

/* ---- putting */
static uint32_t put_function(Store *store, const Function *function) {
  Hash identity = function_identity(function->key, function->body_hash);
  uint32_t index = hash_map_get(&store->function_map, identity);
  if (index == MAP_ABSENT) {
    index = (uint32_t)store->functions.count;
    array_push(&store->functions, (FunctionRow){.key = arena_text(store->arena, function->key),
                                                .body = function->body_hash,
                                                .identity = identity});
    hash_map_put(&store->function_map, identity, index);
  }
  FunctionRow *row = &store->functions.at[index];
  if (!row->id) {
    row->id = store->next_function++;
    sqlite3_stmt *put = sql_use(store, SQL_FUNCTION_PUT);
    bind_number(put, 1, row->id);
    bind_text(put, 2, row->key);
    bind_hash(put, 3, row->body);
    sql_run(store, put);
  }
  return index;
}

static const char *keep_text(Store *store, const char *text) {
  return text && *text ? arena_text(store->arena, text) : "";
}

/* store->raw holds the function's bytes. */
static void write_ir(Store *store, IrRow *ir) {
  ir->id = store->next_ir++;
  pack_raw(store);
  Hash packed = hash_bytes(store->packed.at, store->packed.count);
  sqlite3_stmt *put = sql_use(store, SQL_IR_PUT);
  bind_number(put, 1, ir->id);
  bind_number(put, 2, store->functions.at[ir->function].id);
  bind_hash(put, 3, ir->content);
  bind_hash(put, 4, packed);
  bind_text(put, 5, ir->name);
  bind_text(put, 6, ir->source);
  bind_number(put, 7, ir->flags);
  bind_text(put, 8, ir->incomplete);
  bind_hash(put, 9, ir_seal(store, ir, packed));
  bind_bytes(put, 10, store->packed.at, store->packed.count);
  bind_bytes(put, 11, ir->links, ir->link_bytes);
  sql_run(store, put);
}

static void derive_links(Store *store, IrRow *ir, const Function *function) {
  Arena *scratch = arena_new();
  ByteWriter bytes = {0};
  links_write(&bytes, function_links(scratch, function));
  ir->links = arena_copy(store->arena, bytes.at, bytes.count);
  ir->link_bytes = bytes.count;
  bytes_free(&bytes);
  arena_free(scratch);
}

static uint32_t put_ir(Store *store, const Function *function) {
  uint32_t owner = put_function(store, function);
  store->raw.count = 0;
  function_write(&store->raw, function);
  Hash content = hash_bytes(store->raw.at, store->raw.count);
  Hash identity = hash_pair(store->functions.at[owner].identity, content);
  uint32_t index = hash_map_get(&store->ir_map, identity);
  if (index == MAP_ABSENT) {
    index = (uint32_t)store->irs.count;
    array_push(&store->irs, (IrRow){.function = owner,
                                    .content = content,
                                    .flags = function->flags,
                                    .name = keep_text(store, function->name),
                                    .source = keep_text(store, function->source),
                                    .incomplete = keep_text(store, function->incomplete)});
    hash_map_put(&store->ir_map, identity, index);
    derive_links(store, &store->irs.at[index], function);
  }
  if (!store->irs.at[index].id)
    write_ir(store, &store->irs.at[index]);
  return index;
}

static void put_files(Store *store, UnitRow *row, const Unit *unit) {
  row->file_count = unit->file_count;
  row->files = arena_new_array(store->arena, uint32_t, unit->file_count);
  for (uint32_t i = 0; i < unit->file_count; i++)
    row->files[i] = file_row(store, &unit->files[i]) << 1 | unit->files[i].system;
  row->missing_count = unit->missing_count;
  row->missing = arena_new_array(store->arena, const char *, unit->missing_count);
  for (uint32_t i = 0; i < unit->missing_count; i++)
    row->missing[i] = keep_text(store, unit->missing[i]);
}

/* The lists as the columns hold them: ids, which outlast the indices. */
static void write_file_list(Store *store, const UnitRow *row, ByteWriter *out) {
  bytes_put_u(out, row->file_count);
  for (uint32_t i = 0; i < row->file_count; i++)
    bytes_put_u(out, (uint64_t)store->files.at[row->files[i] >> 1].id << 1 | (row->files[i] & 1));
  bytes_put_u(out, row->missing_count);
  for (uint32_t i = 0; i < row->missing_count; i++)
    bytes_put_text(out, row->missing[i]);
}

static void write_ir_list(Store *store, const UnitRow *row, ByteWriter *out) {
  bytes_put_u(out, row->ir_count);
  for (uint32_t i = 0; i < row->ir_count; i++)
    bytes_put_u(out, store->irs.at[row->irs[i]].id);
}

/* What has tables of its own, and what differs from run to run, is left out. */
static void pack_facts(Store *store, const Unit *unit) {
  Unit facts = *unit;
  facts.functions = NULL;
  facts.files = NULL;
  facts.missing = NULL;
  facts.function_count = facts.file_count = facts.missing_count = 0;
  facts.parse_seconds = facts.lower_seconds = 0;
  store->raw.count = 0;
  unit_write(&store->raw, &facts);
  pack_raw(store);
}

static void write_unit(Store *store, UnitRow *row) {
  ByteWriter files = {0}, irs = {0};
  write_file_list(store, row, &files);
  write_ir_list(store, row, &irs);
  row->seal = unit_seal(store, row, store->packed.at, store->packed.count);
  sqlite3_stmt *put = sql_use(store, SQL_UNIT_PUT);
  bind_number(put, 1, row->id);
  bind_text(put, 2, row->key.source);
  bind_hash(put, 3, row->key.command);
  bind_number(put, 4, row->status);
  bind_text(put, 5, row->reason);
  bind_bytes(put, 6, files.at, files.count);
  bind_bytes(put, 7, irs.at, irs.count);
  bind_number(put, 8, (int64_t)(row->parse_seconds * 1e9));
  bind_number(put, 9, (int64_t)(row->lower_seconds * 1e9));
  bind_hash(put, 10, row->seal);
  bind_bytes(put, 11, store->packed.at, store->packed.count);
  sql_run(store, put);
  sqlite3_clear_bindings(put);
  bytes_free(&files);
  bytes_free(&irs);
}

void store_put_unit(Store *store, const Unit *unit) {
  UnitRow row = {.id = store->next_unit++,
                 .is_new = true,
                 .key = {keep_text(store, unit->source), unit->command_hash},
                 .status = unit->status,
                 .reason = keep_text(store, unit->reason),
                 .parse_seconds = unit->parse_seconds,
                 .lower_seconds = unit->lower_seconds};
  transaction_enter(store);
  put_files(store, &row, unit);
  row.ir_count = unit->function_count;
  row.irs = arena_new_array(store->arena, uint32_t, unit->function_count);
  for (uint32_t i = 0; i < unit->function_count; i++)
    row.irs[i] = put_ir(store, &unit->functions[i]);
  pack_facts(store, unit);
  unit_references(store, &row, 1);
  UnitRow *old = find_unit(store, row.key);
  if (old)
    drop_unit(store, old);
  write_unit(store, &row);
  hash_map_put(&store->unit_map, unit_identity(row.key), (uint32_t)store->units.count);
  array_push(&store->units, row);
  store_forget_view(store);
  transaction_leave(store);
}
