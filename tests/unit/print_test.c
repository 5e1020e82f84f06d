/* print_test.c - IR as people read it: node_text undoes the canonical forms, function_print shows
 * them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "ir/print.h"
#include "sample_ir.h"

/* Types and names to build expressions from. */
typedef struct {
  Arena *arena;
  Builder *b;
  Index integer, word, record, pointer, array, pointer_array;
  Index lock, items, hash_of;
  NodeId a, c, p, here, five, zero;
} World;

static World world_new(Arena *arena) {
  World w = {.arena = arena, .b = build_new(arena, "f", "f")};
  Builder *b = w.b;
  build_file(b, "a.c");
  w.integer = build_type(b, (Type){.kind = TYPE_SIGNED, .size = 4});
  w.word = build_type(b, (Type){.kind = TYPE_UNSIGNED, .size = 8});
  w.record = build_type(b, (Type){.kind = TYPE_RECORD, .size = 8, .key = "struct pool#12"});
  w.pointer = build_type(b, (Type){.kind = TYPE_POINTER, .size = 8, .element = w.record});
  w.array = build_type(b, (Type){.kind = TYPE_ARRAY, .size = 40, .element = w.integer});
  w.lock = build_symbol(
      b, (Symbol){.kind = SYMBOL_FIELD, .type = w.integer, .key = "pool.lock", .name = "lock"});
  w.items = build_symbol(
      b,
      (Symbol){.kind = SYMBOL_GLOBAL, .type = w.array, .key = "item_locks", .name = "item_locks"});
  w.hash_of = build_symbol(b, (Symbol){.kind = SYMBOL_FUNCTION, .key = "hash", .name = "hash"});
  w.a = build_var(b, build_local(b, (Local){LOCAL_PARAMETER, w.integer, "a"}));
  w.c = build_var(b, build_local(b, (Local){LOCAL_PARAMETER, w.integer, "b"}));
  w.p = build_var(b, build_local(b, (Local){LOCAL_PARAMETER, w.pointer, "pool"}));
  w.here = build_deref(b, w.record, w.p);
  w.five = build_constant(b, w.integer, 5, "");
  w.zero = build_constant(b, w.integer, 0, "");
  return w;
}

/* Finishes the world's function once, to print one node of it. */
static const char *text(World *w, NodeId node) {
  build_return(w->b, 0);
  return node_text(w->arena, build_finish(w->b), node);
}

#define EXPECT(expected, expression)                                                               \
  do {                                                                                             \
    World w = world_new(*state);                                                                   \
    NodeId node = expression;                                                                      \
    assert_string_equal(text(&w, node), expected);                                                 \
  } while (0)

#define BINARY(op, x, y) build_binary(w.b, OPERATOR_##op, w.integer, x, y)
#define NOT(x) build_unary(w.b, OPERATOR_NOT, w.integer, x)
#define LOCK(place) build_field(w.b, w.integer, place, w.lock)

static void comparisons(void **state) {
  EXPECT("a < b", BINARY(LT, w.a, w.c));
  EXPECT("a <= b", BINARY(LE, w.a, w.c));
  EXPECT("a > 5", BINARY(GT, w.a, w.five));
  EXPECT("a >= 5", BINARY(GE, w.a, w.five));
  EXPECT("a < 5", BINARY(LT, w.a, w.five));
  EXPECT("a <= 5", BINARY(LE, w.a, w.five));
  EXPECT("a == 5", BINARY(EQ, w.five, w.a));
  EXPECT("a != 5", NOT(BINARY(EQ, w.a, w.five)));
  EXPECT("!a", NOT(w.a));
  EXPECT("pool == NULL", BINARY(EQ, w.p, build_constant(w.b, w.pointer, 0, "")));
  EXPECT("pool == NIL", BINARY(EQ, w.p, build_constant(w.b, w.pointer, 0, "NIL")));
  EXPECT("a == EBUSY", BINARY(EQ, w.a, build_constant(w.b, w.integer, 16, "EBUSY")));
}

static void places(void **state) {
  EXPECT("pool->lock", LOCK(w.here));
  EXPECT("*pool", w.here);
  EXPECT("pool[a].lock", LOCK(build_deref(w.b, w.record, build_shift(w.b, w.pointer, w.p, w.a))));
  EXPECT("item_locks[a & b]",
         build_index(w.b, w.integer, build_global(w.b, w.items), BINARY(AND, w.a, w.c)));
  EXPECT("&item_locks[3]", build_address(w.b, w.pointer,
                                         build_index(w.b, w.integer, build_global(w.b, w.items),
                                                     build_constant(w.b, w.integer, 3, ""))));
  EXPECT("item_locks",
         build_address(w.b, w.pointer,
                       build_index(w.b, w.integer, build_global(w.b, w.items), w.zero)));
  EXPECT("&pool->lock", build_address(w.b, w.pointer, LOCK(w.here)));
  EXPECT("pool - 2", build_shift(w.b, w.pointer, w.p, build_constant(w.b, w.integer, -2, "")));
  EXPECT("pool + (a - b)", build_shift(w.b, w.pointer, w.p, BINARY(SUBTRACT, w.a, w.c)));
}

static void parentheses(void **state) {
  EXPECT("(a + b) * 5", BINARY(MULTIPLY, BINARY(ADD, w.a, w.c), w.five));
  EXPECT("a + b * 5", BINARY(ADD, w.a, BINARY(MULTIPLY, w.c, w.five)));
  EXPECT("a - (b - 5)", BINARY(SUBTRACT, w.a, BINARY(SUBTRACT, w.c, w.five)));
  EXPECT("(a & 5) == 0", BINARY(EQ, BINARY(AND, w.a, w.five), w.zero));
  EXPECT("(a + b) & 5", BINARY(AND, BINARY(ADD, w.a, w.c), w.five));
  EXPECT("a | b | 5", BINARY(OR, BINARY(OR, w.a, w.c), w.five));
  EXPECT("a | (b & 5)", BINARY(OR, w.a, BINARY(AND, w.c, w.five)));
  EXPECT("-(a + b)", build_unary(w.b, OPERATOR_NEGATE, w.integer, BINARY(ADD, w.a, w.c)));
  EXPECT("!(a & 5)", NOT(BINARY(AND, w.a, w.five)));
  EXPECT("(*pool)[5]", build_index(w.b, w.integer, w.here, w.five));
  EXPECT("a * -5", BINARY(MULTIPLY, w.a, build_constant(w.b, w.integer, -5, "")));
}

static NodeId get(World *w) {
  return build_call(w->b, w->integer, build_function_value(w->b, w->hash_of),
                    (NodeId[]){w->a, build_load(w->b, w->integer,
                                                build_field(w->b, w->integer, w->here, w->lock))},
                    2, 0);
}

static void temps(void **state) {
  EXPECT("hash(a, pool->lock)", get(&w));
  EXPECT("hash(a, pool->lock) == 5", BINARY(EQ, get(&w), w.five));
  EXPECT("pool->lock", build_load(w.b, w.integer, LOCK(w.here)));
  EXPECT("a", build_copy(w.b, w.integer, w.a));
  EXPECT("pool->lock + 5", BINARY(ADD, build_load(w.b, w.integer, LOCK(w.here)), w.five));
  EXPECT("a", build_cast(w.b, w.word, w.a));
  EXPECT("(...)", build_unknown(w.b, w.integer));
  EXPECT("\"x\\n\\\"\\001\"", build_string(w.b, w.pointer, "x\n\"\x01"));
}

/* A temp that comes from an indirect call is shown with its pointer's expression. */
static void indirect_calls(void **state) {
  EXPECT("pool->lock(5)",
         build_call(w.b, w.integer, build_load(w.b, w.pointer, LOCK(w.here)), &w.five, 1, 0));
}

static NodeId sum_of_itself(World *w, int doublings) {
  NodeId node = w->a;
  for (int i = 0; i < doublings; i++)
    node = build_binary(w->b, OPERATOR_MULTIPLY, w->integer, node, node);
  return node;
}

static void long_ones_are_cut(void **state) {
  World w = world_new(*state);
  NodeId node = sum_of_itself(&w, 60); // 2^60 leaves
  const char *cut = text(&w, node);
  assert_int_equal(strlen(cut), 120);
  assert_string_equal(cut + 117, "...");
}

static void deep_ones_are_cut(void **state) {
  World w = world_new(*state);
  NodeId node = w.a;
  for (int i = 0; i < 200000; i++)
    node = build_unary(w.b, OPERATOR_COMPLEMENT, w.integer, node);
  assert_true(strlen(text(&w, node)) <= 120);
}

/* The cut must not split a character. */
static void cuts_keep_utf8(void **state) {
  Arena *arena = *state;
  for (size_t length = 100; length < 125; length++) {
    World w = world_new(arena);
    char name[512] = "";
    for (size_t i = 0; i < length; i += 2)
      memcpy(name + i + length % 2, "\xc3\xa9", 3);
    if (length % 2)
      name[0] = 'x';
    Index local = build_local(w.b, (Local){0, w.integer, name});
    const char *cut =
        text(&w, build_binary(w.b, OPERATOR_ADD, w.integer, build_var(w.b, local), w.five));
    assert_ptr_equal(text_valid_utf8(arena, cut), cut);
    assert_true(strlen(cut) <= 120);
  }
}

static void a_function(void **state) {
  static const char expected[] =
      "function pool_get(pool: struct pool *, count: int): int computed-goto\n"
      "  incomplete: computed goto\n"
      "  local buffer: int[16] memory\n"
      "  local %3: int hidden\n"
      "b0:\n"
      "  declare buffer\n"
      "  t1 = load pool->lock\n"
      "  t2 = call get(t1, \"a \\\"text\\\"\\n\", 1.5) noreturn\n"
      "  branch t2 < LIMIT{7} ? b1 : b2\n"
      "b1:\n"
      "  t3 = load pool->next\n"
      "  store buffer[count] = (size_t)-t2\n"
      "  call *t3(t3 + count, ?) tail\n"
      "  t4 = copy count\n"
      "  store %3 = t4\n"
      "  switch count { 1: b1, 2..9223372036854775807: b2, default: b3 }\n"
      "b2:\n"
      "  end buffer\n"
      "  return %3\n"
      "b3:\n"
      "  asm(&table[1])\n"
      "  hidden()\n"
      "  goto *t3 { b2, b1 }\n";
  char *printed = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&printed, &length);
  function_print(out, sample_function(*state, &plain_skin), false);
  fclose(out);
  assert_string_equal(printed, expected);
  free(printed);
}

static void call_sites(void **state) {
  static const char expected[] = "function pool_get 10 30 src/pool.c incomplete computed-goto\n"
                                 "block 0\n"
                                 "call 12 get include/pool.h noreturn\n"
                                 "branch 1 2 +\n"
                                 "block 1\n"
                                 "call 12 * include/pool.h tail\n"
                                 "switch 1 2 3\n"
                                 "block 2\n"
                                 "return\n"
                                 "block 3\n"
                                 "goto 2 1\n";
  char *printed = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&printed, &length);
  function_print_calls(out, sample_function(*state, &plain_skin));
  fclose(out);
  assert_string_equal(printed, expected);
  free(printed);
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
      TEST(comparisons),       TEST(places),
      TEST(parentheses),       TEST(temps),
      TEST(indirect_calls),    TEST(long_ones_are_cut),
      TEST(deep_ones_are_cut), TEST(cuts_keep_utf8),
      TEST(a_function),        TEST(call_sites),
  };
  return cmocka_run_group_tests_name("print", tests, NULL, NULL);
}
