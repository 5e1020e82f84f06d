/* difference.c - see difference.h. Equal is what is equal as it would be stored, so nothing that a
 * unit holds can be forgotten here: the parts below only tell where a difference is. */
#include "worker/difference.h"

#include <string.h>

#include "base/bytes.h"
#include "ir/serial.h"

static bool is_equal(const Unit *a, const Unit *b) {
  Unit x = *a, y = *b;
  x.parse_seconds = x.lower_seconds = y.parse_seconds = y.lower_seconds = 0;
  ByteWriter first = {0}, second = {0};
  unit_write(&first, &x);
  unit_write(&second, &y);
  bool equal = first.count == second.count && !memcmp(first.at, second.at, first.count);
  bytes_free(&first);
  bytes_free(&second);
  return equal;
}

static Unit only_function(const Unit *unit, uint32_t number) {
  return (Unit){
      .source = "", .reason = "", .functions = &unit->functions[number], .function_count = 1};
}

static const char *different_function(Arena *arena, const Unit *a, const Unit *b) {
  uint32_t count = a->function_count < b->function_count ? a->function_count : b->function_count;
  for (uint32_t i = 0; i < count; i++) {
    Unit x = only_function(a, i), y = only_function(b, i);
    if (!is_equal(&x, &y))
      return arena_printf(arena, "function %s", a->functions[i].name);
  }
  return a->function_count == b->function_count ? NULL : "the number of functions";
}

static const char *different_file(Arena *arena, const Unit *a, const Unit *b) {
  for (uint32_t i = 0; i < a->file_count && i < b->file_count; i++) {
    Unit x = {.source = "", .reason = "", .files = &a->files[i], .file_count = 1};
    Unit y = {.source = "", .reason = "", .files = &b->files[i], .file_count = 1};
    if (!is_equal(&x, &y))
      return arena_printf(arena, "file %u: %s or %s", i + 1, a->files[i].path, b->files[i].path);
  }
  return a->file_count == b->file_count
             ? NULL
             : arena_printf(arena, "the number of files: %u or %u", a->file_count, b->file_count);
}

/* Without functions, types and what refers to types. */
static Unit rest_of(const Unit *unit) {
  Unit rest = *unit;
  rest.function_count = rest.type_count = rest.record_count = rest.global_count = 0;
  return rest;
}

const char *unit_difference(Arena *arena, const Unit *a, const Unit *b) {
  if (is_equal(a, b))
    return NULL;
  const char *where = different_file(arena, a, b);
  if (!where)
    where = different_function(arena, a, b);
  if (where)
    return where;
  Unit x = rest_of(a), y = rest_of(b);
  return is_equal(&x, &y) ? "types, records or globals" : "lookups or diagnostics";
}
