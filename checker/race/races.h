/* races.h - the data of one linked program that several threads can reach, and the lock that guards
 * each, as most of those who use it have it (ANALYSIS A.2 L9).
 *
 * A use counts when another one, of which at least one of the two writes, can happen in another
 * thread at the same time. What belongs to the thread alone, or is about to end, is none.
 */
#ifndef RACE_RACES_H
#define RACE_RACES_H

#include "race/entry.h"

typedef struct {
  uint32_t function;
  const Access *access;
  const Held *held; // by the function itself, or by all who call it
  uint32_t held_count;
  RootSet may, sure;              // threads that do it
  RootSet may_meet, meets;        // threads that can be there meanwhile
  const EntryHeld *const *starts; // by root: what is held when its threads are created
  bool is_threads_own;            // of memory that each of these threads has for itself
  bool is_common;                 // of one object that several threads were given
  bool is_before_start;           // the function goes on to create threads
  bool is_after_join;             // it has joined one of those that it may meet
} Use;

typedef enum {
  GUARD_NONE,
  GUARD_BESIDE, // a member of the same record, or of the same file, held by whoever else writes it
  GUARD_RECORD, // it guards the other members
  GUARD_USES,   // four in five of at least four uses, in at least two functions, hold it
  GUARD_DECLARED, // its declaration says so, and somebody does as it says
} GuardBasis;

typedef struct {
  uint64_t datum;
  const Use *uses; // by function and instruction
  uint32_t count;
  TextId guard;                         // the lock that most of them hold, or 0
  GuardBasis basis;                     // what says so
  uint32_t held, counted;               // that many of so many uses
  uint32_t functions;                   // in which it is held
  double coincidence;                   // how likely that is by chance: standard deviations
  uint32_t record_held, record_counted; // uses of all the members that it is held for
  bool is_result; // who has joined threads that write it reads what they have made of it
} Datum;

typedef struct {
  Program *program;
  const Multiplicities *multiplicities;
  Sharing *sharing;
  const JoinSite *joins; // with the roots of the linked program at hand
  uint32_t join_count;
} RaceInput;

/* Of the data that some thread writes while another one can use them. Refines what is known of how
 * many threads of a root there can be. */
Datum *races_find(Arena *, const RaceInput *, Concurrency *, uint32_t *count);

typedef enum {
  HOLDS_NOT,
  HOLDS_BY_SOME, // some who call it hold it, or may
  HOLDS_MAYBE,
  HOLDS_READ,
  HOLDS,
} Holds;
Holds use_holds(const Use *, TextId lock);
/* The two can happen at the same time. */
bool can_meet(const Use *, const Use *);
bool surely_meet(const Use *, const Use *);
bool share_lock(const Use *, const Use *); // or may
/* A lock that one of them holds is held when the other's thread is created. */
bool may_be_ordered(const Use *, const Use *);

#endif
