/* text.h - interned strings, and a few helpers on plain ones.
 *
 * A TextPool gives every distinct string one small number and one stable address. Number 0 is
 * the empty string. Pools are not shared between threads while they grow.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint32_t TextId;
typedef struct TextPool TextPool;

TextPool *text_pool_new(void);
void text_pool_free(TextPool *);
TextId text_intern(TextPool *, const char *);
TextId text_intern_n(TextPool *, const char *, size_t length);
TextId text_find(const TextPool *, const char *); // 0 when absent
const char *text_of(const TextPool *, TextId);
size_t text_count(const TextPool *); // ids are 0 .. count - 1

bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);

/* Length of the UTF-8 character at the beginning of `left` bytes, 0 when it is none; *point is its
 * number. */
size_t text_decode(const char *text, size_t left, uint32_t *point);
/* Moves the cursor, reverses the direction of text, or cannot be seen. */
bool text_is_hidden(uint32_t point);
/* Valid UTF-8 copy: bad bytes become U+FFFD. Returns `text` itself when nothing is wrong. */
struct Arena;
const char *text_valid_utf8(struct Arena *, const char *text);

#endif
