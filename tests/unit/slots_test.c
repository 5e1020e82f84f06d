/* slots_test.c - copies of a list share its chunks, and nobody sees what another one writes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/slots.h"

enum { LENGTH = 1000, LISTS = 6, STEPS = 4000, STEP_SEED = 12345 };

static uint32_t next_random(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

/* Against plain arrays: writes, and copies within the arena, in any order. */
static void copies_are_independent(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Slots *lists = arena_new_array(arena, Slots, LISTS);
  uint32_t *plain = arena_new_array(arena, uint32_t, LISTS *LENGTH);
  uint32_t seed = STEP_SEED;
  for (uint32_t step = 0; step < STEPS; step++) {
    uint32_t to = next_random(&seed) % LISTS, from = next_random(&seed) % LISTS;
    if (step % 8 == 0 && to != from) {
      slots_copy(arena, arena, &lists[to], &lists[from]);
      for (uint32_t i = 0; i < LENGTH; i++)
        plain[to * LENGTH + i] = plain[from * LENGTH + i];
    }
    uint32_t i = next_random(&seed) % LENGTH, value = next_random(&seed) % 4;
    slots_set(arena, &lists[to], i, value);
    plain[to * LENGTH + i] = value;
  }
  for (uint32_t list = 0; list < LISTS; list++)
    for (uint32_t i = 0; i < LENGTH; i++)
      assert_int_equal(slots_get(&lists[list], i), plain[list * LENGTH + i]);
  for (uint32_t a = 0; a < LISTS; a++)
    for (uint32_t b = 0; b < LISTS; b++) {
      uint32_t expected = 0;
      while (expected < LENGTH && plain[a * LENGTH + expected] == plain[b * LENGTH + expected])
        expected++;
      assert_int_equal(slots_difference(&lists[a], &lists[b], 0, LENGTH), expected);
    }
  arena_free(arena);
}

static void a_copy_elsewhere_writes_nothing_back(void **state) {
  (void)state;
  Arena *kept = arena_new(), *passing = arena_new();
  Slots list = {0}, copy, again;
  for (uint32_t i = 0; i < LENGTH; i++)
    slots_set(kept, &list, i, i + 1);
  slots_copy(passing, kept, &copy, &list);
  assert_ptr_equal(copy.chunks[3], list.chunks[3]); // shared
  slots_set(passing, &copy, 100, 7);
  assert_ptr_not_equal(copy.chunks[3], list.chunks[3]);
  assert_int_equal(slots_get(&list, 100), 101);
  slots_copy(kept, kept, &again, &copy); // as a state that arrives at its block
  arena_free(passing);
  assert_int_equal(slots_get(&again, 100), 7);
  assert_int_equal(slots_get(&again, 99), 100);
  slots_set(kept, &again, 500, 8); // in a chunk that the first list holds, too
  assert_int_equal(slots_get(&list, 500), 501);
  slots_set(kept, &list, 501, 9);
  assert_int_equal(slots_get(&again, 501), 502);
  arena_free(kept);
}

/* A block that is its own successor: what arrives is joined into the state that is being left. */
static void what_was_lent_is_not_written_to(void **state) {
  (void)state;
  Arena *kept = arena_new(), *passing = arena_new();
  Slots list = {0}, copy;
  slots_set(kept, &list, 1, 5);
  slots_copy(passing, kept, &copy, &list);
  slots_lend(&list);
  slots_set(kept, &list, 1, 6);
  assert_int_equal(slots_get(&copy, 1), 5);
  assert_int_equal(slots_get(&list, 1), 6);
  arena_free(passing);
  arena_free(kept);
}

static void what_was_never_written_is_zero(void **state) {
  (void)state;
  Arena *arena = arena_new();
  Slots list = {0}, other = {0};
  assert_int_equal(slots_get(&list, LENGTH), 0);
  slots_set(arena, &list, LENGTH, 0);
  assert_int_equal(list.chunk_count, 0);
  slots_set(arena, &list, LENGTH, 1);
  assert_int_equal(slots_get(&list, LENGTH - 1), 0);
  assert_int_equal(slots_difference(&list, &other, 0, LENGTH), LENGTH);
  assert_int_equal(slots_difference(&other, &list, 0, LENGTH * 2), LENGTH);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(copies_are_independent),
      cmocka_unit_test(a_copy_elsewhere_writes_nothing_back),
      cmocka_unit_test(what_was_lent_is_not_written_to),
      cmocka_unit_test(what_was_never_written_is_zero),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
