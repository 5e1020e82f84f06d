/* worst.c - findings in the order in which people should look at them, and in which those formats
 * have them that may leave some out. */
#include <stdlib.h>

#include "report/inside.h"

static int compare_worst(const void *left, const void *right) {
  const ReportFinding *a = *(const ReportFinding *const *)left;
  const ReportFinding *b = *(const ReportFinding *const *)right;
  const Finding *x = &a->stored->finding, *y = &b->stored->finding;
  if (x->severity != y->severity)
    return x->severity > y->severity ? -1 : 1;
  if (x->confidence != y->confidence)
    return x->confidence > y->confidence ? -1 : 1;
  if (!a->allow != !b->allow)
    return a->allow ? 1 : -1;
  return a < b ? -1 : a > b; // the report's own order
}

const ReportFinding **report_worst_first(const Report *report) {
  size_t count = report->finding_count + report->allowed_count;
  const ReportFinding **worst = arena_new_array(report->arena, const ReportFinding *, count);
  for (size_t i = 0; i < count; i++)
    worst[i] = i < report->finding_count ? &report->findings[i]
                                         : &report->allowed[i - report->finding_count];
  if (count)
    qsort(worst, count, sizeof *worst, compare_worst);
  return worst;
}
