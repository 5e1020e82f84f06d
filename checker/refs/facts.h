/* facts.h - what one function does that has to do with counted references: by its code alone, so
 * that it is kept beside the function's other results.
 *
 * Nothing is known here of which records are counted: numbers that go up and down by one, pointers
 * that are stored in records, and what calls are given. cycles.h puts that together.
 */
#ifndef REFS_FACTS_H
#define REFS_FACTS_H

#include "base/bytes.h"
#include "growth/values.h"

typedef enum {
  REFER_UP,     // a number goes up by one; or a library says so of the object
  REFER_DOWN,   // down by one
  REFER_BEGIN,  // it becomes one
  REFER_STORE,  // a pointer to a record is stored in a record
  REFER_CLEAR,  // a null pointer is
  REFER_CALL,   // a call that is given pointers to records
  REFER_FREE,   // a library gives the memory back
  REFER_RETURN, // what the function returns
  REFER_TEST,   // a number that goes down somewhere in the function is compared with 0 or 1
} ReferKind;

enum { MEANS_FUNCTION = 7 }; // ReferArg.kind: a function's address; `path` is its name

enum {
  ENDS_HERE = 1,
  ENDS_BY_CALLER = 2, // who is told by the answer, or whose function is called then
};

typedef struct {
  uint8_t kind; // MEANS_CONTENT, MEANS_ADDRESS, MEANS_ZERO or MEANS_FUNCTION
  uint16_t number;
  PathId path;
} ReferArg;

typedef struct {
  uint8_t kind;
  bool by_pointer; // REFER_CALL: through a field or global, `callee`
  bool address;    // REFER_STORE, REFER_RETURN: the address of `value`, not what is there
  uint8_t ends;    // REFER_DOWN: the object may end then: ENDS_HERE, ENDS_BY_CALLER
  uint32_t instruction;
  uint32_t after; // the last one before it that is about the same object, on all ways here, with a
                  // branch in between: its number plus 1, or 0
  PathId place;   // the number, or the field; REFER_FREE: the object; REFER_CALL: the result
  PathId value;   // REFER_STORE, REFER_RETURN: where the pointer was
  TextId callee;
  ReferArg *args;
  uint32_t arg_count;
} ReferEvent;

typedef struct {
  const ProgramFunction *function;
  ReferEvent *events;
  uint32_t count;
  bool is_primitive; // it counts something down that may end then, or up for whoever knows what
  TextId *records;   // that are only declared where the function stands
  uint32_t record_count;
} ReferFacts;

/* The code is loaded. Paths are those of the values. */
ReferFacts facts_of_references(Arena *, const Program *, const ProgramFunction *, Values *);

/* The object that a place is a part of, as where its pointer is; 0: not known. */
PathId object_of_place(const PathTable *, PathId place);
/* Its record, by the member that the place is in, or by its type. */
TextId record_of_place(const PathTable *, PathId place);
/* The member of a record that is meant by a place in it, or by an element of an array there; a
 * path, or 0. */
PathId member_of_place(const PathTable *, PathId place);

/* An event comes after another one on all ways, with a branch in between. */
bool comes_after(const ReferFacts *, uint32_t event, uint32_t first);
/* It is behind a test of what a number goes down to, or of whether it is the last one. */
bool is_behind(const ReferFacts *, uint32_t event, uint32_t down, PathId number);

/* The object, or a part of it, is given to somebody, or the object back. */
bool is_given(const PathTable *, const ReferEvent *, PathId object);

/* Facts are read only when something of what they are about is asked for: most functions have
 * nothing to do with any record that is counted. */
typedef struct {
  const uint32_t *numbers; // of records, and of callees that are given an address inside of one
  uint32_t count;
  bool is_primitive;
} ReferHeader;

enum { REFER_NUMBERS = 1 << 20 };
uint32_t refer_number(const char *key); // as it stands in the header, below REFER_NUMBERS
void refer_facts_write(ByteWriter *, const ReferFacts *, const PathTable *, const TextPool *);
ReferHeader refer_header_read(Arena *, ByteReader *);
ReferFacts refer_facts_read(Arena *, ByteReader *, const ProgramFunction *, PathTable *,
                            TextPool *); // after the header

#endif
