/* sarif_rules.c - the tool, its rules and the weaknesses they are about (CWE). */
#include "report/sarif.h"

enum { CWES_A_RULE = 16, LONGEST_TEXT = 1000 };

static const char *sentence(Arena *arena, const char *summary) {
  char *text = arena_printf(arena, "%s.", summary);
  if (text[0] >= 'a' && text[0] <= 'z')
    text[0] = (char)(text[0] - 'a' + 'A');
  return text;
}

const char *sarif_level(Severity severity) { return severity_word(severity); }

static const char *cwe_page(Arena *arena, uint32_t number) {
  return arena_printf(arena, "https://cwe.mitre.org/data/definitions/%u.html", number);
}

/* For those who translate: the rule's summary and the function. The text of a result says more. */
static json_t *message_strings(Arena *arena, const RuleInfo *rule) {
  json_t *value = json_object();
  const char *text = sentence(arena, arena_printf(arena, "%s, in '{0}'", rule->summary));
  jsonic_put(value, "default", sarif_message(arena, text));
  return value;
}

/* ---- taxa: the sorted CWE numbers of all rules */
static int compare_numbers(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  return a < b ? -1 : a > b;
}

static size_t all_cwes(const Sarif *sarif, uint32_t **numbers) {
  const ReportOptions *options = sarif->report->options;
  size_t count = 0, kept = 0;
  *numbers = arena_new_array(sarif->arena, uint32_t, options->rule_count *CWES_A_RULE);
  for (size_t i = 0; i < options->rule_count; i++)
    count += reference_cwes(options->rules[i].references, *numbers + count, CWES_A_RULE);
  if (count)
    qsort(*numbers, count, sizeof **numbers, compare_numbers);
  for (size_t i = 0; i < count; i++)
    if (!kept || (*numbers)[kept - 1] != (*numbers)[i])
      (*numbers)[kept++] = (*numbers)[i];
  return kept;
}

json_t *sarif_taxonomies(const Sarif *sarif) {
  Arena *arena = sarif->arena;
  uint32_t *numbers;
  size_t count = all_cwes(sarif, &numbers);
  json_t *list = json_array(), *cwe = json_object(), *taxa = json_array();
  jsonic_put_text(arena, cwe, "name", "CWE");
  jsonic_put_text(arena, cwe, "organization", "MITRE");
  jsonic_put_text(arena, cwe, "informationUri", "https://cwe.mitre.org/");
  jsonic_put(cwe, "shortDescription",
             sarif_message(arena, "The MITRE Common Weakness Enumeration."));
  jsonic_put(cwe, "isComprehensive", json_false());
  for (size_t i = 0; i < count; i++) {
    json_t *taxon = json_object();
    jsonic_put_text(arena, taxon, "id", arena_printf(arena, "CWE-%u", numbers[i]));
    jsonic_put_text(arena, taxon, "helpUri", cwe_page(arena, numbers[i]));
    jsonic_add(taxa, taxon);
  }
  jsonic_put(cwe, "taxa", taxa);
  jsonic_add(list, cwe);
  return list;
}

static json_t *cwe_component(void) {
  json_t *component = json_object();
  jsonic_put(component, "name", json_string("CWE"));
  jsonic_put_number(component, "index", 0);
  return component;
}

json_t *sarif_supported_taxonomies(void) {
  json_t *list = json_array();
  jsonic_add(list, cwe_component());
  return list;
}

static json_t *relationships(const Sarif *sarif, const RuleInfo *rule) {
  uint32_t own[CWES_A_RULE], *numbers;
  size_t count = reference_cwes(rule->references, own, CWES_A_RULE);
  size_t all = all_cwes(sarif, &numbers);
  json_t *list = json_array();
  for (size_t i = 0; i < count; i++) {
    json_t *relation = json_object(), *target = json_object(), *kinds = json_array();
    const uint32_t *at = bsearch(&own[i], numbers, all, sizeof *numbers, compare_numbers);
    jsonic_put_text(sarif->arena, target, "id", arena_printf(sarif->arena, "CWE-%u", own[i]));
    jsonic_put_number(target, "index", (uint64_t)(at - numbers));
    jsonic_put(target, "toolComponent", cwe_component());
    jsonic_put(relation, "target", target);
    jsonic_add(kinds, json_string("superset"));
    jsonic_put(relation, "kinds", kinds);
    jsonic_add(list, relation);
  }
  return list;
}

/* ---- rules */
static json_t *rule_properties(const Sarif *sarif, const RuleInfo *rule) {
  uint32_t own[CWES_A_RULE];
  size_t count = reference_cwes(rule->references, own, CWES_A_RULE);
  json_t *value = json_object(), *tags = json_array();
  jsonic_add(tags, json_string("concurrency"));
  for (size_t i = 0; i < count; i++)
    jsonic_add(
        tags, jsonic_text(sarif->arena, arena_printf(sarif->arena, "external/cwe/cwe-%u", own[i])));
  jsonic_put(value, "tags", tags);
  jsonic_put_text(sarif->arena, value, "precision", "high");
  jsonic_put_text(sarif->arena, value, "problem.severity",
                  rule->severity == SEVERITY_NOTE ? "recommendation"
                                                  : severity_word(rule->severity));
  if (rule->security)
    jsonic_put_text(sarif->arena, value, "security-severity", rule->security);
  if (rule->references && rule->references[0])
    jsonic_put_text(sarif->arena, value, "references", rule->references);
  return value;
}

static json_t *rule_value(const Sarif *sarif, const RuleInfo *rule) {
  Arena *arena = sarif->arena;
  json_t *value = json_object(), *help = json_object(), *configuration = json_object();
  const char *text = sentence(arena, rule->summary);
  jsonic_put_text(arena, value, "id", rule->id);
  jsonic_put_text(arena, value, "name", rule->name);
  jsonic_put(value, "shortDescription", sarif_message(arena, text));
  jsonic_put(value, "fullDescription", sarif_message(arena, text));
  jsonic_put_text(arena, help, "text",
                  arena_printf(arena, "%.*s References: %s. 'overstay explain %s' says more.",
                               LONGEST_TEXT, text, rule->references ? rule->references : "none",
                               rule->id));
  if (rule->help && rule->help[0])
    jsonic_put_text(arena, help, "markdown", rule->help);
  jsonic_put(value, "help", help);
  uint32_t cwe;
  if (reference_cwes(rule->references, &cwe, 1))
    jsonic_put_text(arena, value, "helpUri", cwe_page(arena, cwe));
  jsonic_put(value, "messageStrings", message_strings(arena, rule));
  jsonic_put(configuration, "enabled", json_boolean(rule->is_on));
  jsonic_put_text(arena, configuration, "level", sarif_level(rule->severity));
  jsonic_put(value, "defaultConfiguration", configuration);
  jsonic_put(value, "relationships", relationships(sarif, rule));
  jsonic_put(value, "properties", rule_properties(sarif, rule));
  return value;
}

int sarif_rule_index(const Sarif *sarif, const RuleInfo *rule) {
  return rule ? (int)(rule - sarif->report->options->rules) : -1;
}

json_t *sarif_driver(const Sarif *sarif) {
  Arena *arena = sarif->arena;
  const ReportOptions *options = sarif->report->options;
  json_t *driver = json_object(), *rules = json_array();
  jsonic_put_text(arena, driver, "name", "overstay");
  jsonic_put_text(arena, driver, "fullName", "overstay " OVERSTAY_VERSION);
  jsonic_put_text(arena, driver, "version", OVERSTAY_VERSION);
  jsonic_put_text(arena, driver, "semanticVersion", OVERSTAY_VERSION);
  jsonic_put_text(arena, driver, "organization", "overstay");
#ifdef OVERSTAY_URL // where the project lives: who publishes it knows (cmake -DOVERSTAY_URL=...)
  jsonic_put_text(arena, driver, "informationUri", OVERSTAY_URL);
#endif
  jsonic_put(driver, "shortDescription",
             sarif_message(arena, "Finds what overstays in C programs: locks, threads, memory."));
  for (size_t i = 0; i < options->rule_count; i++)
    jsonic_add(rules, rule_value(sarif, &options->rules[i]));
  jsonic_put(driver, "rules", rules);
  jsonic_put(driver, "notifications", sarif_notification_rules(arena));
  jsonic_put(driver, "supportedTaxonomies", sarif_supported_taxonomies());
  return driver;
}
