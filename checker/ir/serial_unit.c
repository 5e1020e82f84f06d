/* serial_unit.c - units as bytes, see serial.h. Each function is a blob of its own inside. */
#include <string.h>

#include "ir/pack.h"
#include "ir/serial.h"

static void put_real(Packer *w, double value) { bytes_put_raw(&w->body, &value, sizeof value); }

static double get_real(Unpacker *r) {
  double value = 0;
  const void *bytes = bytes_get_raw(&r->bytes, sizeof value);
  if (bytes)
    memcpy(&value, bytes, sizeof value);
  return value;
}

static void put_functions(Packer *w, const Unit *unit) {
  pack_number(w, unit->function_count);
  ByteWriter blob = {0};
  for (uint32_t i = 0; i < unit->function_count; i++) {
    blob.count = 0;
    function_write(&blob, &unit->functions[i]);
    pack_number(w, blob.count);
    bytes_put_raw(&w->body, blob.at, blob.count);
  }
  bytes_free(&blob);
}

static void get_functions(Unpacker *r, Unit *unit) {
  unit->function_count = unpack_count(r, 2);
  unit->functions = arena_new_array(r->arena, Function, unit->function_count);
  for (uint32_t i = 0; i < unit->function_count && !r->bytes.failed; i++) {
    size_t size = bytes_get_count(&r->bytes, 1);
    const void *blob = bytes_get_raw(&r->bytes, size);
    if (!blob || !function_read_into(r->arena, blob, size, &unit->functions[i]))
      r->bytes.failed = true;
  }
}

static void put_declarations(Packer *w, const Unit *unit) {
  pack_types(w, unit->types, unit->type_count);
  pack_number(w, unit->record_count);
  for (uint32_t i = 0; i < unit->record_count; i++) {
    const Record *record = &unit->records[i];
    pack_text(w, record->key);
    pack_text(w, record->name);
    pack_number(w, record->size);
    pack_number(w, record->is_union);
    pack_number(w, record->field_count);
    for (uint32_t j = 0; j < record->field_count; j++)
      pack_symbol(w, &record->fields[j]);
  }
  pack_number(w, unit->global_count);
  for (uint32_t i = 0; i < unit->global_count; i++) {
    const Global *global = &unit->globals[i];
    pack_text(w, global->key);
    pack_text(w, global->name);
    pack_text(w, global->source);
    pack_number(w, global->flags);
    pack_number(w, global->type);
    pack_number(w, global->line);
    pack_number(w, global->is_definition);
  }
}

static Index get_type_index(Unpacker *r, const Unit *unit) {
  Index type = unpack_number(r);
  if (type >= unit->type_count)
    r->bytes.failed = true;
  return type;
}

static void get_records(Unpacker *r, Unit *unit) {
  unit->record_count = unpack_count(r, 5);
  unit->records = arena_new_array(r->arena, Record, unit->record_count);
  for (uint32_t i = 0; i < unit->record_count; i++) {
    Record *record = &unit->records[i];
    record->key = unpack_text(r);
    record->name = unpack_text(r);
    record->size = unpack_wide(r);
    record->is_union = unpack_small(r, 1);
    record->field_count = unpack_count(r, 6);
    record->fields = arena_new_array(r->arena, Symbol, record->field_count);
    for (uint32_t j = 0; j < record->field_count; j++) {
      record->fields[j] = unpack_symbol(r);
      if (record->fields[j].type >= unit->type_count)
        r->bytes.failed = true;
    }
  }
}

static void get_declarations(Unpacker *r, Unit *unit) {
  unit->types = unpack_types(r, &unit->type_count);
  for (uint32_t i = 0; i < unit->type_count; i++)
    if (unit->types[i].element && unit->types[i].element >= i)
      r->bytes.failed = true;
  get_records(r, unit);
  unit->global_count = unpack_count(r, 7);
  unit->globals = arena_new_array(r->arena, Global, unit->global_count);
  for (uint32_t i = 0; i < unit->global_count; i++) {
    Global *global = &unit->globals[i];
    global->key = unpack_text(r);
    global->name = unpack_text(r);
    global->source = unpack_text(r);
    global->flags = unpack_number(r);
    global->type = get_type_index(r, unit);
    global->line = unpack_number(r);
    global->is_definition = unpack_small(r, 1);
  }
}

static void put_folders(Packer *w, const Unit *unit) {
  pack_number(w, unit->folder_count);
  for (uint32_t i = 0; i < unit->folder_count; i++) {
    const UnitFolder *folder = &unit->folders[i];
    pack_text(w, folder->path);
    pack_signed(w, folder->mtime_ns);
    pack_signed(w, folder->ctime_ns);
    pack_number(w, folder->inode);
    pack_number(w, folder->count);
    for (uint32_t k = 0; k < folder->count; k++) {
      pack_text(w, folder->lookups[k].name);
      pack_number(w, folder->lookups[k].state);
    }
  }
}

static void get_folders(Unpacker *r, Unit *unit) {
  unit->folder_count = unpack_count(r, 5);
  unit->folders = arena_new_array(r->arena, UnitFolder, unit->folder_count);
  for (uint32_t i = 0; i < unit->folder_count; i++) {
    UnitFolder *folder = &unit->folders[i];
    folder->path = unpack_text(r);
    folder->mtime_ns = unpack_signed(r);
    folder->ctime_ns = unpack_signed(r);
    folder->inode = unpack_wide(r);
    folder->count = unpack_count(r, 2);
    Lookup *lookups = arena_new_array(r->arena, Lookup, folder->count);
    for (uint32_t k = 0; k < folder->count; k++) {
      lookups[k].name = unpack_text(r);
      lookups[k].state = (uint8_t)unpack_small(r, LOOKUP_FILE);
    }
    folder->lookups = lookups;
  }
}

static void put_allows(Packer *w, const UnitFile *file) {
  pack_number(w, file->allow_count);
  for (uint32_t i = 0; i < file->allow_count; i++) {
    const Allow *allow = &file->allows[i];
    pack_text(w, allow->rules);
    pack_text(w, allow->reason);
    pack_number(w, allow->line);
    pack_number(w, allow->first);
    pack_number(w, allow->last);
  }
}

static void get_allows(Unpacker *r, UnitFile *file) {
  file->allow_count = unpack_count(r, 5);
  Allow *allows = arena_new_array(r->arena, Allow, file->allow_count);
  for (uint32_t i = 0; i < file->allow_count; i++) {
    allows[i].rules = unpack_text(r);
    allows[i].reason = unpack_text(r);
    allows[i].line = unpack_number(r);
    allows[i].first = unpack_number(r);
    allows[i].last = unpack_number(r);
  }
  file->allows = allows;
}

static void put_files(Packer *w, const Unit *unit) {
  pack_number(w, unit->file_count);
  for (uint32_t i = 0; i < unit->file_count; i++) {
    const UnitFile *file = &unit->files[i];
    pack_text(w, file->path);
    pack_number(w, file->size);
    pack_signed(w, file->mtime_ns);
    pack_hash(w, file->content);
    pack_number(w, file->system);
    put_allows(w, file);
  }
  pack_texts(w, unit->missing, unit->missing_count);
  put_folders(w, unit);
  pack_number(w, unit->diagnostic_count);
  for (uint32_t i = 0; i < unit->diagnostic_count; i++) {
    const Diagnostic *diagnostic = &unit->diagnostics[i];
    pack_text(w, diagnostic->path);
    pack_number(w, diagnostic->line);
    pack_number(w, diagnostic->column);
    pack_number(w, diagnostic->fatal);
    pack_text(w, diagnostic->text);
  }
  pack_texts(w, unit->dropped_flags, unit->dropped_flag_count);
}

static void get_files(Unpacker *r, Unit *unit) {
  unit->file_count = unpack_count(r, 20);
  unit->files = arena_new_array(r->arena, UnitFile, unit->file_count);
  for (uint32_t i = 0; i < unit->file_count; i++) {
    UnitFile *file = &unit->files[i];
    file->path = unpack_text(r);
    file->size = unpack_wide(r);
    file->mtime_ns = unpack_signed(r);
    file->content = unpack_hash(r);
    file->system = unpack_small(r, 1);
    get_allows(r, file);
  }
  unit->missing = unpack_texts(r, &unit->missing_count);
  get_folders(r, unit);
  unit->diagnostic_count = unpack_count(r, 5);
  unit->diagnostics = arena_new_array(r->arena, Diagnostic, unit->diagnostic_count);
  for (uint32_t i = 0; i < unit->diagnostic_count; i++) {
    Diagnostic *diagnostic = &unit->diagnostics[i];
    diagnostic->path = unpack_text(r);
    diagnostic->line = unpack_number(r);
    diagnostic->column = unpack_number(r);
    diagnostic->fatal = unpack_small(r, 1);
    diagnostic->text = unpack_text(r);
  }
  unit->dropped_flags = unpack_texts(r, &unit->dropped_flag_count);
}

void unit_write(ByteWriter *out, const Unit *unit) {
  Packer w = pack_new();
  pack_text(&w, unit->source);
  pack_hash(&w, unit->command_hash);
  pack_number(&w, unit->status);
  pack_text(&w, unit->reason);
  pack_text(&w, unit->annotations ? unit->annotations : "");
  pack_number(&w, unit->declares_locks);
  put_real(&w, unit->parse_seconds);
  put_real(&w, unit->lower_seconds);
  put_declarations(&w, unit);
  put_files(&w, unit);
  put_functions(&w, unit);
  pack_finish(&w, out);
}

Unit *unit_read(Arena *arena, const void *bytes, size_t count) {
  Unpacker r = unpack_start(arena, bytes, count);
  Unit *unit = arena_new_one(arena, Unit);
  unit->source = unpack_text(&r);
  unit->command_hash = unpack_hash(&r);
  unit->status = (UnitStatus)unpack_small(&r, UNIT_UNREADABLE);
  unit->reason = unpack_text(&r);
  unit->annotations = unpack_text(&r);
  unit->declares_locks = unpack_small(&r, 1);
  unit->parse_seconds = get_real(&r);
  unit->lower_seconds = get_real(&r);
  get_declarations(&r, unit);
  get_files(&r, unit);
  get_functions(&r, unit);
  return unpack_is_done(&r) ? unit : NULL;
}
