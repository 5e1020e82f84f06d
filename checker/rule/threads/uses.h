/* uses.h - what rules ask about data that several threads use (race/races.h). A part of rule.h. */
#ifndef RULE_USES_H
#define RULE_USES_H

#include "rule/rule.h"

const ProgramFunction *use_function(const Pass *, const Use *);
Position use_position(const Pass *, const Use *);
const char *datum_class(Pass *, const Datum *);     // its key; loads code
bool has_guard_beside(const Pass *, const Datum *); // of the same record, or file
bool is_member_lock(const Pass *, TextId lock);     // of a record, whichever object's
/* The function's declaration says that nothing about locks is to be looked at in it. */
bool is_unchecked(const Pass *, const Use *);
/* Between calls through two pointers of one table, as of a lock that the program chooses. */
bool is_between_pointers(Pass *, const Use *);
const char *use_text(Pass *, const Use *); // "p->count"; likewise
const char *lock_in_words(Pass *, TextId lock);
uint32_t calls_from_thread(Pass *, const Use *); // NOT_REACHED: only the main thread does it
/* The threads of the two do both before they wake their creator, main, who waits for that. */
bool are_over_at_start(Pass *, const Use *, const Use *);
/* All threads that do it have joined another one before: they go on when the others are gone. */
bool is_done_by_last(Pass *, const Use *);
/* As evidence, how many of its uses hold the lock. */
void note_guarded(Pass *, Finding *, const Datum *);
/* Where a thread is created that does it. */
void note_threads(Pass *, Finding *, const Use *);

#endif
