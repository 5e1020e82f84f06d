/* dump_runs.h - `overstay dump runs`: how often a function runs, when, and why. */
#ifndef DUMP_RUNS_H
#define DUMP_RUNS_H

#include "link/multiplicity.h"
#include "run/project.h"

typedef struct RunsDump RunsDump;

/* Links the program of the store. */
RunsDump *runs_dump_new(Arena *, Store *, const Project *, TextPool *symbols);
void runs_dump_free(RunsDump *); // before the store closes; NULL is fine

/* `function` is an index into store_functions(). */
void runs_dump_print(RunsDump *, Arena *scratch, uint32_t function);
/* The same in a sentence first, for users; of one instruction, or NO_RUNS_INSTRUCTION. */
void runs_dump_explain(RunsDump *, Arena *scratch, uint32_t function, uint32_t instruction);

#endif
