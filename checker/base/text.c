/* text.c - see text.h. Open addressing over xxHash, strings in an arena. */
#include "base/text.h"

#include <string.h>
#include <xxhash.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/guard.h"

struct TextPool {
  Arena *arena;
  ARRAY(const char *) texts;
  ARRAY(uint32_t) hashes;
  uint32_t *slots; // TextId + 1, 0 is free
  size_t slot_count;
};

TextPool *text_pool_new(void) {
  TextPool *pool = memory_resize(NULL, sizeof *pool);
  *pool = (TextPool){.arena = arena_new(), .slot_count = 256};
  pool->slots = memory_resize(NULL, sizeof *pool->slots * pool->slot_count);
  memset(pool->slots, 0, sizeof *pool->slots * pool->slot_count);
  text_intern(pool, "");
  return pool;
}

void text_pool_free(TextPool *pool) {
  if (!pool)
    return;
  arena_free(pool->arena);
  array_free(&pool->texts);
  array_free(&pool->hashes);
  memory_free(pool->slots);
  memory_free(pool);
}

/* The slot that holds the string, or the free one where it belongs. */
static size_t find_slot(const TextPool *pool, const char *text, size_t length, uint32_t hash) {
  size_t mask = pool->slot_count - 1;
  for (size_t i = hash & mask;; i = (i + 1) & mask) {
    uint32_t id = pool->slots[i];
    if (!id)
      return i;
    if (pool->hashes.at[id - 1] == hash && !strncmp(pool->texts.at[id - 1], text, length) &&
        !pool->texts.at[id - 1][length])
      return i;
  }
}

static void rehash(TextPool *pool) {
  pool->slot_count *= 2;
  pool->slots = memory_resize(pool->slots, sizeof *pool->slots * pool->slot_count);
  memset(pool->slots, 0, sizeof *pool->slots * pool->slot_count);
  for (size_t id = 0; id < pool->texts.count; id++) {
    size_t i = pool->hashes.at[id] & (pool->slot_count - 1);
    while (pool->slots[i])
      i = (i + 1) & (pool->slot_count - 1);
    pool->slots[i] = (uint32_t)id + 1;
  }
}

TextId text_intern_n(TextPool *pool, const char *text, size_t length) {
  uint32_t hash = (uint32_t)XXH3_64bits(text, length);
  size_t slot = find_slot(pool, text, length, hash);
  if (pool->slots[slot])
    return pool->slots[slot] - 1;
  array_push(&pool->texts, arena_text_n(pool->arena, text, length));
  array_push(&pool->hashes, hash);
  TextId id = (TextId)(pool->texts.count - 1);
  pool->slots[slot] = id + 1;
  if (pool->texts.count * 2 > pool->slot_count)
    rehash(pool);
  return id;
}

TextId text_intern(TextPool *pool, const char *text) {
  return text_intern_n(pool, text, strlen(text));
}

TextId text_find(const TextPool *pool, const char *text) {
  size_t length = strlen(text);
  uint32_t id = pool->slots[find_slot(pool, text, length, (uint32_t)XXH3_64bits(text, length))];
  return id ? id - 1 : 0;
}

const char *text_of(const TextPool *pool, TextId id) { return pool->texts.at[id]; }

size_t text_count(const TextPool *pool) { return pool->texts.count; }

bool text_starts(const char *text, const char *prefix) {
  return !strncmp(text, prefix, strlen(prefix));
}

bool text_ends(const char *text, const char *suffix) {
  size_t n = strlen(text), m = strlen(suffix);
  return n >= m && !strcmp(text + n - m, suffix);
}

/* Length of the valid UTF-8 sequence at `c`, 0 when there is none. */

size_t text_decode(const char *text, size_t left, uint32_t *point) {
  const unsigned char *c = (const unsigned char *)text;
  *point = *c;
  if (*c < 0x80)
    return 1;
  size_t length = (*c & 0xe0) == 0xc0 ? 2 : (*c & 0xf0) == 0xe0 ? 3 : (*c & 0xf8) == 0xf0 ? 4 : 0;
  if (!length || length > left)
    return 0;
  *point = *c & (0xffu >> (length + 1));
  for (size_t i = 1; i < length; i++) {
    if ((c[i] & 0xc0) != 0x80)
      return 0;
    *point = *point << 6 | (c[i] & 0x3fu);
  }
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  bool is_surrogate = *point >= 0xd800 && *point < 0xe000;
  return *point < least[length] || *point > 0x10ffff || is_surrogate ? 0 : length;
}

bool text_is_hidden(uint32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x61c ||
         (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
         (point >= 0x2060 && point <= 0x206f) || point == 0xfeff ||
         (point >= 0xfff9 && point <= 0xfffb) || (point >= 0xe0000 && point <= 0xe007f);
}

const char *text_valid_utf8(Arena *arena, const char *text) {
  size_t left = strlen(text), length = 1;
  uint32_t point;
  const char *c = text;
  for (; left && (length = text_decode(c, left, &point)); left -= length)
    c += length;
  if (!left || !guard_on("utf8"))
    return text;
  left = strlen(text);
  char *copy = arena_alloc(arena, left * 3 + 1), *to = copy;
  for (c = text; left; c += length, left -= length) {
    bool is_good = (length = text_decode(c, left, &point)) != 0;
    memcpy(to, is_good ? c : "\xef\xbf\xbd", is_good ? length : 3);
    to += is_good ? length : 3;
    length = is_good ? length : 1;
  }
  return copy;
}
