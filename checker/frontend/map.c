/* map.c - see map.h: open addressing, linear probing, no deletion. */
#include "frontend/map.h"

static size_t place_of(const Map *map, uint64_t key) {
  uint64_t mixed = key * 0x9e3779b97f4a7c15u;
  return (size_t)(mixed >> 20) & (map->capacity - 1);
}

uint32_t map_get(const Map *map, uint64_t key) {
  if (!map->capacity)
    return MAP_NONE;
  for (size_t at = place_of(map, key); map->keys[at]; at = (at + 1) & (map->capacity - 1))
    if (map->keys[at] == key)
      return map->values[at];
  return MAP_NONE;
}

static void insert(Map *map, uint64_t key, uint32_t value) {
  size_t at = place_of(map, key);
  while (map->keys[at] && map->keys[at] != key)
    at = (at + 1) & (map->capacity - 1);
  if (!map->keys[at])
    map->used++;
  map->keys[at] = key;
  map->values[at] = value;
}

void map_put(Arena *arena, Map *map, uint64_t key, uint32_t value) {
  if ((map->used + 1) * 3 >= map->capacity * 2) {
    Map bigger = {.capacity = map->capacity ? map->capacity * 2 : 64};
    bigger.keys = arena_new_array(arena, uint64_t, bigger.capacity);
    bigger.values = arena_new_array(arena, uint32_t, bigger.capacity);
    for (size_t i = 0; i < map->capacity; i++)
      if (map->keys[i])
        insert(&bigger, map->keys[i], map->values[i]);
    *map = bigger;
  }
  insert(map, key, value);
}
