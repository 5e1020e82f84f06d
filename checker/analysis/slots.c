/* slots.c - see slots.h. */
#include "analysis/slots.h"

#include <string.h>

static SlotChunk *copy_chunk(Arena *arena, const Slots *owner, const SlotChunk *from) {
  SlotChunk *chunk = arena_new_one(arena, SlotChunk);
  if (from)
    *chunk = *from;
  chunk->owner = owner;
  chunk->arena = arena;
  return chunk;
}

static void make_room(Arena *arena, Slots *slots, uint32_t chunk_count) {
  SlotChunk **chunks = arena_new_array(arena, SlotChunk *, chunk_count);
  if (slots->chunk_count)
    memcpy(chunks, slots->chunks, sizeof(SlotChunk *) * slots->chunk_count);
  slots->chunks = chunks;
  slots->chunk_count = chunk_count;
}

void slots_set(Arena *arena, Slots *slots, uint32_t i, uint32_t value) {
  uint32_t c = i / SLOTS_PER_CHUNK;
  if (slots_get(slots, i) == value)
    return;
  if (c >= slots->chunk_count)
    make_room(arena, slots, c + 1 + slots->chunk_count / 2);
  if (!slots->chunks[c] || slots->chunks[c]->owner != slots)
    slots->chunks[c] = copy_chunk(arena, slots, slots->chunks[c]);
  slots->chunks[c]->at[i % SLOTS_PER_CHUNK] = value;
}

void slots_copy(Arena *arena, const Arena *kept, Slots *to, const Slots *from) {
  *to = (Slots){0};
  if (from->chunk_count)
    make_room(arena, to, from->chunk_count);
  for (uint32_t c = 0; c < from->chunk_count; c++) {
    SlotChunk *chunk = from->chunks[c];
    if (!chunk)
      continue;
    if (chunk->arena == arena)
      chunk->owner = NULL;
    bool is_shared = chunk->arena == arena || chunk->arena == kept;
    to->chunks[c] = is_shared ? chunk : copy_chunk(arena, to, chunk);
  }
}

void slots_lend(Slots *slots) {
  for (uint32_t c = 0; c < slots->chunk_count; c++)
    if (slots->chunks[c])
      slots->chunks[c]->owner = NULL;
}

static const SlotChunk *chunk_at(const Slots *slots, uint32_t c) {
  static const SlotChunk zero;
  const SlotChunk *chunk = c < slots->chunk_count ? slots->chunks[c] : NULL;
  return chunk ? chunk : &zero;
}

static bool is_equal(const SlotChunk *x, const SlotChunk *y) {
  return x == y || !memcmp(x->at, y->at, sizeof x->at);
}

/* In how many places `x` holds the value, when that is written to where it differs from `y`. */
static uint32_t count_after_join(const SlotChunk *x, const SlotChunk *y, uint32_t value) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < SLOTS_PER_CHUNK; i++)
    count += x->at[i] == value || x->at[i] != y->at[i];
  return count;
}

static SlotChunk *uniform_chunk(Arena *arena, uint32_t value) {
  SlotChunk *chunk = copy_chunk(arena, NULL, NULL);
  for (uint32_t i = 0; i < SLOTS_PER_CHUNK; i++)
    chunk->at[i] = value;
  return chunk;
}

bool slots_join(Arena *arena, Slots *into, const Slots *from, uint32_t value) {
  SlotChunk *uniform = NULL;
  bool changed = false;
  if (from->chunk_count > into->chunk_count)
    make_room(arena, into, from->chunk_count);
  for (uint32_t c = 0; c < into->chunk_count; c++) {
    const SlotChunk *x = chunk_at(into, c), *y = chunk_at(from, c);
    if (is_equal(x, y))
      continue;
    if (count_after_join(x, y, value) == SLOTS_PER_CHUNK) {
      uniform = uniform ? uniform : uniform_chunk(arena, value);
      changed |= !is_equal(x, uniform);
      into->chunks[c] = uniform;
      continue;
    }
    for (uint32_t i = 0; i < SLOTS_PER_CHUNK; i++) {
      bool differs = x->at[i] != y->at[i] && x->at[i] != value;
      if (!differs)
        continue;
      slots_set(arena, into, c * SLOTS_PER_CHUNK + i, value);
      x = chunk_at(into, c); // it may have been copied
      changed = true;
    }
  }
  return changed;
}

uint32_t slots_difference(const Slots *a, const Slots *b, uint32_t i, uint32_t end) {
  while (i < end) {
    uint32_t c = i / SLOTS_PER_CHUNK, next = (c + 1) * SLOTS_PER_CHUNK;
    const SlotChunk *x = chunk_at(a, c), *y = chunk_at(b, c);
    for (bool equal = is_equal(x, y); !equal && i < next && i < end; i++)
      if (x->at[i % SLOTS_PER_CHUNK] != y->at[i % SLOTS_PER_CHUNK])
        return i;
    i = next;
  }
  return end;
}
