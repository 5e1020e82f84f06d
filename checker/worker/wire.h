/* wire.h - records between supervisor and worker: a header with length and checksum, then bytes.
 *
 * A worker parses hostile input in a library that is known to crash, so nothing that it sends is
 * believed before its checksum was seen to be right.
 */
#ifndef WORKER_WIRE_H
#define WORKER_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

typedef struct {
  uint32_t kind; // meaning belongs to who sends
  uint32_t item;
  uint32_t attempt;
  uint32_t reserved;  // 0: no padding that a checksum would not know
  double cpu_seconds; // that the sender has used so far
} RecordHead;

/* Blocks until all is written; false when the other end is gone. */
bool wire_send(int file, const RecordHead *, const void *bytes, size_t count);

/* Blocks until a record without bytes is there; false at the end of the stream or on damage. */
bool wire_receive(int file, RecordHead *);

typedef enum { WIRE_PART, WIRE_RECORD, WIRE_DAMAGED } WireState;

typedef struct {
  RecordHead head;
  const uint8_t *bytes; // points into what was parsed
  size_t count;
  size_t taken; // bytes of the stream that the record was
} Record;

WireState wire_parse(const void *from, size_t available, Record *);

#endif
