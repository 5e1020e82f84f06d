/* pack.h - what the two halves of ir/serial.h share: a blob is version, texts, body. All texts
 * stand once, with their NUL, in one run of bytes, and the body names them by number: reading
 * allocates them with one copy, and the many locations of one macro share its name.
 */
#ifndef IR_PACK_H
#define IR_PACK_H

#include "base/bytes.h"
#include "base/text.h"
#include "ir/ir.h"

typedef struct {
  ByteWriter body;
  TextPool *texts;
} Packer;

Packer pack_new(void);
void pack_finish(Packer *, ByteWriter *out); // appends the blob to `out`, frees the writer

void pack_number(Packer *, uint64_t);
void pack_signed(Packer *, int64_t);
void pack_text(Packer *, const char *);
void pack_texts(Packer *, const char **texts, uint32_t count);
void pack_hash(Packer *, Hash);
void pack_types(Packer *, const Type *types, uint32_t count);
void pack_symbol(Packer *, const Symbol *);

/* As ByteReader: after the first damaged field `bytes.failed` is set and all reads give 0 or "". */
typedef struct {
  ByteReader bytes;
  Arena *arena;
  const char **texts;
  size_t text_count;
} Unpacker;

Unpacker unpack_start(Arena *, const void *bytes, size_t size);
bool unpack_is_done(const Unpacker *); // all was read, nothing was damaged

uint32_t unpack_number(Unpacker *);
uint32_t unpack_small(Unpacker *, uint32_t most); // what is larger is damage
uint64_t unpack_wide(Unpacker *);
int64_t unpack_signed(Unpacker *);
uint32_t unpack_after(Unpacker *, uint32_t base); // base + a signed distance, modulo 2^32
uint32_t unpack_count(Unpacker *, size_t least);  // as bytes_get_count
const char *unpack_text(Unpacker *);
const char **unpack_texts(Unpacker *, uint32_t *count);
Hash unpack_hash(Unpacker *);
Type *unpack_types(Unpacker *, uint32_t *count); // elements are not checked
Symbol unpack_symbol(Unpacker *);

#endif
