/* array.h - growable arrays outside arenas, typed by macro.
 *
 *   ARRAY(Block) blocks = {0};
 *   array_push(&blocks, (Block){...});       // evaluates its arguments once
 *   for (size_t i = 0; i < blocks.count; i++) use(&blocks.at[i]);
 *   array_free(&blocks);
 */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define ARRAY(Type)                                                                                \
  struct {                                                                                         \
    Type *at;                                                                                      \
    size_t count, capacity;                                                                        \
  }

#define array_reserve(array, needed)                                                               \
  ((array)->capacity >= (needed)                                                                   \
       ? (void)0                                                                                   \
       : (void)((array)->at =                                                                      \
                    array_room((array)->at, sizeof *(array)->at, &(array)->capacity, (needed))))

#define array_push(array, ...)                                                                     \
  (array_reserve((array), (array)->count + 1), (void)((array)->at[(array)->count++] = __VA_ARGS__))

#define array_free(array)                                                                          \
  (memory_free((array)->at), (void)((array)->at = NULL),                                           \
   (void)((array)->count = (array)->capacity = 0))

/* For qsort and bsearch: numbers, the smallest first. */
static inline int compare_ids(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  return (a > b) - (a < b);
}

static inline void *array_room(void *old, size_t element, size_t *capacity, size_t needed) {
  size_t room = *capacity ? *capacity * 2 : 16;
  if (room < needed)
    room = needed;
  *capacity = room;
  return memory_resize(old, element * room);
}

#endif
