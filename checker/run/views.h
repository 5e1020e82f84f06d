/* views.h - runs that compare with git: what is staged with HEAD, the work tree with a revision. */
#ifndef VIEWS_H
#define VIEWS_H

#include "run/run.h"

/* --staged, all of it: reads and analyses what is staged, and reports what is new. The exit code.
 */
int views_check_staged(Run *);

/* The report of a run that was analysed, narrowed by --new-from-rev or --diff, or compared with a
 * baseline. */
int views_report(Run *);

#endif
