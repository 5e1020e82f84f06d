/* links_bytes.c - links as bytes, and back. */
#include "ir/links.h"

enum { SITES_REPEATS = 3, SITES_SERVES = 4, SITES_GUARD = 8, SITES_GUARDED = 4 };

static void write_list(ByteWriter *out, const char *const *list, uint32_t count) {
  bytes_put_u(out, count);
  for (uint32_t i = 0; i < count; i++)
    bytes_put_text(out, list[i]);
}

static void write_sites(ByteWriter *out, const Sites *sites) {
  uint32_t head = (uint32_t)sites->repeats | (sites->serves ? SITES_SERVES : 0u);
  if (sites->guard)
    head |= SITES_GUARD | (uint32_t)sites->guarded << SITES_GUARDED;
  bytes_put_u8(out, (uint8_t)head);
  if (sites->guard)
    bytes_put_text(out, sites->guard);
}

static void write_flow(ByteWriter *out, const PointerFlow *flow) {
  bytes_put_u8(out, (uint8_t)(flow->source | flow->fate << 2));
  if (flow->source == FLOW_SLOT)
    bytes_put_text(out, flow->slot);
  else
    bytes_put_u(out, flow->number);
  if (flow->fate == FLOW_PASSED) {
    bytes_put_u(out, flow->callee + 1u); // NO_CALLEE is 0
    bytes_put_u(out, flow->argument);
  } else if (flow->fate == FLOW_STORED) {
    bytes_put_text(out, flow->target);
  }
  write_sites(out, &flow->sites);
}

void links_write(ByteWriter *out, const FunctionLinks *links) {
  bytes_put_u(out, links->flags);
  write_list(out, links->calls, links->call_count);
  write_list(out, links->slots, links->slot_count);
  write_list(out, links->taken, links->taken_count);
  bytes_put_u(out, links->store_count);
  for (uint32_t i = 0; i < links->store_count; i++) {
    bytes_put_text(out, links->stores[i].slot);
    bytes_put_text(out, links->stores[i].function); // a key is never empty
  }
  for (uint32_t i = 0; i < links->call_count; i++)
    write_sites(out, &links->call_sites[i]);
  for (uint32_t i = 0; i < links->slot_count; i++)
    write_sites(out, &links->slot_sites[i]);
  bytes_put_u(out, links->flow_count);
  for (uint32_t i = 0; i < links->flow_count; i++)
    write_flow(out, &links->flows[i]);
  write_list(out, links->clears, links->clear_count);
  write_list(out, links->changes, links->change_count);
  if (links->flags & LINKS_INITIAL)
    bytes_put_s(out, links->initial);
}

/* A name stands in the links of all who use it, so it is kept once. */
static TextId read_symbol(ByteReader *in, TextPool *symbols) {
  size_t length = bytes_get_count(in, 1);
  const char *start = bytes_get_raw(in, length);
  return start ? text_intern_n(symbols, start, length) : 0;
}

static const char *read_name(ByteReader *in, TextPool *symbols) {
  return text_of(symbols, read_symbol(in, symbols));
}

typedef struct {
  const char ***names;
  TextId **symbols; // NULL: nobody asks
  uint32_t *count;
} NameList;

static void read_list(Arena *arena, ByteReader *in, TextPool *symbols, NameList list) {
  uint32_t count = *list.count = (uint32_t)bytes_get_count(in, 1);
  *list.names = arena_new_array(arena, const char *, count);
  if (list.symbols)
    *list.symbols = arena_new_array(arena, TextId, count);
  for (uint32_t i = 0; i < count; i++) {
    TextId symbol = read_symbol(in, symbols);
    (*list.names)[i] = text_of(symbols, symbol);
    if (list.symbols)
      (*list.symbols)[i] = symbol;
  }
}

static Sites read_sites(ByteReader *in, TextPool *symbols) {
  uint8_t head = bytes_get_u8(in);
  Sites sites = {.repeats = head & SITES_REPEATS, .serves = head & SITES_SERVES};
  if (head & SITES_GUARD) {
    sites.guarded = head >> SITES_GUARDED & SITES_REPEATS;
    sites.guard = read_name(in, symbols);
  }
  return sites;
}

static Sites *read_all_sites(Arena *arena, ByteReader *in, TextPool *symbols, uint32_t count) {
  Sites *sites = arena_new_array(arena, Sites, count);
  for (uint32_t i = 0; i < count; i++)
    sites[i] = read_sites(in, symbols);
  return sites;
}

static PointerFlow read_flow(ByteReader *in, TextPool *symbols, const FunctionLinks *links) {
  uint8_t head = bytes_get_u8(in);
  PointerFlow flow = {.source = head & 3, .fate = head >> 2};
  in->failed |= flow.source >= FLOW_SOURCES || flow.fate >= FLOW_FATES;
  if (flow.source == FLOW_SLOT)
    flow.slot = read_name(in, symbols);
  else
    flow.number = bytes_get_u32(in);
  if (flow.fate == FLOW_PASSED) {
    flow.callee = bytes_get_u32(in) - 1u;
    flow.argument = bytes_get_u32(in);
    in->failed |= flow.callee != NO_CALLEE && flow.callee >= links->call_count + links->slot_count;
  } else if (flow.fate == FLOW_STORED) {
    flow.target = read_name(in, symbols);
  }
  in->failed |= flow.source == FLOW_FUNCTION && flow.number >= links->taken_count;
  flow.sites = read_sites(in, symbols);
  return flow;
}

FunctionLinks *links_read(Arena *arena, ByteReader *in, TextPool *symbols) {
  FunctionLinks *links = arena_new_one(arena, FunctionLinks);
  links->flags = bytes_get_u32(in);
  read_list(arena, in, symbols,
            (NameList){&links->calls, &links->call_symbols, &links->call_count});
  read_list(arena, in, symbols,
            (NameList){&links->slots, &links->slot_symbols, &links->slot_count});
  read_list(arena, in, symbols,
            (NameList){&links->taken, &links->taken_symbols, &links->taken_count});
  links->store_count = (uint32_t)bytes_get_count(in, 2);
  links->stores = arena_new_array(arena, SlotStore, links->store_count);
  for (uint32_t i = 0; i < links->store_count; i++) {
    links->stores[i].slot = read_name(in, symbols);
    const char *function = read_name(in, symbols);
    links->stores[i].function = *function ? function : NULL;
  }
  links->call_sites = read_all_sites(arena, in, symbols, links->call_count);
  links->slot_sites = read_all_sites(arena, in, symbols, links->slot_count);
  links->flow_count = (uint32_t)bytes_get_count(in, 3);
  links->flows = arena_new_array(arena, PointerFlow, links->flow_count);
  for (uint32_t i = 0; i < links->flow_count; i++)
    links->flows[i] = read_flow(in, symbols, links);
  read_list(arena, in, symbols, (NameList){&links->clears, NULL, &links->clear_count});
  read_list(arena, in, symbols,
            (NameList){&links->changes, &links->change_symbols, &links->change_count});
  if (links->flags & LINKS_INITIAL)
    links->initial = bytes_get_s(in);
  if (in->failed)
    *links = (FunctionLinks){0};
  return links;
}
