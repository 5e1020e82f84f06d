/* pack.c - see pack.h */
#include "ir/pack.h"

#include <string.h>

#include "ir/serial.h"

void pack_number(Packer *w, uint64_t value) { bytes_put_u(&w->body, value); }

void pack_signed(Packer *w, int64_t value) { bytes_put_s(&w->body, value); }

void pack_text(Packer *w, const char *text) {
  pack_number(w, text && *text ? text_intern(w->texts, text) : 0);
}

void pack_texts(Packer *w, const char **texts, uint32_t count) {
  pack_number(w, count);
  for (uint32_t i = 0; i < count; i++)
    pack_text(w, texts[i]);
}

void pack_hash(Packer *w, Hash hash) { bytes_put_raw(&w->body, &hash, sizeof hash); }

Packer pack_new(void) { return (Packer){.texts = text_pool_new()}; }

/* Appends the finished blob to `out`. */
void pack_finish(Packer *w, ByteWriter *out) {
  size_t bytes = 0, count = text_count(w->texts);
  for (TextId id = 0; id < count; id++)
    bytes += strlen(text_of(w->texts, id)) + 1;
  bytes_put_u(out, SERIAL_VERSION);
  bytes_put_u(out, count);
  bytes_put_u(out, bytes);
  for (TextId id = 0; id < count; id++)
    bytes_put_raw(out, text_of(w->texts, id), strlen(text_of(w->texts, id)) + 1);
  bytes_put_raw(out, w->body.at, w->body.count);
  bytes_free(&w->body);
  text_pool_free(w->texts);
}

void pack_types(Packer *w, const Type *types, uint32_t count) {
  pack_number(w, count);
  for (uint32_t i = 0; i < count; i++) {
    pack_number(w, types[i].kind);
    pack_number(w, types[i].size);
    pack_number(w, types[i].element);
    pack_text(w, types[i].key);
  }
}

void pack_symbol(Packer *w, const Symbol *symbol) {
  pack_number(w, symbol->kind);
  pack_number(w, symbol->flags);
  pack_number(w, symbol->type);
  pack_number(w, symbol->offset);
  pack_text(w, symbol->key);
  pack_text(w, symbol->name);
}

uint32_t unpack_number(Unpacker *r) { return bytes_get_u32(&r->bytes); }

uint64_t unpack_wide(Unpacker *r) { return bytes_get_u(&r->bytes); }

int64_t unpack_signed(Unpacker *r) { return bytes_get_s(&r->bytes); }

/* A number of at most `most`; what is larger is damage. */
uint32_t unpack_small(Unpacker *r, uint32_t most) {
  uint32_t value = bytes_get_u32(&r->bytes);
  if (value > most)
    r->bytes.failed = true;
  return value > most ? 0 : value;
}

/* `base` + a distance, modulo 2^32: check.c judges the sum. */
uint32_t unpack_after(Unpacker *r, uint32_t base) { return base + (uint32_t)unpack_signed(r); }

uint32_t unpack_count(Unpacker *r, size_t least) {
  size_t count = bytes_get_count(&r->bytes, least);
  if (count > UINT32_MAX / 2)
    r->bytes.failed = true;
  return r->bytes.failed ? 0 : (uint32_t)count;
}

const char *unpack_text(Unpacker *r) {
  uint32_t id = unpack_number(r);
  if (id >= r->text_count) {
    r->bytes.failed = true;
    return "";
  }
  return r->texts[id];
}

Hash unpack_hash(Unpacker *r) {
  Hash hash = {0};
  const void *bytes = bytes_get_raw(&r->bytes, sizeof hash);
  if (bytes)
    memcpy(&hash, bytes, sizeof hash);
  return hash;
}

Unpacker unpack_start(Arena *arena, const void *bytes, size_t size) {
  Unpacker r = {.bytes = bytes_reader(bytes, size), .arena = arena};
  if (bytes_get_u(&r.bytes) != SERIAL_VERSION)
    r.bytes.failed = true;
  size_t count = unpack_count(&r, 1), length = bytes_get_count(&r.bytes, 1);
  const char *raw = r.bytes.failed ? NULL : bytes_get_raw(&r.bytes, length);
  if (!raw || !count || !length || raw[length - 1]) {
    r.bytes.failed = true;
    return r;
  }
  const char *text = arena_copy(arena, raw, length), *end = text + length;
  r.texts = arena_new_array(arena, const char *, count);
  for (; r.text_count < count && text < end; text += strlen(text) + 1)
    r.texts[r.text_count++] = text;
  if (r.text_count != count || text != end)
    r.bytes.failed = true;
  return r;
}

bool unpack_is_done(const Unpacker *r) { return !r->bytes.failed && r->bytes.at == r->bytes.end; }

Type *unpack_types(Unpacker *r, uint32_t *count) {
  *count = unpack_count(r, 4);
  Type *types = arena_new_array(r->arena, Type, *count);
  for (uint32_t i = 0; i < *count; i++) {
    types[i].kind = (TypeKind)unpack_small(r, TYPE_OTHER);
    types[i].size = unpack_wide(r);
    types[i].element = unpack_number(r);
    types[i].key = unpack_text(r);
  }
  return types;
}

Symbol unpack_symbol(Unpacker *r) {
  Symbol symbol = {0};
  symbol.kind = (SymbolKind)unpack_small(r, SYMBOL_FIELD);
  symbol.flags = unpack_number(r);
  symbol.type = unpack_number(r);
  symbol.offset = unpack_wide(r);
  symbol.key = unpack_text(r);
  symbol.name = unpack_text(r);
  return symbol;
}

const char **unpack_texts(Unpacker *r, uint32_t *count) {
  *count = unpack_count(r, 1);
  const char **texts = arena_new_array(r->arena, const char *, *count);
  for (uint32_t i = 0; i < *count; i++)
    texts[i] = unpack_text(r);
  return texts;
}
