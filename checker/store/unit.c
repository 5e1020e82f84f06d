/* unit.c - units in. */
#include "store/inner.h"

#include "ir/links.h"
#include "ir/serial.h"

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
    hash_map_put(&store->row_map, (Hash){row->id, 0}, index);
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
  bind_hash(put, 12, ir->names);
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
                                    .names = function_names_hash(function),
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
}

/* The lists as the columns hold them: ids, which outlast the indices. */
static void write_file_list(Store *store, const UnitRow *row, ByteWriter *out) {
  bytes_put_u(out, row->file_count);
  for (uint32_t i = 0; i < row->file_count; i++)
    bytes_put_u(out, (uint64_t)store->files.at[row->files[i] >> 1].id << 1 | (row->files[i] & 1));
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
  facts.annotations = "";
  facts.files = NULL;
  facts.folders = NULL;
  facts.function_count = facts.file_count = facts.folder_count = 0;
  facts.parse_seconds = facts.lower_seconds = 0;
  store->raw.count = 0;
  unit_write(&store->raw, &facts);
  pack_raw(store);
}

static void write_unit(Store *store, UnitRow *row) {
  ByteWriter files = {0}, irs = {0};
  write_file_list(store, row, &files);
  write_ir_list(store, row, &irs);
  row->changed = false;
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
  bind_hash(put, 10, state_seal(row));
  bind_bytes(put, 11, store->packed.at, store->packed.count);
  bind_hash(put, 12, row->inputs);
  bind_number(put, 13, row->viewed);
  bind_number(put, 14, row->used);
  bind_bytes(put, 15, row->lookups, row->lookups_size);
  bind_text(put, 16, row->annotations);
  sql_run(store, put);
  sqlite3_clear_bindings(put);
  bytes_free(&files);
  bytes_free(&irs);
}

/* All that the result was made from besides the command: what was read, and what was looked for. */
static Hash inputs_of(const Unit *unit) {
  Hash hash = {0};
  if ((unit->status != UNIT_OK && unit->status != UNIT_PARSE_FAILED) || !unit->file_count)
    return hash; // a crash or a limit may have had a reason outside of the sources
  ByteWriter all = {0};
  for (uint32_t i = 0; i < unit->file_count; i++) {
    bytes_put_text(&all, unit->files[i].path);
    bytes_put_raw(&all, &unit->files[i].content, sizeof(Hash));
  }
  for (uint32_t i = 0; i < unit->folder_count; i++) {
    const UnitFolder *folder = &unit->folders[i];
    bytes_put_text(&all, folder->path);
    for (uint32_t k = 0; k < folder->count; k++) {
      bytes_put_text(&all, folder->lookups[k].name);
      bytes_put_u8(&all, folder->lookups[k].state);
    }
  }
  hash = hash_bytes(all.at, all.count);
  bytes_free(&all);
  return hash;
}

/* The state with the same inputs, and those that are never fresh. */
static void replace_state(Store *store, const UnitRow *row) {
  uint32_t index = hash_map_get(&store->unit_map, unit_identity(row->key));
  for (; index != MAP_ABSENT; index = store->units.at[index].older) {
    const UnitRow *old = &store->units.at[index];
    bool replaced = hash_equal(old->inputs, row->inputs) || hash_is_zero(old->inputs);
    if (replaced && !old->dropped && !(store->is_other && old->viewed))
      state_drop(store, index);
  }
}

void store_put_unit(Store *store, const Unit *unit) {
  UnitRow row = {.id = store->next_unit++,
                 .is_new = true,
                 .inputs = inputs_of(unit),
                 .key = {keep_text(store, unit->source), unit->command_hash},
                 .status = unit->status,
                 .reason = keep_text(store, unit->reason),
                 .annotations = keep_text(store, unit->annotations),
                 .parse_seconds = unit->parse_seconds,
                 .lower_seconds = unit->lower_seconds};
  transaction_enter(store);
  put_files(store, &row, unit);
  row.ir_count = unit->function_count;
  row.irs = arena_new_array(store->arena, uint32_t, unit->function_count);
  for (uint32_t i = 0; i < unit->function_count; i++)
    row.irs[i] = put_ir(store, &unit->functions[i]);
  lookups_put(store, &row, unit);
  pack_facts(store, unit);
  unit_references(store, &row, 1);
  replace_state(store, &row);
  uint32_t index = (uint32_t)store->units.count;
  array_push(&store->units, row);
  state_enter(store, index);
  state_view(store, index);
  write_unit(store, &store->units.at[index]);
  transaction_leave(store);
}
