/* options.h - what was asked for: on the command line, in OVERSTAY_* variables, in .overstay.ini.
 *
 * One table drives all three, --help, `overstay config`, the man page and the completions. An
 * option that is not built yet is not in it.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "store/finding.h"

typedef enum {
  COMMAND_CHECK,
  COMMAND_REPORT,
  COMMAND_RULES,
  COMMAND_EXPLAIN,
  COMMAND_GRAPH,
  COMMAND_CONTRACT,
  COMMAND_MODELS,
  COMMAND_DUMP,
  COMMAND_DB,
  COMMAND_TU,
  COMMAND_LINK,
  COMMAND_PLAN,
  COMMAND_BASELINE,
  COMMAND_CONFIG,
  COMMAND_COMPLETIONS, // from here on those that --help leaves out: for installers
  COMMAND_MANUAL,
  COMMAND_VERSION,
  COMMAND_COUNT,
  COMMANDS_SHOWN = COMMAND_COMPLETIONS
} CommandId;

typedef enum { SARIF_PLAIN, SARIF_AZURE } SarifProfile;
typedef enum { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER } When;
typedef enum { FAIL_ON_NOTE, FAIL_ON_WARNING, FAIL_ON_ERROR, FAIL_ON_NEVER } FailOn;

typedef enum { HOOK_MISSING_FAIL, HOOK_MISSING_WARN } HookMissing; // no database yet
typedef enum { HOOK_PARTIAL_PASS, HOOK_PARTIAL_FAIL } HookPartial; // the time was up

typedef struct {
  const char **at;
  size_t count, capacity;
} Texts;

typedef struct {
  const char *format, *file;
} Output;

typedef struct {
  Output *at;
  size_t count, capacity;
} Outputs;

/* [program NAME] files = GLOB... of the configuration: what is linked with what. */
typedef struct {
  const char *name, *value, *origin;
  Texts files; // patterns for absolute paths
} LinkedProgram;

typedef struct {
  LinkedProgram *at;
  size_t count, capacity;
} LinkedPrograms;

enum { MOST_PROGRAMS = 64 };

/* An option as it was given, the last one that counts; of lists all of them. */
typedef struct {
  const char *value;  // NULL: not given, and there is no default
  const char *origin; // "--jobs", "OVERSTAY_JOBS", ".overstay.ini:3"; NULL: the default
} Setting;

typedef struct {
  CommandId command;
  Texts arguments; // what is no option: PATHs, RULE, ...

  const char *config; // --config; then the file that was read, absolute, or NULL
  bool no_config;
  Setting *settings; // one for each of option_table

  LinkedPrograms programs;
  Texts models;       // absolute
  Texts query_driver; // patterns
  bool confine;

  const char *database; // -p; NULL: searched
  const char *store;    // --db; NULL: the usual place
  bool no_cache;

  const char *format; // of the report on stdout or in `output`
  const char *output;
  Outputs outputs; // -o
  int color;       // When
  bool reproducible;
  bool propose; // of models
  const char *sarif_category;
  int sarif_profile; // SarifProfile

  Texts enable, disable, only;
  bool all_rules;
  Texts stack;             // ROOT=SIZE
  const char *stack_usage; // a folder
  const char *platform;

  int min_confidence; // Confidence
  int min_severity;   // Severity
  int fail_on;        // FailOn

  uint32_t workers; // 0: one for each processor
  double unit_seconds;
  double seconds; // of the run, for reading; 0: no limit
  uint64_t unit_bytes;
  bool allow_partial;
  bool no_pch, verify_pch;

  bool staged;
  const char *new_from_rev; // NULL: what the last run did not find is new
  const char *diff;
  const char *baseline;
  int hook_missing; // HookMissing
  int hook_partial; // HookPartial

  const char *shard;  // I/N
  const char *engine; // of plan
  uint32_t shards;    // of plan; 0: by the number of units

  int progress; // When
  bool quiet, stats;
} Options;

typedef enum {
  OPTION_SWITCH,  // bool
  OPTION_TEXT,    // const char *
  OPTION_CHOICE,  // int: place in `choices`
  OPTION_WORD,    // const char *: one of `choices`
  OPTION_COUNT,   // uint32_t
  OPTION_SECONDS, // double: 90, 90s, 2m
  OPTION_BYTES,   // uint64_t: 512M, 2G
  OPTION_LIST,    // Texts: A,B and repeatable
  OPTION_OUTPUT,  // Outputs: FORMAT=FILE, repeatable
  OPTION_PATH,    // const char *; in a configuration file from its folder, and inside of its tree
  OPTION_PATHS,   // Texts of such: `A B`
  OPTION_GROUP,   // no option: a heading of --help
} OptionKind;

/* Where an option can stand besides in the environment. What names files to write or programs to
 * run is no setting of a file, since that comes with the sources. */
typedef enum { ON_COMMAND_LINE = 1, IN_FILE = 2, ANYWHERE = 3 } OptionPlace;

typedef struct {
  const char *name; // without dashes; NULL when it has a letter only
  char letter;      // 0: none
  OptionPlace place;
  OptionKind kind;
  uint32_t commands;    // bits 1 << CommandId
  size_t field;         // offset in Options
  const char *value;    // what stands for the value in --help; NULL for switches
  const char *choices;  // "a|b|c"
  const char *standard; // the default, as it would be typed; NULL: none
  const char *help;
} OptionSpec;

typedef struct {
  const char *name;
  const char *arguments; // as in a synopsis
  uint32_t at_least, at_most;
  const char *help;
} CommandSpec;

extern const OptionSpec option_table[];
extern const size_t option_count;
extern const CommandSpec command_table[COMMAND_COUNT];

/* Ends the process for --help (0) and for what cannot be understood (2). */
Options options_parse(Arena *, int count, char **arguments);

bool option_belongs(const OptionSpec *, CommandId);
/* Whom a message about this option blames: "--only", ".overstay.ini:3: only". */
const char *option_origin(Arena *, const Options *, const char *name);
/* "OVERSTAY_FAIL_ON"; NULL when the option has no name. */
const char *option_variable(Arena *, const OptionSpec *);

void options_help(FILE *);
void options_help_command(FILE *, CommandId);

#endif
