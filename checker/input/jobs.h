/* jobs.h - what is to be parsed: one job for each distinct command of a C source. */
#ifndef INPUT_JOBS_H
#define INPUT_JOBS_H

#include "base/hash.h"
#include "input/compile_commands.h"
#include "input/flags.h"

typedef struct {
  const char *source;    // canonical, absolute
  const char *shown;     // root-relative when inside the root, else absolute: the unit's name
  const char *directory; // of the command
  TextList flags;        // for libclang
  TextList forced;       // files named by -include and -imacros
  TextList folders;      // where they are looked for besides the command's directory
  TextList dropped;      // names of flags left out
  Hash command_hash;     // of flags and directory: with `shown` it is the unit's key
  const char *refused;   // why the command cannot be used at all (a bad @file), or NULL
} Job;

typedef struct {
  Job *jobs; // by `shown`, then command_hash
  uint32_t count;
  uint32_t entries;               // of the database
  uint32_t cxx, assembler, other; // entries left out for their language
  uint32_t duplicates;            // entries equal to another after filtering
} JobList;

/* Says on stderr, in one line each, which flags were left out and which entries were skipped. */
JobList *jobs_make(Arena *, const CompileDatabase *);

#endif
