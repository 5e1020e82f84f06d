/* shard.c - see shard.h */
#include "run/shard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/file.h"
#include "base/guard.h"
#include "base/message.h"
#include "ir/serial.h"
#include "cli/outputs.h"

static const char magic[] = "overstay shard 1\n";
static const size_t largest_file = (size_t)1 << 34, largest_unit = (size_t)1 << 30;
enum { MOST_SHARDS = 100000 };

ShardPlace shard_place(const char *text) {
  unsigned number, count;
  char rest;
  bool fine = text && sscanf(text, "%u/%u%c", &number, &count, &rest) == 2 && number &&
              number <= count && count <= MOST_SHARDS;
  if (!fine)
    die(EXIT_USAGE, "--shard: '%s' is not I/N, with I from 1 to N", text ? text : "");
  return (ShardPlace){number, count};
}

Hash shard_program(const JobList *jobs) {
  Hash hash = {jobs->count, 0};
  for (uint32_t i = 0; i < jobs->count; i++)
    hash = hash_pair(hash, hash_pair(hash_text(jobs->jobs[i].shown), jobs->jobs[i].command_hash));
  return hash;
}

JobList shard_jobs(Arena *arena, const JobList *all, ShardPlace place) {
  JobList list = {.jobs = arena_new_array(arena, Job, all->count)};
  for (uint32_t i = place.number - 1; i < all->count; i += place.count)
    list.jobs[list.count++] = all->jobs[i];
  return list;
}

/* ---- writing */

void shard_add(ShardWriter *shard, const Unit *unit) {
  ByteWriter raw = {0};
  unit_write(&raw, unit);
  size_t bound = ZSTD_compressBound(raw.count);
  uint8_t *packed = memory_resize(NULL, bound);
  size_t count = ZSTD_compress(packed, bound, raw.at, raw.count, 1);
  if (ZSTD_isError(count))
    bug("zstd: %s", ZSTD_getErrorName(count));
  Hash seal = hash_bytes(packed, count);
  bytes_put_u(&shard->units, raw.count);
  bytes_put_u(&shard->units, count);
  bytes_put_raw(&shard->units, &seal, sizeof seal);
  bytes_put_raw(&shard->units, packed, count);
  shard->unit_count++;
  memory_free(packed);
  bytes_free(&raw);
}

static void put_bytes(FILE *file, const void *context) {
  const ByteWriter *bytes = context;
  fwrite(bytes->at, 1, bytes->count, file);
}

void shard_write(ShardWriter *shard, const char *path) {
  ByteWriter all = {0};
  bytes_put_raw(&all, magic, sizeof magic - 1);
  bytes_put_raw(&all, &shard->head.version, sizeof(Hash));
  bytes_put_raw(&all, &shard->head.program, sizeof(Hash));
  bytes_put_u(&all, shard->head.place.number);
  bytes_put_u(&all, shard->head.place.count);
  bytes_put_u(&all, shard->unit_count);
  Hash seal = hash_bytes(all.at, all.count);
  bytes_put_raw(&all, &seal, sizeof seal);
  bytes_put_raw(&all, shard->units.at, shard->units.count);
  outputs_write_file(path, put_bytes, &all);
  bytes_free(&all);
  bytes_free(&shard->units);
}

/* ---- reading */

static noreturn void refuse(const char *path, const char *why) {
  die(EXIT_USAGE, "%s: %s", path, why);
}

static Shard read_head(Arena *arena, const char *path) {
  FileText file = file_read(arena, path, largest_file);
  if (!file.text)
    refuse(path, file.error);
  ByteReader r = bytes_reader(file.text, file.size);
  const void *begin = bytes_get_raw(&r, sizeof magic - 1);
  if (!begin || memcmp(begin, magic, sizeof magic - 1))
    refuse(path, "this is no shard that this version of overstay can read");
  Shard shard = {.path = path};
  shard.head.version = bytes_get_hash(&r);
  shard.head.program = bytes_get_hash(&r);
  shard.head.place.number = bytes_get_u32(&r);
  shard.head.place.count = bytes_get_u32(&r);
  shard.unit_count = bytes_get_u32(&r);
  Hash seal = hash_bytes(file.text, (size_t)(r.at - (const uint8_t *)file.text));
  if (!hash_equal(bytes_get_hash(&r), seal) || r.failed)
    refuse(path, "the shard is damaged");
  shard.units = r;
  return shard;
}

/* Before anything is stored: a shard that ends early is no result. */
static void check_units(const Shard *shard) {
  ByteReader r = shard->units;
  for (uint32_t i = 0; i < shard->unit_count && !r.failed; i++) {
    bytes_get_u(&r);
    size_t count = bytes_get_count(&r, 1);
    Hash seal = bytes_get_hash(&r);
    const void *bytes = bytes_get_raw(&r, count);
    if (!bytes || !hash_equal(hash_bytes(bytes, count), seal))
      r.failed = true;
  }
  if (r.failed || r.at != r.end)
    refuse(shard->path, "the shard is damaged");
}

static void check_head(const Shard *shard, const ShardHead *expected, const Shard *first) {
  char text[96];
  if (!hash_equal(shard->head.version, expected->version))
    refuse(shard->path, "the shard was made by another version of overstay or with other models");
  if (!hash_equal(shard->head.program, expected->program))
    refuse(shard->path, "the shard is of another program: its commands are not those of the "
                        "compile_commands.json");
  if (shard->head.place.count == first->head.place.count)
    return;
  snprintf(text, sizeof text, "this is one of %u shards, but the first file is one of %u",
           shard->head.place.count, first->head.place.count);
  refuse(shard->path, text);
}

static int by_number(const void *left, const void *right) {
  const Shard *a = left, *b = right;
  uint32_t x = a->head.place.number, y = b->head.place.number;
  return x < y ? -1 : x > y ? 1 : strcmp(a->path, b->path);
}

static void check_numbers(const Shard *shards, size_t count) {
  uint32_t all = shards[0].head.place.count;
  for (size_t i = 1; i < count; i++)
    if (shards[i].head.place.number == shards[i - 1].head.place.number)
      die(EXIT_USAGE, "%s and %s are both shard %u/%u", shards[i - 1].path, shards[i].path,
          shards[i].head.place.number, all);
  for (uint32_t number = 1; number <= all; number++)
    if (number > count || shards[number - 1].head.place.number != number)
      die(EXIT_USAGE, "shard %u/%u is missing", number, all);
}

Shard *shards_read(Arena *arena, const char *const *paths, size_t count,
                   const ShardHead *expected) {
  Shard *shards = arena_new_array(arena, Shard, count);
  for (size_t i = 0; i < count; i++) {
    shards[i] = read_head(arena, paths[i]);
    if (!guard_on("shards"))
      continue;
    check_head(&shards[i], expected, &shards[0]);
    check_units(&shards[i]);
  }
  qsort(shards, count, sizeof *shards, by_number);
  if (guard_on("shards"))
    check_numbers(shards, count);
  return shards;
}

Unit *shard_next(Shard *shard, Arena *arena) {
  ByteReader *r = &shard->units;
  if (r->at == r->end || r->failed)
    return NULL;
  size_t size = (size_t)bytes_get_u(r);
  size_t count = bytes_get_count(r, 1);
  bytes_get_hash(r);
  const void *bytes = bytes_get_raw(r, count);
  void *raw = bytes && size <= largest_unit ? arena_alloc(arena, size + 1) : NULL;
  Unit *unit = NULL;
  if (raw && ZSTD_decompress(raw, size, bytes, count) == size)
    unit = unit_read(arena, raw, size);
  if (!unit)
    refuse(shard->path, "the shard is damaged");
  return unit;
}
