/* pool.h - the supervisor: gives items to workers, survives their deaths, keeps the order.
 *
 * A worker that dies or passes its deadline is replaced; its item is tried once more while no
 * other worker runs, and then has failed. Results are handed over in the order of the items,
 * whoever was first, so that one worker and sixteen give the same database.
 */
#ifndef WORKER_POOL_H
#define WORKER_POOL_H

#include "worker/process.h"

typedef enum {
  WORK_DONE,
  WORK_CRASHED,
  WORK_TIMEOUT,
  WORK_MEMORY,
  WORK_CHANGED,
  WORK_LEFT
} WorkStatus;

typedef struct {
  WorkStatus status;
  const void *bytes; // WORK_DONE
  size_t count;
  const char *reason; // the others; NULL: WORK_LEFT
} WorkResult;

typedef struct {
  WorkerTask task; // also says the deadline, which is for waiting, too
  uint32_t item_count;
  uint32_t workers; // at most; 0 is 1
  /* By CLOCK_MONOTONIC; 0: never. No item is begun later, and none that was begun may use more CPU
   * time than was left then: the rest are WORK_LEFT. */
  double until;
  /* Both run in the supervisor with task.context. */
  void (*started)(void *context, uint32_t item);                  // NULL is fine
  void (*done)(void *context, uint32_t item, const WorkResult *); // in the order of items
  void (*tick)(void *context, uint32_t finished); // at least once a second; NULL is fine
} Pool;

/* 0 when all items are done, else the number of the signal (SIGINT, SIGTERM, SIGHUP) that ended
 * it; no worker is left then. Ends the process when no worker can be started. */
int pool_run(const Pool *);

#endif
