/* dump_runs.h - `overstay dump runs`: how often a function runs, when, and why. */
#ifndef DUMP_RUNS_H
#define DUMP_RUNS_H

#include "project.h"

typedef struct RunsDump RunsDump;

/* Links the program of the store. */
RunsDump *runs_dump_new(Arena *, Store *, const Project *, TextPool *symbols);
void runs_dump_free(RunsDump *); // before the store closes; NULL is fine

/* `function` is an index into store_functions(). */
void runs_dump_print(RunsDump *, Arena *scratch, uint32_t function);

#endif
