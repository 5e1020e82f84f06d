/* touch.h - what a function does to containers: lists, trees, tables and arrays that grow and
 * shrink. Recognised by the stores alone, whatever macros or functions they come from (ANALYSIS
 * A.3), so that nobody has to know the names of a library.
 */
#ifndef GROWTH_TOUCH_H
#define GROWTH_TOUCH_H

#include "growth/demands.h"
#include "growth/values.h"
#include "ir/repeats.h"

typedef enum {
  TOUCH_GROWS,
  TOUCH_SHRINKS, // something is taken out
  TOUCH_RESETS,  // it is empty, or another one, from here on
  TOUCH_COUNTS_UP,
  TOUCH_COUNTS_DOWN,
  TOUCH_RESIZES,    // an array is moved to a larger block: the call's result takes its place
  TOUCH_FREES,      // an object
  TOUCH_READS,      // something global is looked at, or handed on
  TOUCH_GIVES_AWAY, // to a function that is not seen here; `group` is its name
  TOUCH_RETURNS,    // what is in a place, or its address
  TOUCH_MOVES,      // what is in it gets another place there, as in a larger table
  TOUCH_KEEPS,      // the pointer there, or its address, is stored in another place, too
  TOUCH_LINKS, // a small function that links what it is given: its callers know what that means
  TOUCH_KINDS
} TouchKind;

enum {                 // Touch.flags
  TOUCH_ARRAY = 1,     // an array with a count
  TOUCH_KEYED = 2,     // after it was looked for, and not found
  TOUCH_FRESH = 4,     // what is put in was made here
  TOUCH_BY_RESULT = 8, // only if the caller keeps the result in its place: list = push(list, x)
  TOUCH_GUARDED = 16,  // a test of a number in memory decides: see guards
  TOUCH_BY_LIBRARY = 32,
  TOUCH_WHEN_EMPTY = 64,  // a test has found nothing in it, or that there is none
  TOUCH_TO_ZERO = 128,    // TOUCH_RESETS of a number: that is what it is from here on
  TOUCH_OF_ELEMENT = 256, // TOUCH_SHRINKS: by who knows the element only: path is no container
  TOUCH_OF_SLOT = 512, // TOUCH_SHRINKS: from a place that is given, and may be anywhere in a list
  TOUCH_OF_NUMBER = 1024, // TOUCH_RESETS: of a number
  TOUCH_DEMANDED = 4096,  // hangs on what a parameter is: see demands
  TOUCH_REUSES = 8192,    // TOUCH_GROWS: only when none of those that are there is free
  TOUCH_COUNTED = 2048,   // TOUCH_GROWS: what is put in where is not seen, only that it is counted
  TOUCH_TO_STATIC = 8192, // TOUCH_RESETS: of a pointer, that leads to a variable from here on
  TOUCH_BY_LINK = 16384,  // TOUCH_SHRINKS, of an element that a link in the path led to
};

enum { GUARD_LIMIT = 2 };

typedef struct {
  uint8_t kind;
  uint16_t flags;
  Repeats repeats; // within one run of the function
  uint32_t instruction;
  uint32_t group; // TOUCH_GROWS: those of one insertion have the same
  PathId path;    // container, counter or object; TOUCH_LINKS: the place that is set
  PathId other;   // link in the element that comes or goes; TOUCH_LINKS: place whose content is set
  uint32_t made;  // TOUCH_GROWS: the call whose result is put in, plus 1; 0: it was there before
  bool address;   // TOUCH_LINKS, TOUCH_RETURNS: its address is
  PathId guards[GUARD_LIMIT]; // numbers, or objects that a callee is asked about, which are
                              // compared with a limit on every way here
  Demand demands[DEMANDS];
} Touch;

typedef struct {
  Touch *at;
  uint32_t count;
} Touches;

/* One store. */
typedef struct {
  uint32_t instruction;
  Places places;
  Meanings value;
  PathId index;     // of an element: the number that chooses it
  uint32_t resizes; // the value is the result of this call, which was given the old content, plus 1
  bool is_pointer;
  bool is_table;   // what is stored there points to pointers
  bool is_address; // nothing is stored yet: somebody has a pointer to the new element
  bool walks;      // the place is a link of what was reached by following such links
  bool in_loop;
  bool is_computed; // the index may be a number that is stored nowhere
  Index block;
} Write;

typedef struct {
  Arena *arena;
  PathTable *paths;
  const Write *writes;
  uint32_t count;
  bool is_main;          // its variables live as long as the process
  const bool *is_making; // per instruction: a call that is given no place, but gives one
} WriteSet;

bool write_returns(const PathTable *, const Write *); // what is stored is the function's result

/* What stores mean together. Flags, groups and places only: guards and repeats are the caller's. */
Touches writes_classify(const WriteSet *);

#endif
