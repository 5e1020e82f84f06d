/* stats.c - see stats.h */
#include "run/stats.h"
#include "report/words.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { SLOWEST = 5 };

static int by_seconds(const void *a, const void *b) {
  const StoredUnit *x = *(const StoredUnit *const *)a, *y = *(const StoredUnit *const *)b;
  double p = x->parse_seconds + x->lower_seconds, q = y->parse_seconds + y->lower_seconds;
  return p < q ? 1 : p > q ? -1 : strcmp(x->key.source, y->key.source);
}

static double cpu_of(int who) {
  struct rusage used;
  getrusage(who, &used);
  return (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
         (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static long peak_of(int who) {
  struct rusage used;
  getrusage(who, &used);
  return used.ru_maxrss / 1024;
}

static void print_rules(FILE *to, const Report *report) {
  for (size_t i = 0; i < report->options->rule_count; i++) {
    const RuleInfo *rule = &report->options->rules[i];
    size_t count = 0;
    for (size_t j = 0; j < report->finding_count; j++)
      count += !strcmp(report->findings[j].stored->finding.rule, rule->id);
    fprintf(to, "%s%s %zu", i ? ", " : "findings: ", rule->id, count);
  }
  fputc('\n', to);
}

static const char *remark_text(const Report *report, const char *kind) {
  for (size_t i = 0; i < report->remark_count; i++)
    if (!strcmp(report->remarks[i].kind, kind))
      return report->remarks[i].text;
  return "0";
}

static double share(size_t part, const char *whole) {
  double of = strtod(whole, NULL);
  return of > 0 ? 100.0 * (double)part / of : 0;
}

/* The measure of how well locks are understood: a function whose ways out disagree about a lock,
 * and no caller could tell why, is a defect or an idiom that is missing. */
static void print_locks(FILE *to, const Report *report) {
  const char *all = remark_text(report, REMARK_LOCK_FUNCTIONS);
  const char *direct = remark_text(report, REMARK_DIRECT_LOCK_FUNCTIONS);
  size_t mixed = 0, mixed_direct = 0;
  for (size_t i = 0; i < report->remark_count; i++)
    if (!strcmp(report->remarks[i].kind, REMARK_MIXED_EXITS)) {
      mixed++;
      mixed_direct += !strcmp(report->remarks[i].text, MIXED_DIRECTLY);
    }
  fprintf(to, "functions with lock events: %s, %s of them call lock functions themselves\n", all,
          direct);
  fprintf(to, "mixed exits: %zu (%.1f %%), %zu of the latter (%.1f %%)\n", mixed, share(mixed, all),
          mixed_direct, share(mixed_direct, direct));
  for (size_t i = 0; i < report->remark_count; i++)
    if (!strcmp(report->remarks[i].kind, REMARK_MIXED_EXITS))
      fprintf(to, "  %s: %s\n", report->remarks[i].subject, report->remarks[i].text);
}

static void print_calls(FILE *to, const Report *report) {
  for (size_t i = 0; i < report->remark_count; i++)
    if (!strcmp(report->remarks[i].kind, "calls") ||
        !strcmp(report->remarks[i].kind, "recursion") ||
        !strcmp(report->remarks[i].kind, "annotations") ||
        !strcmp(report->remarks[i].kind, "locks"))
      fprintf(to, "%s %s\n", report->remarks[i].kind, report->remarks[i].text);
}

static void print_prefixes(FILE *to, const ReadingResult *reading) {
  if (!reading || (!reading->prefixes.planned && !reading->prefixes.kept))
    return;
  fprintf(to,
          "precompiled prefixes: %u of %u made in %.2f s CPU, %u units read after one, %u of them "
          "again without, %u after one of an earlier run\n",
          reading->prefixes.made, reading->prefixes.planned, reading->prefixes.seconds,
          reading->prefixes.after + reading->prefixes.equal + reading->prefixes.different +
              reading->prefixes.again,
          reading->prefixes.again, reading->prefixes.kept);
}

static void print_run(FILE *to, const RunStats *stats, double parse, double lower) {
  fprintf(to, "CPU seconds: %.2f parse, %.2f walk, %.2f link, %.2f rules; %.2f in all\n", parse,
          lower, stats->link_seconds, stats->rule_seconds,
          cpu_of(RUSAGE_SELF) + cpu_of(RUSAGE_CHILDREN));
  fprintf(to, "peak memory: %ld MB, a worker %ld MB\n", peak_of(RUSAGE_SELF),
          peak_of(RUSAGE_CHILDREN));
  print_prefixes(to, stats->reading);
}

void stats_print(FILE *to, const Report *report, const RunStats *stats) {
  size_t count, read = 0;
  const StoredUnit *units = store_units(report->store, &count);
  Arena *arena = arena_new();
  const StoredUnit **slow = arena_new_array(arena, const StoredUnit *, count);
  double parse = 0, lower = 0;
  for (size_t i = 0; i < count; i++)
    if (units[i].is_new || stats->stored) {
      slow[read++] = &units[i];
      parse += units[i].parse_seconds;
      lower += units[i].lower_seconds;
    }
  print_rules(to, report);
  print_locks(to, report);
  if (!stats->stored)
    fprintf(to, "functions analysed: %u of %u\n", stats->analysed, stats->functions);
  print_calls(to, report);
  if (stats->stored)
    fprintf(to, "CPU seconds to read all units: %.2f parse, %.2f walk\n", parse, lower);
  else
    print_run(to, stats, parse, lower);
  qsort(slow, read, sizeof *slow, by_seconds);
  for (size_t i = 0; i < read && i < SLOWEST; i++)
    fprintf(to, "%s %.2f s  %s\n",
            i ? "        " : "slowest:", slow[i]->parse_seconds + slow[i]->lower_seconds,
            visible(arena, slow[i]->key.source));
  arena_free(arena);
}
