/* allow.c - findings that a comment in the source accepts, and comments that nothing needs or that
 * give no reason (RULES.md, "Housekeeping"). */
#include "report/inside.h"

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
    const Allow *here =
        finding->steps[i].has_place ? find_at(allows, rule, &finding->steps[i].place) : NULL;
    found = found ? found : here;
  }
  return found;
}

/* ---- notes about the comments themselves */

static const RuleInfo housekeeping[] = {
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

/* Its rules exist and are on, so that it could have been needed. NULL, or what is wrong with it. */
static const char *why_unused(const Report *report, const Allow *allow) {
  const ReportOptions *options = report->options;
  bool is_known = false;
  for (size_t i = 0; i < options->rule_count; i++) {
    if (!allow_names(allow, options->rules[i].id))
      continue;
    is_known = true;
    if (!options->rules[i].is_on)
      return NULL;
  }
  return is_known
             ? arena_printf(report->arena, "nothing here needs overstay-allow(%s)", allow->rules)
             : arena_printf(report->arena, "overstay-allow(%s) names no rule", allow->rules);
}

ReportFinding *allows_notes(const Allows *allows, size_t *count) {
  const Report *report = allows->report;
  ReportFinding *notes = NULL;
  size_t room = 0;
  *count = 0;
  for (size_t i = 0; i < allows->file_count; i++)
    for (uint32_t k = 0; k < allows->files[i].count; k++) {
      const Allow *allow = &allows->files[i].allows[k];
      const char *path = allows->files[i].path;
      const char *unused = allows->used[i][k] ? NULL : why_unused(report, allow);
      notes = arena_grow(report->arena, notes, sizeof *notes, *count, &room, *count + 2);
      if (unused)
        notes[(*count)++] = note(report, &housekeeping[0], path, allow, unused);
      if (!*allow->reason)
        notes[(*count)++] =
            note(report, &housekeeping[1], path, allow,
                 arena_printf(report->arena, "overstay-allow(%s) does not say why", allow->rules));
    }
  return notes;
}
