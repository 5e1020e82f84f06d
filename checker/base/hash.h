/* hash.h - 128-bit content hashes (xxHash XXH3: against accidents, not against attackers). */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint64_t low, high;
} Hash;

Hash hash_bytes(const void *, size_t);
Hash hash_text(const char *);
Hash hash_pair(Hash, Hash); // order matters
bool hash_equal(Hash, Hash);
bool hash_is_zero(Hash);
void hash_hex(Hash, char out[33]);

#endif
