/* hash.c - see hash.h */
#include "base/hash.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

Hash hash_bytes(const void *from, size_t bytes) {
  XXH128_hash_t h = XXH3_128bits(from, bytes);
  return (Hash){h.low64, h.high64};
}

Hash hash_text(const char *text) { return hash_bytes(text, strlen(text)); }

Hash hash_pair(Hash a, Hash b) {
  uint64_t both[4] = {a.low, a.high, b.low, b.high};
  return hash_bytes(both, sizeof both);
}

bool hash_equal(Hash a, Hash b) { return a.low == b.low && a.high == b.high; }

bool hash_is_zero(Hash a) { return !a.low && !a.high; }

void hash_hex(Hash a, char out[33]) {
  snprintf(out, 33, "%016llx%016llx", (unsigned long long)a.high, (unsigned long long)a.low);
}
