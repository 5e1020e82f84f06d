/* wire.c - see wire.h. Both ends are the same program on one machine, so the header is a struct. */
#include "worker/wire.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/guard.h"
#include "base/hash.h"

enum { MAGIC = 0x4f565231 }; // "OVR1"

static const uint64_t longest_record = 1ull << 30;

typedef struct {
  uint32_t magic, reserved;
  RecordHead head;
  uint64_t count;
  uint64_t checksum; // of the bytes and of all above
} Header;

static uint64_t checksum(const Header *header, const void *bytes) {
  Header bare = *header;
  bare.checksum = 0;
  Hash head = hash_bytes(&bare, sizeof bare);
  return hash_pair(head, hash_bytes(bytes, (size_t)header->count)).low;
}

static bool write_all(int file, const void *from, size_t count) {
  const char *at = from;
  while (count) {
    ssize_t done = write(file, at, count);
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return false;
    at += done;
    count -= (size_t)done;
  }
  return true;
}

static bool read_all(int file, void *to, size_t count) {
  char *at = to;
  while (count) {
    ssize_t done = read(file, at, count);
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return false;
    at += done;
    count -= (size_t)done;
  }
  return true;
}

bool wire_send(int file, const RecordHead *head, const void *bytes, size_t count) {
  Header header;
  memset(&header, 0, sizeof header);
  header.magic = MAGIC;
  header.head = *head;
  header.count = count;
  header.checksum = checksum(&header, bytes);
  return write_all(file, &header, sizeof header) && write_all(file, bytes, count);
}

static bool is_sound(const Header *header) {
  return header->magic == MAGIC && header->count <= longest_record;
}

bool wire_receive(int file, RecordHead *head) {
  Header header;
  if (!read_all(file, &header, sizeof header) || !is_sound(&header) || header.count ||
      header.checksum != checksum(&header, ""))
    return false;
  *head = header.head;
  return true;
}

WireState wire_parse(const void *from, size_t available, Record *record) {
  Header header;
  if (available < sizeof header)
    return WIRE_PART;
  memcpy(&header, from, sizeof header);
  if (!is_sound(&header))
    return WIRE_DAMAGED;
  if (available - sizeof header < header.count)
    return WIRE_PART;
  const uint8_t *bytes = (const uint8_t *)from + sizeof header;
  if (header.checksum != checksum(&header, bytes) && guard_on("checksum"))
    return WIRE_DAMAGED;
  *record =
      (Record){header.head, bytes, (size_t)header.count, sizeof header + (size_t)header.count};
  return WIRE_RECORD;
}
