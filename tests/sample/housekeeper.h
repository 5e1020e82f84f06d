/* housekeeper.h - what is done beside the requests. */
#ifndef HOUSEKEEPER_H
#define HOUSEKEEPER_H

#include <stdbool.h>

bool housekeeper_start(void);
void housekeeper_stop(void);

/* Writes the counters and the cache's size to the log, in a thread of its own. */
bool housekeeper_report_later(void);
void housekeeper_report(void);
void housekeeper_summary(void);

#endif
