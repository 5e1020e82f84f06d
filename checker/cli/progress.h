/* progress.h - one line on stderr that says how far the reading is.
 *
 * On a terminal it is rewritten in place; elsewhere there is silence for 30 s, then a line each
 * 30 s, so that logs stay short and nobody thinks that it hangs.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  bool off, terminal;
  uint32_t total;
  double started, last; // seconds by the clock; `last`: when a line was written
  bool on_screen;       // the cursor stands behind a line that has to be removed
} Progress;

Progress progress_begin(int when, bool quiet, uint32_t total); // when: When of options.h
void progress_show(Progress *, uint32_t finished, const char *name);
void progress_clear(Progress *); // before anything else is written to stderr

#endif
