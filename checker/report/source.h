/* source.h - the text of analysed files, for snippets, columns and GitHub's line hashes. */
#ifndef REPORT_SOURCE_H
#define REPORT_SOURCE_H

#include "report/report.h"

typedef struct Source {
  const char *path; // as in ReportPlace
  const char *text; // NULL when it cannot be read, or is not what was analysed
  size_t size;
  const char **lines; // starts
  uint32_t line_count;
  char (*hashes)[32]; // per line, made on demand (line_hash.c)
  struct Source *next;
} Source;

/* Never NULL; look at `text`. Kept as long as the report. */
const Source *source_find(const Report *, const char *path);
/* Without its end of line; NULL when there is no such line. */
const char *source_line(const Source *, uint32_t line, size_t *length);
/* Byte column (from 1) as SARIF counts: in UTF-16 code units. */
uint32_t source_utf16_column(const Source *, uint32_t line, uint32_t column);
/* GitHub's primaryLocationLineHash of a line, "" when there is none. */
const char *source_line_hash(const Report *, const Source *, uint32_t line);

#endif
