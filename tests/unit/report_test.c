/* report_test.c - findings as text, SARIF and JSON, compared with the files in tests/report.
 *
 * The functions are built by hand, so that only a change of the reports changes these files.
 * OVERSTAY_BLESS=1 writes them anew. tests/report_suite.py looks at reports of real code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "ir/build.h"
#include "report/report.h"

static const char pool_text[] = "#include \"pool.h\"\n"

#undef system // checker/base/banned.h is about overstay itself
                                "\n"
                                "struct item *pool_get(struct pool *pool) {\n"
                                "\tpthread_mutex_lock(&pool->lock); /* gr\303\266\303\237e */\n"
                                "  if (!pool->free)\n"
                                "    return NULL;\n"
                                "  struct item *item = pool->free;\n"
                                "  /* \360\237\224\222 */ pthread_mutex_unlock(&pool->lock);\n"
                                "  return item;\n"
                                "}\n";
static const char odd_text[] = "int odd(int n)\n"
                               "{\n"
                               "  TAKE(a[n]); /* \033[31m */ TAKE(a[n]);\n"
                               "  return n ? 1 :\n"
                               "         2;\n"
                               "}\n";
static const char odd_path[] = "src/o d%\033[1m.c";

typedef struct {
  Arena *arena;
  const char *folder;
  Store *store;
  Finding findings[3];
  size_t finding_count;
} Scene;

static Index at(Builder *b, int32_t line, uint16_t column, uint16_t end_column) {
  return build_location(
      b,
      (Location){
          .line = line, .end_line = line, .column = column, .end_column = end_column, .macro = ""});
}

/* Its instructions: 0 lock, 1 load, 2 load, 3 unlock. */
static Function *pool_get(Arena *arena) {
  Builder *b = build_new(arena, "pool_get", "pool_get");
  Function *head = build_function(b);
  *head = (Function){
      .key = "pool_get", .name = "pool_get", .source = "src/pool.c", .line = 3, .end_line = 10};
  build_file(b, "src/pool.c");
  Index integer = build_type(b, (Type){.kind = TYPE_SIGNED, .size = 4, .key = ""});
  Index record = build_type(b, (Type){.kind = TYPE_RECORD, .size = 48, .key = "struct pool#1"});
  Index pointer =
      build_type(b, (Type){.kind = TYPE_POINTER, .size = 8, .element = record, .key = ""});
  Index lock = build_symbol(
      b,
      (Symbol){.kind = SYMBOL_FIELD, .type = integer, .name = "lock", .key = "struct pool#1.lock"});
  Index unused = build_symbol(b, (Symbol){.kind = SYMBOL_FIELD,
                                          .type = pointer,
                                          .name = "free",
                                          .key = "struct pool#1.free",
                                          .offset = 40});
  Index take = build_symbol(
      b,
      (Symbol){.kind = SYMBOL_FUNCTION, .key = "pthread_mutex_lock", .name = "pthread_mutex_lock"});
  Index pool = build_local(b, (Local){LOCAL_PARAMETER, pointer, "pool"});
  NodeId here = build_deref(b, record, build_var(b, pool));
  NodeId mutex = build_address(b, pointer, build_field(b, integer, here, lock));
  Index empty = build_block(b), rest = build_block(b);
  build_at(b, at(b, 1, 2, 33));
  build_call(b, integer, build_function_value(b, take), &mutex, 1, 0);
  build_at(b, at(b, 2, 3, 18));
  NodeId first = build_load(b, pointer, build_field(b, pointer, here, unused));
  build_branch(b, build_unary(b, OPERATOR_NOT, integer, first), empty, rest);
  build_switch_to(b, empty);
  build_at(b, at(b, 3, 5, 16));
  build_return(b, build_constant(b, pointer, 0, "NULL"));
  build_switch_to(b, rest);
  build_at(b, at(b, 4, 23, 33));
  NodeId item = build_load(b, pointer, build_field(b, pointer, here, unused));
  build_at(b, at(b, 5, 14, 47));
  build_call(b, integer, build_function_value(b, take), &mutex, 1, 0);
  build_at(b, at(b, 6, 3, 14));
  build_return(b, item);
  return build_finish(b);
}

/* Two calls on one line, in a macro; then a return over two lines. */
static Function *odd(Arena *arena) {
  Builder *b = build_new(arena, "odd", "odd");
  Function *head = build_function(b);
  *head = (Function){.key = "odd",
                     .name = "odd",
                     .source = odd_path,
                     .line = 1,
                     .end_line = 6,
                     .flags = FUNCTION_INCOMPLETE,
                     .incomplete = "the size of an array is hidden"};
  build_file(b, odd_path);
  Index integer = build_type(b, (Type){.kind = TYPE_SIGNED, .size = 4, .key = ""});
  Index take = build_symbol(b, (Symbol){.kind = SYMBOL_FUNCTION, .key = "take", .name = "take"});
  Index n = build_local(b, (Local){LOCAL_PARAMETER, integer, "n"});
  NodeId argument = build_var(b, n);
  build_at(
      b,
      build_location(
          b, (Location){.line = 2, .end_line = 2, .column = 3, .end_column = 13, .macro = "TAKE"}));
  build_call(b, integer, build_function_value(b, take), &argument, 1, 0);
  build_at(b,
           build_location(
               b, (Location){
                      .line = 2, .end_line = 2, .column = 27, .end_column = 37, .macro = "TAKE"}));
  build_call(b, integer, build_function_value(b, take), &argument, 1, 0);
  build_at(
      b, build_location(
             b, (Location){.line = 3, .end_line = 4, .column = 3, .end_column = 11, .macro = ""}));
  build_return(b, argument);
  return build_finish(b);
}

static UnitFile write_source(Scene *scene, const char *path, const char *text) {
  FILE *file = fopen(arena_printf(scene->arena, "%s/%s", scene->folder, path), "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
  return (UnitFile){.path = path, .size = strlen(text), .content = hash_text(text)};
}

static void put_units(Scene *scene) {
  Unit unit = {.source = "src/pool.c", .reason = "", .function_count = 2, .file_count = 2};
  Function functions[2] = {*pool_get(scene->arena), *odd(scene->arena)};
  UnitFile files[2] = {write_source(scene, "src/pool.c", pool_text),
                       write_source(scene, odd_path, odd_text)};
  unit.functions = functions;
  unit.files = files;
  store_put_unit(scene->store, &unit);
  Diagnostic diagnostic = {"src/lost.c", 3, 1, true, "'gone.h' file not found"};
  Unit failed = {.source = "src/lost.c",
                 .status = UNIT_PARSE_FAILED,
                 .reason = "no result",
                 .diagnostics = &diagnostic,
                 .diagnostic_count = 1};
  store_put_unit(scene->store, &failed);
}

static Position in(const Function *f, uint32_t index, bool terminator) {
  return (Position){f->key, f->body_hash, index, terminator};
}

static void make_findings(Scene *scene) {
  Arena *arena = scene->arena;
  const Function *get = pool_get(arena), *other = odd(arena);
  NodeId condition = get->blocks[0].value;
  Step leak[] = {{STEP_EVENT, in(get, 0, false), "acquired here", 0, false, 0},
                 {STEP_BRANCH, in(get, 0, true), "{}", condition, true, 0},
                 {STEP_CONTRAST, in(get, 3, false), "this path releases it", 0, false, 0},
                 {STEP_EVIDENCE, {0}, "nobody calls 'pool_get'", 0, false, 0}};
  Step twice[] = {{STEP_EVENT, in(other, 0, false), "acquired here", 0, false, 0},
                  {STEP_CALL, in(get, 0, false), "through a call", 0, false, 0},
                  {STEP_BREAK, in(other, 1, false), "acquired again here", 0, false, 0}};
  scene->findings[0] =
      (Finding){.rule = "lock-leak",
                .severity = SEVERITY_ERROR,
                .confidence = CONFIDENCE_LIKELY,
                .at = in(get, 1, true),
                .message = "'pool->lock' is still held when 'pool_get' returns here",
                .object = "struct pool#1.lock",
                .step_count = 4,
                .steps = arena_copy(arena, leak, sizeof leak),
                .fingerprint = {1, 2},
                .loose = {3, 4}};
  scene->findings[1] = (Finding){.rule = "lock-double",
                                 .severity = SEVERITY_WARNING,
                                 .confidence = CONFIDENCE_CERTAIN,
                                 .at = in(other, 1, false),
                                 .message = "'a[n](x)' is taken twice",
                                 .object = "a",
                                 .step_count = 3,
                                 .steps = arena_copy(arena, twice, sizeof twice),
                                 .fingerprint = {5, 6},
                                 .loose = {7, 8}};
  scene->findings[2] = (Finding){.rule = "lock-leak",
                                 .severity = SEVERITY_NOTE,
                                 .confidence = CONFIDENCE_POSSIBLE,
                                 .at = in(other, 0, true),
                                 .message = "over {}",
                                 .node = other->blocks[0].value,
                                 .object = "",
                                 .fingerprint = {9, 9},
                                 .loose = {9, 8}};
  scene->finding_count = 3;
}

static void put_repository(Scene *scene) {
  Arena *arena = scene->arena;
  assert_int_equal(mkdir(arena_printf(arena, "%s/.git", scene->folder), 0777), 0);
  write_source(scene, ".git/HEAD", "ref: refs/heads/main\n");
  write_source(scene, ".git/packed-refs",
               "# pack-refs with: peeled\n"
               "0123456789012345678901234567890123456789 "
               "refs/heads/main\n");
  write_source(scene, ".git/config",
               "[core]\n\tbare = false\n[remote \"origin\"]\n"
               "\turl = https://me:secret@git.example/pool.git\n");
}

static int set_up(void **state) {
  Arena *arena = arena_new();
  Scene *scene = arena_new_one(arena, Scene);
  char *folder = arena_text(arena, "/tmp/report-test-XXXXXX");
  const char *error = NULL;
  scene->arena = arena;
  assert_non_null(mkdtemp(folder));
  scene->folder = folder;
  assert_int_equal(mkdir(arena_printf(arena, "%s/src", folder), 0777), 0);
  scene->store = store_open(
      arena, &(StoreOptions){.mode = STORE_MEMORY, .roots = {folder, NULL}, .extractor = {1, 1}},
      &error);
  assert_non_null(scene->store);
  put_repository(scene);
  put_units(scene);
  make_findings(scene);
  *state = scene;
  return 0;
}

static int tear_down(void **state) {
  Scene *scene = *state;
  assert_int_equal(system(arena_printf(scene->arena, "rm -rf '%s'", scene->folder)), 0);
  store_close(scene->store);
  arena_free(scene->arena);
  return 0;
}

static const RuleInfo rules[] = {
    {.id = "lock-double",
     .name = "LockDouble",
     .summary = "a lock is taken twice",
     .references = "CWE-764 MISRA C:2012 22.18",
     .severity = SEVERITY_ERROR,
     .is_on = true},
    {.id = "lock-leak",
     .name = "LockLeak",
     .summary = "a lock stays held",
     .is_on = true,
     .references = "CWE-667 CWE-764",
     .help = "# lock-leak\n\nText.\n",
     .security = "4.0",
     .severity = SEVERITY_ERROR},
};

static ReportOptions options_of(const Scene *scene) {
  return (ReportOptions){.rules = rules,
                         .rule_count = 2,
                         .roots = {scene->folder, NULL},
                         .current = scene->folder,
                         .min_confidence = CONFIDENCE_LIKELY,
                         .reproducible = true,
                         .exit_code = 1,
                         .unchanged = 1};
}

static char *written(const Reporter *reporter, const Report *report) {
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  reporter->write(out, report);
  fclose(out);
  return text;
}

static char *read_golden(const char *path) {
  char *text = NULL;
  size_t length = 0;
  FILE *file = fopen(path, "r"), *out = open_memstream(&text, &length);
  for (int c; file && (c = getc(file)) != EOF;)
    putc(c, out);
  fclose(out);
  if (file)
    fclose(file);
  return text;
}

static void compare(Scene *scene, const char *name, const char *text) {
  const char *path = arena_printf(scene->arena, "../report/%s", name);
  const char *bless = getenv("OVERSTAY_BLESS");
  if (bless && *bless) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
  }
  char *golden = read_golden(path);
  assert_string_equal(text, golden);
  free(golden);
}

static void check_format(Scene *scene, const char *format, const char *golden,
                         const ReportOptions *options) {
  store_put_findings(scene->store, (Hash){1, 1}, 1000, true, scene->findings, scene->finding_count);
  const Report *report = report_new(scene->arena, scene->store, options);
  char *text = written(reporter_find(format), report);
  compare(scene, golden, text);
  free(text);
}

static void as_text(void **state) {
  ReportOptions options = options_of(*state);
  check_format(*state, "text", "findings.txt", &options);
}

static void as_colored_text(void **state) {
  ReportOptions options = options_of(*state);
  options.color = true;
  check_format(*state, "text", "findings-color.txt", &options);
}

/* Notes that do not fit stand below their lines. */
static void on_a_narrow_terminal(void **state) {
  ReportOptions options = options_of(*state);
  options.width = 66;
  check_format(*state, "text", "findings-narrow.txt", &options);
}

static void paths_as_links(void **state) {
  Scene *scene = *state;
  ReportOptions options = options_of(scene);
  options.color = options.links = true;
  store_put_findings(scene->store, (Hash){1, 1}, 1000, true, scene->findings, scene->finding_count);
  char *text = written(reporter_find("text"), report_new(scene->arena, scene->store, &options));
  const char *link = strstr(text, "\033]8;;file://");
  assert_non_null(link);
  assert_non_null(strstr(link, "/src/o%20d%25%1B%5B1m.c\033\\"));
  assert_non_null(strstr(link, "\033]8;;\033\\"));
  free(text);
}

static void all_confidences_from_another_folder(void **state) {
  Scene *scene = *state;
  ReportOptions options = options_of(scene);
  options.min_confidence = CONFIDENCE_INFO;
  options.current = arena_printf(scene->arena, "%s/src", scene->folder);
  check_format(scene, "text", "findings-all.txt", &options);
}

static void as_sarif(void **state) {
  ReportOptions options = options_of(*state);
  options.min_confidence = CONFIDENCE_INFO;
  options.category = "nightly";
  check_format(*state, "sarif", "findings.sarif", &options);
}

static void as_json(void **state) {
  ReportOptions options = options_of(*state);
  options.min_confidence = CONFIDENCE_INFO;
  check_format(*state, "json", "findings.json", &options);
}

static void as_gitlab(void **state) {
  ReportOptions options = options_of(*state);
  options.min_confidence = CONFIDENCE_INFO;
  check_format(*state, "gitlab", "findings.gitlab.json", &options);
}

/* The worst first, and no name ends a command. */
static void as_github(void **state) {
  ReportOptions options = options_of(*state);
  options.min_confidence = CONFIDENCE_INFO;
  check_format(*state, "github", "findings.github.txt", &options);
}

static void nothing_found(void **state) {
  Scene *scene = *state;
  ReportOptions options = options_of(scene);
  scene->finding_count = 0;
  check_format(scene, "text", "nothing.txt", &options);
  check_format(scene, "sarif", "nothing.sarif", &options);
  check_format(scene, "json", "nothing.json", &options);
  check_format(scene, "gitlab", "nothing.gitlab.json", &options);
  check_format(scene, "github", "nothing.txt", &options);
}

static void closing_lines(void **state) {
  Scene *scene = *state;
  ReportOptions options = options_of(scene);
  store_put_findings(scene->store, (Hash){1, 1}, 1000, true, scene->findings, scene->finding_count);
  store_put_remarks(scene->store, (Remark[]){{"degraded", "odd", "more than 9 steps"}}, 1);
  const Report *report = report_new(scene->arena, scene->store, &options);
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  report_closing(out, report);
  report_gaps(out, report, false);
  report_gaps(out, report, true);
  fclose(out);
  compare(scene, "closing.txt", text);
  free(text);
}

/* A file that changed since the analysis has other lines: better none than wrong ones. */
static void changed_files_are_not_quoted(void **state) {
  Scene *scene = *state;
  ReportOptions options = options_of(scene);
  write_source(scene, "src/pool.c", "\n\n\n\n\n\n\n\n\n\n");
  check_format(scene, "text", "changed.txt", &options);
}

static bool only_odd(const void *context, const char *path) { return !strcmp(path, context); }

static void narrowed_by_rule_and_path(void **state) {
  Scene *scene = *state;
  ReportOptions options = options_of(scene);
  options.wanted = only_odd;
  options.context = odd_path;
  store_put_findings(scene->store, (Hash){1, 1}, 1000, true, scene->findings, 3);
  const Report *report = report_new(scene->arena, scene->store, &options);
  assert_int_equal(report->finding_count, 1);
  assert_int_equal(report->hidden, 2);
  assert_string_equal(report->findings[0].place.path, odd_path);
  RuleInfo off[2] = {rules[0], rules[1]};
  off[0].is_on = false;
  options = options_of(scene);
  options.rules = off;
  report = report_new(scene->arena, scene->store, &options);
  assert_int_equal(report->finding_count, 1);
  assert_int_equal(report->counts[SEVERITY_ERROR], 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(as_text),
      TEST(as_colored_text),
      TEST(on_a_narrow_terminal),
      TEST(paths_as_links),
      TEST(all_confidences_from_another_folder),
      TEST(as_sarif),
      TEST(as_json),
      TEST(as_gitlab),
      TEST(as_github),
      TEST(nothing_found),
      TEST(closing_lines),
      TEST(changed_files_are_not_quoted),
      TEST(narrowed_by_rule_and_path),
  };
  return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
