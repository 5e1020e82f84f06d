/* links.h - what linking needs of a function: whom it calls, whose address it takes, and which
 * function pointers it stores. Kept beside the code, so that nobody has to load code to link.
 *
 * Names are keys of symbols (ir.h). Every list is distinct and in the order of the code.
 */
#ifndef IR_LINKS_H
#define IR_LINKS_H

#include "base/bytes.h"
#include "ir/ir.h"

typedef struct {
  const char *slot;     // a field or global, or an array in one
  const char *function; // NULL: a pointer that may be to any function
} SlotStore;

enum {
  LINKS_CALLS_ANY = 1, // calls a pointer that comes from no field or global
  LINKS_SETS_KIND = 2, // stores into a field "__kind": a static initialiser of a mutex
};

typedef struct {
  const char **calls; // by name
  uint32_t call_count;
  const char **slots; // fields and globals that called pointers are loaded from
  uint32_t slot_count;
  const char **taken; // functions whose name is used other than to call it
  uint32_t taken_count;
  SlotStore *stores;
  uint32_t store_count;
  uint32_t flags; // LINKS_*
} FunctionLinks;

FunctionLinks *function_links(Arena *, const Function *);

void links_write(ByteWriter *, const FunctionLinks *);
FunctionLinks *links_read(Arena *, ByteReader *); // empty lists when damaged

/* The field or global that a place belongs to, as an index into the function's symbols; NO_SYMBOL
 * for others. */
enum { NO_SYMBOL = 0xffffffffu };
Index slot_of_place(const Function *, NodeId place);

#endif
