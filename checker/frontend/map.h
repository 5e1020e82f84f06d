/* map.h - from 64-bit keys (addresses of declarations and types, content hashes) to indexes. */
#ifndef FRONTEND_MAP_H
#define FRONTEND_MAP_H

#include "base/arena.h"
#include "ir/ir.h"

enum { MAP_NONE = 0xffffffffu };

typedef struct {
  uint64_t *keys; // 0 is empty
  uint32_t *values;
  size_t capacity, used;
} Map;

uint32_t map_get(const Map *, uint64_t key); // MAP_NONE when absent
void map_put(Arena *, Map *, uint64_t key, uint32_t value);

static inline uint64_t map_key(const void *address) { return (uint64_t)(uintptr_t)address; }

#endif
