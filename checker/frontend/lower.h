/* lower.h - from AST to IR: what the lower_*.c files share.
 *
 * One Lower is one function (or one initialiser). lower_value and lower_place are the two ways to
 * look at an expression; lower_condition is the third, for what decides a branch.
 */
#ifndef FRONTEND_LOWER_H
#define FRONTEND_LOWER_H

#include "frontend/cursor.h"
#include "frontend/state.h"

/* What has to end when a scope is left; the chain grows downwards from the innermost. */
typedef struct Live {
  struct Live *below;
  uint32_t depth;
  Index local, type; // type: State's
  bool memory;       // gets an INST_SCOPE_END
  NameInfo *cleanup; // function of the cleanup attribute, or NULL
  CXCursor block;    // of a block pointer: the statements that the cleanup runs
  bool has_block;
} Live;

typedef struct Switch {
  struct Switch *outer;
  LIST(Edge) edges;
  Index otherwise; // block of default:, or MAP_NONE
  Index type;
} Switch;

typedef struct {
  CXCursor cursor;
  Index block;
  Live *live;
  bool placed, address_taken;
} Label;

typedef struct {
  Index pad;
  Live *live;
  uint32_t label;
  CXCursor cursor;
} Goto;

typedef struct Lower {
  State *state;
  Builder *builder;
  CXCursor body;
  Function *function;
  uint32_t line;
  Index source;
  Live *live;
  Switch *switches;
  Index break_block, continue_block;
  Live *break_live, *continue_live;
  LIST(Label) labels;
  Map label_map;
  LIST(Goto) gotos;
  Map local_names; // hash of name -> how many block statics had it
  Map fixed;       // local + 1 -> the node that it always is (pthread_cleanup_push)
  bool cancel_setjmp;
  Map vla_sizes; // local + 1 -> its size in bytes
  Map file_map;  // source -> file of the function
  Map taken;     // addresses of declarations of locals whose address is taken
  uint32_t depth;
  bool initialiser;
  uint64_t stores;
  CXCursor at_cursor;
  uint32_t nameless;
  Index result_type;
  uint32_t guard_blocks; // how many blocks of scope guards are being run in place
  CXCursor definition;   // of the function or variable
  const char *printed;   // it, as libclang prints it; NULL: nobody has asked yet
} Lower;

enum { DEPTH_LIMIT = 60000, STORE_LIMIT = 65536 };

/* lower_context.c */
void lower_at(Lower *, CXCursor);
void lower_at_end(Lower *);
void lower_incomplete(Lower *, const char *reason);
Index lower_type(Lower *, Index type); // State's index to the function's
Index lower_symbol(Lower *, NameInfo *);
Index lower_hidden(Lower *, Index type); // State's index; gives a local
Index lower_new_local(Lower *, const char *name, Index type, uint32_t flags);
NodeId lower_constant(Lower *, Index type, int64_t value, const char *macro);
Index lower_int(Lower *);

/* lower_decl.c */
void lower_function(State *, CXCursor definition);
void lower_declaration(Lower *, CXCursor variable_or_record);
void lower_head(Lower *, CXCursor definition); // where it stands
NameInfo *lower_local_name(Lower *, CXCursor declaration);

/* lower_prepass.c */
void lower_prepass(Lower *, CXCursor body);

/* lower_stmt.c */
void lower_statement(Lower *, CXCursor);
NodeId lower_compound(Lower *, CXCursor, bool wants_value);
void lower_jump(Lower *, Index block);  // unless the current block has ended
void lower_enter(Lower *, Index block); // falls into it and goes on there

/* lower_loop.c */
void lower_while(Lower *, CXCursor);
void lower_do(Lower *, CXCursor);
void lower_for(Lower *, CXCursor);

/* lower_jump.c */
void lower_goto(Lower *, CXCursor);
void lower_label(Lower *, CXCursor);
void lower_indirect_goto(Lower *, CXCursor);
void lower_jump_anywhere(Lower *, NodeId value, bool only_taken, Index fall);
void lower_leave_for(Lower *, CXCursor, Live *until, Index target);
void lower_return(Lower *, CXCursor);
void lower_end(Lower *, bool is_main); // falling off the end
void lower_finish_gotos(Lower *);

/* lower_lex.c: what only the text tells */
typedef struct {
  bool start, condition, step;
} ForParts;
ForParts lex_for_parts(Lower *, CXCursor, const Children *);
bool lex_asm_has_goto(Lower *, CXCursor);
const char *lex_word(Lower *,
                     CXCursor); // the identifier an expression starts with, where it is spelled
bool lex_is_call(Lower *, Position, const char *word); // the word is followed by "("
/* NAME when the position follows `#define NAME`, "" otherwise. */
const char *lex_defined_name(Lower *, Position);
/* Of `[a ... b].c[d] = value`: 'i' index, 'r' range, 'f' field; NULL when the text is not there. */
const char *lex_designators(Lower *, CXCursor);

/* lower_generic.c */
NodeId lower_generic(Lower *, CXCursor); // the chosen arm of a _Generic

/* lower_scope.c */
NameInfo *scope_cleanup_of(Lower *, CXCursor declaration); // NULL: no cleanup attribute
void scope_declare(Lower *, Live);
void scope_leave(Lower *, Live *until);                                // ends the scope
void scope_emit(Lower *, Live *from, Live *until, bool cleanups_only); // on a way out
Live *scope_common(Live *, Live *);

/* lower_block.c */
bool lower_is_block(CXCursor expression);
bool lower_guard_by(Live *, CXCursor block); // the variable's cleanup runs that block
/* The same for an assignment; false when it is something else. */
bool lower_block_assigned(Lower *, CXCursor variable, CXCursor value);
void lower_guard_block(Lower *, const Live *);

/* lower_expr.c */
NodeId lower_value(Lower *, CXCursor); // 0 when void
NodeId lower_place(Lower *, CXCursor);
void lower_effect(Lower *, CXCursor); // value unused
NodeId lower_load(Lower *, Index type, NodeId place);
NodeId lower_spill(Lower *, Index type, NodeId value); // place that holds it
Index lower_type_of(Lower *, CXCursor);                // State's index of the type of an expression

/* lower_literal.c */
NodeId lower_unknown(Lower *, CXCursor);                    // some value of its type
NodeId lower_unseen(Lower *, CXCursor, const char *reason); // and the function is incomplete
NodeId lower_integer(Lower *, CXCursor);
NodeId lower_floating(Lower *, CXCursor);
NodeId lower_string(Lower *, CXCursor);
NodeId lower_evaluated(Lower *, CXCursor, const char *otherwise); // what libclang computes
NodeId lower_size(Lower *, CXCursor);                             // sizeof

/* lower_operator.c */
NodeId lower_binary(Lower *, CXCursor);
NodeId lower_compound_assign(Lower *, CXCursor);
NodeId lower_unary(Lower *, CXCursor);
bool lower_step_effect(Lower *, CXCursor);

/* lower_branch.c */
void lower_condition(Lower *, CXCursor, Index if_true, Index if_false);
NodeId lower_logical(Lower *, CXCursor);
bool lower_branch_effect(Lower *,
                         CXCursor); // &&, || and ?: without their value; false: another kind
NodeId lower_conditional(Lower *, CXCursor);
NodeId lower_elvis(Lower *, CXCursor, const Children *);

/* lower_call.c */
NodeId lower_call(Lower *, CXCursor);
NodeId lower_hidden_call(Lower *, CXCursor, const Children *);
NodeId lower_named_call(Lower *, Index type, const char *name, const NodeId *args, uint32_t count);

/* lower_init.c */
void lower_init(Lower *, NodeId place, CXType type, CXCursor initialiser);
void lower_initialiser(State *, CXCursor variable, NameInfo *);

#endif
