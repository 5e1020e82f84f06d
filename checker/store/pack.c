/* pack.c - checksums over groups of facts, and compression with contexts that are kept: making a
 * zstd context costs more than compressing a function.
 */
#include "store/inner.h"

#include "base/guard.h"
#include "base/message.h"

enum { LEVEL = 1, LARGEST = 1 << 30 };

Hash seal_end(Store *store) {
  Hash hash = hash_bytes(store->seal.at, store->seal.count);
  store->seal.count = 0;
  return hash;
}

bool seal_matches(Hash computed, Hash stored) {
  return hash_equal(computed, stored) || !guard_on("seals");
}

void seal_hash(Store *store, Hash hash) { bytes_put_raw(&store->seal, &hash, sizeof hash); }

void pack_raw(Store *store) { pack_bytes(store, store->raw.at, store->raw.count); }

void pack_bytes(Store *store, const void *bytes, size_t length) {
  size_t bound = ZSTD_compressBound(length);
  if (store->packed.capacity < bound) {
    store->packed.at = memory_resize(store->packed.at, bound);
    store->packed.capacity = bound;
  }
  if (!store->compressor && !(store->compressor = ZSTD_createCCtx()))
    die(EXIT_INTERNAL, "out of memory");
  size_t count =
      ZSTD_compressCCtx(store->compressor, store->packed.at, bound, bytes, length, LEVEL);
  if (ZSTD_isError(count))
    bug("zstd: %s", ZSTD_getErrorName(count));
  store->packed.count = count;
}

/* Callers of the two hold the mutex. */
Unpack *unpack_take(Store *store) {
  Unpack *unpack = store->idle;
  if (unpack) {
    store->idle = unpack->next;
    return unpack;
  }
  unpack = memory_resize(NULL, sizeof *unpack);
  *unpack = (Unpack){.context = ZSTD_createDCtx()};
  if (!unpack->context)
    die(EXIT_INTERNAL, "out of memory");
  return unpack;
}

void unpack_give(Store *store, Unpack *unpack) {
  unpack->next = store->idle;
  store->idle = unpack;
}

const void *unpack_bytes(Unpack *unpack, const void *packed, size_t count, size_t *raw) {
  unsigned long long size = ZSTD_getFrameContentSize(packed, count);
  if (size > LARGEST) // also both error values
    return NULL;
  if (unpack->capacity < size) {
    unpack->bytes = memory_resize(unpack->bytes, (size_t)size);
    unpack->capacity = (size_t)size;
  }
  *raw = ZSTD_decompressDCtx(unpack->context, unpack->bytes, (size_t)size, packed, count);
  return ZSTD_isError(*raw) || *raw != size ? NULL : size ? unpack->bytes : "";
}
