/* records.c - struct and union layouts and their names.
 *
 * The key of a record is its name and a hash of its layout, so that equal layouts are one type in
 * whichever unit they were seen. A nameless one is called after what encloses it; the fields of an
 * anonymous member belong to the record around it. Byte offsets of the source never enter a name.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "frontend/cursor.h"
#include "frontend/state.h"

typedef LIST(FieldInfo) FieldList;

typedef struct {
  State *state;
  FieldList fields;
} FieldVisit;

static enum CXVisitorResult add_field(CXCursor cursor, CXClientData data) {
  FieldVisit *visit = data;
  State *s = visit->state;
  FieldInfo field = {.cursor = cursor, .type = clang_getCursorType(cursor), .bit_width = -1};
  field.name = cursor_name(s->arena, cursor);
  if (strchr(field.name, '(')) // newer libclang describes an unnamed field in words
    field.name = "";
  if (clang_Cursor_isBitField(cursor))
    field.bit_width = clang_getFieldDeclBitWidth(cursor);
  if (*field.name || field.bit_width < 0) // an unnamed bit-field is padding
    list_push(s->scratch, &visit->fields, field);
  return CXVisit_Continue;
}

CXCursor record_decl_inside(CXType type) {
  CXType t = clang_getCanonicalType(type);
  for (;;) {
    if (t.kind == CXType_Pointer)
      t = clang_getPointeeType(t);
    else if (t.kind == CXType_ConstantArray || t.kind == CXType_IncompleteArray ||
             t.kind == CXType_VariableArray)
      t = clang_getArrayElementType(t);
    else
      break;
  }
  return t.kind == CXType_Record ? clang_getTypeDeclaration(t) : clang_getNullCursor();
}

void record_name_hint(State *s, CXCursor record, const char *enclosing) {
  if (map_get(&s->record_name_map, map_key(record.data[0])) != MAP_NONE)
    return;
  list_push(s->scratch, &s->record_names, arena_text(s->arena, enclosing));
  map_put(s->scratch, &s->record_name_map, map_key(record.data[0]),
          (uint32_t)s->record_names.count - 1);
}

static bool is_record(CXCursor cursor) {
  enum CXCursorKind kind = clang_getCursorKind(cursor);
  return kind == CXCursor_StructDecl || kind == CXCursor_UnionDecl;
}

/* "struct pool", "pool_t" for a nameless struct with a typedef, "" when it has no name at all. */
static const char *own_name(State *s, CXCursor declaration, bool *by_typedef) {
  const char *spelling =
      text_take(s->scratch, clang_getTypeSpelling(clang_getCursorType(declaration)));
  *by_typedef = !text_starts(spelling, "struct ") && !text_starts(spelling, "union ");
  return strchr(spelling, '(') ? "" : spelling;
}

static const char *nameless_name(State *s, CXCursor declaration) {
  const char *keyword = clang_getCursorKind(declaration) == CXCursor_UnionDecl ? "union" : "struct";
  uint32_t hint = map_get(&s->record_name_map, map_key(declaration.data[0]));
  if (hint != MAP_NONE)
    return arena_printf(s->arena, "%s (%s)", keyword, s->record_names.at[hint]);
  Position at = position_expansion(s, clang_getCursorLocation(declaration));
  const char *path = at.source == NO_SOURCE ? "" : s->sources.at[at.source].path;
  return arena_printf(s->arena, "%s (%s.%u)", keyword, path, ++s->nameless);
}

/* What counts of a field's type: pointers by the name of what they point to, for two structs may
 * point to each other; everything held by value by its whole layout. */
static void put_shape(State *s, FILE *out, CXType type, unsigned pointers) {
  CXType t = clang_getCanonicalType(type);
  if (t.kind == CXType_Pointer && pointers < 4) {
    fputc('*', out);
    put_shape(s, out, clang_getPointeeType(t), pointers + 1);
  } else if (t.kind == CXType_ConstantArray || t.kind == CXType_IncompleteArray) {
    fprintf(out, "[%lld]", clang_getArraySize(t));
    put_shape(s, out, clang_getArrayElementType(t), pointers);
  } else if (t.kind == CXType_Record && pointers) {
    bool by_typedef;
    fputs(own_name(s, clang_getTypeDeclaration(t), &by_typedef), out);
  } else if (t.kind == CXType_Record) {
    uint32_t inner = record_of(s, t); // may move the table
    fputs(s->records.at[inner].key, out);
  } else {
    fprintf(out, "%d:%lld", (int)t.kind, pointers ? 0 : clang_Type_getSizeOf(t));
  }
}

static uint32_t layout_hash(State *s, const RecordInfo *record) {
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  if (!out)
    return 0;
  fprintf(out, "%d %" PRIu64, record->is_union, record->size);
  for (uint32_t i = 0; i < record->field_count; i++) {
    const FieldInfo *field = &record->fields[i];
    fprintf(out, ";%s %" PRIu64 ":%d ", field->name, field->bit_offset, field->bit_width);
    put_shape(s, out, field->type, 0);
  }
  fclose(out);
  uint32_t hash = (uint32_t)hash_bytes(text, length).low;
  memory_free(text);
  return hash;
}

/* Nameless records inside: anonymous ones give their fields to us, the others get a name. */
static void adopt(State *s, uint32_t self, CXCursor declaration) {
  for (uint32_t i = 0; i < s->records.at[self].field_count; i++) {
    RecordInfo *record = &s->records.at[self];
    FieldInfo *field = &record->fields[i];
    field->offset = record->base + field->bit_offset / 8;
    CXCursor inner = record_decl_inside(field->type);
    if (clang_Cursor_isNull(inner) || map_get(&s->record_map, map_key(inner.data[0])) != MAP_NONE)
      continue;
    if (!clang_equalCursors(clang_getCursorSemanticParent(inner), declaration))
      continue;
    const char *outer = s->records.at[record->owner].name;
    if (*field->name)
      record_name_hint(s, inner, arena_printf(s->scratch, "%s.%s", outer, field->name));
    else
      record_name_hint(s, inner, arena_printf(s->scratch, "%s.%u", outer, i));
  }
}

static uint64_t offset_from_libclang(const FieldInfo *field) {
  long long offset = clang_Cursor_getOffsetOfField(field->cursor);
  return offset > 0 ? (uint64_t)offset : 0;
}

/* libclang walks the whole record for every offset that it is asked for, which is quadratic. So the
 * offsets are computed by the rules of the platform, and libclang is asked for the last one: it
 * disagrees when the record is packed, aligned by hand, or has bit-fields. */
static bool guess_offsets(FieldList *fields, bool is_union) {
  uint64_t end = 0;
  for (size_t i = 0; i < fields->count; i++) {
    FieldInfo *field = &fields->at[i];
    long long size = clang_Type_getSizeOf(field->type);
    long long align = clang_Type_getAlignOf(field->type);
    if (field->bit_width >= 0 || align <= 0 || (size < 0 && i + 1 < fields->count))
      return false;
    uint64_t unit = (uint64_t)align;
    uint64_t start = is_union ? 0 : (end + unit - 1) / unit * unit;
    field->bit_offset = start * 8;
    end = start + (size > 0 ? (uint64_t)size : 0);
  }
  const FieldInfo *last = &fields->at[fields->count - 1];
  return offset_from_libclang(last) == last->bit_offset;
}

static void find_offsets(FieldList *fields, bool is_union) {
  if (!fields->count || guess_offsets(fields, is_union))
    return;
  for (size_t i = 0; i < fields->count; i++)
    fields->at[i].bit_offset = offset_from_libclang(&fields->at[i]);
}

static void read_fields(State *s, uint32_t self, CXCursor declaration, CXType type) {
  FieldVisit visit = {.state = s};
  clang_Type_visitFields(type, add_field, &visit);
  find_offsets(&visit.fields, s->records.at[self].is_union);
  s->records.at[self].fields = visit.fields.at;
  s->records.at[self].field_count = (uint32_t)visit.fields.count;
  adopt(s, self, declaration);
}

/* The anonymous member of `parent` that `declaration` is: sets owner and base. */
static void join_owner(State *s, uint32_t self, CXCursor declaration, uint32_t parent) {
  const RecordInfo *outer = &s->records.at[parent];
  for (uint32_t i = 0; i < outer->field_count; i++) {
    if (*outer->fields[i].name)
      continue;
    CXType type = clang_getCanonicalType(outer->fields[i].type);
    if (type.kind != CXType_Record ||
        !clang_equalCursors(clang_getTypeDeclaration(type), declaration))
      continue;
    s->records.at[self].anonymous = true;
    s->records.at[self].owner = outer->owner;
    s->records.at[self].base = outer->fields[i].offset;
    return;
  }
}

static uint32_t new_record(State *s, CXCursor declaration, CXType type) {
  bool by_typedef = false;
  const char *name = own_name(s, declaration, &by_typedef);
  uint32_t parent = MAP_NONE;
  if (!*name) { // its name comes from the outside, so that is read first
    CXCursor around = clang_getCursorSemanticParent(declaration);
    if (is_record(around))
      parent = record_of(s, clang_getCanonicalType(clang_getCursorType(around)));
    uint32_t known = map_get(&s->record_map, map_key(declaration.data[0]));
    if (known != MAP_NONE)
      return known;
    name = nameless_name(s, declaration);
  }
  long long size = clang_Type_getSizeOf(type);
  uint32_t self = (uint32_t)s->records.count;
  RecordInfo record = {.name = arena_text(s->arena, name),
                       .size = size > 0 ? (uint64_t)size : 0,
                       .is_union = clang_getCursorKind(declaration) == CXCursor_UnionDecl,
                       .complete = size >= 0,
                       .owner = self};
  record.key = record.name;
  record.system = clang_Location_isInSystemHeader(clang_getCursorLocation(declaration)) != 0;
  list_push(s->scratch, &s->records, record);
  map_put(s->scratch, &s->record_map, map_key(declaration.data[0]), self);
  if (parent != MAP_NONE)
    join_owner(s, self, declaration, parent);
  if (!record.complete)
    return self;
  read_fields(s, self, declaration, type);
  if (!(by_typedef && record.system)) { // the platform's own names are stable: pthread_mutex_t
    uint32_t hash = layout_hash(s, &s->records.at[self]);
    s->records.at[self].key = arena_printf(s->arena, "%s#%08x", name, hash);
  }
  return self;
}

uint32_t record_of(State *s, CXType canonical) {
  CXCursor declaration = clang_getTypeDeclaration(canonical);
  uint32_t known = map_get(&s->record_map, map_key(declaration.data[0]));
  if (known != MAP_NONE)
    return known;
  return new_record(s, declaration, canonical);
}

/* ---- Unit.records */

/* Pointers to records go by plain name here: describing what they point to would pull in every
 * header type, and which of them were met depends on the unit. */
static Index loose_type(State *s, CXType type, unsigned pointers) {
  CXType t = clang_getCanonicalType(type);
  if (t.kind == CXType_Pointer)
    return type_pointer_to(s, loose_type(s, clang_getPointeeType(t), pointers + 1));
  if (t.kind != CXType_Record || !pointers)
    return type_of(s, type);
  bool by_typedef;
  const char *name = own_name(s, clang_getTypeDeclaration(t), &by_typedef);
  return type_named_record(s, arena_text(s->arena, name));
}

static void put_fields(State *s, Record *to, uint32_t self) {
  const RecordInfo *record = &s->records.at[self];
  for (uint32_t i = 0; i < record->field_count; i++) {
    const FieldInfo *field = &s->records.at[self].fields[i];
    CXType type = field->type;
    CXCursor inner = clang_getTypeDeclaration(clang_getCanonicalType(type));
    uint32_t known = map_get(&s->record_map, map_key(inner.data[0]));
    if (!*field->name && known != MAP_NONE && s->records.at[known].anonymous) {
      put_fields(s, to, known);
      continue;
    }
    const char *key =
        arena_printf(s->arena, "%s.%s", s->records.at[s->records.at[self].owner].key, field->name);
    Symbol symbol = {
        .kind = SYMBOL_FIELD, .offset = field->offset, .key = key, .name = field->name};
    symbol.type = loose_type(s, type, 0);
    to->fields[to->field_count++] = symbol;
  }
}

static uint32_t count_fields(State *s, uint32_t self) {
  uint32_t count = s->records.at[self].field_count;
  for (uint32_t i = 0; i < s->records.at[self].field_count; i++) {
    CXType type = clang_getCanonicalType(s->records.at[self].fields[i].type);
    if (!*s->records.at[self].fields[i].name && type.kind == CXType_Record)
      count += count_fields(s, record_of(s, type));
  }
  return count;
}

Record *records_finish(State *s, uint32_t *count) {
  Record *records = arena_new_array(s->arena, Record, s->records.count * 2 + 16);
  size_t room = s->records.count * 2 + 16;
  *count = 0;
  /* Records held by value in the fields may still be added on the way. */
  for (uint32_t i = 0; i < s->records.count && *count < room; i++) {
    if (s->records.at[i].anonymous || !s->records.at[i].complete)
      continue;
    uint32_t fields = count_fields(s, i);
    Record *record = &records[(*count)++];
    *record = (Record){.key = s->records.at[i].key,
                       .name = s->records.at[i].name,
                       .size = s->records.at[i].size,
                       .is_union = s->records.at[i].is_union};
    record->fields = arena_new_array(s->arena, Symbol, fields);
    put_fields(s, record, i);
  }
  return records;
}
