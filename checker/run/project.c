/* project.c - see project.h */
#include "run/project.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/array.h"
#include "base/guard.h"
#include "base/hash_map.h"
#include "base/message.h"
#include "base/path.h"
#include "run/drivers.h"
#include "run/reading.h"
#include "cli/rescue.h"

enum { LONGEST_MODEL = 16 << 20 };

/* ---- what is kept of a compile_commands.json: the same few flags, thousands of times */

typedef struct {
  Arena *arena;
  HashMap numbers; // by hash of the text
  ARRAY(const char *) texts;
} Keeper;

static const char *keep(Keeper *keeper, const char *text) {
  if (!text)
    return NULL;
  Hash hash = hash_text(text);
  uint32_t number = hash_map_get(&keeper->numbers, hash);
  if (number != MAP_ABSENT)
    return keeper->texts.at[number];
  hash_map_put(&keeper->numbers, hash, (uint32_t)keeper->texts.count);
  array_push(&keeper->texts, arena_text(keeper->arena, text));
  return keeper->texts.at[keeper->texts.count - 1];
}

static TextList keep_list(Keeper *keeper, TextList list) {
  const char **texts = arena_new_array(keeper->arena, const char *, list.count);
  for (uint32_t i = 0; i < list.count; i++)
    texts[i] = keep(keeper, list.at[i]);
  return (TextList){texts, list.count};
}

static Job keep_job(Keeper *keeper, const Job *job) {
  return (Job){.source = keep(keeper, job->source),
               .shown = keep(keeper, job->shown),
               .directory = keep(keeper, job->directory),
               .flags = keep_list(keeper, job->flags),
               .forced = keep_list(keeper, job->forced),
               .folders = keep_list(keeper, job->folders),
               .dropped = keep_list(keeper, job->dropped),
               .command_hash = job->command_hash,
               .refused = keep(keeper, job->refused)};
}

static const JobList *keep_jobs(Keeper *keeper, const JobList *list) {
  JobList *kept = arena_copy(keeper->arena, list, sizeof *list);
  kept->jobs = arena_new_array(keeper->arena, Job, list->count);
  for (uint32_t i = 0; i < list->count; i++)
    kept->jobs[i] = keep_job(keeper, &list->jobs[i]);
  return kept;
}

static const CompileDatabase *keep_database(Keeper *keeper, const CompileDatabase *database) {
  CompileDatabase *kept = arena_new_one(keeper->arena, CompileDatabase);
  kept->path = keep(keeper, database->path);
  kept->directory = keep(keeper, database->directory);
  kept->roots = (Roots){keep(keeper, database->roots.top), keep(keeper, database->roots.build)};
  return kept;
}

Project project_find(Arena *arena, const Options *options) {
  Keeper keeper = {.arena = arena};
  Arena *scratch = arena_new();
  const char *path = compile_database_find(scratch, options->database);
  CompileDatabase *database = compile_database_read(scratch, path);
  drivers_ask(scratch, &options->query_driver, database);
  Project project = {.options = options,
                     .jobs = keep_jobs(&keeper, jobs_make(scratch, database)),
                     .database = keep_database(&keeper, database)};
  if (!project.jobs->count && guard_on("zero-units"))
    die(EXIT_USAGE, "%s: none of the %u entries is C: nothing can be checked", path,
        project.jobs->entries);
  hash_map_free(&keeper.numbers);
  array_free(&keeper.texts);
  arena_free(scratch);
  project.store_path = options->store ? path_canonical(arena, options->store)
                                      : store_default_path(arena, project.database->directory);
  return project;
}

const char *project_run_place(Arena *arena, const Options *options, const Project *project) {
  if (!options->no_cache)
    return project->store_path;
  const char *folder = getenv("TMPDIR");
  return path_join(arena, folder && folder[0] == '/' ? folder : "/tmp", "overstay");
}

typedef struct {
  Arena *arena;
  ARRAY(ModelSource) sources;
} ModelFiles;

static void add_model(ModelFiles *files, const char *path) {
  ModelSource source = {.name = path_seen_from(files->arena, path_current(files->arena), path)};
  FileText file = file_read(files->arena, path, LONGEST_MODEL);
  if (!file.text)
    die(EXIT_USAGE, "%s: %s", source.name, file.error);
  source.text = file.text;
  array_push(&files->sources, source);
}

static void add_own_model(ModelFiles *files, const char *folder) {
  const char *path = path_join(files->arena, folder, ".overstay.model");
  if (path_exists(path))
    add_model(files, path);
}

ModelSet *project_models(Arena *arena, const Project *project, TextPool *symbols) {
  const Options *options = project->options;
  const char *top = project->database->roots.top;
  const char *beside = options->config ? path_folder(arena, options->config) : top;
  ModelFiles files = {.arena = arena};
  add_own_model(&files, top);
  if (strcmp(top, beside))
    add_own_model(&files, beside);
  for (size_t i = 0; i < options->models.count; i++)
    add_model(&files, options->models.at[i]);
  const char *error = NULL;
  ModelSet *models = models_load(arena, symbols, files.sources.at, files.sources.count, &error);
  array_free(&files.sources);
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
