/* hash_map.h - from a 128-bit hash to a small number: open addressing, no removal. */
#ifndef BASE_HASH_MAP_H
#define BASE_HASH_MAP_H

#include "base/hash.h"

typedef struct {
  Hash *keys;
  uint32_t *values; // 0 marks a free slot, so the value is kept one higher
  size_t count, capacity;
} HashMap;

enum { MAP_ABSENT = 0xffffffffu };

uint32_t hash_map_get(const HashMap *, Hash); // MAP_ABSENT when there is none
void hash_map_put(HashMap *, Hash, uint32_t); // replaces
void hash_map_clear(HashMap *);               // keeps the memory
void hash_map_free(HashMap *);

#endif
