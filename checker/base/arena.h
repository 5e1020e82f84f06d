/* arena.h - memory with a lifetime: allocate many, free all at once.
 *
 * Three lifetimes are in use: run, unit, scratch. A function that allocates takes the arena
 * as its first parameter; that is the ownership rule. Allocation failure ends the process
 * with EXIT_INTERNAL here, so callers never test for NULL. Memory is zeroed.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

typedef struct Arena Arena;

Arena *arena_new(void);
void arena_free(Arena *);  // NULL is fine
void arena_reset(Arena *); // keeps one chunk for reuse
size_t arena_bytes(const Arena *);

void *arena_alloc(Arena *, size_t bytes) __attribute__((malloc, alloc_size(2), returns_nonnull));
#define arena_new_array(arena, Type, count) ((Type *)arena_alloc((arena), sizeof(Type) * (count)))
#define arena_new_one(arena, Type) ((Type *)arena_alloc((arena), sizeof(Type)))
char *arena_text(Arena *, const char *); // copy; NULL stays NULL
char *arena_text_n(Arena *, const char *, size_t length);
char *arena_printf(Arena *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void *arena_copy(Arena *, const void *, size_t bytes);

/* Growth of an arena array: returns room for at least `needed` elements, old content kept. */
void *arena_grow(Arena *, void *old, size_t element, size_t used, size_t *capacity, size_t needed);

/* The same outside arenas (long-lived growable arrays of array.h): dies when out of memory. */
void *memory_resize(void *, size_t bytes);
void memory_free(void *);

#endif
