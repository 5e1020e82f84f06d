/* sarif.h - the parts of the SARIF format; each file makes some of the objects of a run. */
#ifndef REPORT_SARIF_H
#define REPORT_SARIF_H

#include "report/jsonic.h"

enum { SARIF_RESULTS = 5000 };

typedef struct {
  const Report *report;
  Arena *arena;
  const char **files; // paths that the log speaks of, sorted
  size_t file_count;
  const ReportFinding **results; // worst first
  size_t result_count, left_out;
} Sarif;

/* ---- sarif_place.c */
void sarif_collect_files(Sarif *);
json_t *sarif_artifacts(const Sarif *);
json_t *sarif_physical(const Sarif *, const ReportPlace *);
json_t *sarif_file_only(const Sarif *, const char *path); // a physicalLocation without region

/* ---- sarif_rules.c */
json_t *sarif_driver(const Sarif *);
json_t *sarif_taxonomies(const Sarif *);
json_t *sarif_supported_taxonomies(void);
int sarif_rule_index(const Sarif *, const RuleInfo *); // -1: it is not there

/* ---- sarif_result.c */
json_t *sarif_result(const Sarif *, const ReportFinding *);
json_t *sarif_message(Arena *, const char *text);
json_t *sarif_result_message(Arena *, const char *text, const char *function, const RuleInfo *);
const char *sarif_level(Severity);

/* ---- sarif_invocation.c */
json_t *sarif_invocation(const Sarif *);
json_t *sarif_notification_rules(Arena *);

/* ---- sarif_azure.c: into automationDetails; false: this is no run of a pipeline */
bool sarif_put_pipeline(const Sarif *, json_t *details);
void sarif_put_absent(const Sarif *, json_t *results); // as far as there is room for more

/* ---- sarif_git.c */
json_t *sarif_version_control(const Sarif *); // NULL when it is not known

#endif
