/* values.h - texts that were given for options, made into the fields of Options. */
#ifndef VALUES_H
#define VALUES_H

#include <stdnoreturn.h>

#include "cli/options.h"

/* Where a value comes from, in the order in which they win. */
typedef enum { LEVEL_DEFAULT, LEVEL_FILE, LEVEL_ENVIRONMENT, LEVEL_COMMAND_LINE } Level;

typedef struct {
  Arena *arena;
  Options *options;
  const char *source; // what a message blames: "--jobs", "OVERSTAY_JOBS", ".overstay.ini:3: jobs"
  const char *folder; // of the configuration file while one is read, else NULL
  const char *tree;   // what its paths have to stay inside of
} Parse;

/* Sets the field of this option. Ends the process (2) for a value that it cannot have. */
void value_set(const Parse *, const OptionSpec *, const char *value);

/* A switch in a file or in the environment: "no", "0", "" and so on are false. */
bool value_is_no(const char *);

/* Place of `value` in "a|b|c"; -1 when it is not there. */
int value_choice(const char *choices, const char *value);

/* How many letters have to change to make one name of the other. */
size_t value_distance(const char *, const char *);

/* The nearest of several names, one at a time: begin with {.to = what was typed}. `best` stays NULL
 * when none is near. */
typedef struct {
  const char *to, *best;
  size_t least; // letters that have to change, and one
} Nearest;
void value_nearest(Nearest *, const char *name);
/* "; did you mean 'never'?", or "". */
const char *value_guess(Arena *, const Nearest *);

/* Ends the process (2) and says where help is; without options it is that of the program. */
noreturn void usage(const Options *, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
