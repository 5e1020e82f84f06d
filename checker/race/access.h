/* access.h - which memory that others may know a function reads and writes, and which locks are
 * held meanwhile: by its code and the summaries of what it calls alone, so that it is kept beside
 * the function's other results.
 *
 * Memory is told apart by *datum*: a global, or a member of one, by name; a member behind a pointer
 * by the record's key, whichever record it is. Elements of an array are one. What only this
 * function can reach - its frame, objects that it made and has not given away yet - is left out.
 */
#ifndef RACE_ACCESS_H
#define RACE_ACCESS_H

#include "base/bytes.h"
#include "link/program.h"

typedef enum {
  BASE_GLOBAL,    // the datum is a global's
  BASE_PARAMETER, // a parameter points to it
  BASE_POINTED,   // a global points to it
  BASE_OTHER,
} BaseKind;

enum { // Access.flags
  ACCESS_WRITE = 1,
  ACCESS_ATOMIC = 2,
  ACCESS_UPDATE = 4,    // the new value is made of the old one: x++, x |= FLAG
  ACCESS_CONSTANT = 8,  // a constant is written
  ACCESS_VOLATILE = 16, // declared so: somebody means to use it without a lock
  ACCESS_ELEMENT = 32,  // of an array, chosen by a variable
  ACCESS_WIDE = 64,     // takes more than one access of the machine
  ACCESS_HANDED = 128,  // its address is handed to a function, which may do anything with it
  ACCESS_TESTED = 256,  // the value read decides a branch
  ACCESS_DYING = 512,   // on every way from here the object is given back
  ACCESS_POINTER = 1024,
  ACCESS_AGAIN = 2048, // a read, and the function goes on to one of the same with more held
  ACCESS_COUNT = 4096, // an update by a sum or a difference: x++, x -= n
};

typedef struct {
  uint64_t datum; // hash of its name
  uint16_t flags;
  uint8_t base;       // BaseKind
  uint16_t parameter; // BASE_PARAMETER
  uint32_t record; // BASE_GLOBAL: of which record it is a member, as datum_owner says it; 0: none
                   // BASE_POINTED: what points to it, as datum_name says it
  uint32_t held;   // number of a set
  uint32_t instruction;
} Access;

enum {
  HELD_READ = 1,
  HELD_MAYBE = 2,
  HELD_NO_MORE = 4, // given up: it is not held, even if the function was called with it
  HELD_BY_CALLER = 8,
  HELD_POINTED = 16, // known by a pointer to it only: it may be any lock
};
typedef struct {
  TextId lock; // its class, as wait/rows.h has it; 0: only this function knows it
  uint8_t how; // HELD_*
} Held;

/* In the order of the texts. Number 0 is empty. */
typedef struct {
  const Held *at;
  uint32_t count;
} HeldSet;

/* What callees get as an argument in all the calls that a function makes of them, and the functions
 * that threads run, when it creates them. */
typedef enum {
  GIVEN_OWN,       // memory that only this function can reach, or that it is about to give back
  GIVEN_PARAMETER, // what its own parameter points to, or a part of that
  GIVEN_SAME,      // of a function that threads run: the same each time that one is created
  GIVEN_COMMON,    // likewise, and it is: several threads have one object
  GIVEN_ELSE,      // anything else, or not the same in all calls: is not kept
} GivenKind;
typedef struct {
  uint64_t callee; // hash of its key
  uint16_t argument;
  uint8_t kind; // GivenKind
  uint16_t parameter;
} Given;

/* A call, by name or through a field or global, of a function that does something about locks. */
typedef struct {
  uint64_t callee; // hash of its key, or of the slot's
  uint32_t held;   // number of a set
} HeldCall;

typedef struct {
  const ProgramFunction *function;
  const Access *accesses;
  uint32_t access_count;
  const HeldSet *sets;
  uint32_t set_count;
  const HeldCall *calls;
  uint32_t call_count;
  const Given *given;
  uint32_t given_count;
} AccessFacts;

/* What summaries say of a call. */
typedef struct {
  bool makes;     // its result may be memory that nobody else has
  bool spawns;    // a thread may get what it is given
  uint32_t frees; // which of its first 32 arguments it gives back
} CallTraits;

enum { NEVER_HERE = 0xffffffffu }; // instead of a set: no way leads to the instruction

/* What is known beside the code; per instruction. */
typedef struct {
  const TextPool *texts;
  const CallTraits *calls;
  const uint32_t *held; // numbers of sets; NULL: nothing is held anywhere
  const HeldSet *sets;
  uint32_t set_count;
} AccessInput;

/* The code is loaded. */
AccessFacts accesses_of(Arena *, Arena *scratch, const ProgramFunction *, const Cfg *,
                        const AccessInput *);

void access_facts_write(ByteWriter *, const AccessFacts *, const TextPool *);
AccessFacts access_facts_read(Arena *, ByteReader *, const ProgramFunction *, TextPool *);

/* The datum of a place: "struct pool#1f3a5c77.count", "src/a.c:total". NULL: it has none. */
const char *datum_key(Arena *, const Function *, NodeId place);
/* The place that an instruction reads or writes; 0: none. */
NodeId accessed_place(const Function *, uint32_t instruction);
uint64_t name_hash(const char *key);
/* Equal for the members of one record, and of one global. */
uint64_t datum_owner(uint64_t datum);
uint32_t datum_name(uint64_t datum); // of the whole, without what it is a member of
uint64_t
owner_of_member(const char *key); // the same of a lock's class, or a slot; 0: it is no member

#endif
