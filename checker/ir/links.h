/* links.h - what linking needs of a function: whom it calls and how often, whose address it takes
 * and what becomes of it, and which function pointers it stores. Kept beside the code, so that
 * nobody has to load code to link.
 *
 * Names are keys of symbols (ir.h). Every list is distinct and in the order of the code.
 */
#ifndef IR_LINKS_H
#define IR_LINKS_H

#include "base/bytes.h"
#include "base/text.h"
#include "ir/repeats.h"

/* All the sites of one thing in a function together. Two of them on one way are "bounded". */
typedef struct {
  const char *guard;   // what lets all the sites run once (ir/guards.h); NULL when there is none
  Repeats repeats : 8; // within one run of the function
  Repeats guarded : 8; // if `guard` holds: how often in a process (ir/guards.h)
  bool serves;         // one of them stands in a loop that others live by
} Sites;

typedef struct {
  const char *slot;     // a field or global, or an array in one
  const char *function; // NULL: a pointer that may be to any function
} SlotStore;

/* What becomes of a function pointer. */
typedef enum {
  FLOW_CALLED,
  FLOW_PASSED, // as an argument
  FLOW_STORED, // in a slot
  FLOW_AWAY,   // returned, or stored where it has no name
  FLOW_FATES
} FlowFate;

typedef enum { FLOW_FUNCTION, FLOW_PARAMETER, FLOW_SLOT, FLOW_SOURCES } FlowSource;

typedef struct {
  FlowSource source : 8;
  FlowFate fate : 8;
  uint32_t number;  // FLOW_FUNCTION: in `taken`; FLOW_PARAMETER: which
  const char *slot; // FLOW_SLOT: the field or global that it was read from
  uint32_t callee;  // FLOW_PASSED: in `calls`, then in `slots`; NO_CALLEE: a pointer from elsewhere
  uint32_t argument;
  const char *target; // FLOW_STORED
  Sites sites;
} PointerFlow;

enum {
  LINKS_CALLS_ANY = 1, // calls a pointer that comes from no field or global
  LINKS_SETS_KIND = 2, // stores into a field "__kind": a static initialiser of a mutex
  LINKS_INITIAL = 4,   // of an integer: it begins with `initial`
  LINKS_CONST = 8,     // and is declared const
  LINKS_FORKS = 16,    // returns what fork() told it
};
enum { NO_CALLEE = 0xffffffffu };

typedef struct {
  const char **calls; // by name
  Sites *call_sites;  // of each
  uint32_t call_count;
  const char **slots; // fields and globals that called pointers are loaded from
  Sites *slot_sites;
  uint32_t slot_count;
  const char **taken; // functions whose name is used other than to call it
  uint32_t taken_count;
  SlotStore *stores;
  uint32_t store_count;
  PointerFlow *flows; // of what is taken, of parameters, of what is read from slots
  uint32_t flow_count;
  const char **clears; // globals that a once-guard cannot rely on after this function
  uint32_t clear_count;
  const char **changes; // integers outside functions that it may set, also through their address
  uint32_t change_count;
  int64_t initial;
  uint32_t flags; // LINKS_*
  // What was read has the numbers of these names, too.
  TextId *call_symbols, *slot_symbols, *taken_symbols, *change_symbols;
} FunctionLinks;

FunctionLinks *function_links(Arena *, const Function *);

void links_write(ByteWriter *, const FunctionLinks *);
/* Names are those of the pool. Empty lists when damaged. */
FunctionLinks *links_read(Arena *, ByteReader *, TextPool *symbols);

/* The field or global that a place belongs to, as an index into the function's symbols; NO_SYMBOL
 * for others. */
enum { NO_SYMBOL = 0xffffffffu };
Index slot_of_place(const Function *, NodeId place);

#endif
