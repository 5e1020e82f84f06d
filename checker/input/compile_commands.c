/* compile_commands.c - reads the list with jansson, which knows the line of a syntax error but
 * not that of a value: the place of a bad entry is found by counting braces in the text. */
#include "input/compile_commands.h"

#include <errno.h>
#include <glob.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/guard.h"
#include "base/message.h"
#include "base/path.h"
#include "input/split.h"

static const char file_name[] = "compile_commands.json";
static const char *const build_folders[] = {"build", "out", "_build", "builddir"};

typedef struct {
  Arena *arena;
  const char *path;
  const char *text; // of the whole file
  size_t size;
} Source;

/* ---- where it is */

static const char *in_folder(Arena *arena, const char *folder) {
  const char *path = path_join(arena, folder, file_name);
  return path_is_regular(path) ? path : NULL;
}

/* cmake-build-debug, cmake-build-release, ...: the first in the order of names. */
static const char *in_cmake_folder(Arena *arena, const char *folder) {
  const char *pattern = path_join(arena, folder, "cmake-build-*/compile_commands.json");
  glob_t found = {0};
  const char *path = NULL;
  if (!glob(pattern, 0, NULL, &found) && found.gl_pathc)
    path = arena_text(arena, found.gl_pathv[0]);
  globfree(&found);
  return path;
}

static const char *in_build_folder(Arena *arena, const char *folder) {
  for (size_t i = 0; i < sizeof build_folders / sizeof *build_folders; i++) {
    const char *path = in_folder(arena, path_join(arena, folder, build_folders[i]));
    if (path)
      return path;
  }
  return in_cmake_folder(arena, folder);
}

static const char *upward(Arena *arena, const char *start,
                          const char *(*look)(Arena *, const char *)) {
  for (const char *folder = start;; folder = path_folder(arena, folder)) {
    const char *path = look(arena, folder);
    if (path || !strcmp(folder, "/"))
      return path;
  }
}

static const char *given_place(Arena *arena, const char *given) {
  struct stat status;
  if (stat(given, &status))
    die(EXIT_USAGE, "-p '%s': %s", given, strerror(errno));
  if (!S_ISDIR(status.st_mode))
    return path_canonical(arena, given);
  const char *folder = path_canonical(arena, path_join(arena, given, "."));
  const char *path = in_folder(arena, folder);
  if (path)
    return path;
  path = in_build_folder(arena, folder);
  if (!path)
    die(EXIT_USAGE, "no %s in '%s' or in a build folder there", file_name, given);
  inform("using %s", path);
  return path;
}

const char *compile_database_find(Arena *arena, const char *given) {
  if (given)
    return given_place(arena, given);
  const char *start = path_current(arena);
  const char *path = upward(arena, start, in_folder);
  if (!path)
    path = upward(arena, start, in_build_folder);
  if (!path)
    die(EXIT_USAGE,
        "no %s here, in a folder above, or in build/, out/, _build/, builddir/ or cmake-build-*/\n"
        "  CMake: cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON; Meson writes it; make: bear -- make\n"
        "  then: overstay check -p FOLDER",
        file_name);
  inform("using %s", path_seen_from(arena, start, path));
  return path;
}

/* ---- the root of the project */

static bool is_build_folder(const char *name) {
  for (size_t i = 0; i < sizeof build_folders / sizeof *build_folders; i++)
    if (!strcmp(name, build_folders[i]))
      return true;
  return !strncmp(name, "cmake-build-", 12);
}

static const char *git_root(Arena *arena, const char *folder) {
  return path_exists(path_join(arena, folder, ".git")) ? folder : NULL;
}

/* The first source by name: the order of entries is not the same from build to build. */
static const char *first_source(const CompileDatabase *database) {
  const char *first = NULL;
  for (uint32_t i = 0; i < database->command_count; i++)
    if (!first || strcmp(database->commands[i].file, first) < 0)
      first = database->commands[i].file;
  return first;
}

/* The repository of the build folder, else (a build beside the sources) that of the sources. */
static Roots find_roots(Arena *arena, const CompileDatabase *database) {
  const char *directory = database->directory;
  const char *top = upward(arena, directory, git_root);
  if (!top)
    top = upward(arena, path_folder(arena, first_source(database)), git_root);
  if (!top)
    top = is_build_folder(path_base(directory)) ? path_folder(arena, directory) : directory;
  return (Roots){top, path_inside(top, directory) ? NULL : directory};
}

/* ---- reading */

/* Where the top-level entry of this number begins. The text is known to be valid JSON. */
static const char *find_entry(const Source *source, size_t number) {
  int depth = 0;
  bool in_string = false;
  for (const char *c = source->text; c < source->text + source->size; c++) {
    if (in_string) {
      c += *c == '\\';
      in_string = *c != '"';
    } else if (*c == '"') {
      in_string = true;
    } else if (*c == '[' || *c == '{') {
      if (++depth == 2 && !number--)
        return c;
    } else if (*c == ']' || *c == '}') {
      depth--;
    }
  }
  return source->text;
}

static noreturn void die_in_entry(const Source *source, size_t number, const char *what) {
  const char *at = guard_on("positions") ? find_entry(source, number) : source->text;
  int line = 1, column = 1;
  for (const char *c = source->text; c < at; c++) {
    column = *c == '\n' ? 1 : column + 1;
    line += *c == '\n';
  }
  die(EXIT_USAGE, "%s:%d:%d: entry %zu %s", source->path, line, column, number + 1, what);
}

static const char *text_field(const Source *source, json_t *entry, size_t number,
                              const char *field) {
  const char *text = json_string_value(json_object_get(entry, field));
  if (!text || !text[0])
    die_in_entry(source, number,
                 arena_printf(source->arena, "has no \"%s\", or it is not a text", field));
  return text;
}

static void read_arguments(const Source *source, json_t *entry, size_t number, Arguments *to) {
  json_t *list = json_object_get(entry, "arguments");
  if (!list) {
    const char *command = json_string_value(json_object_get(entry, "command"));
    if (!command)
      die_in_entry(source, number, "has neither \"arguments\" nor \"command\"");
    if (!arguments_split(source->arena, to, command, SPLIT_SHELL))
      die_in_entry(source, number, "has a \"command\" with an open quote");
  }
  for (size_t i = 0; i < json_array_size(list); i++) {
    const char *argument = json_string_value(json_array_get(list, i));
    if (!argument)
      die_in_entry(source, number, "has an \"arguments\" item that is not a text");
    arguments_add(source->arena, to, arena_text(source->arena, argument));
  }
  if (!to->count)
    die_in_entry(source, number, "has an empty command");
}

static CompileCommand read_entry(const Source *source, json_t *entry, size_t number) {
  if (!json_is_object(entry))
    die_in_entry(source, number, "is not an object");
  Arena *arena = source->arena;
  const char *directory = text_field(source, entry, number, "directory");
  directory = path_join(arena, path_folder(arena, source->path), directory);
  directory = path_canonical(arena, path_join(arena, directory, "."));
  const char *file = path_join(arena, directory, text_field(source, entry, number, "file"));
  Arguments arguments = {0};
  read_arguments(source, entry, number, &arguments);
  if (guard_on("canonical"))
    file = path_canonical(arena, file);
  return (CompileCommand){directory, file, arguments.at, (uint32_t)arguments.count};
}

static Source read_source(Arena *arena, const char *path) {
  FileText file = file_read(arena, path, (size_t)1 << 32);
  if (!file.text)
    die(EXIT_USAGE, "%s: %s", path, file.error);
  if (!file.size)
    die(EXIT_USAGE, "%s:1:1: the file is empty", path);
  return (Source){arena, path, file.text, file.size};
}

/* NULL is never returned: what is not a list of entries ends the run. */
static json_t *parse(const Source *source) {
  json_error_t error;
  json_t *list = json_loadb(source->text, source->size, 0, &error);
  if (!list)
    die(EXIT_USAGE, "%s:%d:%d: %s", source->path, error.line, error.column, error.text);
  if (!json_is_array(list))
    die(EXIT_USAGE, "%s:1:1: a compilation database is a list ([...]) of commands", source->path);
  return list;
}

CompileDatabase *compile_database_read(Arena *arena, const char *path) {
  Source source = read_source(arena, path);
  json_t *list = parse(&source);
  CompileDatabase *database = arena_new_one(arena, CompileDatabase);
  size_t count = json_array_size(list);
  if (!count)
    die(EXIT_USAGE, "%s: the list of commands is empty: nothing can be checked", path);
  *database = (CompileDatabase){
      .path = path,
      .directory = path_folder(arena, path),
      .commands = arena_new_array(arena, CompileCommand, count),
      .command_count = (uint32_t)count,
  };
  for (size_t i = 0; i < count; i++)
    database->commands[i] = read_entry(&source, json_array_get(list, i), i);
  json_decref(list);
  database->roots = find_roots(arena, database);
  return database;
}
