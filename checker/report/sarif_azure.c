/* sarif_azure.c - what is in a log for Azure DevOps only (--sarif-profile azure): which run of
 * which pipeline it is of, which variables tell (what they do not tell is not made up), and what
 * was found before and is gone. GitHub does not look at the state of a result and would open an
 * alert for each of these. */
#include "report/sarif.h"

#include <stdlib.h>

#include "base/text.h"

#define PREFIX "azuredevops/pipeline/build/"

static const char *variable(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  if ((!value || !*value) && otherwise)
    value = getenv(otherwise);
  return value && *value ? value : NULL;
}

/* "contoso" of "https://dev.azure.com/contoso/" and "https://contoso.visualstudio.com/". */
static const char *organization(Arena *arena) {
  const char *address = variable("SYSTEM_COLLECTIONURI", NULL);
  const char *host = address ? strstr(address, "://") : NULL;
  if (!host)
    return NULL;
  host += strlen("://");
  size_t length = strcspn(host, "/");
  const char *name = host + length + (host[length] == '/');
  if (text_ends(arena_text_n(arena, host, length), ".visualstudio.com"))
    name = host;
  const char *found = arena_text_n(arena, name, strcspn(name, name == host ? "." : "/"));
  return *found ? found : NULL;
}

bool sarif_put_pipeline(const Sarif *sarif, json_t *details) {
  Arena *arena = sarif->arena;
  const char *is_pipeline = variable("TF_BUILD", NULL), *owner = organization(arena),
             *project = variable("SYSTEM_TEAMPROJECTID", NULL),
             *definition = variable("BUILD_DEFINITIONID", "SYSTEM_DEFINITIONID"),
             *definition_name = variable("BUILD_DEFINITIONNAME", NULL),
             *build = variable("BUILD_BUILDID", NULL),
             *phase = variable("SYSTEM_PHASEID", "SYSTEM_JOBID"),
             *phase_name = variable("SYSTEM_PHASENAME", "SYSTEM_JOBNAME"),
             *branch = variable("BUILD_SOURCEBRANCH", NULL);
  if (!is_pipeline || !owner || !project || !definition || !definition_name || !build || !phase ||
      !phase_name || !branch)
    return false;
  json_t *properties = json_object();
  jsonic_put_text(arena, details, "id",
                  arena_printf(arena, PREFIX "%s/%s/%s/%s/%s/%s", owner, project, definition, phase,
                               branch, build));
  jsonic_put_text(arena, properties, PREFIX "buildDefinitionId", definition);
  jsonic_put_text(arena, properties, PREFIX "buildDefinitionName", definition_name);
  jsonic_put_text(arena, properties, PREFIX "phaseId", phase);
  jsonic_put_text(arena, properties, PREFIX "phaseName", phase_name);
  jsonic_put(details, "properties", properties);
  return true;
}

/* ---- gone */

static const RuleInfo *rule_of(const Sarif *sarif, const char *id) {
  const ReportOptions *options = sarif->report->options;
  for (size_t i = 0; i < options->rule_count; i++)
    if (!strcmp(options->rules[i].id, id))
      return &options->rules[i];
  return NULL;
}

/* Where it was nobody has kept; the function that it stood in may still be there. */
static json_t *function_place(const Sarif *sarif, const char *key) {
  size_t first;
  if (!store_find(sarif->report->store, key, &first))
    return NULL;
  const Function *function = store_function(sarif->report->store, sarif->arena, first);
  return sarif_physical(sarif, &(ReportPlace){.path = function->source,
                                              .line = function->line,
                                              .column = 1,
                                              .end_line = function->line,
                                              .end_column = 2});
}

static json_t *absent_location(const Sarif *sarif, const GoneFinding *gone) {
  json_t *location = json_object(), *logical = json_object(), *list = json_array();
  json_t *place = function_place(sarif, gone->function);
  if (place)
    jsonic_put(location, "physicalLocation", place);
  jsonic_put_text(sarif->arena, logical, "fullyQualifiedName", gone->function);
  jsonic_put_text(sarif->arena, logical, "kind", "function");
  jsonic_add(list, logical);
  jsonic_put(location, "logicalLocations", list);
  return location;
}

static json_t *absent_message(const Sarif *sarif, const GoneFinding *gone, const RuleInfo *rule) {
  Arena *arena = sarif->arena;
  const char *about = *gone->object ? arena_printf(arena, ", about '%s'", gone->object) : "";
  return sarif_result_message(
      arena, arena_printf(arena, "Gone: '%s' in '%s'%s.", gone->rule, gone->function, about),
      gone->function, rule);
}

static json_t *absent_result(const Sarif *sarif, const GoneFinding *gone) {
  json_t *value = json_object(), *locations = json_array(), *fingerprints = json_object();
  const RuleInfo *rule = rule_of(sarif, gone->rule);
  int index = rule ? sarif_rule_index(sarif, rule) : -1;
  char hex[33];
  hash_hex(gone->fingerprint, hex);
  jsonic_put_text(sarif->arena, value, "ruleId", gone->rule);
  if (index >= 0)
    jsonic_put_number(value, "ruleIndex", (uint64_t)index);
  jsonic_put_text(sarif->arena, value, "kind", "fail");
  jsonic_put_text(sarif->arena, value, "level", sarif_level(gone->severity));
  jsonic_put(value, "message", absent_message(sarif, gone, rule));
  jsonic_add(locations, absent_location(sarif, gone));
  jsonic_put(value, "locations", locations);
  jsonic_put_text(sarif->arena, fingerprints, "overstay/v1", hex);
  jsonic_put(value, "partialFingerprints", fingerprints);
  jsonic_put(value, "baselineState", json_string("absent"));
  return value;
}

/* Only in comparison with something that all who read the log know, as the other states. */
void sarif_put_absent(const Sarif *sarif, json_t *results) {
  const Report *report = sarif->report;
  if (!report->options->has_baseline && !report->options->only_new)
    return;
  for (size_t i = 0; i < report->gone_count && json_array_size(results) < SARIF_RESULTS; i++)
    jsonic_add(results, absent_result(sarif, &report->gone[i]));
}
