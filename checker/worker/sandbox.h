/* sandbox.h - what a worker process may do: read files, compute, and talk to its supervisor. */
#ifndef WORKER_SANDBOX_H
#define WORKER_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SANDBOX_STACK = 1 << 30 }; // of a worker's thread: libclang is deeply recursive

typedef struct {
  uint64_t memory_bytes; // beside stack and libraries
  const int *keep_open;  // all other files are closed
  size_t keep_count;
  const char *output_folder; // the only one where files can be made; NULL: nowhere
} Sandbox;

/* Ends the process when its parent does, no core files, no more memory, no writing (Landlock where
 * the kernel has it, and a limit of file sizes). To be called once, before any thread is made. */
void sandbox_enter(const Sandbox *);

/* From now on so many seconds of CPU time: then SIGXCPU ends the process. */
void sandbox_allow_cpu(double seconds);

double sandbox_cpu_seconds(void); // that this process has used

#endif
