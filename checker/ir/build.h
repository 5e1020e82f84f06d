/* build.h - making a function, block by block. Used by frontend/ and by unit tests.
 *
 * Nodes are hash-consed and put into the canonical forms of ir.h here, so that lowering need not
 * think of them; constant operands are folded. A builder lives in one arena, with its function.
 */
#ifndef IR_BUILD_H
#define IR_BUILD_H

#include "ir/ir.h"

typedef struct Builder Builder;

Builder *build_new(Arena *, const char *key, const char *name);
/* Ends blocks without terminator as TERM_UNREACHABLE, drops unreachable empty blocks, packs the
 * tables and computes the body hash. The builder is dead afterwards. */
Function *build_finish(Builder *);
Function *
build_function(Builder *); // its head may be filled in at any time (flags, line, source ...)

Index build_type(Builder *, Type);
Index build_symbol(Builder *, Symbol);
Index build_local(Builder *, Local);
Index build_file(Builder *, const char *path);
Index build_location(Builder *, Location);
void build_at(Builder *, Index location); // of all that is added from now on

NodeId build_constant(Builder *, Index type, int64_t value, const char *macro);
NodeId build_floating(Builder *, Index type, const char *spelling);
NodeId build_string(Builder *, Index type, const char *text);
NodeId build_var(Builder *, Index local);
NodeId build_local_place(Builder *, Index local);
NodeId build_global(Builder *, Index symbol);
NodeId build_function_value(Builder *, Index symbol);
NodeId build_address(Builder *, Index type, NodeId place);
NodeId build_deref(Builder *, Index type, NodeId pointer);
NodeId build_field(Builder *, Index type, NodeId place, Index symbol);
NodeId build_index(Builder *, Index type, NodeId place, NodeId index);
NodeId build_shift(Builder *, Index type, NodeId pointer, NodeId index);
NodeId build_unary(Builder *, Operator, Index type, NodeId);
NodeId build_binary(Builder *, Operator, Index type, NodeId, NodeId);
NodeId build_cast(Builder *, Index type, NodeId);
NodeId build_unknown(Builder *, Index type);
const Node *build_node(const Builder *, NodeId);
const Local *build_local_of(const Builder *, Index local);
const Type *build_type_of(const Builder *, Index type);
const Constant *build_constant_of(const Builder *, NodeId); // NULL when not a constant

Index build_block(Builder *); // a new, empty one; not yet current
void build_switch_to(Builder *, Index block);
Index build_current(const Builder *);
bool build_is_open(const Builder *); // current block has no terminator yet

NodeId build_load(Builder *, Index type,
                  NodeId place); // gives a VAR without instruction where that is allowed
void build_store(Builder *, NodeId place, NodeId value);
NodeId build_copy(Builder *, Index type, NodeId value);
NodeId build_call(Builder *, Index type, NodeId callee, const NodeId *args, uint32_t count,
                  uint32_t flags);
void build_simple(Builder *, InstructionKind, uint32_t a, const NodeId *args, uint32_t count);

void build_jump(Builder *, Index block);
/* A goto, break or continue: gets an empty block of its own, so that a finding can stand there. */
void build_written_jump(Builder *, Index block);
void build_branch(Builder *, NodeId value, Index if_true,
                  Index if_false); // constant values fold to a jump
void build_switch(Builder *, NodeId value, const Edge *edges,
                  uint32_t count); // last is the default
void build_return(Builder *, NodeId value);
void build_indirect(Builder *, NodeId value, const Edge *edges, uint32_t count);
void build_unreachable(Builder *);

#endif
