/* store_test.c - what is put into the database comes back, in order; what is damaged does not.
 *
 * The damage test changes one byte of the file at a time: whatever the store then says it holds
 * must be what was put, and nothing that was lost may be called fresh.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/message.h"
#include "ir/print.h"
#include "sample_ir.h"
#include "store/store.h"

#undef system // checker/base/banned.h is about overstay itself

typedef struct {
  Arena *arena;
  char *folder;     // a fresh one, absolute
  const char *path; // of the database in it
} Place;

static const Hash extractor = {1, 2};

static void write_file(Arena *arena, const char *folder, const char *name, const char *text) {
  FILE *file = fopen(arena_printf(arena, "%s/%s", folder, name), "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static int set_up(void **state) {
  Arena *arena = arena_new();
  Place *place = arena_new_one(arena, Place);
  place->arena = arena;
  place->folder = arena_text(arena, "/tmp/store-test-XXXXXX");
  assert_non_null(mkdtemp(place->folder));
  place->path = arena_printf(arena, "%s/.overstay/facts.db", place->folder);
  *state = place;
  message_set_quiet();
  return 0;
}

static int tear_down(void **state) {
  Place *place = *state;
  char *command = arena_printf(place->arena, "rm -rf '%s'", place->folder);
  assert_int_equal(system(command), 0);
  arena_free(place->arena);
  return 0;
}

static Store *open_as(Place *place, StoreMode mode, Hash made_by) {
  const char *error = NULL;
  StoreOptions options = {
      .mode = mode, .path = place->path, .roots = {place->folder, NULL}, .extractor = made_by};
  Store *store = store_open(place->arena, &options, &error);
  if (!store)
    fail_msg("%s", error);
  return store;
}

static const char *open_error(Place *place, StoreMode mode) {
  const char *error = NULL;
  StoreOptions options = {
      .mode = mode, .path = place->path, .roots = {place->folder, NULL}, .extractor = extractor};
  assert_null(store_open(place->arena, &options, &error));
  assert_non_null(error);
  return error;
}

/* ---- a unit with everything in it */
static UnitFile file_of(Place *place, const char *name, const char *text) {
  struct stat status;
  write_file(place->arena, place->folder, name, text);
  assert_int_equal(stat(arena_printf(place->arena, "%s/%s", place->folder, name), &status), 0);
  return (UnitFile){.path = arena_text(place->arena, name),
                    .size = strlen(text),
                    .mtime_ns = status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec,
                    .content = hash_text(text)};
}

/* The project's own folder, as a worker would have looked at it. */
static UnitFolder folder_of(Place *place, const Lookup *lookups, uint32_t count) {
  struct stat status;
  assert_int_equal(stat(place->folder, &status), 0);
  return (UnitFolder){.path = ".",
                      .mtime_ns = status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec,
                      .inode = (uint64_t)status.st_ino,
                      .lookups = lookups,
                      .count = count};
}

static Unit *make_unit(Place *place, const char *source, Hash command, int64_t constant) {
  Arena *arena = place->arena;
  Unit *unit = arena_new_one(arena, Unit);
  unit->source = source;
  unit->command_hash = command;
  unit->reason = "";
  Skin own = plain_skin;
  own.constant = constant;
  unit->function_count = 2;
  unit->functions = arena_new_array(arena, Function, 2);
  unit->functions[0] = *sample_function(arena, &own);
  unit->functions[0].key = unit->functions[0].name =
      arena_printf(arena, "own_%lld", (long long)constant);
  unit->functions[1] = *sample_function(arena, &plain_skin); // the same in every unit
  unit->type_count = 2;
  unit->types = arena_new_array(arena, Type, 2);
  unit->types[0] = (Type){.kind = TYPE_VOID, .key = ""};
  unit->types[1] = (Type){.kind = TYPE_SIGNED, .size = 4, .key = ""};
  unit->global_count = 1;
  unit->globals = arena_new_array(arena, Global, 1);
  unit->globals[0] = (Global){.key = "counter",
                              .name = "counter",
                              .type = 1,
                              .source = source,
                              .line = 3,
                              .is_definition = constant == 2};
  unit->record_count = 1;
  unit->records = arena_new_array(arena, Record, 1);
  unit->records[0] = (Record){.key = "struct pool#1f3a", .name = "struct pool", .size = 48};
  unit->file_count = 2;
  unit->files = arena_new_array(arena, UnitFile, 2);
  unit->files[0] =
      file_of(place, source, arena_printf(arena, "int x = %lld;\n", (long long)constant));
  unit->files[1] = file_of(place, "pool.h", "struct pool;\n");
  unit->missing_count = 1;
  unit->missing = arena_new_array(arena, const char *, 1);
  unit->missing[0] = "absent.h";
  static const Lookup lookups[] = {{"absent.h", LOOKUP_NOTHING}, {"sys", LOOKUP_NOTHING}};
  unit->folder_count = 1;
  unit->folders = arena_new_one(arena, UnitFolder);
  unit->folders[0] = folder_of(place, lookups, 2);
  unit->diagnostic_count = 1;
  unit->diagnostics = arena_new_array(arena, Diagnostic, 1);
  unit->diagnostics[0] = (Diagnostic){.path = source, .line = 1, .column = 2, .text = "odd"};
  unit->parse_seconds = 0.5;
  return unit;
}

static const Hash command_a = {10, 1}, command_b = {10, 2};

static void put_two(Place *place, Store *store) {
  store_begin(store);
  store_put_unit(store, make_unit(place, "b.c", command_a, 2));
  store_put_unit(store, make_unit(place, "a.c", command_b, 1));
  store_commit(store);
}

/* Everything that a store holds of units, as text. */
static char *dump(Store *store) {
  Arena *arena = arena_new();
  char *text = NULL;
  size_t length = 0, units, functions;
  FILE *out = open_memstream(&text, &length);
  const StoredUnit *unit = store_units(store, &units);
  for (size_t i = 0; i < units; i++) {
    const Unit *rest = store_unit(store, arena, i);
    fprintf(out, "unit %s %d %s %u files %u missing %s\n", unit[i].key.source, unit[i].status,
            unit[i].reason, unit[i].function_count, rest->file_count, rest->missing[0]);
    for (uint32_t k = 0; k < rest->file_count; k++)
      fprintf(out, "  %s %llx\n", rest->files[k].path,
              (unsigned long long)rest->files[k].content.low);
    for (uint32_t k = 0; k < rest->global_count; k++)
      fprintf(out, "  %s %s\n", rest->globals[k].key, rest->globals[k].source);
    for (uint32_t k = 0; k < rest->diagnostic_count; k++)
      fprintf(out, "  %s\n", rest->diagnostics[k].text);
  }
  const StoredFunction *function = store_functions(store, &functions);
  for (size_t i = 0; i < functions; i++) {
    fprintf(out, "function %s %s %s %u %s in %u\n", function[i].key, function[i].name,
            function[i].source, function[i].flags, function[i].incomplete, function[i].unit_count);
    function_print(out, store_function(store, arena, i), true);
  }
  fclose(out);
  arena_free(arena);
  return text;
}

/* ---- tests */
static void units_come_back(void **state) {
  Place *place = *state;
  Store *store = open_as(place, STORE_WRITE, extractor);
  put_two(place, store);
  char *before = dump(store);
  store_close(store);
  store = open_as(place, STORE_WRITE, extractor);
  char *after = dump(store);
  assert_string_equal(before, after);
  size_t count, first;
  const StoredUnit *units = store_units(store, &count);
  assert_int_equal(count, 2);
  assert_string_equal(units[0].key.source, "a.c");
  assert_false(units[0].is_new);
  const StoredFunction *functions = store_functions(store, &count);
  assert_int_equal(count, 3);
  assert_string_equal(functions[0].key, "own_1");
  assert_string_equal(functions[2].key, "pool_get");
  assert_int_equal(functions[2].unit_count, 2);
  assert_int_equal(store_find(store, "pool_get", &first), 1);
  assert_int_equal(first, 2);
  assert_int_equal(store_find(store, "pool", &first), 0);
  assert_int_equal(store_find_body(store, "own_2", functions[1].body), 1);
  assert_int_equal(store_find_id(store, functions[1].id), 1);
  const StoredGlobal *globals = store_globals(store, place->arena, &count);
  assert_int_equal(count, 1);
  assert_string_equal(globals[0].global->source, "b.c");
  store_records(store, place->arena, &count);
  assert_int_equal(count, 1);
  store_close(store);
  free(before);
  free(after);
}

static void order_of_writing_does_not_matter(void **state) {
  Place *place = *state;
  Store *one = open_as(place, STORE_MEMORY, extractor);
  store_put_unit(one, make_unit(place, "a.c", command_a, 9));
  put_two(place, one);
  UnitKey keys[] = {{"a.c", command_b}, {"b.c", command_a}};
  assert_int_equal(store_keep_units(one, keys, 2), 1);
  Store *other = open_as(place, STORE_MEMORY, extractor);
  store_put_unit(other, make_unit(place, "a.c", command_b, 1));
  store_put_unit(other, make_unit(place, "b.c", command_a, 2));
  char *left = dump(one), *right = dump(other);
  assert_string_equal(left, right);
  Hash options = {5, 5};
  assert_true(hash_equal(store_run_key(one, options), store_run_key(other, options)));
  assert_false(hash_equal(store_run_key(one, options), store_run_key(other, extractor)));
  store_close(one);
  store_close(other);
  free(left);
  free(right);
}

static void fresh_until_something_changes(void **state) {
  Place *place = *state;
  UnitKey a = {"a.c", command_b}, b = {"b.c", command_a};
  Store *store = open_as(place, STORE_WRITE, extractor);
  assert_false(store_unit_fresh(store, a));
  put_two(place, store);
  store_close(store);
  for (int run = 0; run < 2; run++) { // the first by content, since the files are so young
    store = open_as(place, STORE_WRITE, extractor);
    assert_true(store_unit_fresh(store, a));
    assert_true(store_unit_fresh(store, b));
    assert_false(store_unit_fresh(store, (UnitKey){"a.c", command_a}));
    store_close(store);
  }
  write_file(place->arena, place->folder, "a.c", "int x = 7;\n"); // as long as before
  store = open_as(place, STORE_WRITE, extractor);
  assert_false(store_unit_fresh(store, a));
  assert_true(store_unit_fresh(store, b));
  store_close(store);
  write_file(place->arena, place->folder, "absent.h", "");
  store = open_as(place, STORE_WRITE, extractor);
  assert_false(store_unit_fresh(store, b));
  store_close(store);
}

/* The folder of a header need not be there when it is looked for. */
static void headers_that_appear_are_seen(void **state) {
  Place *place = *state;
  UnitKey a = {"a.c", command_b};
  Store *store = open_as(place, STORE_WRITE, extractor);
  put_two(place, store);
  store_close(store);
  usleep(1100000); // so that the folder's stat is believed
  for (int run = 0; run < 2; run++) {
    store = open_as(place, STORE_WRITE, extractor);
    assert_true(store_unit_fresh(store, a));
    store_close(store);
  }
  write_file(place->arena, place->folder, "other.h", ""); // nobody asked for it
  store = open_as(place, STORE_WRITE, extractor);
  assert_true(store_unit_fresh(store, a));
  store_close(store);
  const char *name = arena_printf(place->arena, "%s/sys", place->folder);
  assert_int_equal(mkdir(name, 0700), 0);
  for (int run = 0; run < 2; run++) {
    store = open_as(place, STORE_WRITE, extractor);
    assert_false(store_unit_fresh(store, a));
    store_close(store);
  }
  assert_int_equal(rmdir(name), 0);
  store = open_as(place, STORE_WRITE, extractor);
  assert_true(store_unit_fresh(store, a));
  store_close(store);
}

/* ---- states */

static const char *const texts_of_a[] = {"int x = 1;\n", "int x = 12;\n", "int x = 123;\n"};

/* Writes a.c with one of the texts and stores what a parse of it would give. */
static void put_state(Place *place, Store *store, int number) {
  Unit *unit = make_unit(place, "a.c", command_b, number + 1);
  unit->files[0] = file_of(place, "a.c", texts_of_a[number]);
  store_put_unit(store, unit);
}

static bool has_function(Store *store, const char *key) {
  size_t first;
  return store_find(store, key, &first) == 1;
}

static void states_stand_side_by_side(void **state) {
  Place *place = *state;
  UnitKey a = {"a.c", command_b};
  Store *store = open_as(place, STORE_WRITE, extractor);
  put_two(place, store);
  Hash before = store_run_key(store, extractor);
  put_state(place, store, 1);
  assert_true(has_function(store, "own_2") && !has_function(store, "own_1"));
  store_close(store);
  write_file(place->arena, place->folder, "a.c", texts_of_a[0]); // as it was at first
  for (int run = 0; run < 2; run++) {
    store = open_as(place, STORE_WRITE, extractor);
    assert_true(store_unit_fresh(store, a));
    assert_true(has_function(store, "own_1"));
    assert_true(hash_equal(before, store_run_key(store, extractor)));
    assert_int_equal(store_find_body(store, "own_1", (Hash){0, 0}), -1);
    store_close(store);
  }
  store = open_as(place, STORE_WRITE, extractor); // a third: the oldest one goes
  put_state(place, store, 2);
  store_close(store);
  for (int number = 2; number >= 0; number--) {
    write_file(place->arena, place->folder, "a.c", texts_of_a[number]);
    store = open_as(place, STORE_READ, extractor);
    assert_int_equal(store_unit_fresh(store, a), number != 1);
    store_close(store);
  }
}

static void units_that_leave_can_come_back(void **state) {
  Place *place = *state;
  UnitKey a = {"a.c", command_b}, b = {"b.c", command_a};
  Store *store = open_as(place, STORE_WRITE, extractor);
  put_two(place, store);
  assert_int_equal(store_keep_units(store, &a, 1), 1);
  size_t count;
  store_units(store, &count);
  assert_int_equal(count, 1);
  store_close(store);
  store = open_as(place, STORE_WRITE, extractor);
  store_units(store, &count);
  assert_int_equal(count, 1);
  assert_true(store_unit_fresh(store, b));
  store_units(store, &count);
  assert_int_equal(count, 2);
  assert_int_equal(store_drop_others(store), 0);
  store_keep_units(store, &a, 1);
  assert_int_equal(store_drop_others(store), 1);
  assert_false(store_unit_fresh(store, b));
  store_close(store);
}

/* What a parse of unsaved files gives is beside the view of the database, not in it. */
static void another_view_leaves_the_first_alone(void **state) {
  Place *place = *state;
  UnitKey a = {"a.c", command_b}, b = {"b.c", command_a};
  Store *store = open_as(place, STORE_WRITE, extractor);
  put_two(place, store);
  Hash before = store_run_key(store, extractor);
  OtherFile staged = {"a.c", hash_text("int staged;\n")};
  store_view_begin(store, &staged, 1);
  assert_false(store_unit_fresh(store, a));
  assert_true(store_unit_fresh(store, b));
  Unit *unit = make_unit(place, "a.c", command_b, 1);
  unit->files[0].content = staged.content;
  unit->functions[0].key = unit->functions[0].name = "staged";
  store_put_unit(store, unit);
  assert_true(store_unit_fresh(store, a));
  assert_true(has_function(store, "staged") && !has_function(store, "own_1"));
  store_view_end(store);
  assert_true(hash_equal(before, store_run_key(store, extractor)));
  assert_true(has_function(store, "own_1") && !has_function(store, "staged"));
  assert_true(store_unit_fresh(store, a));
  store_close(store);
  store = open_as(place, STORE_WRITE, extractor);
  assert_true(hash_equal(before, store_run_key(store, extractor)));
  store_view_begin(store, &staged, 1); // the next look at the same staged file reads nothing
  assert_true(store_unit_fresh(store, a));
  assert_true(has_function(store, "staged"));
  store_view_end(store);
  OtherFile appeared = {"sys/new.h", hash_text("")}, gone = {"pool.h", {0, 0}};
  store_view_begin(store, &appeared, 1);
  assert_false(store_unit_fresh(store, b)); // it looked for something in sys/
  store_view_end(store);
  store_view_begin(store, &gone, 1);
  assert_false(store_unit_fresh(store, b));
  store_view_end(store);
  assert_true(store_unit_fresh(store, b));
  store_close(store);
}

static void old_stamps_do_not_hide_new_content(void **state) {
  Place *place = *state;
  UnitKey a = {"a.c", command_b};
  const char *name = arena_printf(place->arena, "%s/a.c", place->folder);
  struct timespec old[2] = {{1000000000, 0}, {1000000000, 0}};
  Store *store = open_as(place, STORE_WRITE, extractor);
  Unit *unit = make_unit(place, "a.c", command_b, 1);
  utimensat(AT_FDCWD, name, old, 0);
  unit->files[0].mtime_ns = 1000000000000000000;
  store_put_unit(store, unit);
  store_close(store);
  usleep(1100000); // so that stat is believed
  for (int run = 0; run < 2; run++) {
    store = open_as(place, STORE_WRITE, extractor);
    assert_true(store_unit_fresh(store, a));
    store_close(store);
  }
  write_file(place->arena, place->folder, "a.c", "int x = 8;\n");
  utimensat(AT_FDCWD, name, old, 0);
  store = open_as(place, STORE_WRITE, extractor);
  assert_false(store_unit_fresh(store, a));
  store_close(store);
}

static void another_extractor_reads_all_again(void **state) {
  Place *place = *state;
  Store *store = open_as(place, STORE_WRITE, extractor);
  put_two(place, store);
  store_close(store);
  store = open_as(place, STORE_WRITE, (Hash){3, 3});
  size_t count;
  store_units(store, &count);
  assert_int_equal(count, 0);
  store_close(store);
}

static void failed_units_are_tried_again(void **state) {
  Place *place = *state;
  Store *store = open_as(place, STORE_MEMORY, extractor);
  Unit *unit = make_unit(place, "a.c", command_b, 1);
  unit->status = UNIT_TIMEOUT;
  unit->reason = "60 s";
  unit->function_count = 0;
  store_put_unit(store, unit);
  assert_false(store_unit_fresh(store, (UnitKey){"a.c", command_b}));
  size_t count;
  assert_string_equal(store_units(store, &count)[0].reason, "60 s");
  store_close(store);
}

static void summaries(void **state) {
  Place *place = *state;
  Store *store = open_as(place, STORE_WRITE, extractor);
  put_two(place, store);
  size_t count;
  uint32_t ids[3];
  for (int i = 0; i < 3; i++)
    ids[i] = store_functions(store, &count)[i].id;
  StoredSummary summary = {{1, 1}, {2, 2}, {3, 3}, "result", 6, "bytes", 5};
  store_put_summary(store, ids[0], &summary);
  store_close(store);
  store = open_as(place, STORE_WRITE, extractor);
  StoredSummary back;
  assert_true(store_get_summary(store, place->arena, ids[0], SUMMARY_WHOLE, &back));
  assert_true(hash_equal(back.maker, summary.maker));
  assert_true(hash_equal(back.in_hash, summary.in_hash));
  assert_true(hash_equal(back.sem_hash, summary.sem_hash));
  assert_memory_equal(back.result, "result", 6);
  assert_memory_equal(back.bytes, "bytes", 5);
  assert_false(store_get_summary(store, place->arena, ids[1], SUMMARY_RESULT, &back));
  store_keep_units(store, (UnitKey[]){{"b.c", command_a}}, 1);
  // a.c can come back
  assert_true(store_get_summary(store, place->arena, ids[0], SUMMARY_WHOLE, &back));
  store_drop_others(store); // a.c takes own_1 with it
  store_functions(store, &count);
  assert_int_equal(count, 2);
  assert_false(store_get_summary(store, place->arena, ids[0], SUMMARY_RESULT, &back));
  store_close(store);
}

static Finding make_finding(uint64_t fingerprint, uint64_t loose, uint32_t index) {
  static Step steps[] = {
      {.kind = STEP_EVENT, .at = {.function = "f", .index = 3}, .text = "acquired here"},
      {.kind = STEP_BRANCH,
       .at = {.function = "f", .index = 1, .terminator = true},
       .text = "{}",
       .node = 4,
       .if_true = true},
      {.kind = STEP_EVIDENCE, .text = "nobody calls it"}};
  return (Finding){.rule = "lock-leak",
                   .severity = SEVERITY_ERROR,
                   .confidence = CONFIDENCE_LIKELY,
                   .message = "held",
                   .object = "counter",
                   .at = {.function = "f", .body = {4, 4}, .index = index},
                   .steps = steps,
                   .step_count = 3,
                   .fingerprint = {fingerprint, 0},
                   .loose = {loose, 0}};
}

static void findings_have_a_history(void **state) {
  Place *place = *state;
  Store *store = open_as(place, STORE_WRITE, extractor);
  Finding first[] = {make_finding(2, 20, 5), make_finding(1, 10, 1)};
  store_put_findings(store, (Hash){1, 0}, 100, true, first, 2);
  store_put_remarks(store, (Remark[]){{"degraded", "g", "too many steps"}}, 1);
  size_t count;
  const StoredFinding *found = store_findings(store, place->arena, &count);
  assert_int_equal(count, 2);
  assert_int_equal(found[0].finding.at.index, 1);
  assert_int_equal(found[0].finding.step_count, 3);
  assert_string_equal(found[0].finding.steps[1].text, "{}");
  assert_null(found[0].finding.steps[2].at.function);
  assert_int_equal(found[0].state, FINDING_NEW);
  assert_true(store_run_is_current(store, (Hash){1, 0}));
  store_close(store);

  store = open_as(place, STORE_WRITE, extractor); // one is the same, one changed its fingerprint
  assert_true(store_run_is_current(store, (Hash){1, 0}));
  Finding second[] = {make_finding(1, 10, 1), make_finding(3, 20, 6), make_finding(4, 20, 7)};
  store_put_findings(store, (Hash){2, 0}, 200, true, second, 3);
  assert_false(store_run_is_current(store, (Hash){1, 0}));
  found = store_findings(store, place->arena, &count);
  assert_int_equal(count, 3);
  assert_int_equal(found[0].state, FINDING_KNOWN);
  assert_int_equal(found[1].state, FINDING_KNOWN);
  assert_int_equal(found[1].first_seen, 100);
  assert_int_equal(found[2].state, FINDING_NEW);
  store_remarks(store, place->arena, &count);
  assert_int_equal(count, 0);

  store_put_findings(store, (Hash){3, 0}, 300, false, NULL, 0); // incomplete: nothing is gone
  store_gone(store, place->arena, &count);
  assert_int_equal(count, 0);
  store_put_findings(store, (Hash){4, 0}, 400, true, second, 1);
  const GoneFinding *gone = store_gone(store, place->arena, &count);
  assert_int_equal(count, 2);
  assert_int_equal(gone[0].last_seen, 200);
  store_put_findings(store, (Hash){5, 0}, 450, true, second, 1);
  store_gone(store, place->arena, &count);
  assert_int_equal(count, 0); // they went before
  store_repeat_findings(store, 500);
  found = store_findings(store, place->arena, &count);
  assert_int_equal(found[0].last_seen, 500);
  assert_int_equal(found[0].first_seen, 100);
  store_close(store);
}

/* An older schema: facts are made again, when a finding was first seen is not. */
static void history_outlives_the_schema(void **state) {
  Place *place = *state;
  Store *store = open_as(place, STORE_WRITE, extractor);
  put_two(place, store);
  Finding finding = {.rule = "lock-leak",
                     .at = {.function = "own_1"},
                     .message = "held",
                     .object = "m",
                     .fingerprint = {7, 7},
                     .loose = {8, 8}};
  store_put_findings(store, (Hash){1, 1}, 1000, true, &finding, 1);
  store_close(store);
  sqlite3 *db;
  assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
  assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 1; DROP TABLE folder", NULL, NULL, NULL),
                   SQLITE_OK);
  sqlite3_close(db);
  size_t count;
  store = open_as(place, STORE_WRITE, extractor);
  store_units(store, &count);
  assert_int_equal(count, 0);
  store_put_findings(store, (Hash){1, 1}, 2000, true, &finding, 1);
  const StoredFinding *findings = store_findings(store, place->arena, &count);
  assert_int_equal(count, 1);
  assert_int_equal(findings[0].first_seen, 1000);
  assert_int_equal(findings[0].state, FINDING_KNOWN);
  store_close(store);
  assert_int_not_equal(access(arena_printf(place->arena, "%s.corrupt-1", place->path), F_OK), 0);
}

static void a_read_only_store_saves_nothing(void **state) {
  Place *place = *state;
  assert_non_null(strstr(open_error(place, STORE_READ), "no database"));
  Store *store = open_as(place, STORE_WRITE, extractor);
  put_two(place, store);
  store_close(store);
  store = open_as(place, STORE_READ, extractor);
  assert_false(store_saves(store));
  store_keep_units(store, NULL, 0);
  size_t count;
  store_units(store, &count);
  assert_int_equal(count, 0);
  store_close(store);
  store = open_as(place, STORE_READ, extractor);
  store_units(store, &count);
  assert_int_equal(count, 2);
  store_close(store);
}

static void run_sql(const char *path, const char *text) {
  sqlite3 *db;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close(db);
}

static void expect_renamed(Place *place, const char *number) {
  assert_int_equal(access(arena_printf(place->arena, "%s.corrupt-%s", place->path, number), F_OK),
                   0);
}

static void foreign_and_damaged_files_are_renamed(void **state) {
  Place *place = *state;
  mkdir(arena_printf(place->arena, "%s/.overstay", place->folder), 0777);
  write_file(place->arena, place->folder, ".overstay/facts.db", "this is no database at all, no.");
  store_close(open_as(place, STORE_WRITE, extractor));
  expect_renamed(place, "1");
  run_sql(place->path, "CREATE TRIGGER evil AFTER INSERT ON unit BEGIN DELETE FROM unit; END");
  store_close(open_as(place, STORE_WRITE, extractor));
  expect_renamed(place, "2");
  unlink(place->path);
  run_sql(place->path, "CREATE TABLE bookmark(url)");
  store_close(open_as(place, STORE_WRITE, extractor));
  expect_renamed(place, "3");
  run_sql(place->path, "PRAGMA user_version = 99");
  assert_non_null(strstr(open_error(place, STORE_WRITE), "newer"));
}

static void unsafe_places_are_refused(void **state) {
  Place *place = *state;
  char *elsewhere = arena_printf(place->arena, "%s/elsewhere", place->folder);
  char *cache = arena_printf(place->arena, "%s/.overstay", place->folder);
  mkdir(elsewhere, 0777);
  assert_int_equal(symlink(elsewhere, cache), 0);
  assert_non_null(strstr(open_error(place, STORE_WRITE), "symbolic link"));
  unlink(cache);
  mkdir(cache, 0777);
  chmod(cache, 0777);
  assert_non_null(strstr(open_error(place, STORE_WRITE), "everybody"));
  chmod(cache, 0755);
  assert_int_equal(symlink("../elsewhere/x.db", place->path), 0);
  assert_non_null(strstr(open_error(place, STORE_WRITE), "symbolic link"));
  unlink(place->path);
  store_close(open_as(place, STORE_WRITE, extractor));
  assert_int_equal(access(arena_printf(place->arena, "%s/CACHEDIR.TAG", cache), F_OK), 0);
  assert_int_equal(access(arena_printf(place->arena, "%s/.gitignore", cache), F_OK), 0);
}

/* ---- one changed byte */
typedef struct {
  unsigned char *bytes;
  size_t count;
} Image;

static Image read_image(Place *place) {
  Image image = {0};
  FILE *file = fopen(place->path, "rb");
  assert_non_null(file);
  fseek(file, 0, SEEK_END);
  image.count = (size_t)ftell(file);
  rewind(file);
  image.bytes = arena_alloc(place->arena, image.count);
  assert_int_equal(fread(image.bytes, 1, image.count, file), image.count);
  fclose(file);
  return image;
}

/* What is there with one byte changed must be all that was put, or a unit less that is not fresh.
 */
static bool still_right(Place *place, Arena *arena, const char *whole) {
  const char *error = NULL;
  StoreOptions options = {.mode = STORE_READ,
                          .path = place->path,
                          .roots = {place->folder, NULL},
                          .extractor = extractor};
  Store *store = store_open(arena, &options, &error);
  if (!store)
    return true; // noticed
  size_t count;
  store_units(store, &count);
  bool right = true;
  if (count == 2) {
    char *text = dump(store);
    right = !strcmp(text, whole);
    free(text);
  }
  size_t fresh = store_unit_fresh(store, (UnitKey){"a.c", command_b});
  fresh += store_unit_fresh(store, (UnitKey){"b.c", command_a});
  StoredSummary summary;
  size_t functions;
  const StoredFunction *function = store_functions(store, &functions);
  for (size_t i = 0; i < functions; i++)
    if (store_get_summary(store, arena, function[i].id, SUMMARY_WHOLE, &summary))
      right &= summary.count == 5 && !memcmp(summary.bytes, "bytes", 5) &&
               summary.result_count == 6 && !memcmp(summary.result, "result", 6) &&
               !strcmp(function[i].key, "own_1");
  if (store_run_is_current(store, (Hash){1, 0})) {
    size_t found;
    const StoredFinding *finding = store_findings(store, arena, &found);
    right &= found == 1 && !strcmp(finding[0].finding.message, "held");
  }
  store_close(store);
  return right && fresh <= count;
}

/* In a process of its own: damage that only a write meets ends it, with EXIT_INTERNAL. */
static bool is_noticed(Place *place, const char *whole) {
  pid_t child = fork();
  assert_true(child >= 0);
  if (!child) {
    Arena *arena = arena_new();
    if (!freopen("/dev/null", "w", stderr))
      _exit(9);
    _exit(still_right(place, arena, whole) ? 0 : 1);
  }
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  return WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == EXIT_INTERNAL);
}

/* All of them take a minute with sanitizers: each fifth, unless OVERSTAY_TEST_ALL is set. */
static void every_changed_byte_is_noticed(void **state) {
  size_t step = getenv("OVERSTAY_TEST_ALL") ? 1 : 5;
  Place *place = *state;
  Store *store = open_as(place, STORE_WRITE, extractor);
  put_two(place, store);
  size_t count;
  StoredSummary summary = {{1, 1}, {2, 2}, {3, 3}, "result", 6, "bytes", 5};
  store_put_summary(store, store_functions(store, &count)[0].id, &summary);
  Finding finding = make_finding(1, 10, 1);
  store_put_findings(store, (Hash){1, 0}, 100, true, &finding, 1);
  store_close(store);
  store = open_as(place, STORE_READ, extractor);
  char *whole = dump(store);
  store_close(store);
  Image image = read_image(place);
  int file = open(place->path, O_WRONLY);
  size_t tried = 0, zeros = 0, others = 0;
  for (size_t at = 0; at < image.count; at++) {
    bool skip = image.bytes[at] ? others++ % step : zeros++ % (101 * step); // zeros: free space
    if (skip)
      continue;
    unsigned char changed = (unsigned char)(image.bytes[at] ^ (1u << (at % 8)));
    assert_int_equal(pwrite(file, &changed, 1, (off_t)at), 1);
    if (!is_noticed(place, whole))
      fail_msg("byte %zu of %zu changed and nobody noticed", at, image.count);
    assert_int_equal(pwrite(file, &image.bytes[at], 1, (off_t)at), 1);
    tried++;
  }
  close(file);
  free(whole);
  assert_true(tried * step > 4000);
}

#ifdef OVERSTAY_DEV
/* The test above tests something only if the seals are what makes it pass. */
static void without_seals_damage_goes_unnoticed(void **state) {
  Place *place = *state;
  Store *store = open_as(place, STORE_WRITE, extractor);
  put_two(place, store);
  store_close(store);
  store = open_as(place, STORE_READ, extractor);
  char *whole = dump(store);
  store_close(store);
  Image image = read_image(place);
  int file = open(place->path, O_WRONLY);
  size_t unnoticed = 0;
  setenv("OVERSTAY_WITHOUT", "seals", 1);
  for (size_t at = 0; at < image.count && !unnoticed; at += 7) {
    unsigned char changed = (unsigned char)(image.bytes[at] ^ 1u);
    if (!image.bytes[at])
      continue;
    assert_int_equal(pwrite(file, &changed, 1, (off_t)at), 1);
    unnoticed += !is_noticed(place, whole);
    assert_int_equal(pwrite(file, &image.bytes[at], 1, (off_t)at), 1);
  }
  unsetenv("OVERSTAY_WITHOUT");
  close(file);
  free(whole);
  assert_true(unnoticed > 0);
}
#endif

static void a_damaged_unit_is_read_again(void **state) {
  Place *place = *state;
  Store *store = open_as(place, STORE_WRITE, extractor);
  put_two(place, store);
  char *whole = dump(store);
  store_close(store);
  run_sql(place->path, "UPDATE ir SET code = zeroblob(length(code)) "
                       "WHERE function = (SELECT id FROM function WHERE key = 'own_2')");
  store = open_as(place, STORE_WRITE, extractor);
  assert_true(store_unit_fresh(store, (UnitKey){"a.c", command_b}));
  assert_false(store_unit_fresh(store, (UnitKey){"b.c", command_a}));
  store_put_unit(store, make_unit(place, "b.c", command_a, 2));
  store_close(store);
  store = open_as(place, STORE_WRITE, extractor);
  char *again = dump(store);
  assert_string_equal(whole, again);
  store_close(store);
  free(whole);
  free(again);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(units_come_back),
      TEST(order_of_writing_does_not_matter),
      TEST(fresh_until_something_changes),
      TEST(headers_that_appear_are_seen),
      TEST(states_stand_side_by_side),
      TEST(units_that_leave_can_come_back),
      TEST(another_view_leaves_the_first_alone),
      TEST(old_stamps_do_not_hide_new_content),
      TEST(another_extractor_reads_all_again),
      TEST(failed_units_are_tried_again),
      TEST(summaries),
      TEST(findings_have_a_history),
      TEST(history_outlives_the_schema),
      TEST(a_read_only_store_saves_nothing),
      TEST(foreign_and_damaged_files_are_renamed),
      TEST(unsafe_places_are_refused),
      TEST(every_changed_byte_is_noticed),
#ifdef OVERSTAY_DEV
      TEST(without_seals_damage_goes_unnoticed),
#endif
      TEST(a_damaged_unit_is_read_again),
  };
  return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
