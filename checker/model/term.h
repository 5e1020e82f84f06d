/* term.h - symbolic values and places: the language in which models, summaries and the engine
 * speak.
 *
 * A term describes a value or a place in terms of a function's entry: its parameters, globals,
 * memory at entry, and its result. Terms are hash-consed in a TermTable, so equal terms have equal
 * ids. The same forms as ir.h's nodes, but independent of any function body: a summary's terms
 * are substituted at a call with the caller's own.
 *
 * Symbols are TextIds of one program-wide pool (symbol keys of ir.h). A model does not know record
 * tags: its fields have the plain name as symbol ("mlock"); terms_field_equal() knows.
 */
#ifndef MODEL_TERM_H
#define MODEL_TERM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/text.h"

typedef uint32_t TermId; // 0 is "none"

enum { VERSION_ENTRY = 0, VERSION_EXIT = 1 };

typedef enum {
  TERM_NONE,
  /* values */
  TERM_CONSTANT, // value
  TERM_PARAM,    // a: number of the parameter, from 0; its value on entry
  TERM_RESULT,   // what the function returns
  TERM_LOAD,     // a: place, b: version of its memory; 0 is the entry, in summaries 1 is the exit
  TERM_ADDRESS,  // a: place
  TERM_FUNCTION, // a: symbol
  TERM_STRING,   // a: text
  TERM_UNARY,    // operator, a
  TERM_BINARY,   // operator, a, b
  TERM_CAST,     // a; value: target width in bits, negative when signed
  TERM_SHIFT,    // pointer a moved by b elements
  TERM_PURE,     // a: symbol of a pure function, b: list term of its arguments
  TERM_LIST,     // a: head, b: rest (TERM_LIST or 0)
  TERM_ANY,      // some value: the index of [*]
  /* places */
  TERM_GLOBAL,   // a: symbol
  TERM_ABSTRACT, // a: name of a lock without an object: @rcu, @irq
  TERM_DEREF,    // a: pointer value
  TERM_FIELD,    // a: place, b: symbol
  TERM_INDEX,    // a: place of an array, b: value
  /* only inside the engine, never in a summary */
  TERM_LOCAL, // a: local (place)
  TERM_FRESH, // a: instruction that made it, b: which of its results
  TERM_PHI,   // a: block, b: local or memory class that differed there
  TERM_KINDS
} TermKind;

typedef struct {
  uint8_t kind, operator; // TermKind, Operator of ir.h
  uint16_t depth;         // longest chain below it
  uint32_t a, b;
  int64_t value;
} Term;

typedef struct TermTable TermTable;

TermTable *terms_new(void);
/* Lives in the arena, with room for that many terms at first; terms_free does nothing to it. */
TermTable *terms_new_in(Arena *, uint32_t room);
void terms_free(TermTable *);
void terms_reset(TermTable *); // forget all, keep the memory; O(1)
uint32_t terms_count(const TermTable *);
const Term *term_at(const TermTable *, TermId); // valid until the next insertion
/* The only constructor. Keeps places in the canonical forms of ir.h, so the result may be of
 * another kind: DEREF of an ADDRESS is the place, ADDRESS of a DEREF the pointer, SHIFT by 0
 * nothing, and constant shifts of an array element's address become an index. Values are not
 * folded. */
TermId term_make(TermTable *, TermKind, uint8_t operator, uint32_t a, uint32_t b, int64_t value);
TermId term_constant(TermTable *, int64_t);
bool term_is_place(const TermTable *, TermId);
uint32_t term_children(const Term *, TermId children[2]); // how many, 0 to 2; none of them is 0
bool term_kind_is_place(TermKind);
TermId term_whole(const TermTable *,
                  TermId place); // what it is a member or an element of, or itself
/* It is the whole, or a member or an element of it. */
bool term_is_part(const TermTable *, TermId place, TermId whole);
bool term_is_in_local(const TermTable *, TermId place);
/* Made of `a` by naming a part of it, where it is, or what it points to; without reading it. */
bool term_kind_is_way(TermKind);
/* The pointer that this one is reckoned from, and what it was before a cast. */
TermId term_unshifted(const TermTable *, TermId value);

/* Whether the predicate holds of the term or of anything that it is made of. */
typedef bool TermPredicate(const Term *, const void *context);
bool term_any(const TermTable *, TermId, TermPredicate *, const void *context);

/* Symbols of TERM_FIELD: "struct pool#1f3a5c77.lock" and the plain "lock" of a model are equal,
 * two keys with tags only when they are the same. */
bool terms_field_equal(const TextPool *symbols, TextId a, TextId b);

/* `*$0`, `$0->lock`, `table[$1].mutex`, `ret == 0`: parameters by number, or by `names` when the
 * caller has them (NULL otherwise). For dumps, reports of models, and tests. */
typedef struct {
  const char *const *at;
  uint32_t count;
} ParameterNames;
void term_print(FILE *, const TermTable *, const TextPool *symbols, TermId, const ParameterNames *);

/* The part of a table that `roots` need, numbered from 1 in the order of a walk (children first),
 * so that equal roots give equal numbers whatever else the table holds. */
typedef struct {
  TermId *order;    // count entries
  uint32_t *number; // per term of the table; 0 is "not part of it"
  uint32_t count;
} TermSubset;
TermSubset terms_subset(Arena *, const TermTable *, const TermId *roots, size_t count);
void terms_write_subset(ByteWriter *, const TermTable *, const TextPool *symbols,
                        const TermSubset *);
/* A table in the arena that holds nothing else: ids are the numbers. */
TermTable *terms_copy_subset(Arena *, const TermTable *, const TermSubset *);

void terms_write(ByteWriter *, const TermTable *, const TextPool *symbols);
/* Into an empty table. False when damaged; the table is then empty. */
bool terms_read(ByteReader *, TermTable *, TextPool *symbols, Arena *);

#endif
