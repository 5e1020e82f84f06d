/* json.c - everything the report knows, for programs. The keys are public: docs/json.md. */
#include "report/jsonic.h"

enum { SCHEMA = 1 };

static json_t *place_value(Arena *arena, const ReportPlace *place) {
  json_t *value = json_object();
  jsonic_put_text(arena, value, "path", place->path);
  jsonic_put_number(value, "line", place->line);
  jsonic_put_number(value, "column", place->column);
  jsonic_put_number(value, "end_line", place->end_line);
  jsonic_put_number(value, "end_column", place->end_column);
  jsonic_put_text(arena, value, "function", place->function);
  if (place->macro[0])
    jsonic_put_text(arena, value, "macro", place->macro);
  return value;
}

static json_t *step_value(Arena *arena, const ReportStep *step) {
  json_t *value = json_object();
  jsonic_put_text(arena, value, "kind", step_word(step->kind));
  if (step->number)
    jsonic_put_number(value, "number", step->number);
  jsonic_put_text(arena, value, "text", step->text);
  if (step->has_place)
    jsonic_put(value, "location", place_value(arena, &step->place));
  return value;
}

static json_t *hash_value(Hash hash) {
  char hex[33];
  hash_hex(hash, hex);
  return json_string(hex);
}

static json_t *finding_value(const Report *report, const ReportFinding *found) {
  Arena *arena = report->arena;
  const Finding *finding = &found->stored->finding;
  json_t *value = json_object(), *steps = json_array();
  jsonic_put_text(arena, value, "rule", finding->rule);
  jsonic_put_text(arena, value, "severity", severity_word(finding->severity));
  jsonic_put_text(arena, value, "confidence", confidence_word(finding->confidence));
  jsonic_put_text(arena, value, "message", found->message);
  jsonic_put_text(arena, value, "object", finding->object);
  jsonic_put_text(arena, value, "function", finding->at.function);
  jsonic_put(value, "location", place_value(arena, &found->place));
  for (uint32_t i = 0; i < found->step_count; i++)
    jsonic_add(steps, step_value(arena, &found->steps[i]));
  jsonic_put(value, "steps", steps);
  jsonic_put(value, "fingerprint", hash_value(finding->fingerprint));
  jsonic_put(value, "loose_fingerprint", hash_value(finding->loose));
  if (report->options->reproducible)
    return value; // what follows depends on the runs before
  jsonic_put_text(arena, value, "state", state_word(found->stored->state));
  jsonic_put_text(arena, value, "first_seen", utc_time(arena, found->stored->first_seen));
  jsonic_put_text(arena, value, "last_seen", utc_time(arena, found->stored->last_seen));
  return value;
}

static json_t *findings_value(const Report *report) {
  json_t *list = json_array();
  for (size_t i = 0; i < report->finding_count; i++)
    jsonic_add(list, finding_value(report, &report->findings[i]));
  return list;
}

static json_t *suppressed_value(const Report *report) {
  json_t *list = json_array();
  for (size_t i = 0; i < report->allowed_count; i++) {
    json_t *value = finding_value(report, &report->allowed[i]);
    jsonic_put_text(report->arena, value, "reason", report->allowed[i].allow->reason);
    jsonic_add(list, value);
  }
  return list;
}

static json_t *gone_value(const Report *report) {
  Arena *arena = report->arena;
  json_t *list = json_array();
  for (size_t i = 0; i < report->gone_count; i++) {
    const GoneFinding *gone = &report->gone[i];
    json_t *value = json_object();
    jsonic_put_text(arena, value, "rule", gone->rule);
    jsonic_put_text(arena, value, "function", gone->function);
    jsonic_put_text(arena, value, "object", gone->object);
    jsonic_put(value, "fingerprint", hash_value(gone->fingerprint));
    jsonic_put_text(arena, value, "first_seen", utc_time(arena, gone->first_seen));
    jsonic_put_text(arena, value, "last_seen", utc_time(arena, gone->last_seen));
    jsonic_add(list, value);
  }
  return list;
}

/* ---- not_checked */
static json_t *failure_value(Arena *arena, const ReportFailure *failure) {
  json_t *value = json_object(), *list = json_array();
  jsonic_put_text(arena, value, "source", failure->unit->key.source);
  jsonic_put_text(arena, value, "status", unit_status_word(failure->unit->status));
  jsonic_put_text(arena, value, "reason", failure->unit->reason);
  for (uint32_t i = 0; i < failure->diagnostic_count; i++) {
    const Diagnostic *diagnostic = &failure->diagnostics[i];
    json_t *entry = json_object();
    jsonic_put_text(arena, entry, "path", diagnostic->path);
    jsonic_put_number(entry, "line", diagnostic->line);
    jsonic_put_number(entry, "column", diagnostic->column);
    jsonic_put_text(arena, entry, "text", diagnostic->text);
    jsonic_add(list, entry);
  }
  jsonic_put(value, "diagnostics", list);
  return value;
}

static json_t *not_checked_value(const Report *report) {
  Arena *arena = report->arena;
  json_t *value = json_object(), *units = json_array(), *functions = json_array();
  for (size_t i = 0; i < report->failed_count; i++)
    jsonic_add(units, failure_value(arena, &report->failures[i]));
  for (size_t i = 0; i < report->gap_count; i++) {
    const ReportGap *gap = &report->gaps[i];
    json_t *entry = json_object();
    jsonic_put_text(arena, entry, "function", gap->function);
    jsonic_put_text(arena, entry, "path", gap->path);
    jsonic_put_text(arena, entry, "kind", gap_word(gap->kind));
    jsonic_put_text(arena, entry, "reason", gap->reason);
    jsonic_add(functions, entry);
  }
  jsonic_put(value, "units", units);
  jsonic_put(value, "functions", functions);
  return value;
}

/* ---- the rest */
static json_t *rules_value(const Report *report) {
  Arena *arena = report->arena;
  json_t *list = json_array();
  for (size_t i = 0; i < report->options->rule_count; i++) {
    const RuleInfo *rule = &report->options->rules[i];
    json_t *value = json_object();
    jsonic_put_text(arena, value, "id", rule->id);
    jsonic_put_text(arena, value, "severity", severity_word(rule->severity));
    jsonic_put(value, "on", json_boolean(rule->is_on));
    jsonic_put_text(arena, value, "summary", rule->summary);
    jsonic_put_text(arena, value, "references", rule->references);
    jsonic_add(list, value);
  }
  return list;
}

static json_t *remarks_value(const Report *report) {
  Arena *arena = report->arena;
  json_t *list = json_array();
  for (size_t i = 0; i < report->remark_count; i++) {
    json_t *value = json_object();
    jsonic_put_text(arena, value, "kind", report->remarks[i].kind);
    jsonic_put_text(arena, value, "subject", report->remarks[i].subject);
    jsonic_put_text(arena, value, "text", report->remarks[i].text);
    jsonic_add(list, value);
  }
  return list;
}

static json_t *counts_value(const Report *report) {
  json_t *value = json_object();
  for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--)
    jsonic_put_number(value, severity_word((Severity)severity), report->counts[severity]);
  jsonic_put_number(value, "suppressed", report->allowed_count);
  jsonic_put_number(value, "not_shown", report->hidden);
  return value;
}

static json_t *units_value(const Report *report) {
  json_t *value = json_object();
  size_t good = report->unit_count - report->failed_count, unchanged = report->options->unchanged;
  jsonic_put_number(value, "total", report->unit_count);
  jsonic_put_number(value, "failed", report->failed_count);
  if (report->options->reproducible)
    return value;
  unchanged = unchanged < good ? unchanged : good;
  jsonic_put_number(value, "analysed", good - unchanged);
  jsonic_put_number(value, "unchanged", unchanged);
  return value;
}

static void write_json(FILE *out, const Report *report) {
  const ReportOptions *options = report->options;
  Arena *arena = report->arena;
  json_t *all = json_object(), *tool = json_object();
  jsonic_put_number(all, "schema", SCHEMA);
  jsonic_put_text(arena, tool, "name", "overstay");
  jsonic_put_text(arena, tool, "version", OVERSTAY_VERSION);
  jsonic_put(all, "tool", tool);
  if (!options->reproducible) {
    jsonic_put_text(arena, all, "root", options->roots.top);
    jsonic_put_text(arena, all, "started", utc_time(arena, options->started));
    jsonic_put(all, "seconds", json_real(options->seconds));
  }
  jsonic_put_number(all, "exit_code", (uint64_t)options->exit_code);
  jsonic_put(all, "units", units_value(report));
  jsonic_put(all, "counts", counts_value(report));
  jsonic_put(all, "findings", findings_value(report));
  jsonic_put(all, "suppressed", suppressed_value(report));
  if (!options->reproducible)
    jsonic_put(all, "gone", gone_value(report));
  jsonic_put(all, "not_checked", not_checked_value(report));
  jsonic_put(all, "remarks", remarks_value(report));
  jsonic_put(all, "rules", rules_value(report));
  jsonic_write(out, all, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
}

const Reporter json_reporter = {
    .name = "json",
    .summary = "everything, for programs (docs/json.md)",
    .write = write_json,
};
