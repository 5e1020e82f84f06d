/* flags.h - which flags of a compile command reach libclang.
 *
 * An allowlist: libclang writes the files that -MD, -o or -fmodules-cache-path name, reads
 * precompiled headers and configuration files that they name, and refuses a unit for a machine
 * name that it does not know. So only flags that change what the source means are kept.
 */
#ifndef INPUT_FLAGS_H
#define INPUT_FLAGS_H

#include <stdint.h>

#include "base/arena.h"
#include "input/compile_commands.h"

typedef enum { LANGUAGE_C, LANGUAGE_CXX, LANGUAGE_ASSEMBLER, LANGUAGE_OTHER } Language;

typedef struct {
  const char **at;
  uint32_t count;
} TextList;

typedef struct {
  Language language;
  TextList kept;     // for libclang, in order
  TextList forced;   // files named by -include and -imacros, as named
  TextList folders;  // of -I, -iquote and -isystem, as named
  TextList unknown;  // left out with a note: not known, or loading code and the like
  TextList unsafe;   // left out silently: they name outputs. Both are names without values
  const char *error; // the command cannot be read: a bad @file
} Flags;

Flags *flags_filter(Arena *, const CompileCommand *);

#endif
