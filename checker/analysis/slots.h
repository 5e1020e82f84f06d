/* slots.h - a list of numbers whose copies share what they have in common. Most copies of a state
 * differ from the one they were made of in a few variables out of thousands, so the list is kept in
 * chunks, and a chunk is copied when one of its holders writes to it.
 *
 * A list lives in an arena. Chunks of `kept`, an arena that outlives all others, are shared with
 * lists everywhere; other chunks only within their arena.
 */
#ifndef ANALYSIS_SLOTS_H
#define ANALYSIS_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum { SLOTS_PER_CHUNK = 32 };

typedef struct {
  const void *owner; // the only list of its arena that holds it: may write to it; NULL: several
  const Arena *arena;
  uint32_t at[SLOTS_PER_CHUNK];
} SlotChunk;

typedef struct {
  SlotChunk **chunks; // NULL: all zero, as is what is behind the last one
  uint32_t chunk_count;
} Slots;

static inline uint32_t slots_get(const Slots *slots, uint32_t i) {
  uint32_t c = i / SLOTS_PER_CHUNK;
  const SlotChunk *chunk = c < slots->chunk_count ? slots->chunks[c] : NULL;
  return chunk ? chunk->at[i % SLOTS_PER_CHUNK] : 0;
}

void slots_set(Arena *, Slots *, uint32_t i, uint32_t value);
/* `to`, in the arena, becomes a copy. While there are copies elsewhere of a list in `kept`, nothing
 * is to be written to it, unless all of it was lent. */
void slots_copy(Arena *, const Arena *kept, Slots *to, const Slots *from);
void slots_lend(Slots *);
/* Where the two differ, `into` gets the value; true when that changed it. Chunks that hold nothing
 * else are one. */
bool slots_join(Arena *, Slots *into, const Slots *from, uint32_t value);
/* The first place, from `i` on, where the two differ; `end` when there is none before. */
uint32_t slots_difference(const Slots *, const Slots *, uint32_t i, uint32_t end);

#endif
