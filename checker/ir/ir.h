/* ir.h - the program as the analysis sees it: functions of basic blocks.
 *
 * A function is a set of flat tables that refer to each other by index, so that it can be stored
 * as one blob (ir/serial.h) and analysed again without parsing. Nothing here depends on models or
 * on other functions: a call keeps its fall-through edge even when the callee never returns.
 *
 * Values and places are *nodes*: hash-consed expression DAGs. What reads or writes memory, or has
 * another effect, is an *instruction*, so the order of effects is the order of instructions.
 * A scalar local whose address is never taken is not memory: NODE_VAR reads its current value and
 * INST_STORE to its NODE_LOCAL place sets it. Every other read is an INST_LOAD into a temp.
 *
 * Canonical forms that lowering guarantees (so that equal places have equal nodes):
 *   p->f        FIELD(DEREF(p), f)          (*p).f is the same node
 *   *&x         x, and &*p is p             (never DEREF(ADDRESS) or ADDRESS(DEREF))
 *   p[i], *(p+i)  DEREF(SHIFT(p, i)), SHIFT(p, 0) is p, SHIFT(ADDRESS(INDEX(a, i)), j) is
 *               ADDRESS(INDEX(a, i + j)) when both are constant; subtraction shifts by a negative
 *   a[i]        INDEX(a, i) for an array object a; a as a value is ADDRESS(INDEX(a, 0))
 *   no casts between pointers, none between integers that keep width and signedness
 *   a > b       is BINARY(LT, b, a); a >= b is UNARY(NOT, BINARY(LT, a, b)) and a <= b is
 *               UNARY(NOT, BINARY(LT, b, a)), for integers and pointers (not for floating point,
 *               which keeps GT, GE, LE); !(x) is UNARY(NOT, x); constants of EQ/NE stand on the
 * right
 */
#ifndef IR_IR_H
#define IR_IR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"

typedef uint32_t NodeId; // index into Function.nodes; 0 is "none"
typedef uint32_t Index;  // index into another table of the function

/* ---- types: enough for sizes, signedness, layouts; equal types have equal keys */
typedef enum {
  TYPE_VOID,
  TYPE_BOOL,
  TYPE_SIGNED, // integers and enums; size tells the width
  TYPE_UNSIGNED,
  TYPE_FLOAT,
  TYPE_POINTER, // element: what it points to
  TYPE_ARRAY,   // element, and size in bytes (0: incomplete or variable)
  TYPE_RECORD,  // struct or union; key names it
  TYPE_FUNCTION,
  TYPE_OTHER,
} TypeKind;

typedef struct {
  TypeKind kind;
  uint64_t size;   // bytes; 0 when unknown
  Index element;   // TYPE_POINTER, TYPE_ARRAY: index into Function.types
  const char *key; // TYPE_RECORD: "struct pool#1f3a5c77"; typedef'd scalars keep their typedef name
                   // ("pthread_mutex_t" is a record whose key is its typedef name); else ""
} Type;

/* ---- symbols: what has a name outside the function */
typedef enum { SYMBOL_FUNCTION, SYMBOL_GLOBAL, SYMBOL_FIELD } SymbolKind;
enum {
  SYMBOL_INTERNAL = 1, // static: key is "path:name", block scope "path:function:name#ordinal"
  SYMBOL_WEAK = 2,
  SYMBOL_THREAD_LOCAL = 4,
  SYMBOL_NORETURN = 8, // declared so, in any spelling
  SYMBOL_CONST = 16,   // const-qualified object
  SYMBOL_SYSTEM = 32,  // declared in a system header only
  SYMBOL_RETURNS_TWICE = 64,
  SYMBOL_VOLATILE = 128,
  SYMBOL_ATOMIC = 256,    // or an array of such
  SYMBOL_OVERLAY = 512,   // a pointer in a union, and another pointer there comes before it
  SYMBOL_OVERLAID = 1024, // the one that comes first
};
typedef struct {
  SymbolKind kind;
  uint32_t flags;
  Index type;
  uint64_t offset;  // SYMBOL_FIELD: bytes from the record's start
  const char *key;  // program-wide, stable (DESIGN 4): "pool_get", "src/pool.c:helper",
                    // "struct pool#1f3a5c77.lock"
  const char *name; // as the programmer wrote it: "lock"
} Symbol;

/* ---- locals: parameters first, in order; then the rest in order of declaration */
enum {
  LOCAL_PARAMETER = 1,
  LOCAL_ADDRESS_TAKEN = 2, // or aggregate, or volatile: lives in memory, read by INST_LOAD
  LOCAL_HIDDEN = 4,        // made by lowering: result of ?:, &&, ({ }), compound literal, ...
  LOCAL_VLA = 8,
  LOCAL_CLEANUP = 16, // has a cleanup attribute (its calls are in the IR)
};
typedef struct {
  uint32_t flags;
  Index type;
  const char *name; // not part of the body hash; "" for hidden ones
} Local;

/* ---- nodes */
typedef enum {
  NODE_NONE,
  /* values */
  NODE_CONSTANT, // a: index into constants
  NODE_FLOATING, // a: index into texts (spelling)
  NODE_STRING,   // a: index into texts
  NODE_VAR,      // a: local; its value at this moment
  NODE_TEMP,     // a: temp; the result of the one instruction that defines it
  NODE_ADDRESS,  // a: place
  NODE_FUNCTION, // a: symbol
  NODE_UNARY,    // op, a
  NODE_BINARY,   // op, a, b
  NODE_CAST,     // a; type is the target (only casts that can change a value)
  NODE_SHIFT,    // pointer a moved by b elements
  NODE_UNKNOWN,  // a value that libclang hides; a: ordinal, each one is different
  /* places */
  NODE_LOCAL,  // a: local
  NODE_GLOBAL, // a: symbol
  NODE_DEREF,  // a: pointer value
  NODE_FIELD,  // a: place, b: symbol
  NODE_INDEX,  // a: place of array type, b: value
  NODE_KINDS
} NodeKind;

typedef enum {
  OPERATOR_NONE,
  OPERATOR_NEGATE,
  OPERATOR_COMPLEMENT,
  OPERATOR_NOT,
  OPERATOR_ADD,
  OPERATOR_SUBTRACT,
  OPERATOR_MULTIPLY,
  OPERATOR_DIVIDE,
  OPERATOR_REMAINDER,
  OPERATOR_SHIFT_LEFT,
  OPERATOR_SHIFT_RIGHT,
  OPERATOR_AND,
  OPERATOR_OR,
  OPERATOR_XOR,
  OPERATOR_EQ,
  OPERATOR_NE,
  OPERATOR_LT,
  OPERATOR_LE,
  OPERATOR_GT,
  OPERATOR_GE,
  OPERATOR_COUNT
} Operator;

/* On constants; false when the type of what it is about decides, or it is no number (fold.c). */
bool operator_fold(Operator, int64_t a, int64_t b, int64_t *value);

typedef struct {
  uint8_t kind;     // NodeKind
  uint8_t operator; // Operator
  uint16_t type;    // index into types (a function with more than 65,535 types is incomplete)
  uint32_t a, b;
} Node;

typedef struct {
  int64_t value;     // unsigned 64-bit constants are stored as the same bits
  const char *macro; // outermost macro it came from, "" if none; not part of the body hash
} Constant;

/* ---- instructions */
typedef enum {
  INST_LOAD,      // result = value of place a
  INST_STORE,     // place a = value b; aggregate stores copy (b is then a TEMP of INST_LOAD);
                  // an aggregate place with constant 0 is zeroed whole
  INST_COPY,      // result = value a as it is now (i++ keeps its old value so)
  INST_CALL,      // result = a(args): a is NODE_FUNCTION, or any other value: an indirect call
  INST_DECLARE,   // local a comes to life, its value indeterminate; args: sizes of a VLA
  INST_SCOPE_END, // local a dies
  INST_ASM,       // args: operand values and addresses
  INST_HIDDEN,    // something that libclang does not show happens here
  INST_KINDS
} InstructionKind;

enum {
  CALL_SCOPE_CLEANUP = 1, // made by a cleanup attribute or pthread_cleanup_pop
  CALL_NORETURN = 2,      // callee declared noreturn (the edge is kept; the analysis cuts it)
  CALL_TAIL = 4,          // result returned at once: a candidate for sibling-call optimisation
};

typedef struct {
  uint8_t kind;  // InstructionKind
  uint8_t flags; // CALL_*
  uint16_t arg_count;
  uint32_t result; // temp, 0 is none
  uint32_t a, b;
  uint32_t args; // first of arg_count entries in Function.args
} Instruction;

/* ---- blocks. Block 0 is the entry. */
typedef enum {
  TERM_JUMP,        // edges[0]
  TERM_BRANCH,      // value: edges[0] when nonzero, edges[1] when zero
  TERM_SWITCH,      // value: edges with low..high; the last edge is the default
  TERM_RETURN,      // value or none; no edge
  TERM_INDIRECT,    // computed or asm goto: any of the edges
  TERM_UNREACHABLE, // __builtin_unreachable, or the end of a path without end
} TerminatorKind;

typedef struct {
  Index block;
  int64_t low, high; // TERM_SWITCH: case range, both inclusive
} Edge;

typedef struct {
  Index first; // instructions [first, first + count)
  uint32_t count;
  uint8_t terminator; // TerminatorKind
  NodeId value;
  Index edges; // first of edge_count entries in Function.edges
  uint32_t edge_count;
  Index location; // of the terminator
} Block;

/* ---- locations: not part of any hash. Lines are deltas to Function.line. */
typedef struct {
  uint16_t file;       // index into Function.files; 0 is the function's own
  uint16_t column;     // where the outermost expansion starts; saturates at 65,535
  uint16_t end_column; // one past the end
  int32_t line, end_line;
  uint16_t spelling_file;
  int32_t spelling_line; // innermost line, absolute, when it comes from a macro; else 0
  const char *macro;     // outermost macro, "" if none
} Location;

enum {
  FUNCTION_INTERNAL = 1,
  FUNCTION_WEAK = 2,
  FUNCTION_INLINE = 4,
  FUNCTION_VARIADIC = 8,
  FUNCTION_NORETURN = 16,
  FUNCTION_TAINTED = 32,      // an error diagnostic inside: never reported on, listed
  FUNCTION_INCOMPLETE = 64,   // libclang hides something in it; `incomplete` says what; listed
  FUNCTION_INITIALISER = 128, // not code: the stores that a global's initialiser makes;
                              // its key is "init:" + the global's key
  FUNCTION_CONSTRUCTOR = 256,
  FUNCTION_DESTRUCTOR = 512,
  FUNCTION_IN_HEADER = 1024, // defined outside the unit's main file
  FUNCTION_COMPUTED_GOTO = 2048,
};

typedef struct Function {
  const char *key, *name;
  const char *source; // root-relative path of the file that holds the body
  uint32_t line;      // absolute, of the definition's first line
  uint32_t end_line;
  uint32_t flags;
  Index result_type;
  uint32_t parameter_count;
  uint32_t temp_count; // temps are 1 .. temp_count
  const char *incomplete;
  Hash body_hash; // ir/serial.h

  Block *blocks;
  uint32_t block_count;
  Instruction *instructions;
  uint32_t instruction_count;
  Index *instruction_locations; // as long as instructions: index into locations
  NodeId *args;
  uint32_t arg_count;
  Edge *edges;
  uint32_t edge_count;
  Node *nodes;
  uint32_t node_count; // nodes[0] is NODE_NONE
  Constant *constants;
  uint32_t constant_count;
  const char **texts;
  uint32_t text_count;
  Local *locals;
  uint32_t local_count;
  Symbol *symbols;
  uint32_t symbol_count;
  Type *types;
  uint32_t type_count; // types[0] is void
  Location *locations;
  uint32_t location_count;
  const char **files;
  uint32_t file_count;
} Function;

static inline const Instruction *block_begin(const Function *f, const Block *b) {
  return f->instructions + b->first;
}

/* Absolute line of a location. */
static inline uint32_t location_line(const Function *f, const Location *at) {
  return (uint32_t)((int64_t)f->line + at->line);
}

#endif
