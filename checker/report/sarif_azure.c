/* sarif_azure.c - which run of which pipeline a log is of. Azure DevOps wants to know it, and tells
 * it in variables: what they do not tell is not made up (--sarif-profile azure). */
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
