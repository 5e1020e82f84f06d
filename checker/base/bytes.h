/* bytes.h - a byte string being written or read: the form of IR blobs, worker records and
 * stored summaries. Integers are LEB128 varints, signed ones zigzag; strings have a length.
 *
 * A reader never reads past its end: after the first short or malformed field `failed` is set
 * and every further read gives 0 or "". Test it once, at the end.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"

typedef struct {
  uint8_t *at;
  size_t count, capacity;
} ByteWriter;

void bytes_put_u8(ByteWriter *, uint8_t);
void bytes_put_u(ByteWriter *, uint64_t);
void bytes_put_s(ByteWriter *, int64_t);
void bytes_put_raw(ByteWriter *, const void *, size_t);
void bytes_put_text(ByteWriter *, const char *); // NULL is written as ""
void bytes_put_hash(ByteWriter *, Hash);
void bytes_free(ByteWriter *);

typedef struct {
  const uint8_t *at, *end;
  bool failed;
} ByteReader;

ByteReader bytes_reader(const void *, size_t);
uint8_t bytes_get_u8(ByteReader *);
uint64_t bytes_get_u(ByteReader *);
uint32_t bytes_get_u32(ByteReader *); // fails when the value does not fit
int64_t bytes_get_s(ByteReader *);
const void *bytes_get_raw(ByteReader *, size_t);   // NULL when short
Hash bytes_get_hash(ByteReader *);                 // zero when short
const char *bytes_get_text(ByteReader *, Arena *); // never NULL
/* A count of elements that each take at least `least` bytes: fails when they cannot all be
 * there, so that a damaged count never becomes a huge allocation. */
size_t bytes_get_count(ByteReader *, size_t least);

#endif
