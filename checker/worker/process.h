/* process.h - one worker: a forked child with a single thread that answers requests. */
#ifndef WORKER_PROCESS_H
#define WORKER_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"

typedef enum {
  ANSWER_RESULT,  // the bytes are the result
  ANSWER_CHANGED, // the input changed while it was read: to be tried again
} Answer;

/* What a worker does with one item. Runs in the child, on a stack of SANDBOX_STACK bytes. */
typedef Answer WorkFunction(void *context, uint32_t item, uint32_t attempt, ByteWriter *result);

typedef struct {
  WorkFunction *work;
  void *context;
  double deadline_seconds; // of CPU time; the supervisor watches the clock
  uint64_t memory_bytes;
  const char *output_folder; // where it may make files; NULL: nowhere
} WorkerTask;

enum { WORKER_UNFIT = 71 }; // exit code: the machine has no room for it, its stderr says why

typedef struct {
  pid_t pid;
  int requests; // written by the supervisor
  int answers;  // read by it, does not block
  int messages; // the worker's stderr, does not block
} WorkerProcess;

/* Forks. False (and errno) when the machine has no room for another process. */
bool worker_start(WorkerProcess *, const WorkerTask *);

bool worker_request(const WorkerProcess *, uint32_t item, uint32_t attempt);

#endif
