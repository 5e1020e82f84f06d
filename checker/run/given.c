/* given.c - see given.h */
#include "run/given.h"

#include <fnmatch.h>
#include <string.h>

#include "base/message.h"

/* A star is any text, also with slashes, so one behind a folder is all that is below. */
static bool is_in(const LinkedProgram *program, const char *path) {
  for (size_t i = 0; i < program->files.count; i++)
    if (!fnmatch(program->files.at[i], path, 0))
      return true;
  return false;
}

static uint64_t programs_of(const Options *options, const char *path) {
  uint64_t bits = 0;
  for (size_t i = 0; i < options->programs.count; i++)
    bits |= (uint64_t)is_in(&options->programs.at[i], path) << i;
  return bits;
}

uint64_t given_programs(const Options *options, Roots roots, const char *source) {
  if (!options->programs.count)
    return 0;
  Arena *arena = arena_new();
  uint64_t bits = programs_of(options, roots_path(arena, roots, source));
  arena_free(arena);
  return bits;
}

/* By what it means for the units, so that it is the same wherever the tree lies. */
Hash given_hash(const Project *project) {
  Hash hash = {0};
  for (uint32_t i = 0; i < project->jobs->count && project->options->programs.count; i++) {
    const char *source = project->jobs->jobs[i].shown;
    uint64_t bits = given_programs(project->options, project->database->roots, source);
    if (bits)
      hash = hash_pair(hash, hash_pair(hash_text(source), (Hash){bits, 0}));
  }
  return hash;
}

void given_check(const Project *project) {
  const Options *options = project->options;
  uint64_t all = 0;
  for (uint32_t i = 0; i < project->jobs->count; i++)
    all |= given_programs(options, project->database->roots, project->jobs->jobs[i].shown);
  for (size_t i = 0; i < options->programs.count; i++)
    if (!(all >> i & 1))
      warn("%s: no unit is in a file of [program %s]", options->programs.at[i].origin,
           options->programs.at[i].name);
}
