/* facts_bytes.c - the facts of a function as bytes, after the paths that they are about. */
#include "growth/facts.h"
#include "growth/place_bytes.h"

static void collect(PathPacking *p, const GrowthFacts *facts) {
  for (uint32_t i = 0; i < facts->touch_count; i++) {
    const Touch *touch = &facts->touches[i];
    packed_path(p, touch->path);
    packed_path(p, touch->other);
    for (uint32_t k = 0; k < GUARD_LIMIT; k++)
      packed_path(p, touch->guards[k]);
  }
  for (uint32_t i = 0; i < facts->call_count; i++) {
    const GrowthCall *call = &facts->calls[i];
    packed_name(p, call->callee);
    for (uint32_t k = 0; k < GUARD_LIMIT; k++) {
      packed_path(p, call->guards[k]);
      packed_path(p, call->empty[k]);
    }
    packed_path(p, call->drains);
    for (uint32_t k = 0; k < call->arg_count; k++)
      packed_path(p, call->args[k].path);
  }
}

static void write_demands(ByteWriter *out, const Demand *demands) {
  for (uint32_t k = 0; k < DEMANDS; k++) {
    bytes_put_u(out, (uint32_t)demands[k].parameter << 1 | demands[k].is_equal);
    if (demands[k].parameter)
      bytes_put_s(out, demands[k].value);
  }
}

static void write_touch(PathPacking *p, ByteWriter *out, const Touch *touch) {
  bytes_put_u8(out, touch->kind);
  bytes_put_u(out, touch->flags);
  bytes_put_u8(out, (uint8_t)((uint8_t)touch->repeats << 1 | touch->address));
  bytes_put_u(out, touch->instruction);
  bytes_put_u(out, packed_path(p, touch->path));
  bytes_put_u(out, packed_path(p, touch->other));
  if (touch->kind == TOUCH_GROWS) {
    bytes_put_u(out, touch->group);
    bytes_put_u(out, touch->made);
  }
  for (uint32_t k = 0; k < GUARD_LIMIT && touch->flags & TOUCH_GUARDED; k++)
    bytes_put_u(out, packed_path(p, touch->guards[k]));
  if (touch->flags & TOUCH_DEMANDED)
    write_demands(out, touch->demands);
}

enum {
  CALL_BY_POINTER = 1,
  CALL_GUARDED = 2,
  CALL_KEYED = 4,
  CALL_EMPTY = 8,
  CALL_REPEATS = 4,
  CALL_DEMANDED = 64,
  CALL_MAKES = 128,
  CALL_DRAINS = 256,
  CALL_REFILLS = 512
};

static void write_call(PathPacking *p, ByteWriter *out, const GrowthCall *call) {
  bytes_put_u(out, call->instruction);
  bytes_put_u(out, packed_name(p, call->callee));
  bytes_put_u(
      out,
      (uint32_t)((call->by_pointer ? CALL_BY_POINTER : 0) | (call->guarded ? CALL_GUARDED : 0) |
                 (call->keyed ? CALL_KEYED : 0) | (call->empty[0] ? CALL_EMPTY : 0) |
                 (call->demands[0].parameter ? CALL_DEMANDED : 0) | (call->makes ? CALL_MAKES : 0) |
                 (call->drains ? CALL_DRAINS : 0) | (call->refills ? CALL_REFILLS : 0)) |
          (uint32_t)call->repeats << CALL_REPEATS);
  for (uint32_t k = 0; k < GUARD_LIMIT && call->guarded; k++)
    bytes_put_u(out, packed_path(p, call->guards[k]));
  for (uint32_t k = 0; k < GUARD_LIMIT && call->empty[0]; k++)
    bytes_put_u(out, packed_path(p, call->empty[k]));
  if (call->drains)
    bytes_put_u(out, packed_path(p, call->drains));
  if (call->refills)
    bytes_put_u(out, call->refills);
  if (call->demands[0].parameter)
    write_demands(out, call->demands);
  bytes_put_u(out, call->number_count);
  for (uint32_t k = 0; k < call->number_count; k++) {
    bytes_put_u(out, call->numbers[k].number);
    bytes_put_u(out, call->numbers[k].parameter);
    if (!call->numbers[k].parameter)
      bytes_put_s(out, call->numbers[k].value);
  }
  bytes_put_u(out, call->arg_count);
  for (uint32_t k = 0; k < call->arg_count; k++) {
    bytes_put_u(out, (uint64_t)call->args[k].number << 3 | call->args[k].kind);
    bytes_put_u(out, packed_path(p, call->args[k].path));
  }
}

void growth_facts_write(ByteWriter *out, const GrowthFacts *facts, const PathTable *paths,
                        const TextPool *texts) {
  PathPacking p = {.paths = paths};
  collect(&p, facts);
  bytes_put_u8(out, facts->too_large);
  path_packing_write(&p, out, texts);
  bytes_put_u(out, facts->touch_count);
  for (uint32_t i = 0; i < facts->touch_count; i++)
    write_touch(&p, out, &facts->touches[i]);
  bytes_put_u(out, facts->call_count);
  for (uint32_t i = 0; i < facts->call_count; i++)
    write_call(&p, out, &facts->calls[i]);
  path_packing_free(&p);
}

/* ---- reading */

static void read_demands(PathUnpacking *u, Demand *demands) {
  for (uint32_t k = 0; k < DEMANDS; k++) {
    uint32_t both = bytes_get_u32(u->in);
    demands[k] = (Demand){.parameter = (uint16_t)(both >> 1), .is_equal = both & 1};
    if (demands[k].parameter)
      demands[k].value = (int32_t)bytes_get_s(u->in);
  }
}

static Touch read_touch(PathUnpacking *u) {
  Touch touch = {.kind = bytes_get_u8(u->in)};
  touch.flags = (uint16_t)bytes_get_u32(u->in);
  uint8_t both = bytes_get_u8(u->in);
  touch.repeats = (Repeats)(both >> 1);
  touch.address = both & 1;
  touch.instruction = bytes_get_u32(u->in);
  touch.path = unpacked_path(u);
  touch.other = unpacked_path(u);
  if (touch.kind == TOUCH_GROWS) {
    touch.group = bytes_get_u32(u->in);
    touch.made = bytes_get_u32(u->in);
  }
  for (uint32_t k = 0; k < GUARD_LIMIT && touch.flags & TOUCH_GUARDED; k++)
    touch.guards[k] = unpacked_path(u);
  if (touch.flags & TOUCH_DEMANDED)
    read_demands(u, touch.demands);
  return touch;
}

static GrowthCall read_call(PathUnpacking *u) {
  GrowthCall call = {.instruction = bytes_get_u32(u->in)};
  call.callee = unpacked_name(u);
  uint32_t flags = bytes_get_u32(u->in);
  call.by_pointer = flags & CALL_BY_POINTER;
  call.guarded = flags & CALL_GUARDED;
  call.keyed = flags & CALL_KEYED;
  call.makes = flags & CALL_MAKES;
  call.repeats = (Repeats)((flags & (CALL_DEMANDED - 1)) >> CALL_REPEATS);
  for (uint32_t k = 0; k < GUARD_LIMIT && call.guarded; k++)
    call.guards[k] = unpacked_path(u);
  for (uint32_t k = 0; k < GUARD_LIMIT && flags & CALL_EMPTY; k++)
    call.empty[k] = unpacked_path(u);
  call.drains = flags & CALL_DRAINS ? unpacked_path(u) : 0;
  call.refills = flags & CALL_REFILLS ? bytes_get_u32(u->in) : 0;
  if (flags & CALL_DEMANDED)
    read_demands(u, call.demands);
  call.number_count = (uint32_t)bytes_get_count(u->in, 2);
  call.numbers = arena_new_array(u->arena, GivenNumber, call.number_count);
  for (uint32_t k = 0; k < call.number_count; k++) {
    GivenNumber *given = &call.numbers[k];
    given->number = (uint16_t)bytes_get_u32(u->in);
    given->parameter = (uint16_t)bytes_get_u32(u->in);
    given->value = given->parameter ? 0 : (int32_t)bytes_get_s(u->in);
  }
  call.arg_count = (uint32_t)bytes_get_count(u->in, 2);
  call.args = arena_new_array(u->arena, HandedOn, call.arg_count);
  for (uint32_t k = 0; k < call.arg_count; k++) {
    uint64_t head = bytes_get_u(u->in);
    call.args[k] = (HandedOn){head & 7, (uint16_t)(head >> 3), unpacked_path(u)};
  }
  return call;
}

GrowthFacts growth_facts_read(Arena *arena, ByteReader *in, const ProgramFunction *function,
                              PathTable *paths, TextPool *texts) {
  PathUnpacking u = {.in = in, .arena = arena, .paths = paths};
  GrowthFacts facts = {.function = function};
  facts.too_large = bytes_get_u8(in);
  path_unpacking_read(&u, texts);
  facts.touch_count = (uint32_t)bytes_get_count(in, 6);
  facts.touches = arena_new_array(arena, Touch, facts.touch_count);
  for (uint32_t i = 0; i < facts.touch_count; i++)
    facts.touches[i] = read_touch(&u);
  facts.call_count = (uint32_t)bytes_get_count(in, 4);
  facts.calls = arena_new_array(arena, GrowthCall, facts.call_count);
  for (uint32_t i = 0; i < facts.call_count; i++)
    facts.calls[i] = read_call(&u);
  return facts;
}
