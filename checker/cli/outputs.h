/* outputs.h - where reports go: stdout, or files that are complete or not there at all. */
#ifndef OUTPUTS_H
#define OUTPUTS_H

#include "cli/options.h"
#include "picture/pictures.h"
#include "report/report.h"

/* Whether text on stdout is coloured (--color, NO_COLOR, TERM, CLICOLOR_FORCE). */
bool outputs_color(const Options *);
/* Colour, links and width of what goes to stdout. */
void outputs_dress(const Options *, ReportOptions *);

/* Ends the process (2) when a format does not go where it is to go: HTML is a folder. */
void outputs_check(const Options *);
bool outputs_want_pictures(const Options *);

/* Writes the report in every form that was asked for; `pictures` when they are wanted. Ends the
 * process with EXIT_INTERNAL when one cannot be written; a reader that went away (EPIPE) is
 * nobody's fault. */
void outputs_write(const Options *, ReportOptions *, const Report *, const Pictures *);

/* Flushes stdout with the same rules. */
void outputs_finish_stdout(void);

/* A file of another kind: whole or not at all, unless it is a device or a FIFO. Ends the process
 * (4) when it cannot be written. */
typedef void OutputFunction(FILE *, const void *context);
void outputs_write_file(const char *path, OutputFunction *, const void *context);

#endif
