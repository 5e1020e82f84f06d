/* project.h - what every command that needs a project begins with: its commands, its database. */
#ifndef PROJECT_H
#define PROJECT_H

#include "input/jobs.h"
#include "model/model.h"
#include "cli/options.h"
#include "store/store.h"

typedef struct {
  const CompileDatabase *database; // without its commands: the jobs are what is left of them
  const JobList *jobs;             // never empty
  const char *store_path;          // --db, or the usual place
  const Options *options;
} Project;

/* Ends the process (2) when there is nothing that could be checked. */
Project project_find(Arena *, const Options *);

/* Beside which files are made that last as long as the run: the database, or with --no-cache a
 * name in the folder for temporary files. */
const char *project_run_place(Arena *, const Options *, const Project *);

/* The models of rules/models/, and those of the project: .overstay.model at its root and beside its
 * configuration, and what that names. Ends the process when these cannot be read. */
ModelSet *project_models(Arena *, const Project *, TextPool *symbols);

/* STORE_MEMORY with --no-cache. Ends the process when it cannot be opened. */
Store *project_store(Arena *, const Options *, const Project *, StoreMode);

#endif
