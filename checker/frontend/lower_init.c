/* lower_init.c - initialisers: of locals where they stand, of globals as functions of their own.
 *
 * libclang shows lists as they are written, so leaving out braces and designators are worked out
 * here by the rules of C 6.7.9. What a list leaves out is zero: the whole object is zeroed first.
 */
#include <string.h>

#include "base/text.h"
#include "frontend/lower.h"

enum { RANGE_LIMIT = 4096, NUMBERS_KEPT = 1024 };

typedef struct {
  Children items;
  uint32_t next;
} InitList;

typedef struct {
  CXType type; // canonical
  NodeId place;
} Object;

static bool full(Lower *l) {
  if (l->stores < STORE_LIMIT)
    return false;
  lower_incomplete(l, "an initialiser of more than 65,536 values");
  return true;
}

static bool is_designated(CXCursor item) {
  return clang_getCursorKind(item) == CXCursor_UnexposedExpr &&
         clang_getCursorType(item).kind == CXType_Void;
}

static bool is_array(CXType type) {
  return type.kind == CXType_ConstantArray || type.kind == CXType_IncompleteArray ||
         type.kind == CXType_VariableArray;
}

static bool is_aggregate(CXType type) { return is_array(type) || type.kind == CXType_Record; }

static Object element_of(Lower *l, Object array, int64_t index) {
  State *s = l->state;
  Index type = type_of(s, clang_getArrayElementType(array.type));
  NodeId at = lower_constant(l, type_plain(s, TYPE_SIGNED, 8), index, "");
  return (Object){clang_getCanonicalType(clang_getArrayElementType(array.type)),
                  build_index(l->builder, lower_type(l, type), array.place, at)};
}

static Object field_of(Lower *l, Object record, CXCursor field, const char *name) {
  CXType type = clang_getCanonicalType(clang_getCursorType(field));
  if (!*name) // members of an anonymous struct are members of the one around it
    return (Object){type, record.place};
  NameInfo *info = name_of(l->state, field);
  return (Object){type, build_field(l->builder, lower_type(l, info->type), record.place,
                                    lower_symbol(l, info))};
}

static void fill(Lower *l, Object object, InitList *list, bool braced);

static void store(Lower *l, Object object, CXCursor value_cursor) {
  NodeId value = lower_value(l, value_cursor);
  lower_at(l, value_cursor);
  if (value)
    build_store(l->builder, object.place, value);
  l->stores++;
}

static bool is_string(CXCursor cursor) {
  return clang_getCursorKind(cursor_strip(cursor)) == CXCursor_StringLiteral;
}

/* One object from one initialiser that stands alone or in its own braces. */
static void fill_one(Lower *l, Object object, CXCursor value) {
  if (clang_getCursorKind(value) != CXCursor_InitListExpr || !is_aggregate(object.type)) {
    store(l, object, value);
    return;
  }
  InitList inner = {0};
  children_collect(&inner.items, l->state->body, value);
  bool string = is_array(object.type) && inner.items.count == 1 &&
                is_string(child_at(&inner.items, 0)) &&
                !is_aggregate(clang_getCanonicalType(clang_getArrayElementType(object.type)));
  if (string)
    store(l, object, child_at(&inner.items, 0));
  else
    fill(l, object, &inner, true);
}

static bool holds_whole(Object object, CXCursor item) {
  if (clang_getCursorKind(item) == CXCursor_InitListExpr || !is_aggregate(object.type))
    return true;
  if (is_array(object.type))
    return is_string(item) &&
           !is_aggregate(clang_getCanonicalType(clang_getArrayElementType(object.type)));
  return clang_getCanonicalType(clang_getCursorType(item)).kind == CXType_Record;
}

/* The next object of a list: takes one item, or several when the braces were left out. */
static void fill_next(Lower *l, Object object, InitList *list) {
  CXCursor item = child_at(&list->items, list->next);
  if (holds_whole(object, item)) {
    list->next++;
    fill_one(l, object, item);
  } else {
    uint32_t before = list->next;
    fill(l, object, list, false);
    if (list->next == before) // an empty struct takes nothing
      list->next++;
  }
}

/* ---- designators */

typedef struct {
  Object object;
  int64_t first, last; // of the outermost designator: where the list goes on
  uint32_t used;       // children taken
} Designated;

static uint32_t field_index(const RecordInfo *record, CXCursor field) {
  for (uint32_t i = 0; i < record->field_count; i++)
    if (clang_equalCursors(record->fields[i].cursor, field))
      return i;
  return 0;
}

static bool index_at(Lower *l, const Children *parts, uint32_t i, int64_t *value) {
  *value = 0;
  if (i + 1 < parts->count && cursor_integer(child_at(parts, i), value))
    return true;
  lower_incomplete(l, "a designator that libclang does not evaluate");
  return false;
}

/* Follows `.a[3]`; a range below the first level is taken at its start. */
static bool follow(Lower *l, const Children *parts, const char *shape, Designated *to) {
  for (bool first = true; to->used + 1 < parts->count; first = false) {
    CXCursor part = child_at(parts, to->used);
    Object at = to->object;
    int64_t low, high;
    if (clang_getCursorKind(part) == CXCursor_MemberRef) {
      CXCursor field = clang_getCursorReferenced(part);
      if (at.type.kind != CXType_Record)
        return false;
      uint32_t known = record_of(l->state, at.type); // may move the table
      const RecordInfo *record = &l->state->records.at[known];
      uint32_t index = field_index(record, field);
      to->object = field_of(l, at, field, record->field_count ? record->fields[index].name : "");
      low = high = index;
      to->used++;
      shape += *shape == 'f' && *record->fields[index].name;
    } else {
      if (!is_array(at.type) || !index_at(l, parts, to->used, &low))
        return false;
      high = low;
      to->used++;
      if (*shape == 'r' && index_at(l, parts, to->used, &high))
        to->used++;
      shape += *shape != 0;
      to->object = element_of(l, at, low);
    }
    if (first)
      to->first = low, to->last = high;
  }
  return true;
}

/* Returns the position after the designated one. */
static int64_t fill_designated(Lower *l, Object whole, CXCursor item) {
  Children parts;
  children_collect(&parts, l->state->body, item);
  const char *shape = lex_designators(l, item);
  if (!shape)
    shape = parts.count == 3 && is_array(whole.type) ? "r" : "";
  Designated to = {.object = whole};
  if (!parts.count || !follow(l, &parts, shape, &to)) {
    lower_incomplete(l, "a designator that libclang does not show");
    return 0;
  }
  fill_one(l, to.object, child_last(&parts));
  for (int64_t i = to.first + 1; i <= to.last && i - to.first < RANGE_LIMIT && !full(l); i++)
    fill_one(l, element_of(l, whole, i), child_last(&parts));
  return to.last + 1;
}

/* ---- whole lists */

static bool at_end(Lower *l, const InitList *list, bool braced) {
  if (list->next >= list->items.count || full(l))
    return true;
  return !braced && is_designated(child_at(&list->items, list->next));
}

/* A long table of numbers (character sets, state machines) is kept by its start and one store that
 * stands for the rest: some element gets some value. */
static bool cut_numbers(Lower *l, Object object, InitList *list, int64_t index) {
  CXType element = clang_getCanonicalType(clang_getArrayElementType(object.type));
  if (index < NUMBERS_KEPT || element.kind == CXType_Pointer || is_aggregate(element))
    return false;
  Index type = lower_type(l, type_of(l->state, element));
  Index index_type = lower_type(l, type_plain(l->state, TYPE_SIGNED, 8));
  NodeId place = build_index(l->builder, type, object.place, build_unknown(l->builder, index_type));
  build_store(l->builder, place, build_unknown(l->builder, type));
  list->next = list->items.count;
  return true;
}

static void fill_array(Lower *l, Object object, InitList *list, bool braced) {
  long long size = clang_getArraySize(object.type);
  for (int64_t i = 0; !at_end(l, list, braced);) {
    CXCursor item = child_at(&list->items, list->next);
    if (is_designated(item)) {
      list->next++;
      i = fill_designated(l, object, item);
    } else if ((size >= 0 && i >= size) || (braced && cut_numbers(l, object, list, i))) {
      break;
    } else {
      fill_next(l, element_of(l, object, i++), list);
    }
  }
}

static void fill_record(Lower *l, Object object, InitList *list, bool braced) {
  uint32_t index = record_of(l->state, object.type);
  uint32_t count = l->state->records.at[index].field_count;
  for (int64_t i = 0; !at_end(l, list, braced);) {
    CXCursor item = child_at(&list->items, list->next);
    if (is_designated(item)) {
      list->next++;
      i = fill_designated(l, object, item);
    } else if (i >= count || (i > 0 && l->state->records.at[index].is_union)) {
      break;
    } else {
      FieldInfo field = l->state->records.at[index].fields[i++];
      fill_next(l, field_of(l, object, field.cursor, field.name), list);
    }
  }
}

static void fill(Lower *l, Object object, InitList *list, bool braced) {
  if (is_array(object.type))
    fill_array(l, object, list, braced);
  else if (object.type.kind == CXType_Record)
    fill_record(l, object, list, braced);
}

void lower_init(Lower *l, NodeId place, CXType type, CXCursor initialiser) {
  Object object = {clang_getCanonicalType(type), place};
  if (clang_getCursorKind(initialiser) == CXCursor_InitListExpr && is_aggregate(object.type)) {
    lower_at(l, initialiser);
    build_store(l->builder, place, lower_constant(l, lower_int(l), 0, ""));
  }
  fill_one(l, object, initialiser);
}

/* ---- globals */

void lower_initialiser(State *s, CXCursor variable, NameInfo *name) {
  CXCursor value = clang_Cursor_getVarDeclInitializer(variable);
  uint64_t key = hash_text(name->symbol.key).low | 1;
  if (clang_Cursor_isNull(value) || map_get(&s->initialised, key) != MAP_NONE)
    return;
  map_put(s->scratch, &s->initialised, key, 1);
  arena_reset(s->body);
  s->epoch++;
  Lower lower = {.state = s,
                 .at_cursor = clang_getNullCursor(),
                 .body = clang_getNullCursor(),
                 .initialiser = true};
  Lower *l = &lower;
  char *function_key = arena_printf(s->scratch, "init:%s", name->symbol.key);
  l->builder = build_new(s->arena, function_key, name->symbol.name);
  l->function = build_function(l->builder);
  l->function->flags |= FUNCTION_INITIALISER;
  if (name->symbol.flags & SYMBOL_INTERNAL)
    l->function->flags |= FUNCTION_INTERNAL;
  lower_head(l, variable);
  NodeId place = build_global(l->builder, lower_symbol(l, name));
  lower_init(l, place, clang_getCursorType(variable), value);
  build_return(l->builder, 0);
  list_push(s->scratch, &s->functions, *build_finish(l->builder));
}
