/* allow.c - findings that a comment in the source accepts, and comments that nothing needs or that
 * give no reason.
 *
 * That nothing needs a comment is said only when that is known: its rules are on, all units have a
 * result, and the code it is about was looked at. What the build leaves out may need it elsewhere.
 */
#include "report/inside.h"

#include "base/guard.h"

struct Allows {
  const Report *report;
  const FileAllows *files;
  size_t file_count;
  bool **used; // per file and comment
};

Allows *allows_new(const Report *report) {
  Arena *arena = report->arena;
  Allows *allows = arena_new_one(arena, Allows);
  allows->report = report;
  allows->files = store_allows(report->store, arena, &allows->file_count);
  allows->used = arena_new_array(arena, bool *, allows->file_count);
  for (size_t i = 0; i < allows->file_count; i++)
    allows->used[i] = arena_new_array(arena, bool, allows->files[i].count);
  return allows;
}

/* Every comment about this place counts as used; the first is the one that is told. */
static const Allow *find_at(const Allows *allows, const char *rule, const ReportPlace *place) {
  const Allow *found = NULL;
  for (size_t i = 0; i < allows->file_count; i++) {
    const FileAllows *file = &allows->files[i];
    for (uint32_t k = 0; k < file->count && !strcmp(file->path, place->path); k++) {
      const Allow *allow = &file->allows[k];
      if (place->line < allow->first || place->line > allow->last || !allow_names(allow, rule))
        continue;
      allows->used[i][k] = true;
      if (!found)
        found = allow;
    }
  }
  return found;
}

const Allow *allows_find(const Allows *allows, const ReportFinding *finding) {
  if (!allows->file_count)
    return NULL;
  const char *rule = finding->stored->finding.rule;
  const Allow *found = find_at(allows, rule, &finding->place);
  for (uint32_t i = 0; i < finding->step_count; i++) {
    bool counts = finding->steps[i].has_place && finding->steps[i].kind != STEP_REASON;
    const Allow *here = counts ? find_at(allows, rule, &finding->steps[i].place) : NULL;
    found = found ? found : here;
  }
  return found;
}

/* ---- notes about the comments themselves */

enum { ALLOW_UNUSED, ALLOW_WITHOUT_REASON };

const RuleInfo housekeeping_rules[HOUSEKEEPING_RULES] = {
    {.id = "allow-unused",
     .name = "AllowUnused",
     .summary = "an overstay-allow comment accepts nothing",
     .references = "",
     .severity = SEVERITY_NOTE,
     .is_on = true},
    {.id = "allow-without-reason",
     .name = "AllowWithoutReason",
     .summary = "an overstay-allow comment does not say why",
     .references = "",
     .severity = SEVERITY_NOTE,
     .is_on = true},
};

static ReportFinding note(const Report *report, const RuleInfo *rule, const char *path,
                          const Allow *allow, const char *message) {
  Hash hash = hash_pair(hash_text(rule->id), hash_pair(hash_text(path), hash_text(allow->rules)));
  StoredFinding *stored = arena_new_one(report->arena, StoredFinding);
  *stored = (StoredFinding){.finding = {.rule = rule->id,
                                        .severity = rule->severity,
                                        .confidence = CONFIDENCE_CERTAIN,
                                        .message = message,
                                        .object = "",
                                        .fingerprint = hash,
                                        .loose = hash},
                            .state = FINDING_KNOWN,
                            .first_seen = report->options->started,
                            .last_seen = report->options->started};
  ReportPlace place = {.path = path,
                       .line = allow->line,
                       .column = 1,
                       .end_line = allow->line,
                       .end_column = 2,
                       .macro = "",
                       .function = ""};
  return (ReportFinding){.stored = stored, .rule = rule, .place = place, .message = message};
}

/* ---- was it looked at */

typedef struct {
  bool is_seen;    // there is code in these lines that was analysed
  bool is_doubted; // there is code that was not, or not in full
} Sight;

static bool is_given_up(const Report *report, const StoredFunction *function) {
  for (size_t i = 0; i < report->gap_count; i++)
    if (!strcmp(report->gaps[i].function, function->name) &&
        !strcmp(report->gaps[i].path, function->source))
      return true;
  return false;
}

static bool has_code(const Function *f, const Allow *allow) {
  for (uint32_t i = 0; i < f->location_count; i++) {
    const Location *at = &f->locations[i];
    uint32_t line = location_line(f, at);
    if (at->column && (!at->file || !strcmp(f->files[at->file], f->source)) &&
        line >= allow->first && line <= allow->last)
      return true;
  }
  return f->line >= allow->first && f->line <= allow->last;
}

static Sight look(const Report *report, const char *path, const Allow *allow) {
  size_t count;
  Sight sight = {0};
  const StoredFunction *functions = store_functions(report->store, &count);
  Arena *scratch = arena_new();
  for (size_t i = 0; i < count; i++, arena_reset(scratch)) {
    if (strcmp(functions[i].source, path))
      continue;
    const Function *f = store_function(report->store, scratch, i);
    if (f->line > allow->last || f->end_line < allow->first)
      continue;
    if (is_given_up(report, &functions[i]))
      sight.is_doubted = true;
    else
      sight.is_seen |= has_code(f, allow);
  }
  arena_free(scratch);
  return sight;
}

static bool is_directive(const char *text, size_t length, const char *name) {
  const char *end = text + length;
  while (text < end && (*text == ' ' || *text == '\t'))
    text++;
  if (text == end || *text++ != '#')
    return false;
  while (text < end && (*text == ' ' || *text == '\t'))
    text++;
  return (size_t)(end - text) >= strlen(name) && !strncmp(text, name, strlen(name));
}

/* Inside of an #if, other than one around the whole file, as headers have it. */
static bool is_conditional(const Report *report, const char *path, uint32_t line) {
  const Source *source = source_find(report, path);
  uint32_t depth = 0, directives = 0, guard = 0;
  size_t length;
  const char *text;
  for (uint32_t i = 1; i < line && (text = source_line(source, i, &length)); i++) {
    if (!is_directive(text, length, ""))
      continue;
    directives++;
    if (is_directive(text, length, "if") && depth++ == 0 && directives == 1)
      guard = is_directive(text, length, "ifndef");
    else if (is_directive(text, length, "endif") && depth && --depth == 0)
      guard = 0;
  }
  return depth > guard || !source->text;
}

static bool was_analysed(const Report *report, const char *path, const Allow *allow) {
  if (report->failed_count)
    return false;
  Sight sight = look(report, path, allow);
  return !sight.is_doubted && (sight.is_seen || !is_conditional(report, path, allow->line));
}

/* Its rules exist and are on, so that it could have been needed. NULL, or what is wrong with it. */
static const char *why_unused(const Report *report, const char *path, const Allow *allow) {
  const ReportOptions *options = report->options;
  bool is_known = false;
  for (size_t i = 0; i < options->rule_count; i++) {
    if (!allow_names(allow, options->rules[i].id))
      continue;
    is_known = true;
    if (!options->rules[i].is_on)
      return NULL;
  }
  if (is_known && guard_on("allow-analysed") && !was_analysed(report, path, allow))
    return NULL;
  return is_known
             ? arena_printf(report->arena, "nothing here needs overstay-allow(%s)", allow->rules)
             : arena_printf(report->arena, "overstay-allow(%s) names no rule", allow->rules);
}

static const RuleInfo *rule_when_on(const Report *report, const char *id) {
  const ReportOptions *options = report->options;
  for (size_t i = 0; i < options->rule_count; i++)
    if (!strcmp(options->rules[i].id, id))
      return options->rules[i].is_on ? &options->rules[i] : NULL;
  return NULL;
}

ReportFinding *allows_notes(const Allows *allows, size_t *count) {
  const Report *report = allows->report;
  const RuleInfo *unused = rule_when_on(report, housekeeping_rules[ALLOW_UNUSED].id);
  const RuleInfo *reasons = rule_when_on(report, housekeeping_rules[ALLOW_WITHOUT_REASON].id);
  ReportFinding *notes = NULL;
  size_t room = 0;
  *count = 0;
  for (size_t i = 0; i < allows->file_count; i++)
    for (uint32_t k = 0; k < allows->files[i].count; k++) {
      const Allow *allow = &allows->files[i].allows[k];
      const char *path = allows->files[i].path;
      const char *why = unused && !allows->used[i][k] ? why_unused(report, path, allow) : NULL;
      notes = arena_grow(report->arena, notes, sizeof *notes, *count, &room, *count + 2);
      if (why)
        notes[(*count)++] = note(report, unused, path, allow, why);
      if (reasons && !*allow->reason)
        notes[(*count)++] =
            note(report, reasons, path, allow,
                 arena_printf(report->arena, "overstay-allow(%s) does not say why", allow->rules));
    }
  return notes;
}
