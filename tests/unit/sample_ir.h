/* sample_ir.h - a function that uses every kind of node, instruction and terminator, for the unit
 * tests of ir/. What may vary without changing the code is in `Skin`. */
#ifndef TESTS_SAMPLE_IR_H
#define TESTS_SAMPLE_IR_H

#include "ir/build.h"

typedef struct {
  const char *parameter; // name of the first one
  const char *macro;
  uint32_t line;
  const char *file;
  bool more_symbols; // tables filled in another order, and with unused entries
  int64_t constant;  // this one is code
} Skin;

static const Skin plain_skin = {"pool", "LIMIT", 10, "src/pool.c", false, 7};

typedef struct {
  Builder *b;
  Index integer, size, record, pointer, array;
  Index lock_field, next_field, get, global;
  Index pool, count, buffer, hidden;
} Sample;

static inline void sample_tables(Sample *s, const Skin *skin) {
  Builder *b = s->b;
  if (skin->more_symbols) {
    Index odd = build_type(b, (Type){.kind = TYPE_FLOAT, .size = 8, .key = ""});
    build_symbol(b, (Symbol){.kind = SYMBOL_GLOBAL, .type = odd, .key = "pi", .name = "pi"});
    build_constant(b, build_type(b, (Type){.kind = TYPE_SIGNED, .size = 4}), 4711, "ODD");
  }
  s->integer = build_type(b, (Type){.kind = TYPE_SIGNED, .size = 4});
  s->size = build_type(b, (Type){.kind = TYPE_UNSIGNED, .size = 8, .key = "size_t"});
  s->record = build_type(b, (Type){.kind = TYPE_RECORD, .size = 48, .key = "struct pool#1f3a"});
  s->pointer = build_type(b, (Type){.kind = TYPE_POINTER, .size = 8, .element = s->record});
  s->array = build_type(b, (Type){.kind = TYPE_ARRAY, .size = 64, .element = s->integer});
  s->get = build_symbol(b, (Symbol){.kind = SYMBOL_FUNCTION, .key = "get", .name = "get"});
  s->global = build_symbol(b, (Symbol){.kind = SYMBOL_GLOBAL,
                                       .type = s->array,
                                       .flags = SYMBOL_INTERNAL,
                                       .key = "src/pool.c:table",
                                       .name = "table"});
  s->lock_field = build_symbol(b, (Symbol){.kind = SYMBOL_FIELD,
                                           .type = s->integer,
                                           .offset = 8,
                                           .key = "struct pool#1f3a.lock",
                                           .name = "lock"});
  s->next_field = build_symbol(b, (Symbol){.kind = SYMBOL_FIELD,
                                           .type = s->pointer,
                                           .offset = 16,
                                           .key = "struct pool#1f3a.next",
                                           .name = "next"});
  s->pool = build_local(b, (Local){LOCAL_PARAMETER, s->pointer, skin->parameter});
  s->count = build_local(b, (Local){LOCAL_PARAMETER, s->integer, "count"});
  s->buffer = build_local(b, (Local){LOCAL_ADDRESS_TAKEN, s->array, "buffer"});
  s->hidden = build_local(b, (Local){LOCAL_HIDDEN, s->integer, ""});
}

/* Two calls, a load, a loop, a switch with ranges, a computed goto. */
static inline void sample_code(Sample *s, const Skin *skin) {
  Builder *b = s->b;
  Index body = build_block(b), end = build_block(b), other = build_block(b);
  NodeId one = build_constant(b, s->integer, 1, ""), count = build_var(b, s->count);
  NodeId limit = build_constant(b, s->integer, skin->constant, skin->macro);
  NodeId here = build_deref(b, s->record, build_var(b, s->pool));
  build_simple(b, INST_DECLARE, s->buffer, NULL, 0);
  NodeId lock = build_load(b, s->integer, build_field(b, s->integer, here, s->lock_field));
  NodeId text = build_string(b, s->pointer, "a \"text\"\n");
  NodeId real = build_floating(b, build_type(b, (Type){.kind = TYPE_FLOAT, .size = 8}), "1.5");
  NodeId got = build_call(b, s->integer, build_function_value(b, s->get),
                          (NodeId[]){lock, text, real}, 3, CALL_NORETURN);
  build_branch(b, build_binary(b, OPERATOR_LT, s->integer, got, limit), body, end);
  build_switch_to(b, body);
  NodeId next = build_load(b, s->pointer, build_field(b, s->pointer, here, s->next_field));
  build_store(b, build_index(b, s->integer, build_local_place(b, s->buffer), count),
              build_cast(b, s->size, build_unary(b, OPERATOR_NEGATE, s->integer, got)));
  NodeId shifted = build_shift(b, s->pointer, next, count);
  build_call(b, 0, next, (NodeId[]){shifted, build_unknown(b, s->integer)}, 2, CALL_TAIL);
  build_store(b, build_local_place(b, s->hidden), build_copy(b, s->integer, count));
  build_switch(b, count, (Edge[]){{body, 1, 1}, {end, 2, INT64_MAX}, {other, 0, 0}}, 3);
  build_switch_to(b, other);
  NodeId item = build_index(b, s->integer, build_global(b, s->global), one);
  build_simple(b, INST_ASM, 0, (NodeId[]){build_address(b, s->pointer, item)}, 1);
  build_simple(b, INST_HIDDEN, 0, NULL, 0);
  build_indirect(b, next, (Edge[]){{end, 0, 0}, {body, 0, 0}}, 2);
  build_switch_to(b, end);
  build_simple(b, INST_SCOPE_END, s->buffer, NULL, 0);
  build_return(b, build_var(b, s->hidden));
}

static inline Function *sample_function(Arena *arena, const Skin *skin) {
  Sample s = {.b = build_new(arena, "pool_get", "pool_get")};
  Function *head = build_function(s.b);
  head->source = skin->file;
  head->line = skin->line;
  head->end_line = skin->line + 20;
  head->flags = FUNCTION_INCOMPLETE | FUNCTION_COMPUTED_GOTO;
  head->incomplete = "computed goto";
  build_file(s.b, skin->file);
  build_file(s.b, "include/pool.h");
  build_at(s.b, build_location(s.b, (Location){.file = 1,
                                               .column = 3,
                                               .end_column = 9,
                                               .line = 2,
                                               .end_line = 4,
                                               .spelling_file = 1,
                                               .spelling_line = (int32_t)skin->line,
                                               .macro = skin->macro}));
  sample_tables(&s, skin);
  head->result_type = s.integer;
  sample_code(&s, skin);
  return build_finish(s.b);
}

#endif
