/* sandbox.h - what a worker process may do: read files, compute, and talk to its supervisor. */
#ifndef WORKER_SANDBOX_H
#define WORKER_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SANDBOX_STACK = 1 << 30 }; // of a worker's thread: libclang is deeply recursive

/* Ends the process when its parent does, drops all files but the given ones, no core files, no
 * more memory than `memory_bytes` beside stack and libraries, no writing (Landlock where the
 * kernel has it, and a file size limit of zero). To be called once, before any thread is made. */
void sandbox_enter(uint64_t memory_bytes, const int *keep_open, size_t keep_count);

/* From now on so many seconds of CPU time: then SIGXCPU ends the process. */
void sandbox_allow_cpu(double seconds);

double sandbox_cpu_seconds(void); // that this process has used

#endif
