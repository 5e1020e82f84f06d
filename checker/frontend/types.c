/* types.c - from libclang's types to ours.
 *
 * Two libclang types with the same content are one entry: kind, size, element and name.
 */
#include <string.h>

#include "base/text.h"
#include "frontend/cursor.h"
#include "frontend/state.h"

static TypeKind integer_kind(enum CXTypeKind kind) {
  switch (kind) {
  case CXType_Char_U:
  case CXType_UChar:
  case CXType_Char16:
  case CXType_Char32:
  case CXType_UShort:
  case CXType_UInt:
  case CXType_ULong:
  case CXType_ULongLong:
  case CXType_UInt128:
    return TYPE_UNSIGNED;
  case CXType_Char_S:
  case CXType_SChar:
  case CXType_WChar:
  case CXType_Short:
  case CXType_Int:
  case CXType_Long:
  case CXType_LongLong:
  case CXType_Int128:
    return TYPE_SIGNED;
  default:
    return TYPE_OTHER;
  }
}

static TypeKind kind_of(enum CXTypeKind kind) {
  switch (kind) {
  case CXType_Void:
    return TYPE_VOID;
  case CXType_Bool:
    return TYPE_BOOL;
  case CXType_Float:
  case CXType_Double:
  case CXType_LongDouble:
  case CXType_Float128:
  case CXType_Half:
  case CXType_Float16:
  case CXType_BFloat16:
    return TYPE_FLOAT;
  case CXType_Pointer:
  case CXType_BlockPointer:
    return TYPE_POINTER;
  case CXType_ConstantArray:
  case CXType_IncompleteArray:
  case CXType_VariableArray:
  case CXType_DependentSizedArray:
    return TYPE_ARRAY;
  case CXType_Record:
    return TYPE_RECORD;
  case CXType_FunctionProto:
  case CXType_FunctionNoProto:
    return TYPE_FUNCTION;
  default:
    return integer_kind(kind);
  }
}

static uint64_t size_of(CXType type) {
  long long size = clang_Type_getSizeOf(type);
  return size > 0 ? (uint64_t)size : 0;
}

static Index intern(State *s, TypeInfo info) {
  struct {
    uint64_t size, key;
    uint32_t kind, element, noreturn, record;
  } content = {.size = info.type.size,
               .key = hash_text(info.type.key).low,
               .kind = info.type.kind,
               .element = info.type.element,
               .noreturn = info.noreturn,
               .record = info.record};
  uint64_t key = hash_bytes(&content, sizeof content).low | 1;
  uint32_t known = map_get(&s->type_content_map, key);
  if (known != MAP_NONE)
    return known;
  list_push(s->scratch, &s->types, info);
  map_put(s->scratch, &s->type_content_map, key, (uint32_t)s->types.count - 1);
  return (Index)s->types.count - 1;
}

Index type_plain(State *s, TypeKind kind, uint64_t size) {
  return intern(s, (TypeInfo){.type = {.kind = kind, .size = size, .key = ""}, .record = MAP_NONE});
}

Index type_pointer_to(State *s, Index element) {
  return intern(
      s, (TypeInfo){.type = {TYPE_POINTER, s->pointer_size, element, ""}, .record = MAP_NONE});
}

Index type_named_record(State *s, const char *key) {
  return intern(s, (TypeInfo){.type = {.kind = TYPE_RECORD, .key = key}, .record = MAP_NONE});
}

/* A typedef's name in the models' list of lock types. */
static void note_lock_type(State *s, const char *name) {
  if (map_get(&s->lock_types, hash_text(name).low | 1) != MAP_NONE)
    s->unit->declares_locks = true;
}

static const char *typedef_name(State *s, CXType type) {
  while (type.kind == CXType_Elaborated)
    type = clang_Type_getNamedType(type);
  return type.kind == CXType_Typedef ? text_take(s->arena, clang_getTypedefName(type)) : "";
}

/* Of the function itself: a parameter may point to a function that does not return. */
static bool is_noreturn(State *s, CXType function) {
  unsigned depth = 0;
  for (const char *at = text_take(s->body, clang_getTypeSpelling(function)); *at; at++) {
    if (depth == 0 && text_starts(at, "__attribute__((noreturn))"))
      return true;
    depth += *at == '(';
    depth -= *at == ')' && depth > 0;
  }
  return false;
}

static CXType canonical_of(CXType type) {
  CXType canonical = clang_getCanonicalType(type);
  while (canonical.kind == CXType_Atomic)
    canonical = clang_getCanonicalType(clang_Type_getValueType(canonical));
  if (canonical.kind == CXType_Enum)
    canonical =
        clang_getCanonicalType(clang_getEnumDeclIntegerType(clang_getTypeDeclaration(canonical)));
  return canonical;
}

static TypeInfo describe(State *s, CXType type) {
  CXType canonical = canonical_of(type);
  TypeInfo info = {
      .type = {.kind = kind_of(canonical.kind), .key = ""}, .clang = canonical, .record = MAP_NONE};
  const char *name = typedef_name(s, type);
  if (*name)
    note_lock_type(s, name);
  switch (info.type.kind) {
  case TYPE_VOID:
    break;
  case TYPE_RECORD:
    info.record = record_of(s, canonical);
    info.type.key = s->records.at[info.record].key;
    info.type.size = s->records.at[info.record].size;
    note_lock_type(s, s->records.at[info.record].name);
    break;
  case TYPE_POINTER:
    info.type.size = size_of(canonical);
    info.type.element = type_of(s, clang_getPointeeType(canonical));
    info.type.key = name;
    break;
  case TYPE_ARRAY:
    info.type.size = canonical.kind == CXType_ConstantArray ? size_of(canonical) : 0;
    info.type.element = type_of(s, clang_getArrayElementType(canonical));
    break;
  case TYPE_FUNCTION:
    info.noreturn = is_noreturn(s, canonical);
    break;
  default:
    info.type.size = size_of(canonical);
    info.type.key = name;
    break;
  }
  return info;
}

Index type_of(State *s, CXType type) {
  if (type.kind == CXType_Invalid)
    return 0;
  uint64_t key = map_key(type.data[0]);
  uint32_t known = map_get(&s->type_map, key);
  if (known != MAP_NONE)
    return known;
  Index index = intern(s, describe(s, type));
  map_put(s->scratch, &s->type_map, key, index);
  return index;
}
