/* rescue.h - a run goes on when its database cannot be written any more.
 *
 * Without room, or after an error of the disk, the run begins again in a process that takes what is
 * stored so far to memory and saves nothing: the report is whole, and the exit code says that it
 * could not be kept. That process was forked when nothing had been done yet, and waited; so no
 * layer has to let go of what it holds at any moment, and what was stored is not read again.
 */
#ifndef RESCUE_H
#define RESCUE_H

#include <stdbool.h>

/* Returns twice at most: at once, and in the process that waited when it is needed. */
void rescue_prepare(void);
bool rescue_is_on(void); // this is the process that goes on

/* StoreOptions.failed: does not return, but when nobody waits. */
void rescue(const char *why);
void rescue_no_more(void); // from now on there is a report

#endif
