/* prefix.h - the directives that a source begins with, which sources begin with the same ones, and
 * which of those beginnings are worth to be parsed once for all (frontend/prefix.h).
 *
 * A beginning is a run of #include, #define and #undef without anything between them but blanks and
 * comments. It ends before the first condition, any other directive, code, and whatever this
 * scanner is not sure about: shorter is slower, longer would be wrong.
 */
#ifndef INPUT_PREFIX_H
#define INPUT_PREFIX_H

#include "base/tree.h"
#include "input/jobs.h"

typedef struct {
  const char *text; // in the source, from '#' on; an #include ends with its operand
  uint32_t length;
  uint32_t offset; // of '#' in the source
  uint32_t line;   // the same, from 1
} Directive;

typedef struct {
  Directive *at;
  uint32_t count;
} Directives;

/* The text must live as long as the result. */
Directives prefix_scan(Arena *, const char *text, size_t size);

bool directive_equal(const Directive *, const Directive *);

enum { PREFIX_NONE = 0xffffffffu };

/* What a beginning is known by: its directives, the folder of the source and the command. */
typedef struct {
  Hash *at; // of the first directive, of the first two ...
  uint32_t count;
} BeginningKeys;

/* A beginning that several jobs share: the same directives, folder, command and directory. */
typedef struct {
  const Job *job;              // one of them
  const Directive *directives; // all of them, with those of the shorter beginnings
  uint32_t count;              // of directives
  uint32_t parent;             // the longest shorter one in the plan, or PREFIX_NONE
  uint32_t level;              // 0 without a parent, else the parent's + 1
  uint32_t users;              // jobs
  Hash key;
  const char *name; // of a header that could hold them, beside the sources
} PlannedPrefix;

typedef struct {
  PlannedPrefix *at; // parents first
  uint32_t count, level_count;
  uint32_t *of_job;    // for each job the longest one, or PREFIX_NONE
  BeginningKeys *keys; // for each job
} PrefixPlan;

/* Reads the sources. Jobs with -include, with another language than C and with sources that cannot
 * be read have none. */
PrefixPlan prefix_plan(Arena *, const Tree *, const Job *const *jobs, uint32_t count);

#endif
