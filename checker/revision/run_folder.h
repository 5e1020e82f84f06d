/* run_folder.h - a folder for one run, beside its database.
 *
 * It is locked as long as the run lasts, so what a killed run left behind is known by its lock
 * being free, and the next run removes it. One that has an index is kept for later runs: nothing
 * in it changes any more, until one of them removes all of it. */
#ifndef RUN_FOLDER_H
#define RUN_FOLDER_H

#include <stdint.h>

#include "base/arena.h"

typedef struct {
  const char *path; // NULL: none could be made
  int lock;
} RunFolder;

/* PLACE.run-XXXXXX; also removes those that nobody uses any more. */
RunFolder run_folder_make(Arena *, const char *place);
void run_folder_remove(RunFolder *);
void run_folder_release(RunFolder *); // for other runs, as it is

/* Where the index of a folder stands, or would stand: whoever writes it keeps the folder, so all
 * else has to be in place by then. */
const char *run_folder_index(Arena *, const RunFolder *);
/* Those that are kept, the newest first. Other runs may use them, too, but nobody removes them
 * before they are released. */
RunFolder *run_folders_kept(Arena *, const char *place, uint32_t *count);

#endif
