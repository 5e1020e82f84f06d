/* resolve.c - from positions and templates to lines and words, through the IR of each function. */
#include "report/inside.h"

#include "ir/print.h"

typedef struct {
  Report *report;
  const StoredFunction *functions;
  size_t function_count;
} Resolver;

static const Function *function_at(Resolver *r, const Position *at) {
  if (!at->function)
    return NULL;
  ptrdiff_t index = store_find_body(r->report->store, at->function, at->body);
  if (index < 0)
    return NULL;
  const Function **slot = &r->report->inside->functions[index];
  if (!*slot)
    *slot = store_function(r->report->store, r->report->arena, (size_t)index);
  return *slot;
}

/* ---- places */
static const Location *location_of(const Function *f, const Position *at) {
  Index location;
  if (at->terminator) {
    if (at->index >= f->block_count)
      return NULL;
    location = f->blocks[at->index].location;
  } else {
    if (at->index >= f->instruction_count)
      return NULL;
    location = f->instruction_locations[at->index];
  }
  return location < f->location_count ? &f->locations[location] : NULL;
}

/* A step or finding whose code has no location of its own stands at the function's head. */
static ReportPlace place_of(const Function *f, const Position *at) {
  const Location *location = location_of(f, at);
  ReportPlace place = {.path = f->source,
                       .line = f->line ? f->line : 1,
                       .column = 1,
                       .macro = "",
                       .function = f->name};
  if (location && location->column) {
    if (location->file && location->file < f->file_count)
      place.path = f->files[location->file];
    place.line = location_line(f, location);
    place.column = location->column;
    place.end_line = (uint32_t)((int64_t)f->line + location->end_line);
    place.end_column = location->end_column;
    place.macro = location->macro ? location->macro : "";
  }
  if (!strcmp(place.path, f->source)) {
    place.function_line = f->line;
    place.function_end = f->end_line;
  }
  bool after = place.end_line > place.line ||
               (place.end_line == place.line && place.end_column > place.column);
  if (!after) {
    place.end_line = place.line;
    place.end_column = place.column + 1;
  }
  return place;
}

/* ---- words */
static const char *fill_in(Arena *arena, const char *template, const char *with) {
  ByteWriter out = {0};
  for (const char *c = template; *c; c++) {
    if (c[0] == '{' && c[1] == '}') {
      bytes_put_raw(&out, with, strlen(with));
      c++;
    } else {
      bytes_put_u8(&out, (uint8_t)*c);
    }
  }
  const char *text = arena_text_n(arena, (const char *)out.at, out.count);
  bytes_free(&out);
  return text;
}

static const char *text_of_node(Arena *arena, const Function *f, uint32_t node) {
  return f && node && node < f->node_count ? node_text(arena, f, node) : "...";
}

static bool is_pointer(const Function *f, NodeId id) {
  const Node *node = &f->nodes[id];
  return node->type < f->type_count && f->types[node->type].kind == TYPE_POINTER;
}

static bool is_plain_zero(const Function *f, NodeId id) {
  const Node *node = &f->nodes[id];
  return node->kind == NODE_CONSTANT && node->a < f->constant_count &&
         !f->constants[node->a].value &&
         (is_pointer(f, id) || !f->constants[node->a].macro || !f->constants[node->a].macro[0]);
}

/* The programmer wrote `!(a < b)` as `a >= b`, and node_text knows. */
static bool is_less(const Function *f, NodeId id) {
  return f->nodes[id].kind == NODE_BINARY && f->nodes[id].operator== OPERATOR_LT;
}

/* "'pool->free' is null": of a condition and the side that was taken. */
static const char *outcome(Arena *arena, const Function *f, NodeId id, bool truth) {
  while (f->nodes[id].kind == NODE_UNARY &&
         f->nodes[id].operator== OPERATOR_NOT && !is_less(f, f->nodes[id].a)) {
    id = f->nodes[id].a;
    truth = !truth;
  }
  const Node *node = &f->nodes[id];
  bool equality =
      node->kind == NODE_BINARY && (node->operator== OPERATOR_EQ || node->operator== OPERATOR_NE);
  const char *words = truth ? "is true" : "is false";
  if (equality && is_plain_zero(f, node->b)) {
    bool zero = (node->operator== OPERATOR_EQ) == truth;
    bool pointer = is_pointer(f, node->a) || is_pointer(f, node->b);
    words = pointer ? (zero ? "is null" : "is not null") : (zero ? "is 0" : "is not 0");
    id = node->a;
  } else if (is_pointer(f, id)) {
    words = truth ? "is not null" : "is null";
  }
  return arena_printf(arena, "'%s' %s", node_text(arena, f, id), words);
}

static const char *step_text(Arena *arena, const Function *f, const Step *step) {
  bool bare = !step->text[0] || !strcmp(step->text, "{}");
  if (step->kind == STEP_BRANCH && bare) {
    if (f && step->node && step->node < f->node_count)
      return arena_printf(arena, "taken when %s", outcome(arena, f, step->node, step->if_true));
    return "this way is taken";
  }
  return fill_in(arena, step->text, text_of_node(arena, f, step->node));
}

/* ---- findings */
static const RuleInfo *rule_of(const Report *report, const char *id) {
  for (size_t i = 0; i < report->options->rule_count; i++)
    if (!strcmp(report->options->rules[i].id, id))
      return &report->options->rules[i];
  return NULL;
}

/* "work" of "'work' is started as a thread here". */
static const char *quoted(Arena *arena, const char *text) {
  const char *start = strchr(text, '\''), *end = start ? strchr(start + 1, '\'') : NULL;
  return end ? arena_text_n(arena, start + 1, (size_t)(end - start - 1)) : "";
}

static ReportFinding resolve(Resolver *r, const StoredFinding *stored) {
  const Finding *finding = &stored->finding;
  Arena *arena = r->report->arena;
  const Function *f = function_at(r, &finding->at);
  ReportFinding result = {.stored = stored, .rule = rule_of(r->report, finding->rule)};
  // Findings and functions are of one run, so it is there; a lost one must not hide the finding.
  result.place = f ? place_of(f, &finding->at)
                   : (ReportPlace){.path = finding->at.function ? finding->at.function : "",
                                   .line = 1,
                                   .column = 1,
                                   .end_line = 1,
                                   .end_column = 2,
                                   .macro = "",
                                   .function = ""};
  result.message = literals_hidden(
      r->report, f, fill_in(arena, finding->message, text_of_node(arena, f, finding->node)));
  ReportStep *steps = arena_new_array(arena, ReportStep, finding->step_count);
  uint32_t number = 0;
  for (uint32_t i = 0; i < finding->step_count; i++) {
    const Step *step = &finding->steps[i];
    const Function *in = function_at(r, &step->at);
    bool on_path =
        step->kind != STEP_CONTRAST && step->kind != STEP_EVIDENCE && step->kind != STEP_REASON;
    steps[i] =
        (ReportStep){.kind = step->kind,
                     .number = on_path ? ++number : 0,
                     .has_place = in != NULL,
                     .text = literals_hidden(r->report, in ? in : f, step_text(arena, in, step))};
    steps[i].thread = step->kind == STEP_SPAWN ? quoted(arena, steps[i].text) : "";
    if (in)
      steps[i].place = place_of(in, &step->at);
  }
  result.steps = steps;
  result.step_count = finding->step_count;
  return result;
}

static int compare_numbers(uint32_t a, uint32_t b) { return a < b ? -1 : a > b; }

static int compare_findings(const void *left, const void *right) {
  const ReportFinding *a = left, *b = right;
  int order = strcmp(a->place.path, b->place.path);
  if (!order)
    order = compare_numbers(a->place.line, b->place.line);
  if (!order)
    order = compare_numbers(a->place.column, b->place.column);
  if (!order)
    order = strcmp(a->stored->finding.rule, b->stored->finding.rule);
  if (!order)
    order = strcmp(a->message, b->message);
  return order ? order
               : memcmp(&a->stored->finding.fingerprint, &b->stored->finding.fingerprint,
                        sizeof(Hash));
}

static bool is_wanted(const ReportOptions *options, const char *path) {
  return !options->wanted || options->wanted(options->context, path);
}

static bool is_shown(const ReportOptions *options, const ReportFinding *finding) {
  if (options->only_new && finding->stored->state != FINDING_NEW)
    return false;
  if (options->chosen && !options->chosen(options->chosen_context, finding))
    return false;
  return finding->stored->finding.confidence >= options->min_confidence &&
         finding->stored->finding.severity >= options->min_severity &&
         is_wanted(options, finding->place.path);
}

/* It would be shown, were it new. */
static bool is_only_known(const ReportOptions *options, const ReportFinding *finding) {
  ReportOptions all = *options;
  all.only_new = false;
  return is_shown(&all, finding);
}

/* It would be shown with a lower --min-confidence. */
static bool is_only_unsure(const ReportOptions *options, const ReportFinding *finding) {
  ReportOptions lower = *options;
  lower.min_confidence = CONFIDENCE_INFO;
  return is_shown(&lower, finding);
}

static void count_functions(Report *report) {
  for (size_t i = 0; i < report->finding_count; i++) {
    const Position *at = &report->findings[i].stored->finding.at;
    bool seen = false; // sorted by place, so the same function is near
    for (size_t k = i; k-- > 0 && !seen;) {
      const Position *other = &report->findings[k].stored->finding.at;
      if (strcmp(report->findings[k].place.path, report->findings[i].place.path))
        break;
      seen = hash_equal(at->body, other->body) && at->function && other->function &&
             !strcmp(at->function, other->function);
    }
    report->function_count += !seen && at->function;
  }
}

static void add_shown(Report *report, ReportFinding *findings, ReportFinding finding) {
  if (!is_shown(report->options, &finding)) {
    bool is_known = is_only_known(report->options, &finding);
    report->known += is_known;
    report->hidden += !is_known;
    report->unsure += is_only_unsure(report->options, &finding);
    return;
  }
  report->counts[finding.stored->finding.severity]++;
  report->new_count += finding.stored->state == FINDING_NEW;
  report->moved_count += finding.stored->state == FINDING_MOVED;
  findings[report->finding_count++] = finding;
}

static void sort_findings(ReportFinding *findings, size_t count) {
  if (count)
    qsort(findings, count, sizeof *findings, compare_findings);
}

static void add_findings(Resolver *r) {
  Report *report = r->report;
  size_t count;
  const StoredFinding *stored = store_findings(report->store, report->arena, &count);
  Allows *allows = allows_new(report);
  ReportFinding *all = arena_new_array(report->arena, ReportFinding, count);
  ReportFinding *allowed = arena_new_array(report->arena, ReportFinding, count);
  size_t kept = 0, note_count;
  for (size_t i = 0; i < count; i++) {
    ReportFinding finding = resolve(r, &stored[i]);
    if (finding.rule && !finding.rule->is_on)
      continue; // all rules are judged always, so that turning one on costs no analysis
    finding.allow = allows_find(allows, &finding);
    if (!finding.allow)
      all[kept++] = finding;
    else if (is_shown(report->options, &finding))
      allowed[report->allowed_count++] = finding;
  }
  const ReportFinding *notes = allows_notes(allows, &note_count);
  ReportFinding *shown = arena_new_array(report->arena, ReportFinding, kept + note_count);
  for (size_t i = 0; i < kept; i++)
    add_shown(report, shown, all[i]);
  for (size_t i = 0; i < note_count; i++)
    add_shown(report, shown, notes[i]);
  sort_findings(shown, report->finding_count);
  sort_findings(allowed, report->allowed_count);
  report->findings = shown;
  report->allowed = allowed;
  count_functions(report);
}

/* The history does not say in which file a finding stood, so PATHs leave all of them out. */
static void add_gone(Resolver *r) {
  Report *report = r->report;
  size_t count;
  const GoneFinding *all = store_gone(report->store, report->arena, &count);
  if (!is_wanted(report->options, ""))
    count = 0;
  GoneFinding *gone = arena_new_array(report->arena, GoneFinding, count);
  for (size_t i = 0; i < count; i++) {
    const RuleInfo *rule = rule_of(report, all[i].rule);
    if ((!rule || rule->is_on) && all[i].confidence >= report->options->min_confidence &&
        all[i].severity >= report->options->min_severity)
      gone[report->gone_count++] = all[i];
  }
  report->gone = gone;
}

/* ---- what was not checked */
static void add_failures(Report *report) {
  const StoredUnit *units = store_units(report->store, &report->unit_count);
  size_t count = 0;
  for (size_t i = 0; i < report->unit_count; i++)
    count += units[i].status != UNIT_OK;
  ReportFailure *failures = arena_new_array(report->arena, ReportFailure, count);
  for (size_t i = 0; i < report->unit_count; i++) {
    if (units[i].status == UNIT_OK)
      continue;
    const Unit *unit = store_unit(report->store, report->arena, i);
    failures[report->failed_count++] =
        (ReportFailure){&units[i], unit->diagnostics, unit->diagnostic_count};
  }
  report->failures = failures;
}

static void add_gap(Report *report, ReportGap *gaps, ReportGap gap) {
  if (!is_wanted(report->options, gap.path))
    return;
  gaps[report->gap_count++] = gap;
  report->gap_counts[gap.kind]++;
}

static int compare_gaps(const void *left, const void *right) {
  const ReportGap *a = left, *b = right;
  if (a->kind != b->kind)
    return a->kind < b->kind ? -1 : 1;
  int order = strcmp(a->path, b->path);
  if (!order)
    order = strcmp(a->function, b->function);
  return order ? order : strcmp(a->reason, b->reason);
}

static void add_gaps(Resolver *r) {
  Report *report = r->report;
  size_t remark_count, functions = r->function_count;
  const Remark *remarks = store_remarks(report->store, report->arena, &remark_count);
  ReportGap *gaps = arena_new_array(report->arena, ReportGap, functions * 2 + remark_count);
  for (size_t i = 0; i < functions; i++) {
    const StoredFunction *function = &r->functions[i];
    ReportGap gap = {GAP_TAINTED, function->name, function->source, "an error in its code"};
    if (function->flags & FUNCTION_TAINTED)
      add_gap(report, gaps, gap);
    if (!(function->flags & FUNCTION_INCOMPLETE))
      continue;
    gap.kind = GAP_INCOMPLETE;
    gap.reason = function->incomplete;
    add_gap(report, gaps, gap);
  }
  Remark *others = arena_new_array(report->arena, Remark, remark_count);
  for (size_t i = 0; i < remark_count; i++) {
    if (strcmp(remarks[i].kind, "degraded")) {
      others[report->remark_count++] = remarks[i];
      continue;
    }
    size_t first;
    if (store_find(report->store, remarks[i].subject, &first))
      add_gap(report, gaps,
              (ReportGap){GAP_DEGRADED, r->functions[first].name, r->functions[first].source,
                          remarks[i].text});
  }
  if (report->gap_count)
    qsort(gaps, report->gap_count, sizeof *gaps, compare_gaps);
  report->gaps = gaps;
  report->remarks = others;
}

const Report *report_new(Arena *arena, Store *store, const ReportOptions *options) {
  Report *report = arena_new_one(arena, Report);
  *report = (Report){.options = options,
                     .arena = arena,
                     .store = store,
                     .inside = arena_new_one(arena, ReportInside)};
  Resolver resolver = {.report = report};
  resolver.functions = store_functions(store, &resolver.function_count);
  report->inside->functions = arena_new_array(arena, const Function *, resolver.function_count);
  add_failures(report);
  add_gaps(&resolver);
  add_findings(&resolver);
  add_gone(&resolver);
  return report;
}
