/* sarif_result.c - a finding with its steps, told twice: as a code flow, and as related locations
 * that the message links to, because some viewers show only the one and some only the other.
 */
#include "report/sarif.h"

#include "base/text.h"

json_t *sarif_message(Arena *arena, const char *text) {
  json_t *message = json_object();
  jsonic_put_text(arena, message, "text", text);
  return message;
}

/* In a link's text brackets end it. */
static void put_escaped(ByteWriter *out, const char *text) {
  for (const char *c = text; *c; c++) {
    if (*c == '[' || *c == ']' || *c == '\\')
      bytes_put_u8(out, '\\');
    bytes_put_u8(out, (uint8_t)*c);
  }
}

/* Outside of links they are only read as one when "](" follows. */
static void put_sentence(ByteWriter *out, const char *text) {
  if (*text >= 'a' && *text <= 'z')
    bytes_put_u8(out, (uint8_t)(*text++ - 'a' + 'A'));
  for (const char *c = text; *c; c++) {
    if (c[0] == ']' && c[1] == '(')
      bytes_put_u8(out, '\\');
    bytes_put_u8(out, (uint8_t)*c);
  }
  if (text[0] && text[strlen(text) - 1] != '.')
    bytes_put_u8(out, '.');
}

static void put_text(ByteWriter *out, const char *text) { bytes_put_raw(out, text, strlen(text)); }

/* "'m' is still held when 'f' returns here. [1. acquired here](1), [2. taken when ...](2)." */
static const char *message_text(Arena *arena, const ReportFinding *finding) {
  ByteWriter out = {0};
  uint32_t id = 0;
  put_sentence(&out, finding->message);
  for (uint32_t i = 0; i < finding->step_count; i++) {
    const ReportStep *step = &finding->steps[i];
    if (!step->has_place)
      continue;
    put_text(&out, id++ ? ", [" : " [");
    if (step->number)
      put_text(&out, arena_printf(arena, "%u. ", step->number));
    put_escaped(&out, step->text);
    put_text(&out, arena_printf(arena, "](%u)", id));
  }
  if (id)
    bytes_put_u8(&out, '.');
  for (uint32_t i = 0; i < finding->step_count; i++)
    if (!finding->steps[i].has_place) {
      bytes_put_u8(&out, ' ');
      put_sentence(&out, finding->steps[i].text);
    }
  const char *text = arena_text_n(arena, (const char *)out.at, out.count);
  bytes_free(&out);
  return text;
}

static json_t *location_of(const Sarif *sarif, const ReportPlace *place) {
  json_t *value = json_object();
  jsonic_put(value, "physicalLocation", sarif_physical(sarif, place));
  if (place->function[0]) {
    json_t *logical = json_object(), *list = json_array();
    jsonic_put_text(sarif->arena, logical, "name", place->function);
    jsonic_put_text(sarif->arena, logical, "kind", "function");
    jsonic_add(list, logical);
    jsonic_put(value, "logicalLocations", list);
  }
  return value;
}

static json_t *related_locations(const Sarif *sarif, const ReportFinding *finding) {
  json_t *list = json_array();
  uint32_t id = 0;
  for (uint32_t i = 0; i < finding->step_count; i++) {
    const ReportStep *step = &finding->steps[i];
    if (!step->has_place)
      continue;
    json_t *value = location_of(sarif, &step->place);
    jsonic_put_number(value, "id", ++id);
    jsonic_put(value, "message", sarif_message(sarif->arena, step->text));
    jsonic_add(list, value);
  }
  return list;
}

/* ---- the code flow */
static const char *lock_state(const ReportStep *step, const char *before) {
  if (step->kind == STEP_BRANCH)
    return before;
  if (text_starts(step->text, "acquired"))
    return "held";
  return text_starts(step->text, "released") ? "released" : before;
}

static json_t *flow_kinds(const ReportStep *step) {
  json_t *kinds = json_array();
  if (text_starts(step->text, "acquired") || text_starts(step->text, "released")) {
    jsonic_add(kinds, json_string(text_starts(step->text, "acquired") ? "acquire" : "release"));
    jsonic_add(kinds, json_string("lock"));
  } else if (step->kind == STEP_BRANCH) {
    jsonic_add(kinds, json_string("branch"));
  } else if (step->kind == STEP_CALL) {
    jsonic_add(kinds, json_string("call"));
  }
  if (step->kind == STEP_SPAWN)
    jsonic_add(kinds, json_string("spawn"));
  if (step->kind == STEP_BREAK)
    jsonic_add(kinds, json_string("danger"));
  return kinds;
}

typedef struct {
  json_t *threads; // threadFlows: all steps, then for each thread that is started those in it
  json_t *list;    // of the first
  json_t *own;     // of the thread at hand; NULL while it is the first
  uint32_t order;
  const char *state; // of the object, "" while unknown
} Flow;

/* Some viewers show the first flow only, so that has all steps; who looks at threads finds the
 * steps of each in a flow of its own, under the same numbers. */
static void begin_thread(const Sarif *sarif, Flow *flow, const ReportStep *spawn) {
  json_t *thread = json_object();
  flow->own = json_array();
  jsonic_put_text(sarif->arena, thread, "id",
                  arena_printf(sarif->arena, "thread that runs '%s'", spawn->thread));
  jsonic_put(thread, "message",
             sarif_message(sarif->arena, arena_printf(sarif->arena, "In the thread that runs '%s'.",
                                                      spawn->thread)));
  jsonic_put(thread, "locations", flow->own);
  jsonic_add(flow->threads, thread);
}

static void add_to_flow(const Sarif *sarif, Flow *flow, const ReportFinding *finding,
                        const ReportStep *step) {
  json_t *value = json_object(), *location = location_of(sarif, &step->place);
  const char *object = finding->stored->finding.object;
  jsonic_put(location, "message", sarif_message(sarif->arena, step->text));
  jsonic_put(value, "location", location);
  json_t *kinds = flow_kinds(step);
  if (json_array_size(kinds))
    jsonic_put(value, "kinds", kinds);
  else
    json_decref(kinds);
  flow->state = lock_state(step, flow->state);
  if (flow->state[0] && object && object[0]) {
    json_t *state = json_object();
    jsonic_put(state, text_valid_utf8(sarif->arena, object),
               sarif_message(sarif->arena, flow->state));
    jsonic_put(value, "state", state);
  }
  jsonic_put_number(value, "nestingLevel", 0);
  jsonic_put_number(value, "executionOrder", ++flow->order);
  jsonic_put_text(sarif->arena, value, "importance",
                  step->kind == STEP_BRANCH ? "important" : "essential");
  jsonic_add(flow->list, value);
  if (flow->own)
    jsonic_add(flow->own, json_deep_copy(value));
  if (*step->thread)
    begin_thread(sarif, flow, step);
}

static bool same_place(const ReportPlace *a, const ReportPlace *b) {
  return a->line == b->line && a->column == b->column && !strcmp(a->path, b->path);
}

/* The steps of the path, and the finding's own place as the last. */
static json_t *code_flows(const Sarif *sarif, const ReportFinding *finding) {
  Flow flow = {.threads = json_array(), .list = json_array(), .state = ""};
  json_t *flows = json_array(), *one = json_object(), *thread = json_object();
  bool ends_there = false;
  jsonic_put(thread, "locations", flow.list);
  jsonic_add(flow.threads, thread);
  for (uint32_t i = 0; i < finding->step_count; i++) {
    const ReportStep *step = &finding->steps[i];
    if (!step->number || !step->has_place)
      continue;
    add_to_flow(sarif, &flow, finding, step);
    ends_there = same_place(&step->place, &finding->place);
  }
  if (!ends_there) {
    ReportStep last = {.kind = STEP_BREAK,
                       .has_place = true,
                       .place = finding->place,
                       .text = finding->message,
                       .thread = ""};
    add_to_flow(sarif, &flow, finding, &last);
  }
  jsonic_put(one, "threadFlows", flow.threads);
  jsonic_add(flows, one);
  return flows;
}

/* ---- the result */
static json_t *fingerprints(const Sarif *sarif, const ReportFinding *finding) {
  json_t *value = json_object();
  char hex[33];
  const Source *source = source_find(sarif->report, finding->place.path);
  const char *line = source_line_hash(sarif->report, source, finding->place.line);
  if (line[0])
    jsonic_put_text(sarif->arena, value, "primaryLocationLineHash", line);
  hash_hex(finding->stored->finding.fingerprint, hex);
  jsonic_put_text(sarif->arena, value, "overstay/v1", hex);
  return value;
}

static json_t *result_properties(const Sarif *sarif, const ReportFinding *finding) {
  json_t *value = json_object();
  const Finding *stored = &finding->stored->finding;
  jsonic_put_text(sarif->arena, value, "confidence", confidence_word(stored->confidence));
  if (stored->object && stored->object[0])
    jsonic_put_text(sarif->arena, value, "object", stored->object);
  if (reason_of(finding))
    jsonic_put_text(sarif->arena, value, "reason", reason_of(finding)->text);
  return value;
}

/* With id and arguments for those who translate, and the text for those who only show. */
json_t *sarif_result_message(Arena *arena, const char *text, const char *function,
                             const RuleInfo *rule) {
  json_t *message = sarif_message(arena, text), *arguments = json_array();
  jsonic_add(arguments, jsonic_text(arena, function));
  if (rule) {
    jsonic_put(message, "id", json_string("default"));
    jsonic_put(message, "arguments", arguments);
  } else {
    json_decref(arguments);
  }
  return message;
}

static json_t *suppressions(const Sarif *sarif, const Allow *allow) {
  json_t *list = json_array(), *value = json_object();
  jsonic_put_text(sarif->arena, value, "kind", "inSource");
  if (*allow->reason)
    jsonic_put_text(sarif->arena, value, "justification", allow->reason);
  jsonic_add(list, value);
  return list;
}

/* NULL: there is nothing that it was compared with but the last run, of which SARIF tells nothing.
 */
static const char *baseline_state(const Sarif *sarif, const StoredFinding *stored) {
  const ReportOptions *options = sarif->report->options;
  if (!options->has_baseline && !options->only_new)
    return NULL;
  if (stored->state == FINDING_MOVED)
    return "updated";
  return stored->state == FINDING_NEW ? "new" : "unchanged";
}

json_t *sarif_result(const Sarif *sarif, const ReportFinding *finding) {
  static const double ranks[] = {20, 50, 80, 95};
  const Finding *stored = &finding->stored->finding;
  json_t *value = json_object(), *locations = json_array();
  int index = sarif_rule_index(sarif, finding->rule);
  jsonic_put_text(sarif->arena, value, "ruleId", stored->rule);
  if (index >= 0)
    jsonic_put_number(value, "ruleIndex", (uint64_t)index);
  jsonic_put_text(sarif->arena, value, "kind", "fail");
  jsonic_put_text(sarif->arena, value, "level", sarif_level(stored->severity));
  jsonic_put(value, "message",
             sarif_result_message(sarif->arena, message_text(sarif->arena, finding),
                                  finding->place.function, finding->rule));
  jsonic_add(locations, location_of(sarif, &finding->place));
  jsonic_put(value, "locations", locations);
  jsonic_put(value, "relatedLocations", related_locations(sarif, finding));
  jsonic_put(value, "codeFlows", code_flows(sarif, finding));
  jsonic_put(value, "partialFingerprints", fingerprints(sarif, finding));
  if (finding->allow)
    jsonic_put(value, "suppressions", suppressions(sarif, finding->allow));
  const char *state = baseline_state(sarif, finding->stored);
  if (state)
    jsonic_put_text(sarif->arena, value, "baselineState", state);
  jsonic_put(value, "rank", json_real(ranks[stored->confidence]));
  jsonic_put(value, "properties", result_properties(sarif, finding));
  return value;
}
