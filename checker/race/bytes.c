/* bytes.c - what a function accesses, as it is kept with its other results. Numbers of instructions
 * are differences: they come in the order of the code. */
#include "race/access.h"

static void write_sets(ByteWriter *out, const AccessFacts *facts, const TextPool *texts) {
  bytes_put_u(out, facts->set_count);
  for (uint32_t i = 0; i < facts->set_count; i++) {
    const HeldSet *set = &facts->sets[i];
    bytes_put_u(out, set->count);
    for (uint32_t k = 0; k < set->count; k++) {
      bytes_put_text(out, text_of(texts, set->at[k].lock));
      bytes_put_u8(out, set->at[k].how);
    }
  }
}

static void write_key(ByteWriter *out, uint64_t key) { bytes_put_raw(out, &key, sizeof key); }

static uint64_t read_key(ByteReader *in) {
  uint64_t key = 0;
  const uint8_t *bytes = bytes_get_raw(in, sizeof key);
  for (size_t i = 0; bytes && i < sizeof key; i++)
    ((uint8_t *)&key)[i] = bytes[i];
  return key;
}

void access_facts_write(ByteWriter *out, const AccessFacts *facts, const TextPool *texts) {
  write_sets(out, facts, texts);
  bytes_put_u(out, facts->access_count);
  for (uint32_t i = 0; i < facts->access_count; i++) {
    const Access *access = &facts->accesses[i];
    write_key(out, access->datum);
    bytes_put_u(out, access->flags);
    bytes_put_u8(out, access->base);
    if (access->base == BASE_PARAMETER)
      bytes_put_u(out, access->parameter);
    if (access->base == BASE_GLOBAL || access->base == BASE_POINTED)
      bytes_put_u(out, access->record);
    bytes_put_u(out, access->held);
    bytes_put_s(out, (int64_t)access->instruction -
                         (i ? (int64_t)facts->accesses[i - 1].instruction : 0));
  }
  bytes_put_u(out, facts->call_count);
  for (uint32_t i = 0; i < facts->call_count; i++) {
    write_key(out, facts->calls[i].callee);
    bytes_put_u(out, facts->calls[i].held);
  }
  uint32_t kept = 0;
  for (uint32_t i = 0; i < facts->given_count; i++)
    kept += facts->given[i].kind != GIVEN_ELSE;
  bytes_put_u(out, kept);
  for (uint32_t i = 0; i < facts->given_count; i++) {
    const Given *given = &facts->given[i];
    if (given->kind == GIVEN_ELSE)
      continue;
    write_key(out, given->callee);
    bytes_put_u(out, given->argument);
    bytes_put_u8(out, given->kind);
    bytes_put_u(out, given->parameter);
  }
}

static const HeldSet *read_sets(Arena *arena, ByteReader *in, TextPool *texts, uint32_t *count) {
  *count = (uint32_t)bytes_get_count(in, 1);
  HeldSet *sets = arena_new_array(arena, HeldSet, *count);
  for (uint32_t i = 0; i < *count; i++) {
    sets[i].count = (uint32_t)bytes_get_count(in, 2);
    Held *held = arena_new_array(arena, Held, sets[i].count);
    for (uint32_t k = 0; k < sets[i].count; k++) {
      held[k].lock = text_intern(texts, bytes_get_text(in, arena));
      held[k].how = bytes_get_u8(in);
    }
    sets[i].at = held;
  }
  return sets;
}

static Access read_access(ByteReader *in, int64_t before) {
  Access access = {.datum = read_key(in)};
  access.flags = (uint16_t)bytes_get_u32(in);
  access.base = bytes_get_u8(in);
  if (access.base == BASE_PARAMETER)
    access.parameter = (uint16_t)bytes_get_u32(in);
  if (access.base == BASE_GLOBAL || access.base == BASE_POINTED)
    access.record = bytes_get_u32(in);
  access.held = bytes_get_u32(in);
  access.instruction = (uint32_t)(before + bytes_get_s(in));
  return access;
}

AccessFacts access_facts_read(Arena *arena, ByteReader *in, const ProgramFunction *function,
                              TextPool *texts) {
  AccessFacts facts = {.function = function};
  facts.sets = read_sets(arena, in, texts, &facts.set_count);
  facts.access_count = (uint32_t)bytes_get_count(in, 12);
  Access *accesses = arena_new_array(arena, Access, facts.access_count);
  for (uint32_t i = 0; i < facts.access_count; i++) {
    accesses[i] = read_access(in, i ? accesses[i - 1].instruction : 0);
    in->failed |= accesses[i].held >= facts.set_count && accesses[i].held;
  }
  facts.accesses = accesses;
  facts.call_count = (uint32_t)bytes_get_count(in, 9);
  HeldCall *calls = arena_new_array(arena, HeldCall, facts.call_count);
  for (uint32_t i = 0; i < facts.call_count; i++) {
    calls[i].callee = read_key(in);
    calls[i].held = bytes_get_u32(in);
    in->failed |= calls[i].held >= facts.set_count;
  }
  facts.calls = calls;
  facts.given_count = (uint32_t)bytes_get_count(in, 11);
  Given *given = arena_new_array(arena, Given, facts.given_count);
  for (uint32_t i = 0; i < facts.given_count; i++) {
    given[i].callee = read_key(in);
    given[i].argument = (uint16_t)bytes_get_u32(in);
    given[i].kind = bytes_get_u8(in);
    given[i].parameter = (uint16_t)bytes_get_u32(in);
  }
  facts.given = given;
  return facts;
}
