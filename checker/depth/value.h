/* value.h - a value at some point of a function, in terms of what the function was given.
 *
 * What a function is given are *tokens*: its parameters, and the cells of memory that it can name
 * through them or through globals (`parser->depth`). A token stands for the value at entry. How a
 * value relates to a token is the arc of a size-change graph (Lee, Jones, Ben-Amram, "The
 * Size-Change Principle for Program Termination", 2001); intervals replace its two kinds of arcs,
 * so that counting up to a limit is seen, too.
 */
#ifndef DEPTH_VALUE_H
#define DEPTH_VALUE_H

#include "base/arena.h"
#include "base/text.h"
#include "ir/ir.h"

typedef uint16_t Token; // parameters first, then cells
enum { NO_TOKEN = 0xffff, CELL_LIMIT = 48 };

typedef enum {
  VALUE_NONE,     // not reached; of a cell: as it was at entry
  VALUE_CONSTANT, // low
  VALUE_MOVED,    // token + [low, high]; a pointer in elements
  VALUE_BITS,     // (token & low) | high
  VALUE_PART,     // at most half of the token, + high
  VALUE_SUM,      // token + other
  VALUE_SPAN,     // token - other
  VALUE_HALF,     // half of (token - other)
  VALUE_MIDDLE,   // halfway between token and other
  VALUE_INSIDE,   // a pointer that was read from what parameter `token` leads to
  VALUE_AT,       // the same, or the parameter itself
  VALUE_ADDRESS,  // of cell `token`
  VALUE_STACK,    // made of the address of a local
  VALUE_TEXT,     // a string of the program's
  VALUE_ANY,
} ValueKind;

/* What a value was read from, whatever became of it: for tests that ask the input. */
enum { READ_CHARACTER = 1, READ_RESULT = 2, READ_STATE = 4 };

typedef struct {
  uint8_t kind;  // ValueKind
  uint8_t reads; // READ_*
  Token token, other;
  int32_t low, high; // ENDLESS_* when there is no limit
} Value;

enum { ENDLESS_DOWN = INT32_MIN / 2, ENDLESS_UP = INT32_MAX / 2 };

typedef enum { CELL_GLOBAL, CELL_LOCAL, CELL_TARGET, CELL_FIELD } CellKind;
enum { CELL_LOWERED = 1, CELL_RAISED = 2 }; // somewhere in the function

typedef struct {
  uint8_t kind;  // CellKind
  uint8_t moves; // CELL_LOWERED, CELL_RAISED
  bool pointer;  // that is what it holds
  bool text;     // to characters
  Token base;    // CELL_TARGET: what points to it; CELL_FIELD: the cell it is a part of
  TextId symbol; // CELL_GLOBAL, CELL_FIELD: program-wide
  Index local;   // CELL_LOCAL
} Cell;

typedef struct {
  Arena *arena;
  uint32_t parameter_count;
  Cell *cells;
  uint32_t count;
  size_t room;
} CellTable;

/* By kind, base, symbol and local; made when there is none; NO_TOKEN when there are too many. */
Token cell_find(CellTable *, Cell);
static inline bool is_parameter(const CellTable *table, Token token) {
  return token < table->parameter_count;
}
static inline const Cell *cell_at(const CellTable *table, Token token) {
  return &table->cells[token - table->parameter_count];
}
/* The parameter that a token is reached through, itself if it is one; NO_TOKEN: none. */
Token token_root(const CellTable *, Token);
/* The parameter whose memory a pointer points into, or is; NO_TOKEN: none is known. *inside: it was
 * read from there. */
Token value_root(const CellTable *, const Value *, bool *inside);

static inline Value value_of(Token token) { return (Value){.kind = VALUE_MOVED, .token = token}; }
Value value_constant(int64_t number);
static inline bool is_same(const Value *value) { // as it was at entry
  return value->kind == VALUE_MOVED && !value->low && !value->high;
}
bool value_equal(const Value *, const Value *); // whatever was read
Value value_join(const CellTable *, Value, Value);
Value value_add(Value, int32_t low, int32_t high);
Value value_binary(Operator, Value, Value);
/* Some bits of it, as a number that may count. */
Value value_below(Value);
/* AND or OR with these bits. */
Value value_bits(Operator, Value, int32_t bits);
/* A number, or some bits of one: what is known of it whatever the token is. */
static inline bool is_known(const Value *value) {
  return value->kind == VALUE_BITS ||
         (value->kind == VALUE_CONSTANT && value->low > ENDLESS_DOWN && value->low < ENDLESS_UP);
}

#endif
