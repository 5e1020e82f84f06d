/* inside.h - what the files of report/ share; nobody else includes it. */
#ifndef REPORT_INSIDE_H
#define REPORT_INSIDE_H

#include "base/bytes.h"
#include "report/report.h"
#include "report/source.h"
#include "report/words.h"

typedef struct ReportInside {
  Source *sources;
  const Function **functions; // decoded, by index into store_functions()
} ReportInside;

extern const Reporter text_reporter, sarif_reporter, json_reporter, gitlab_reporter,
    github_reporter;

/* ---- literal.c */
/* A text about this function without strings that none of its files spells. */
const char *literals_hidden(const Report *, const Function *, const char *text);

/* ---- allow.c */
typedef struct Allows Allows;
Allows *allows_new(const Report *);
/* The comment that accepts a finding, NULL when none does. */
const Allow *allows_find(const Allows *, const ReportFinding *);
/* After all findings were looked up: what there is to say about the comments. */
ReportFinding *allows_notes(const Allows *, size_t *count);

#endif
