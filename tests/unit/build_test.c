/* build_test.c - the builder's canonical forms: equal places and values are one node, and what is
 * known when a function is built is decided there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ir/build.h"
#include "ir/check.h"

typedef struct {
  Builder *b;
  Index integer, word, byte, flag, record, pointer, array;
  Index field;
  NodeId x, y, u, c, p;
} World;

static World world_new(Arena *arena) {
  World w = {.b = build_new(arena, "f", "f")};
  Builder *b = w.b;
  build_file(b, "a.c");
  w.integer = build_type(b, (Type){.kind = TYPE_SIGNED, .size = 4});
  w.word = build_type(b, (Type){.kind = TYPE_UNSIGNED, .size = 8});
  w.byte = build_type(b, (Type){.kind = TYPE_UNSIGNED, .size = 1});
  w.flag = build_type(b, (Type){.kind = TYPE_BOOL, .size = 1});
  w.record = build_type(b, (Type){.kind = TYPE_RECORD, .size = 16, .key = "struct s#1"});
  w.pointer = build_type(b, (Type){.kind = TYPE_POINTER, .size = 8, .element = w.record});
  w.array = build_type(b, (Type){.kind = TYPE_ARRAY, .size = 64, .element = w.record});
  w.field = build_symbol(b, (Symbol){.kind = SYMBOL_FIELD,
                                     .type = w.integer,
                                     .offset = 8,
                                     .key = "struct s#1.f",
                                     .name = "f"});
  w.x = build_var(b, build_local(b, (Local){LOCAL_PARAMETER, w.integer, "x"}));
  w.y = build_var(b, build_local(b, (Local){LOCAL_PARAMETER, w.integer, "y"}));
  w.u = build_var(b, build_local(b, (Local){LOCAL_PARAMETER, w.word, "u"}));
  w.c = build_var(b, build_local(b, (Local){LOCAL_PARAMETER, w.flag, "c"}));
  w.p = build_var(b, build_local(b, (Local){LOCAL_PARAMETER, w.pointer, "p"}));
  return w;
}

static void world_end(World *w) {
  build_return(w->b, 0);
  assert_null(function_check(build_finish(w->b)));
}

static NodeId number(World *w, Index type, int64_t value) {
  return build_constant(w->b, type, value, "");
}

static NodeId binary(World *w, Operator op, NodeId x, NodeId y) {
  return build_binary(w->b, op, w->integer, x, y);
}

static NodeId negation(World *w, NodeId x) {
  return build_unary(w->b, OPERATOR_NOT, w->integer, x);
}

static int64_t value_of(World *w, NodeId node) {
  const Constant *constant = build_constant_of(w->b, node);
  assert_non_null(constant);
  return constant->value;
}

static void comparisons_have_one_form(void **state) {
  World w = world_new(*state);
  NodeId less = binary(&w, OPERATOR_LT, w.x, w.y);
  assert_int_equal(binary(&w, OPERATOR_GT, w.y, w.x), less);
  assert_int_equal(binary(&w, OPERATOR_GE, w.x, w.y), negation(&w, less));
  assert_int_equal(binary(&w, OPERATOR_LE, w.y, w.x), negation(&w, less));
  assert_int_equal(negation(&w, negation(&w, less)), less);
  NodeId three = number(&w, w.integer, 3);
  assert_int_equal(binary(&w, OPERATOR_EQ, three, w.x), binary(&w, OPERATOR_EQ, w.x, three));
  assert_int_equal(negation(&w, binary(&w, OPERATOR_EQ, w.x, three)),
                   binary(&w, OPERATOR_NE, w.x, three));
  world_end(&w);
}

static void places_have_one_form(void **state) {
  World w = world_new(*state);
  Builder *b = w.b;
  NodeId here = build_deref(b, w.record, w.p), zero = number(&w, w.integer, 0);
  assert_int_equal(build_address(b, w.pointer, here), w.p);
  assert_int_equal(build_deref(b, w.record, build_address(b, w.pointer, here)), here);
  assert_int_equal(build_shift(b, w.pointer, w.p, zero), w.p);
  NodeId local = build_local_place(b, build_local(b, (Local){0, w.array, "a"}));
  NodeId first = build_address(b, w.pointer, build_index(b, w.record, local, zero));
  NodeId two = number(&w, w.integer, 2);
  assert_int_equal(build_shift(b, w.pointer, first, two),
                   build_address(b, w.pointer, build_index(b, w.record, local, two)));
  NodeId once = build_shift(b, w.pointer, w.p, two);
  assert_int_equal(build_shift(b, w.pointer, once, number(&w, w.integer, -2)), w.p);
  world_end(&w);
}

/* container_of(&p->f, struct s, f) is p. */
static void the_containing_record(void **state) {
  World w = world_new(*state);
  Builder *b = w.b;
  Index bytes = build_type(b, (Type){.kind = TYPE_POINTER, .size = 8, .element = w.byte});
  NodeId place = build_field(b, w.integer, build_deref(b, w.record, w.p), w.field);
  NodeId moved = build_shift(b, bytes, build_address(b, bytes, place), number(&w, w.word, -8));
  assert_int_equal(build_cast(b, w.pointer, moved), w.p);
  world_end(&w);
}

static void constants_fold_as_the_machine_does(void **state) {
  World w = world_new(*state);
  Builder *b = w.b;
  NodeId most = number(&w, w.integer, INT32_MAX), one = number(&w, w.integer, 1);
  assert_true(value_of(&w, binary(&w, OPERATOR_ADD, most, one)) == INT32_MIN);
  assert_int_equal(value_of(&w, number(&w, w.byte, 300)), 44);
  assert_int_equal(value_of(&w, build_cast(b, w.byte, number(&w, w.integer, -1))), 255);
  assert_null(build_constant_of(b, binary(&w, OPERATOR_DIVIDE, one, number(&w, w.integer, 0))));
  NodeId least = number(&w, w.integer, INT32_MIN), minus = number(&w, w.integer, -1);
  binary(&w, OPERATOR_DIVIDE, least, minus); // no trap
  binary(&w, OPERATOR_SHIFT_LEFT, one, number(&w, w.integer, 64));
  Index real = build_type(b, (Type){.kind = TYPE_FLOAT, .size = 8});
  assert_true(value_of(&w, build_cast(b, w.word, build_floating(b, real, "1e9"))) == 1000000000);
  assert_null(build_constant_of(b, build_cast(b, w.word, build_floating(b, real, "1e300"))));
  world_end(&w);
}

static void what_cannot_be_is_false(void **state) {
  World w = world_new(*state);
  Builder *b = w.b;
  NodeId zero = number(&w, w.word, 0);
  assert_int_equal(value_of(&w, binary(&w, OPERATOR_LT, w.u, zero)), 0);
  assert_int_equal(value_of(&w, binary(&w, OPERATOR_GE, w.u, zero)), 1);
  assert_int_equal(value_of(&w, binary(&w, OPERATOR_GT, w.u, number(&w, w.word, -1))), 0);
  assert_null(build_constant_of(b, binary(&w, OPERATOR_LT, w.x, number(&w, w.integer, 0))));
  NodeId text = build_string(b, w.pointer, "why");
  assert_int_equal(value_of(&w, negation(&w, text)), 0);
  NodeId null = number(&w, w.pointer, 0);
  assert_int_equal(value_of(&w, binary(&w, OPERATOR_EQ, text, null)), 0);
  NodeId place = build_local_place(b, build_local(b, (Local){0, w.record, "s"}));
  assert_int_equal(value_of(&w, binary(&w, OPERATOR_NE, build_address(b, w.pointer, place), null)),
                   1);
  assert_null(build_constant_of(b, binary(&w, OPERATOR_EQ, w.p, null)));
  world_end(&w);
}

static void weak_objects_may_be_null(void **state) {
  World w = world_new(*state);
  Builder *b = w.b;
  Symbol symbol = {
      .kind = SYMBOL_GLOBAL, .flags = SYMBOL_WEAK, .type = w.record, .key = "g", .name = "g"};
  NodeId place = build_global(b, build_symbol(b, symbol));
  NodeId null = number(&w, w.pointer, 0);
  assert_null(
      build_constant_of(b, binary(&w, OPERATOR_EQ, build_address(b, w.pointer, place), null)));
  world_end(&w);
}

static void a_flag_is_its_truth(void **state) {
  World w = world_new(*state);
  NodeId yes = number(&w, w.integer, 1), wide = build_cast(w.b, w.integer, w.c);
  NodeId zero = number(&w, w.flag, 0);
  assert_int_equal(binary(&w, OPERATOR_EQ, wide, yes), binary(&w, OPERATOR_NE, w.c, zero));
  assert_int_equal(binary(&w, OPERATOR_NE, wide, yes), binary(&w, OPERATOR_EQ, w.c, zero));
  assert_int_not_equal(binary(&w, OPERATOR_EQ, w.x, yes), binary(&w, OPERATOR_NE, w.x, zero));
  world_end(&w);
}

/* A node keeps 16 bits for its type: what is past them makes the function incomplete. */
static void too_many_types(void **state) {
  Arena *arena = *state;
  World w = world_new(arena);
  for (uint32_t i = 0; i < 70000; i++)
    build_type(w.b, (Type){.kind = TYPE_RECORD, .size = i, .key = "struct many"});
  for (uint32_t i = 69000; i < 70000; i++) // again: they were not kept
    assert_int_equal(build_type(w.b, (Type){.kind = TYPE_RECORD, .size = i, .key = "struct many"}),
                     0);
  assert_true(build_function(w.b)->flags & FUNCTION_INCOMPLETE);
  world_end(&w);
}

static void known_branches_are_jumps(void **state) {
  World w = world_new(*state);
  Builder *b = w.b;
  Index yes = build_block(b), no = build_block(b);
  build_branch(b, build_string(b, w.pointer, "x"), yes, no);
  build_switch_to(b, no);
  build_return(b, w.x);
  build_switch_to(b, yes);
  build_return(b, w.y);
  Function *f = build_finish(b);
  assert_null(function_check(f));
  assert_int_equal(f->blocks[0].terminator, TERM_JUMP);
  const Block *target = &f->blocks[f->edges[f->blocks[0].edges].block];
  assert_int_equal(target->value, w.y);
}

static int set_up(void **state) {
  *state = arena_new();
  return 0;
}

static int tear_down(void **state) {
  arena_free(*state);
  return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(comparisons_have_one_form), TEST(places_have_one_form),
      TEST(the_containing_record),     TEST(constants_fold_as_the_machine_does),
      TEST(what_cannot_be_is_false),   TEST(weak_objects_may_be_null),
      TEST(a_flag_is_its_truth),       TEST(too_many_types),
      TEST(known_branches_are_jumps),
  };
  return cmocka_run_group_tests_name("build", tests, NULL, NULL);
}
