/* project.c - see project.h */
#include "project.h"

#include <stdlib.h>

#include "base/guard.h"
#include "base/message.h"
#include "base/path.h"
#include "reading.h"
#include "rescue.h"

Project project_find(Arena *arena, const Options *options) {
  const char *path = compile_database_find(arena, options->database);
  CompileDatabase *database = compile_database_read(arena, path);
  Project project = {.database = database, .jobs = jobs_make(arena, database)};
  if (!project.jobs->count && guard_on("zero-units"))
    die(EXIT_USAGE, "%s: none of the %u entries is C: nothing can be checked", path,
        project.jobs->entries);
  project.store_path = options->store ? path_canonical(arena, options->store)
                                      : store_default_path(arena, database->directory);
  return project;
}

const char *project_run_place(Arena *arena, const Options *options, const Project *project) {
  if (!options->no_cache)
    return project->store_path;
  const char *folder = getenv("TMPDIR");
  return path_join(arena, folder && folder[0] == '/' ? folder : "/tmp", "overstay");
}

Store *project_store(Arena *arena, const Options *options, const Project *project, StoreMode mode) {
  if (mode == STORE_READ && !path_exists(project->store_path))
    die(EXIT_USAGE, "there is no database %s\n  overstay check makes it", project->store_path);
  StoreOptions how = {.mode = options->no_cache ? STORE_MEMORY : mode,
                      .path = project->store_path,
                      .roots = project->database->roots,
                      .extractor = reading_version(arena),
                      .at_once = options->staged || options->new_from_rev,
                      .unsaved = rescue_is_on(),
                      .failed = rescue};
  const char *error = NULL;
  Store *store = store_open(arena, &how, &error);
  if (!store)
    die(EXIT_INTERNAL, "%s: %s", project->store_path, error);
  return store;
}
