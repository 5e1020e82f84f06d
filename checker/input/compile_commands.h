/* compile_commands.h - the list of compile commands of a project, as it was written.
 *
 * What is wrong with the file is the user's fault and ends the run with the place of the mistake
 * (file:line:column, exit 2). What is wrong with one command is found later, in input/units.h,
 * and costs that unit only.
 */
#ifndef INPUT_COMPILE_COMMANDS_H
#define INPUT_COMPILE_COMMANDS_H

#include <stdint.h>

#include "base/roots.h"

typedef struct {
  const char *directory;  // canonical, absolute
  const char *file;       // canonical, absolute
  const char **arguments; // with the compiler's name first; @files as written
  uint32_t argument_count;
} CompileCommand;

typedef struct {
  const char *path;      // of the compile_commands.json, canonical
  const char *directory; // that holds it
  Roots roots;           // top of the repository, or the folder of this file
  CompileCommand *commands;
  uint32_t command_count;
} CompileDatabase;

/* Where it is. `given` (-p) names the file or its folder; NULL searches upward from the current
 * folder, then in the usual build folders on the way, and says which file was taken. */
const char *compile_database_find(Arena *, const char *given);

CompileDatabase *compile_database_read(Arena *, const char *path);

#endif
