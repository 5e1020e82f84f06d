/* hash_map.c - see hash_map.h */
#include "base/hash_map.h"

#include <string.h>

#include "base/arena.h"

static size_t slot_of(const HashMap *map, Hash key) {
  size_t slot = (size_t)(key.low ^ (key.high >> 7)) & (map->capacity - 1);
  while (map->values[slot] && !hash_equal(map->keys[slot], key))
    slot = (slot + 1) & (map->capacity - 1);
  return slot;
}

uint32_t hash_map_get(const HashMap *map, Hash key) {
  if (!map->capacity)
    return MAP_ABSENT;
  return map->values[slot_of(map, key)] - 1; // 0 - 1 is MAP_ABSENT
}

static void grow(HashMap *map) {
  HashMap old = *map;
  map->capacity = old.capacity ? old.capacity * 2 : 256;
  map->keys = memory_resize(NULL, map->capacity * sizeof *map->keys);
  map->values = memory_resize(NULL, map->capacity * sizeof *map->values);
  memset(map->values, 0, map->capacity * sizeof *map->values);
  for (size_t i = 0; i < old.capacity; i++)
    if (old.values[i]) {
      size_t slot = slot_of(map, old.keys[i]);
      map->keys[slot] = old.keys[i];
      map->values[slot] = old.values[i];
    }
  hash_map_free(&old);
}

void hash_map_put(HashMap *map, Hash key, uint32_t value) {
  if ((map->count + 1) * 3 > map->capacity * 2)
    grow(map);
  size_t slot = slot_of(map, key);
  if (!map->values[slot])
    map->count++;
  map->keys[slot] = key;
  map->values[slot] = value + 1;
}

void hash_map_clear(HashMap *map) {
  if (map->capacity)
    memset(map->values, 0, map->capacity * sizeof *map->values);
  map->count = 0;
}

void hash_map_free(HashMap *map) {
  memory_free(map->keys);
  memory_free(map->values);
  *map = (HashMap){0};
}
