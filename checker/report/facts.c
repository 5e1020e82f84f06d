/* facts.c - what is known of a finding besides its path: how sure, since when, accepted by whom. */
#include "report/inside.h"

static const char *seen(Arena *arena, const StoredFinding *stored) {
  const char *first = utc_time(arena, stored->first_seen);
  switch (stored->state) {
  case FINDING_NEW:
    return arena_printf(arena, "new in the run of %s", first);
  case FINDING_MOVED:
    return arena_printf(arena, "since %s; its function or what it is about was renamed since",
                        first);
  default:
    return arena_printf(arena, "since %s", first);
  }
}

void report_facts(FILE *out, const Report *report, const ReportFinding *finding) {
  const StoredFinding *stored = finding->stored;
  Arena *arena = report->arena;
  char hex[33];
  hash_hex(stored->finding.fingerprint, hex);
  fprintf(out, "  fingerprint  %s\n", hex);
  fprintf(out, "  confidence   %s\n", confidence_word(stored->finding.confidence));
  fprintf(out, "  seen         %s\n", seen(arena, stored));
  if (finding->allow)
    fprintf(out, "  accepted     by the comment in line %u: %s\n", finding->allow->line,
            *finding->allow->reason ? visible(arena, finding->allow->reason) : "no reason given");
  if (*stored->finding.object)
    fprintf(out, "  about        %s\n", visible(arena, stored->finding.object));
  fprintf(out, "  function     %s\n",
          stored->finding.at.function ? visible(arena, stored->finding.at.function) : "none");
}
