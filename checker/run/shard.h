/* shard.h - the units of one piece of a program, in a file: what `tu` makes of some of the
 * commands, on any machine, and `link` puts together.
 *
 * A shard knows of what program, by what version and which of how many it is, so that pieces that
 * do not fit are refused by name. All paths in it are named by Roots.
 */
#ifndef SHARD_H
#define SHARD_H

#include "base/bytes.h"
#include "input/jobs.h"
#include "ir/unit.h"

typedef struct {
  uint32_t number, count; // 2 of 4; numbers begin with 1
} ShardPlace;

typedef struct {
  Hash version; // of all that decides what a parse gives besides sources and flags
  Hash program; // of all commands, not only of these
  ShardPlace place;
} ShardHead;

/* "2/4"; ends the process (2) when it is none. */
ShardPlace shard_place(const char *text);
Hash shard_program(const JobList *);
JobList shard_jobs(Arena *, const JobList *, ShardPlace); // every N-th, so that pieces are alike

typedef struct {
  ShardHead head;
  ByteWriter units;
  uint32_t unit_count;
} ShardWriter;

void shard_add(ShardWriter *, const Unit *);
void shard_write(ShardWriter *, const char *path); // whole or not at all; frees the writer

typedef struct {
  const char *path;
  ShardHead head;
  ByteReader units;
  uint32_t unit_count;
} Shard;

/* All pieces of one program in the order of their numbers. Ends the process (2) and says which one
 * is missing, there twice, damaged, or of something else than `expected`. */
Shard *shards_read(Arena *, const char *const *paths, size_t count, const ShardHead *expected);
/* The next unit, in `arena`; NULL after the last. */
Unit *shard_next(Shard *, Arena *arena);

#endif
