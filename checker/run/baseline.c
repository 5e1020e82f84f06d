/* baseline.c - see baseline.h */
#include "run/baseline.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/file.h"
#include "base/hash_map.h"
#include "base/message.h"
#include "base/path.h"
#include "cli/outputs.h"
#include "report/words.h"
#include "rule/registry.h"

enum { LARGEST_BASELINE = 256 << 20, HASH_DIGITS = 32, GONE_SHOWN = 10 };

static const char usual_name[] = ".overstay-baseline.jsonl";
static const char *const severities[] = {"note", "warning", "error"};
static const char *const confidences[] = {"info", "possible", "likely", "certain"};

const char *baseline_path(Arena *arena, const Options *options, Roots roots) {
  return options->baseline ? options->baseline : path_join(arena, roots.top, usual_name);
}

/* ---- reading */

typedef struct {
  Arena *arena;
  const char *shown; // of the file
  uint32_t line;
  json_t *object;
} Line;

static noreturn void die_of(const Line *line, const char *what) {
  die(EXIT_USAGE, "%s:%u: %s\n  overstay baseline write makes the file anew", line->shown,
      line->line, what);
}

static const char *text_at(const Line *line, const char *key) {
  const char *text = json_string_value(json_object_get(line->object, key));
  if (!text)
    die_of(line, arena_printf(line->arena, "\"%s\" is missing, or no text", key));
  return arena_text(line->arena, text);
}

static int word_at(const Line *line, const char *key, const char *const *words, int count) {
  const char *text = text_at(line, key);
  for (int i = 0; i < count; i++)
    if (!strcmp(words[i], text))
      return i;
  die_of(line, arena_printf(line->arena, "\"%s\" cannot be '%s'", key, text));
}

static Hash hash_at(const Line *line, const char *key) {
  const char *text = text_at(line, key);
  if (strlen(text) != HASH_DIGITS || strspn(text, "0123456789abcdef") != HASH_DIGITS)
    die_of(line,
           arena_printf(line->arena, "\"%s\" is not %d digits from 0 to f", key, HASH_DIGITS));
  return (Hash){.high = strtoull(arena_text_n(line->arena, text, HASH_DIGITS / 2), NULL, 16),
                .low = strtoull(text + HASH_DIGITS / 2, NULL, 16)};
}

static Finding finding_of(const Line *line) {
  const char *function = text_at(line, "function");
  return (Finding){
      .rule = text_at(line, "rule"),
      .severity = (Severity)word_at(line, "severity", severities, SEVERITY_ERROR + 1),
      .confidence = (Confidence)word_at(line, "confidence", confidences, CONFIDENCE_CERTAIN + 1),
      .at = {.function = function, .body = hash_at(line, "body")},
      .message =
          arena_printf(line->arena, "%s: %s", text_at(line, "path"), text_at(line, "message")),
      .object = text_at(line, "object"),
      .fingerprint = hash_at(line, "fingerprint"),
      .loose = hash_at(line, "loose")};
}

static Finding read_line(Line *line, const char *text, size_t length) {
  json_error_t error;
  line->object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
  if (!json_is_object(line->object))
    die_of(line, !line->object ? arena_printf(line->arena, "this is no JSON object: %s", error.text)
                               : "this is no JSON object");
  Finding finding = finding_of(line);
  json_decref(line->object);
  return finding;
}

typedef struct {
  ARRAY(Finding) findings;
  HashMap known; // fingerprints: a merge can leave a line twice
} Lines;

static void add_line(Lines *lines, Finding finding) {
  if (hash_map_get(&lines->known, finding.fingerprint) != MAP_ABSENT)
    return;
  hash_map_put(&lines->known, finding.fingerprint, (uint32_t)lines->findings.count);
  array_push(&lines->findings, finding);
}

Outcome baseline_read(Arena *arena, const char *path) {
  Line line = {.arena = arena,
               .shown = path_seen_from(arena, path_current(arena), path_canonical(arena, path))};
  FileText file = file_read(arena, path, LARGEST_BASELINE);
  if (!file.text)
    die(EXIT_USAGE, "%s: %s\n  overstay baseline write makes it", line.shown, file.error);
  Lines lines = {0};
  for (const char *at = file.text, *end = file.text + file.size; at < end;) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    size_t length = (size_t)((newline ? newline : end) - at);
    line.line++;
    if (strspn(at, " \t\r") < length)
      add_line(&lines, read_line(&line, at, length));
    at += length + 1;
  }
  Outcome outcome = {.complete = true, .count = lines.findings.count};
  outcome.findings = arena_copy(arena, lines.findings.at, sizeof(Finding) * outcome.count);
  array_free(&lines.findings);
  hash_map_free(&lines.known);
  return outcome;
}

/* ---- writing */

static bool is_kept(const ReportFinding *found) { return rule_find(found->stored->finding.rule); }

static int compare_lines(const void *left, const void *right) {
  const ReportFinding *a = *(const ReportFinding *const *)left;
  const ReportFinding *b = *(const ReportFinding *const *)right;
  const Finding *x = &a->stored->finding, *y = &b->stored->finding;
  int order = strcmp(a->place.path, b->place.path);
  if (!order)
    order = strcmp(x->rule, y->rule);
  if (!order)
    order = strcmp(x->at.function ? x->at.function : "", y->at.function ? y->at.function : "");
  if (order)
    return order;
  if (x->fingerprint.high != y->fingerprint.high)
    return x->fingerprint.high < y->fingerprint.high ? -1 : 1;
  return x->fingerprint.low < y->fingerprint.low ? -1 : x->fingerprint.low > y->fingerprint.low;
}

static void put(Arena *arena, json_t *object, const char *key, const char *text) {
  json_object_set_new(object, key, json_string(text_valid_utf8(arena, text ? text : "")));
}

static void put_hash(json_t *object, const char *key, Hash hash) {
  char hex[HASH_DIGITS + 1];
  hash_hex(hash, hex);
  json_object_set_new(object, key, json_string(hex));
}

static void write_line(FILE *out, Arena *arena, const ReportFinding *found) {
  const Finding *finding = &found->stored->finding;
  json_t *object = json_object();
  put_hash(object, "body", finding->at.body);
  put(arena, object, "confidence", confidences[finding->confidence]);
  put_hash(object, "fingerprint", finding->fingerprint);
  put(arena, object, "function", finding->at.function);
  put_hash(object, "loose", finding->loose);
  put(arena, object, "message", found->message);
  put(arena, object, "object", finding->object);
  put(arena, object, "path", found->place.path);
  put(arena, object, "rule", finding->rule);
  put(arena, object, "severity", severities[finding->severity]);
  json_dumpf(object, out, JSON_SORT_KEYS);
  fputc('\n', out);
  json_decref(object);
}

static void write_lines(FILE *out, const void *context) {
  const Report *report = context;
  Arena *arena = arena_new();
  const ReportFinding **lines =
      arena_new_array(arena, const ReportFinding *, report->finding_count);
  size_t count = 0;
  for (size_t i = 0; i < report->finding_count; i++)
    if (is_kept(&report->findings[i]))
      lines[count++] = &report->findings[i];
  if (count)
    qsort(lines, count, sizeof *lines, compare_lines);
  for (size_t i = 0; i < count; i++)
    write_line(out, arena, lines[i]);
  arena_free(arena);
}

void baseline_write(const char *path, const Report *report) {
  outputs_write_file(path, write_lines, report);
  size_t count = 0;
  for (size_t i = 0; i < report->finding_count; i++)
    count += is_kept(&report->findings[i]);
  Arena *arena = report->arena;
  inform("%zu finding%s written to %s", count, count == 1 ? "" : "s",
         path_seen_from(arena, path_current(arena), path_canonical(arena, path)));
}

/* ---- gone */

static const char *line_of(const Outcome *baseline, Hash fingerprint) {
  for (size_t i = 0; i < baseline->count; i++)
    if (hash_equal(baseline->findings[i].fingerprint, fingerprint))
      return baseline->findings[i].message;
  return NULL;
}

void baseline_tell_gone(const Outcome *baseline, const Report *report, const char *path) {
  size_t told = 0;
  for (size_t i = 0; i < report->gone_count; i++) {
    const char *line = line_of(baseline, report->gone[i].fingerprint);
    if (line && told++ < GONE_SHOWN)
      inform("gone: %s [%s]", visible(report->arena, line), report->gone[i].rule);
  }
  if (told > GONE_SHOWN)
    inform("gone: %zu more", told - GONE_SHOWN);
  if (told)
    inform("%s still lists %s; overstay baseline write takes %s out", path_base(path),
           told == 1 ? "it" : "them", told == 1 ? "it" : "them");
}
