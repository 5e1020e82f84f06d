/* changed_lines.h - which findings lie on what changed since a tree (--diff). */
#ifndef CHANGED_LINES_H
#define CHANGED_LINES_H

#include "base/roots.h"
#include "base/tree.h"
#include "report/report.h"

typedef struct ChangedLines ChangedLines;

/* The files on the disk, compared with those that the tree has otherwise. */
const ChangedLines *changed_lines_since(Arena *, Roots, const Tree *);

/* True when the path of the finding, from its first step in a file to its last one there, holds a
 * line that changed, or a place where lines were taken out: the lost unlock is between two lines
 * that are what they were. */
bool changed_lines_touch(const void *changed_lines, const ReportFinding *);

#endif
