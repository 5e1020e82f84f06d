/* prefix.h - the directives that several sources begin with, parsed once (a precompiled header).
 *
 * An accelerator that must not be seen: a unit that is parsed after a prefix is the same, byte for
 * byte, as one that is parsed from its first line on. What cannot be the same is not precompiled;
 * when a unit gives reason for doubt, it is parsed again without (`--verify-pch` does both,
 * always).
 */
#ifndef FRONTEND_PREFIX_H
#define FRONTEND_PREFIX_H

#include "frontend/parse.h"

typedef struct Prefix {
  const struct Prefix *base; // the shorter one that it goes on from, NULL: none
  const char *name;          // of the header that it pretends to be, beside the sources
  const char *file;          // what libclang wrote
  const char *text;          // its directives, without those of the base; each ends with a newline
  size_t size;
  uint32_t directive_count; // in `text`
  const UnitFile *files;    // that it and its bases entered, in that order
  uint32_t file_count;
} Prefix;

/* Makes prefix->file. Of `job` only source is not used. In the result status is UNIT_OK and `files`
 * is what Prefix calls so, or `reason` says why there is no such prefix.
 * A prefix that adds less than `least_bytes` of headers to its base is not worth to be written. */
Unit *frontend_precompile(Frontend *, Arena *, const FrontendJob *, const Prefix *,
                          uint64_t least_bytes);

/* As frontend_parse; NULL when in doubt. */
Unit *frontend_parse_after(Frontend *, Arena *, const FrontendJob *, const Prefix *);

#endif
