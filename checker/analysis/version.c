/* version.c - how often memory was written, by class (ANALYSIS B.2). Classes are numbered as a
 * function comes across them, so that the versions of a state are a list that copies can share.
 */
#include "analysis/engine.h"

enum { FIRST_ROOM = 64 };

typedef struct ClassNumber {
  uint32_t class_key, number; // 0: free
} ClassNumber;

/* The entry of the class, or the free one where it belongs. */
static ClassNumber *find(ClassNumber *classes, uint32_t room, uint32_t class_key) {
  uint32_t i = class_key * 0x9e3779b1u;
  for (i ^= i >> 15;; i++) {
    ClassNumber *class = &classes[i & (room - 1)];
    if (!class->number || class->class_key == class_key)
      return class;
  }
}

static void make_room(Engine *e) {
  uint32_t room = e->class_room ? e->class_room * 2 : FIRST_ROOM;
  ClassNumber *classes = arena_new_array(e->arena, ClassNumber, room);
  for (uint32_t i = 0; i < e->class_room; i++)
    if (e->classes[i].number)
      *find(classes, room, e->classes[i].class_key) = e->classes[i];
  e->classes = classes;
  e->class_room = room;
}

static uint32_t number_of(Engine *e, uint32_t class_key) {
  if ((e->class_count + 1) * 2 > e->class_room)
    make_room(e);
  ClassNumber *class = find(e->classes, e->class_room, class_key);
  if (!class->number)
    *class = (ClassNumber){class_key, ++e->class_count};
  return class->number;
}

uint32_t engine_version(const Engine *e, const State *state, uint32_t class_key) {
  if (!e->class_room)
    return 0;
  return slots_get(&state->versions, find(e->classes, e->class_room, class_key)->number);
}

void engine_set_version(Engine *e, State *state, uint32_t class_key, uint32_t version) {
  slots_set(state->arena, &state->versions, number_of(e, class_key), version);
}
