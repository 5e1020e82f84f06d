/* bytes.c - see bytes.h */
#include "base/bytes.h"

#include <string.h>

static void make_room(ByteWriter *w, size_t more) {
  if (w->count + more <= w->capacity)
    return;
  size_t room = w->capacity ? w->capacity * 2 : 256;
  while (room < w->count + more)
    room *= 2;
  w->at = memory_resize(w->at, room);
  w->capacity = room;
}

void bytes_put_u8(ByteWriter *w, uint8_t value) {
  make_room(w, 1);
  w->at[w->count++] = value;
}

void bytes_put_u(ByteWriter *w, uint64_t value) {
  make_room(w, 10);
  while (value >= 0x80) {
    w->at[w->count++] = (uint8_t)(value | 0x80);
    value >>= 7;
  }
  w->at[w->count++] = (uint8_t)value;
}

void bytes_put_s(ByteWriter *w, int64_t value) {
  bytes_put_u(w, ((uint64_t)value << 1) ^ (uint64_t)(value < 0 ? -1 : 0));
}

void bytes_put_raw(ByteWriter *w, const void *from, size_t bytes) {
  make_room(w, bytes);
  if (bytes)
    memcpy(w->at + w->count, from, bytes);
  w->count += bytes;
}

void bytes_put_text(ByteWriter *w, const char *text) {
  size_t length = text ? strlen(text) : 0;
  bytes_put_u(w, length);
  bytes_put_raw(w, text, length);
}

void bytes_free(ByteWriter *w) {
  memory_free(w->at);
  *w = (ByteWriter){0};
}

ByteReader bytes_reader(const void *from, size_t bytes) {
  return (ByteReader){.at = from, .end = (const uint8_t *)from + bytes};
}

uint8_t bytes_get_u8(ByteReader *r) {
  if (r->at >= r->end) {
    r->failed = true;
    return 0;
  }
  return *r->at++;
}

uint64_t bytes_get_u(ByteReader *r) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    uint8_t byte = bytes_get_u8(r);
    value |= (uint64_t)(byte & 0x7f) << shift;
    if (!(byte & 0x80))
      return value;
  }
  r->failed = true;
  return 0;
}

uint32_t bytes_get_u32(ByteReader *r) {
  uint64_t value = bytes_get_u(r);
  if (value > UINT32_MAX) {
    r->failed = true;
    return 0;
  }
  return (uint32_t)value;
}

int64_t bytes_get_s(ByteReader *r) {
  uint64_t value = bytes_get_u(r);
  return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

const void *bytes_get_raw(ByteReader *r, size_t bytes) {
  if ((size_t)(r->end - r->at) < bytes) {
    r->failed = true;
    r->at = r->end;
    return NULL;
  }
  const void *start = r->at;
  r->at += bytes;
  return start;
}

const char *bytes_get_text(ByteReader *r, Arena *arena) {
  uint64_t length = bytes_get_u(r);
  if (length > (size_t)(r->end - r->at)) {
    r->failed = true;
    return "";
  }
  const char *start = bytes_get_raw(r, (size_t)length);
  return start ? arena_text_n(arena, start, (size_t)length) : "";
}

size_t bytes_get_count(ByteReader *r, size_t least) {
  uint64_t count = bytes_get_u(r);
  if (count > (size_t)(r->end - r->at) / (least ? least : 1)) {
    r->failed = true;
    return 0;
  }
  return (size_t)count;
}

void bytes_put_hash(ByteWriter *writer, Hash hash) { bytes_put_raw(writer, &hash, sizeof hash); }

Hash bytes_get_hash(ByteReader *reader) {
  Hash hash = {0};
  const void *bytes = bytes_get_raw(reader, sizeof hash);
  if (bytes)
    memcpy(&hash, bytes, sizeof hash);
  return hash;
}
