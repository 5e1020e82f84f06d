/* run_folder.h - a folder for one run, beside its database.
 *
 * It is locked as long as the run lasts, so what a killed run left behind is known by its lock
 * being free, and the next run removes it. */
#ifndef RUN_FOLDER_H
#define RUN_FOLDER_H

#include "base/arena.h"

typedef struct {
  const char *path; // NULL: none could be made
  int lock;
} RunFolder;

/* PLACE.run-XXXXXX; also removes those that nobody uses any more. */
RunFolder run_folder_make(Arena *, const char *place);
void run_folder_remove(RunFolder *);

#endif
