/* search.h - where the headers of a command are looked for, in order.
 *
 * A folder too many does no harm: what is asked here is which places would come before the one
 * that was found.
 */
#ifndef INPUT_SEARCH_H
#define INPUT_SEARCH_H

#include "input/jobs.h"

typedef struct {
  TextList quoted; // for "x.h", after the folder of the file that says so; absolute, all of them
  TextList angled; // for <x.h>: the end of `quoted`
} SearchPath;

SearchPath search_path(Arena *, const Job *);

#endif
