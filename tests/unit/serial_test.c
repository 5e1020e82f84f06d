/* serial_test.c - functions and units survive the way through bytes, damaged bytes are refused
 * without harm, and the body hash sees code and nothing but code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ir/cfg.h"
#include "ir/check.h"
#include "ir/print.h"
#include "ir/serial.h"
#include "sample_ir.h"

static char *printed(const Function *f) {
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  function_print(out, f, true);
  function_print_calls(out, f);
  fclose(out);
  return text;
}

static void assert_same_bytes(const ByteWriter *a, const ByteWriter *b) {
  assert_int_equal(a->count, b->count);
  assert_memory_equal(a->at, b->at, a->count);
}

static void a_function_comes_back(void **state) {
  Arena *arena = *state;
  Function *f = sample_function(arena, &plain_skin);
  assert_null(function_check(f));
  ByteWriter first = {0}, second = {0};
  function_write(&first, f);
  Function *back = function_read(arena, first.at, first.count);
  assert_non_null(back);
  function_write(&second, back);
  assert_same_bytes(&first, &second);
  char *before = printed(f), *after = printed(back);
  assert_string_equal(before, after);
  assert_string_equal(back->key, "pool_get");
  assert_string_equal(back->source, "src/pool.c");
  assert_string_equal(back->incomplete, "computed goto");
  assert_int_equal(back->line, 10);
  assert_int_equal(back->parameter_count, 2);
  assert_int_equal(back->symbols[1].offset, 0);
  assert_true(hash_equal(back->body_hash, f->body_hash));
  assert_true(hash_equal(function_body_hash(back), f->body_hash));
  free(before);
  free(after);
  bytes_free(&first);
  bytes_free(&second);
}

static Hash hash_of(Arena *arena, Skin skin) { return sample_function(arena, &skin)->body_hash; }

static void the_hash_ignores_what_is_not_code(void **state) {
  Arena *arena = *state;
  Hash plain = hash_of(arena, plain_skin);
  Skin skin = plain_skin;
  assert_true(hash_equal(plain, hash_of(arena, skin)));
  skin.parameter = "other";
  assert_true(hash_equal(plain, hash_of(arena, skin)));
  skin.macro = "OTHER";
  assert_true(hash_equal(plain, hash_of(arena, skin)));
  skin.line = 4000;
  skin.file = "elsewhere/pool.c";
  assert_true(hash_equal(plain, hash_of(arena, skin)));
  skin.more_symbols = true;
  assert_true(hash_equal(plain, hash_of(arena, skin)));
  skin.constant = 8;
  assert_false(hash_equal(plain, hash_of(arena, skin)));
}

/* Each change below is one of code; none may leave the hash as it was. */
static void the_hash_sees_code(void **state) {
  Arena *arena = *state;
  Hash plain = hash_of(arena, plain_skin);
  for (int change = 0;; change++) {
    Function *f = sample_function(arena, &plain_skin);
    switch (change) {
    case 0:
      f->edges[0].block++;
      break;
    case 1:
      f->edges[3].high--;
      break;
    case 2:
      f->instructions[0].a = 1;
      break;
    case 3:
      f->instructions[2].flags ^= CALL_NORETURN;
      break;
    case 4:
      f->args[0] = f->args[1];
      break;
    case 5:
      f->symbols[0].key = "put";
      break;
    case 6:
      f->symbols[1].flags |= SYMBOL_CONST;
      break;
    case 7:
      f->symbols[2].offset += 8;
      break;
    case 8:
      f->types[1].size = 8;
      break;
    case 9:
      f->types[4].key = "struct pool#1f3b";
      break;
    case 10:
      f->locals[1].flags |= LOCAL_ADDRESS_TAKEN;
      break;
    case 11:
      f->parameter_count--;
      break;
    case 12:
      f->flags ^= FUNCTION_NORETURN;
      break;
    case 13:
      f->blocks[f->block_count - 1].value = 0;
      break;
    case 14:
      f->texts[0] = "another text";
      break;
    case 15:
      f->result_type = 0;
      break;
    default:
      return;
    }
    Hash changed = function_body_hash(f);
    if (hash_equal(plain, changed))
      fail_msg("change %d is not seen", change);
  }
}

static Unit sample_unit(Arena *arena) {
  Unit unit = {.source = "src/pool.c",
               .command_hash = hash_text("flags"),
               .status = UNIT_OK,
               .reason = "",
               .declares_locks = true,
               .parse_seconds = 0.25,
               .lower_seconds = 0.125};
  unit.function_count = 2;
  unit.functions = arena_new_array(arena, Function, 2);
  Skin skin = plain_skin;
  unit.functions[0] = *sample_function(arena, &skin);
  skin.constant = 9;
  unit.functions[1] = *sample_function(arena, &skin);
  unit.type_count = unit.functions[0].type_count;
  unit.types = unit.functions[0].types;
  unit.record_count = 1;
  unit.records = arena_new_one(arena, Record);
  unit.records[0] =
      (Record){"struct pool#1f3a", "struct pool", 48, true, &unit.functions[0].symbols[2], 2};
  unit.global_count = 1;
  unit.globals = arena_new_one(arena, Global);
  unit.globals[0] =
      (Global){"src/pool.c:table", "table", SYMBOL_INTERNAL, 2, "src/pool.c", 3, true};
  unit.file_count = 1;
  unit.files = arena_new_one(arena, UnitFile);
  static const Allow allows[] = {{"lock-leak", "why", 3, 3, 4}};
  unit.files[0] = (UnitFile){"src/pool.c", 1234, -5, hash_text("content"), true, allows, 1};
  unit.missing_count = unit.dropped_flag_count = 1;
  unit.missing = arena_new_one(arena, const char *);
  unit.missing[0] = "absent.h";
  static const Lookup lookups[] = {{"a.h", LOOKUP_NOTHING}, {"b.h", LOOKUP_FILE}};
  unit.folder_count = 1;
  unit.folders = arena_new_one(arena, UnitFolder);
  unit.folders[0] = (UnitFolder){"${build}/gen", -7, 1LL << 60, 1ULL << 40, lookups, 2};
  unit.dropped_flags = arena_new_one(arena, const char *);
  unit.dropped_flags[0] = "-fweb";
  unit.diagnostic_count = 1;
  unit.diagnostics = arena_new_one(arena, Diagnostic);
  unit.diagnostics[0] = (Diagnostic){"src/pool.c", 7, 9, true, "unknown type"};
  return unit;
}

static void a_unit_comes_back(void **state) {
  Arena *arena = *state;
  Unit unit = sample_unit(arena);
  ByteWriter first = {0}, second = {0};
  unit_write(&first, &unit);
  Unit *back = unit_read(arena, first.at, first.count);
  assert_non_null(back);
  unit_write(&second, back);
  assert_same_bytes(&first, &second);
  assert_int_equal(back->function_count, 2);
  assert_int_equal(back->records[0].field_count, 2);
  assert_true(back->records[0].is_union);
  assert_string_equal(back->records[0].fields[1].name, "next");
  assert_int_equal(back->files[0].mtime_ns, -5);
  assert_int_equal(back->files[0].allow_count, 1);
  assert_string_equal(back->files[0].allows[0].reason, "why");
  assert_int_equal(back->files[0].allows[0].last, 4);
  assert_true(back->files[0].system && back->globals[0].is_definition);
  assert_true(back->declares_locks && back->parse_seconds == 0.25);
  assert_string_equal(back->diagnostics[0].text, "unknown type");
  assert_string_equal(back->missing[0], "absent.h");
  assert_string_equal(back->dropped_flags[0], "-fweb");
  assert_string_equal(back->folders[0].path, "${build}/gen");
  assert_int_equal(back->folders[0].ctime_ns, 1LL << 60);
  assert_string_equal(back->folders[0].lookups[1].name, "b.h");
  assert_int_equal(back->folders[0].lookups[1].state, LOOKUP_FILE);
  bytes_free(&first);
  bytes_free(&second);
}

/* Whatever was read can be walked, by those who read IR. */
static void walk(Arena *arena, const Function *f) {
  free(printed(f));
  cfg_new(arena, f);
  function_body_hash(f);
  for (NodeId id = 0; id < f->node_count; id++)
    node_text(arena, f, id);
}

static void walk_bytes(Arena *arena, const uint8_t *bytes, size_t count, unsigned *accepted) {
  uint8_t *exact = memory_resize(NULL, count); // so that the sanitizer sees the end
  memcpy(exact, bytes, count);
  Unit *unit = unit_read(arena, exact, count);
  for (uint32_t i = 0; unit && i < unit->function_count; i++)
    walk(arena, &unit->functions[i]);
  *accepted += unit != NULL;
  memory_free(exact);
}

static uint32_t next_random(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

static void damaged_bytes_do_no_harm(void **state) {
  Arena *arena = arena_new();
  Unit unit = sample_unit(*state);
  ByteWriter bytes = {0};
  unit_write(&bytes, &unit);
  uint32_t seed = 1;
  unsigned accepted = 0, tried = 0;
  for (size_t i = 0; i < bytes.count; i++) // every byte, some values
    for (unsigned value = 0; value < 8; value++, tried++) {
      uint8_t old = bytes.at[i];
      bytes.at[i] = (uint8_t)(value < 4 ? old ^ (1u << (value * 2)) : next_random(&seed));
      arena_reset(arena);
      walk_bytes(arena, bytes.at, bytes.count, &accepted);
      bytes.at[i] = old;
    }
  for (size_t i = 0; i < bytes.count; i++) { // every length
    arena_reset(arena);
    assert_null(unit_read(arena, bytes.at, i));
  }
  for (int round = 0; round < 3000; round++, tried++) { // several bytes at once
    uint8_t *copy = memory_resize(NULL, bytes.count);
    memcpy(copy, bytes.at, bytes.count);
    for (uint32_t flips = 1 + next_random(&seed) % 8; flips; flips--)
      copy[next_random(&seed) % bytes.count] = (uint8_t)next_random(&seed);
    arena_reset(arena);
    walk_bytes(arena, copy, bytes.count, &accepted);
    memory_free(copy);
  }
  assert_true(accepted > 0 && accepted < tried); // names and lines may differ and be fine
  bytes_free(&bytes);
  arena_free(arena);
}

/* Trailing bytes, another version, and a count that no memory could hold. */
static void odd_ends(void **state) {
  Arena *arena = *state;
  ByteWriter bytes = {0};
  function_write(&bytes, sample_function(arena, &plain_skin));
  bytes_put_u8(&bytes, 0);
  assert_null(function_read(arena, bytes.at, bytes.count));
  assert_null(function_read(arena, "", 0));
  bytes.at[0]++;
  assert_null(function_read(arena, bytes.at, bytes.count - 1));
  bytes.count = 0;
  bytes_put_u(&bytes, SERIAL_VERSION);
  bytes_put_u(&bytes, UINT32_MAX);
  assert_null(function_read(arena, bytes.at, bytes.count));
  bytes_free(&bytes);
}

static void the_check_refuses(void **state) {
  Arena *arena = *state;
  for (int change = 0;; change++) {
    Function *f = sample_function(arena, &plain_skin);
    NodeId last = f->node_count - 1;
    switch (change) {
    case 0:
      f->nodes[last] = (Node){.kind = NODE_UNARY, .operator= OPERATOR_NOT, .a = last};
      break;
    case 1:
      f->nodes[last] = (Node){.kind = NODE_DEREF, .a = 0};
      break;
    case 2:
      f->nodes[last] = (Node){.kind = NODE_FIELD, .a = 1, .b = 0};
      break;
    case 3:
      f->nodes[1].type = (uint16_t)f->type_count;
      break;
    case 4:
      f->types[f->type_count - 1] = (Type){TYPE_POINTER, 8, f->type_count - 1, ""};
      break;
    case 5:
      f->edges[0].block = f->block_count;
      break;
    case 6:
      f->blocks[1].first++;
      break;
    case 7:
      f->blocks[0].edge_count = 1;
      break;
    case 8:
      f->instructions[1].result = f->temp_count + 1;
      break;
    case 9:
      f->instructions[2].result = f->instructions[1].result;
      break;
    case 10:
      f->instruction_locations[0] = f->location_count;
      break;
    case 11:
      f->locations[0].file = (uint16_t)f->file_count;
      break;
    case 12:
      f->args[0] = 0;
      break;
    case 13:
      f->args[0] = f->node_count;
      break;
    case 14:
      f->parameter_count = f->local_count + 1;
      break;
    case 15:
      f->block_count = 0;
      break;
    case 16:
      f->instructions[0].a = f->local_count;
      break;
    case 17:
      f->temp_count = UINT32_MAX;
      break;
    default:
      return;
    }
    if (!function_check(f))
      fail_msg("change %d passed", change);
  }
}

static int set_up(void **state) {
  *state = arena_new();
  return 0;
}

static int tear_down(void **state) {
  arena_free(*state);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_function_comes_back),
      TEST(the_hash_ignores_what_is_not_code),
      TEST(the_hash_sees_code),
      TEST(a_unit_comes_back),
      TEST(odd_ends),
      TEST(the_check_refuses),
      TEST(damaged_bytes_do_no_harm),
  };
  return cmocka_run_group_tests_name("serial", tests, NULL, NULL);
}
