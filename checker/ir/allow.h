/* allow.h - comments that accept findings: overstay-allow(RULE): why (CLI.md, "In the source").
 *
 * They are facts of a file's text, not of its code: nothing is analysed again because of them.
 */
#ifndef IR_ALLOW_H
#define IR_ALLOW_H

#include "base/bytes.h"

typedef struct {
  const char *rules;    // ids, separated by commas
  const char *reason;   // "" when there is none
  uint32_t line;        // where it stands
  uint32_t first, last; // lines it is about, both inclusive
} Allow;

/* All that stand in comments of a C source, in order. A comment is about its own lines and the one
 * after it, -begin about all up to -end, and one in the file's first comment about the file. */
Allow *allow_scan(Arena *, const char *text, size_t size, uint32_t *count);
bool allow_names(const Allow *, const char *rule);

void allows_write(ByteWriter *, const Allow *, uint32_t count);
Allow *allows_read(Arena *, ByteReader *, uint32_t *count);

#endif
