/* recall.c - see recall.h */
#include "depth/recall.h"

#include <string.h>

#include "base/hash_map.h"
#include "depth/beginnings.h"

enum { CALLS_DEEP = 4 }; // callees are looked into as deep as that (helpers.c), and one is asked

struct Recall {
  Arena *arena;
  const Program *program;
  ByteWriter now;
  const uint8_t *old; // after its hash
  size_t old_count;
  HashMap places;  // of results in `old`, by key
  uint32_t *seen;  // per function: round in which it was hashed
  uint32_t *queue; // of the functions of this round
  uint32_t round;
  HashMap functions; // ids by name and body, once they are asked for
  bool is_indexed;
};

/* ---- the key */

static Hash hash_function(const ProgramFunction *function) {
  const Declaration *declared = &function->declared;
  Hash hash = hash_pair(hash_text(declared->key), declared->body_hash);
  Hash more = {declared->flags | (uint64_t)function->has_model << 32, function->has_summary};
  return hash_pair(hash_pair(hash, function->summary_hash), more);
}

/* What its calls may mean, which the list of its callees does not say. */
static Hash hash_targets(const Program *program, const ProgramFunction *function) {
  const FunctionLinks *links = function->declared.links;
  Hash hash = {links->call_count, links->slot_count};
  for (uint32_t i = 0; i < links->slot_count; i++) {
    Targets targets = program_slot_targets(program, links->slot_symbols[i]);
    hash = hash_pair(hash, (Hash){targets.count, targets.open});
  }
  for (uint32_t i = 0; i < function->resolved_count; i++) {
    const Targets *targets = &function->resolved[i].targets;
    hash = hash_pair(hash, (Hash){targets->count, targets->open});
  }
  return hash;
}

Hash recall_key(Recall *r, const uint32_t *members, uint32_t count) {
  Hash hash = {count, 0};
  uint32_t used = 0;
  r->round++;
  for (uint32_t i = 0; i < count; i++) {
    r->seen[members[i]] = r->round;
    r->queue[used++] = members[i];
    hash = hash_pair(hash, r->program->functions[members[i]].declared.names_hash);
  }
  for (uint32_t level = 0, at = 0; level <= CALLS_DEEP; level++)
    for (uint32_t end = used; at < end; at++) {
      const ProgramFunction *function = &r->program->functions[r->queue[at]];
      hash = hash_pair(hash, hash_function(function));
      if (level < CALLS_DEEP)
        hash = hash_pair(hash, hash_targets(r->program, function));
      for (uint32_t k = 0; k < function->callee_count && level < CALLS_DEEP; k++)
        if (r->seen[function->callees[k]] != r->round) {
          r->seen[function->callees[k]] = r->round;
          r->queue[used++] = function->callees[k];
        }
    }
  return hash;
}

/* ---- bytes: a hash of the rest, then key, length and result of each component */

static uint32_t number_in(const uint32_t *members, uint32_t count, uint32_t id) {
  uint32_t low = 0, high = count; // by id
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (members[middle] < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

typedef struct {
  const uint32_t *ids;
  uint32_t count;
} Members;

static void write_calls(ByteWriter *out, Members members, const CycleCall *calls, uint32_t count) {
  bytes_put_u(out, count);
  for (uint32_t i = 0; i < count; i++) {
    bytes_put_u(out, number_in(members.ids, members.count, calls[i].function));
    bytes_put_u(out, calls[i].instruction);
  }
}

static CycleCall *read_calls(ByteReader *in, Arena *arena, Members members, uint32_t *count) {
  *count = (uint32_t)bytes_get_count(in, 2);
  CycleCall *calls = arena_new_array(arena, CycleCall, *count);
  for (uint32_t i = 0; i < *count; i++) {
    uint32_t number = bytes_get_u32(in);
    calls[i].instruction = bytes_get_u32(in);
    in->failed |= number >= members.count;
    calls[i].function = number < members.count ? members.ids[number] : members.ids[0];
  }
  return calls;
}

/* ---- what callers said */

static Hash hash_name(const ProgramFunction *function) {
  return hash_pair(hash_text(function->declared.key), function->declared.body_hash);
}

static void write_asked(ByteWriter *out, const Program *program, const PartResult *part) {
  bytes_put_u(out, part->asked_count);
  for (uint32_t i = 0; i < part->asked_count; i++) {
    bytes_put_hash(out, hash_name(&program->functions[part->asked[i]]));
    bytes_put_hash(out, beginnings_state(program, part->asked[i]));
  }
}

/* Fails when a caller would say something else now. */
static void read_asked(Recall *r, ByteReader *in, PartResult *part) {
  part->asked_count = (uint32_t)bytes_get_count(in, 2 * sizeof(Hash));
  uint32_t *asked = arena_new_array(r->arena, uint32_t, part->asked_count);
  for (uint32_t i = 0; i < r->program->function_count && part->asked_count && !r->is_indexed; i++)
    hash_map_put(&r->functions, hash_name(&r->program->functions[i]), i);
  r->is_indexed |= part->asked_count > 0;
  for (uint32_t i = 0; i < part->asked_count && !in->failed; i++) {
    asked[i] = hash_map_get(&r->functions, bytes_get_hash(in));
    Hash state = bytes_get_hash(in);
    in->failed |=
        asked[i] == MAP_ABSENT || !hash_equal(state, beginnings_state(r->program, asked[i]));
  }
  part->asked = asked;
}

static void write_askers(ByteWriter *out, Members members, const PartResult *part) {
  bytes_put_u(out, part->asker_count);
  for (uint32_t i = 0; i < part->asker_count; i++)
    bytes_put_u(out, number_in(members.ids, members.count, part->askers[i]));
}

static void read_askers(ByteReader *in, Arena *arena, Members members, PartResult *part) {
  part->asker_count = (uint32_t)bytes_get_count(in, 1);
  part->askers = arena_new_array(arena, uint32_t, part->asker_count);
  for (uint32_t i = 0; i < part->asker_count; i++) {
    uint32_t number = bytes_get_u32(in);
    in->failed |= number >= members.count;
    part->askers[i] = members.ids[number < members.count ? number : 0];
  }
}

static void write_cycles(ByteWriter *out, Members members, const Cycle *cycles, uint32_t count) {
  bytes_put_u(out, count);
  for (uint32_t i = 0; i < count; i++) {
    const Cycle *cycle = &cycles[i];
    write_calls(out, members, cycle->calls, cycle->count);
    write_calls(out, members, cycle->others, cycle->other_count);
    bytes_put_u(out, cycle->kind);
    bytes_put_text(out, cycle->measure);
    bytes_put_text(out, cycle->field);
    bytes_put_u(out, cycle->buffer);
    bytes_put_u(out, cycle->text);
    bytes_put_u(out, cycle->levels);
    bytes_put_u8(out, (uint8_t)(cycle->tail | cycle->by_pointer << 1 | cycle->beyond_paths << 2 |
                                cycle->endless << 3));
  }
}

static void write_part(ByteWriter *out, const Program *program, Members members,
                       const PartResult *part) {
  write_asked(out, program, part);
  write_askers(out, members, part);
  for (size_t i = 0; i <= DEPTH_UNKNOWN; i++)
    bytes_put_u(out, part->bounded[i]);
  bytes_put_u(out, part->too_many);
  bytes_put_u(out, part->too_large);
  write_cycles(out, members, part->cycles, part->count);
  write_cycles(out, members, part->limited, part->limited_count);
}

static Cycle *read_cycles(ByteReader *in, Arena *arena, Members members, uint32_t *count) {
  *count = (uint32_t)bytes_get_count(in, 6);
  Cycle *cycles = arena_new_array(arena, Cycle, *count);
  for (uint32_t i = 0; i < *count && !in->failed; i++) {
    Cycle *cycle = &cycles[i];
    cycle->calls = read_calls(in, arena, members, &cycle->count);
    cycle->others = read_calls(in, arena, members, &cycle->other_count);
    cycle->kind = (DepthKind)bytes_get_u32(in);
    cycle->measure = bytes_get_text(in, arena);
    cycle->field = bytes_get_text(in, arena);
    cycle->buffer = bytes_get_u32(in);
    cycle->text = bytes_get_u32(in);
    cycle->levels = bytes_get_u(in);
    uint8_t bits = bytes_get_u8(in);
    cycle->tail = bits & 1;
    cycle->by_pointer = bits & 2;
    cycle->beyond_paths = bits & 4;
    cycle->endless = bits & 8;
  }
  return cycles;
}

static bool read_part(Recall *r, ByteReader *in, Members members, PartResult *part) {
  Arena *arena = r->arena;
  *part = (PartResult){0};
  read_asked(r, in, part);
  read_askers(in, arena, members, part);
  for (size_t i = 0; i <= DEPTH_UNKNOWN; i++)
    part->bounded[i] = bytes_get_u32(in);
  part->too_many = bytes_get_u32(in);
  part->too_large = bytes_get_u32(in);
  part->cycles = read_cycles(in, arena, members, &part->count);
  part->limited = read_cycles(in, arena, members, &part->limited_count);
  return !in->failed;
}

/* ---- earlier runs */

static void index_old(Recall *r) {
  ByteReader in = bytes_reader(r->old, r->old_count);
  while (in.at < in.end && !in.failed) {
    Hash key = bytes_get_hash(&in);
    uint32_t length = bytes_get_u32(&in);
    if (in.failed || length > (size_t)(in.end - in.at))
      return;
    hash_map_put(&r->places, key, (uint32_t)(in.at - r->old));
    in.at += length;
  }
}

Recall *recall_new(Arena *arena, const Program *program, const void *bytes, size_t count) {
  Recall *r = arena_new_one(arena, Recall);
  *r = (Recall){.arena = arena,
                .program = program,
                .seen = arena_new_array(arena, uint32_t, program->function_count),
                .queue = arena_new_array(arena, uint32_t, program->function_count)};
  Hash seal;
  if (bytes && count > sizeof seal) {
    memcpy(&seal, bytes, sizeof seal);
    r->old = (const uint8_t *)bytes + sizeof seal;
    r->old_count = count - sizeof seal;
    if (hash_equal(seal, hash_bytes(r->old, r->old_count)))
      index_old(r);
  }
  return r;
}

bool recall_find(Recall *r, Hash key, const uint32_t *members, uint32_t count, PartResult *part) {
  uint32_t place = hash_map_get(&r->places, key);
  if (place == MAP_ABSENT)
    return false;
  ByteReader in = bytes_reader(r->old + place, r->old_count - place);
  return read_part(r, &in, (Members){members, count}, part);
}

void recall_keep(Recall *r, Hash key, const uint32_t *members, uint32_t count,
                 const PartResult *part) {
  ByteWriter bytes = {0};
  write_part(&bytes, r->program, (Members){members, count}, part);
  bytes_put_hash(&r->now, key);
  bytes_put_u(&r->now, bytes.count);
  bytes_put_raw(&r->now, bytes.at, bytes.count);
  bytes_free(&bytes);
}

const void *recall_bytes(Recall *r, size_t *count) {
  *count = sizeof(Hash) + r->now.count;
  uint8_t *bytes = arena_alloc(r->arena, *count);
  Hash seal = hash_bytes(r->now.at, r->now.count);
  memcpy(bytes, &seal, sizeof seal);
  if (r->now.count)
    memcpy(bytes + sizeof seal, r->now.at, r->now.count);
  return bytes;
}

void recall_free(Recall *r) {
  hash_map_free(&r->places);
  hash_map_free(&r->functions);
  bytes_free(&r->now);
}
