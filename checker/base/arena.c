/* arena.c - chunks of doubling size, bump pointer, 16-byte alignment. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(start, bytes) ((void)0)
#define ASAN_UNPOISON_MEMORY_REGION(start, bytes) ((void)0)
#endif

enum { FIRST_CHUNK = 16 * 1024, LAST_CHUNK = 1024 * 1024, ALIGNMENT = 16 };

typedef struct Chunk {
  struct Chunk *previous;
  size_t size, used;
  _Alignas(ALIGNMENT) char bytes[];
} Chunk;

struct Arena {
  Chunk *chunk;
  size_t total;
};

void *memory_resize(void *old, size_t bytes) {
  void *memory = realloc(old, bytes ? bytes : 1);
  if (!memory)
    die(EXIT_INTERNAL, "out of memory (%zu bytes)", bytes);
  return memory;
}

void memory_free(void *memory) { free(memory); }

Arena *arena_new(void) {
  Arena *arena = memory_resize(NULL, sizeof *arena);
  *arena = (Arena){0};
  return arena;
}

static void free_chunks(Chunk *chunk) {
  while (chunk) {
    Chunk *previous = chunk->previous;
    ASAN_UNPOISON_MEMORY_REGION(chunk->bytes, chunk->size);
    free(chunk);
    chunk = previous;
  }
}

void arena_free(Arena *arena) {
  if (!arena)
    return;
  free_chunks(arena->chunk);
  free(arena);
}

void arena_reset(Arena *arena) {
  if (!arena->chunk)
    return;
  free_chunks(arena->chunk->previous);
  arena->chunk->previous = NULL;
  arena->chunk->used = 0;
  arena->total = arena->chunk->size;
  ASAN_POISON_MEMORY_REGION(arena->chunk->bytes, arena->chunk->size);
}

size_t arena_bytes(const Arena *arena) { return arena->total; }

static void add_chunk(Arena *arena, size_t needed) {
  size_t size = arena->chunk ? arena->chunk->size * 2 : FIRST_CHUNK;
  if (size > LAST_CHUNK)
    size = LAST_CHUNK;
  if (size < needed)
    size = needed;
  Chunk *chunk = memory_resize(NULL, sizeof *chunk + size);
  chunk->previous = arena->chunk;
  chunk->size = size;
  chunk->used = 0;
  ASAN_POISON_MEMORY_REGION(chunk->bytes, size);
  arena->chunk = chunk;
  arena->total += size;
}

void *arena_alloc(Arena *arena, size_t bytes) {
  if (bytes > SIZE_MAX / 2)
    die(EXIT_INTERNAL, "out of memory (%zu bytes)", bytes);
  size_t rounded = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
  if (!arena->chunk || arena->chunk->size - arena->chunk->used < rounded)
    add_chunk(arena, rounded);
  void *memory = arena->chunk->bytes + arena->chunk->used;
  arena->chunk->used += rounded;
  ASAN_UNPOISON_MEMORY_REGION(memory, bytes);
  return memset(memory, 0, bytes);
}

void *arena_copy(Arena *arena, const void *from, size_t bytes) {
  void *to = arena_alloc(arena, bytes);
  return bytes ? memcpy(to, from, bytes) : to;
}

char *arena_text_n(Arena *arena, const char *text, size_t length) {
  char *copy = arena_alloc(arena, length + 1);
  memcpy(copy, text, length);
  return copy;
}

char *arena_text(Arena *arena, const char *text) {
  return text ? arena_text_n(arena, text, strlen(text)) : NULL;
}

char *arena_printf(Arena *arena, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  char *text = arena_alloc(arena, (size_t)length + 1);
  vsnprintf(text, (size_t)length + 1, format, again);
  va_end(again);
  return text;
}

void *arena_grow(Arena *arena, void *old, size_t element, size_t used, size_t *capacity,
                 size_t needed) {
  if (needed <= *capacity)
    return old;
  size_t room = *capacity ? *capacity * 2 : 8;
  if (room < needed)
    room = needed;
  void *memory = arena_alloc(arena, element * room);
  if (used)
    memcpy(memory, old, element * used);
  *capacity = room;
  return memory;
}
