/* phase.h - where a run is, for tests that end it there (builds for development only).
 *
 * OVERSTAY_TEST_PHASES=FILE: a line "name seconds" is added to the file when a phase begins.
 * OVERSTAY_TEST_KILL=name:nanoseconds: so long after that the process is killed, as by kill -9. */
#ifndef PHASE_H
#define PHASE_H

void phase_begin(const char *name); // "read", "link", "analysis", "store", "report"

#endif
