/* place_bytes.h - access paths as bytes: each once, parents first, with the names that they are
 * made of. What is written after them refers to both by number.
 */
#ifndef GROWTH_PLACE_BYTES_H
#define GROWTH_PLACE_BYTES_H

#include "base/array.h"
#include "base/bytes.h"
#include "growth/place.h"

typedef struct {
  const PathTable *paths;
  ARRAY(PathId) order; // numbered from 1
  ARRAY(TextId) names; // likewise
} PathPacking;

/* Its number, and that of all it is made of: new ones only before path_packing_write. */
uint32_t packed_name(PathPacking *, TextId);
uint32_t packed_path(PathPacking *, PathId);
void path_packing_write(PathPacking *, ByteWriter *, const TextPool *);
void path_packing_free(PathPacking *);

typedef struct {
  ByteReader *in;
  Arena *arena;
  PathTable *paths;
  PathId *numbers;
  size_t path_count;
  TextId *names;
  size_t name_count;
} PathUnpacking;

void path_unpacking_read(PathUnpacking *, TextPool *);
TextId unpacked_name(PathUnpacking *); // the next number is one of a name
PathId unpacked_path(PathUnpacking *);

#endif
