/* project.c - see project.h */
#include "project.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/guard.h"
#include "base/message.h"
#include "base/path.h"
#include "reading.h"
#include "rescue.h"

enum { LONGEST_MODEL = 16 << 20 };

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

ModelSet *project_models(Arena *arena, const Project *project, TextPool *symbols) {
  const char *path = path_join(arena, project->database->roots.top, ".overstay.model");
  ModelSource own = {.name = path_seen_from(arena, path_current(arena), path)};
  if (path_exists(path)) {
    FileText file = file_read(arena, path, LONGEST_MODEL);
    if (!file.text)
      die(EXIT_USAGE, "%s: %s", own.name, file.error);
    own.text = file.text;
  }
  const char *error = NULL;
  ModelSet *models = models_load(arena, symbols, &own, own.text != NULL, &error);
  if (!models)
    die(EXIT_USAGE, "%s", error);
  return models;
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
