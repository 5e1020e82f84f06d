/* name_table.h - from a symbol to small sets of numbers: definitions of a name, targets of a slot.
 * Lives outside the arena, because sets grow while all functions are scanned. */
#ifndef LINK_NAME_TABLE_H
#define LINK_NAME_TABLE_H

#include <stdbool.h>

#include "base/array.h"
#include "base/text.h"

typedef struct {
  TextId symbol;
  ARRAY(uint32_t) ids; // distinct, in the order in which they were added
  bool open;           // something else belongs to it, too
  TextId outside;      // likewise, when it has a name and there is one such name only
  bool several;        // there are more such names
} NameEntry;

/* The numbers of texts are dense, so they are the index. */
typedef struct NameTable {
  NameEntry **by_text; // per TextId; NULL: none
  uint32_t room;
  ARRAY(NameEntry *) entries; // in the order in which they were made; each stays where it is
} NameTable;

NameEntry *name_find(const NameTable *, TextId symbol); // NULL when there is none
NameEntry *name_entry(NameTable *, TextId symbol);      // made when absent
void name_add(NameTable *, TextId symbol, uint32_t id);
void name_table_free(NameTable *); // what it holds, not itself

#endif
