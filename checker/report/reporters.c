/* reporters.c - the list of formats: a new one is a file, a line here, and a golden test. */
#include "report/inside.h"

const Reporter *const all_reporters[] = {
    &github_reporter, &gitlab_reporter, &json_reporter, &sarif_reporter, &text_reporter,
};
const size_t reporter_count = sizeof all_reporters / sizeof *all_reporters;

const Reporter *reporter_find(const char *name) {
  for (size_t i = 0; i < reporter_count; i++)
    if (!strcmp(all_reporters[i]->name, name))
      return all_reporters[i];
  return NULL;
}
