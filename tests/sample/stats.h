/* stats.h - counters of the server. */
#ifndef STATS_H
#define STATS_H

#include <stdbool.h>
#include <stddef.h>

enum counter { COUNT_REQUESTS, COUNT_HITS, COUNT_MISSES, COUNT_ERRORS, COUNTERS };

void stats_add(enum counter counter, unsigned long by);
unsigned long stats_get(enum counter counter);
unsigned long stats_total(void);

/* For several reads that belong together. */
void stats_lock(void);
void stats_unlock(void);
unsigned long stats_get_locked(enum counter counter);

size_t stats_format(char *text, size_t size);

#endif
