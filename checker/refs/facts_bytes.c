/* facts_bytes.c - the facts of a function as bytes: which records they are about, and then, after
 * the paths, themselves. */
#include <string.h>

#include "growth/place_bytes.h"
#include "refs/facts.h"

enum { BY_POINTER = 16, IS_ADDRESS = 32, ENDS = 6 };

uint32_t refer_number(const char *key) {
  return (uint32_t)hash_text(key).low & (REFER_NUMBERS - 1);
}

/* ---- the header */

typedef struct {
  const PathTable *paths;
  const TextPool *texts;
  ARRAY(TextId) names;
  ARRAY(PathId) seen;
} Heading;

static void add_name(Heading *h, TextId name) {
  for (size_t i = 0; i < h->names.count; i++)
    if (h->names.at[i] == name)
      return;
  if (name)
    array_push(&h->names, name);
}

static void add_records(Heading *h, PathId path) {
  for (; path; path = path_at(h->paths, path)->parent) {
    for (size_t i = 0; i < h->seen.count; i++)
      if (h->seen.at[i] == path)
        return;
    array_push(&h->seen, path);
    const PathNode *node = path_at(h->paths, path);
    add_name(h, node->pointee);
    if (node->kind == PATH_FIELD)
      add_name(h, node->owner);
  }
}

/* By its answer, on what becomes of an object that it is given. */
static bool decides(const ReferFacts *facts, const PathTable *paths, uint32_t call) {
  for (uint32_t i = call + 1; i < facts->count; i++)
    for (uint32_t k = 0; k < facts->events[call].arg_count; k++)
      if (facts->events[i].after == call + 1 && facts->events[call].args[k].kind == MEANS_CONTENT &&
          is_given(paths, &facts->events[i], facts->events[call].args[k].path))
        return true;
  return false;
}

static void write_header(ByteWriter *out, const ReferFacts *facts, const PathTable *paths,
                         const TextPool *texts) {
  Heading h = {.paths = paths, .texts = texts};
  for (uint32_t i = 0; i < facts->count; i++) {
    const ReferEvent *event = &facts->events[i];
    add_records(&h, event->place);
    add_records(&h, event->value);
    for (uint32_t k = 0; k < event->arg_count; k++) {
      if (event->args[k].kind != MEANS_FUNCTION)
        add_records(&h, event->args[k].path);
      if (event->args[k].kind == MEANS_ADDRESS || decides(facts, paths, i))
        add_name(&h, event->callee);
    }
  }
  for (uint32_t i = 0; i < facts->record_count; i++)
    add_name(&h, facts->records[i]);
  bytes_put_u8(out, facts->is_primitive);
  bytes_put_u(out, h.names.count);
  for (size_t i = 0; i < h.names.count; i++)
    bytes_put_u(out, refer_number(text_of(texts, h.names.at[i])));
  array_free(&h.names);
  array_free(&h.seen);
}

ReferHeader refer_header_read(Arena *arena, ByteReader *in) {
  ReferHeader header = {.is_primitive = bytes_get_u8(in)};
  header.count = (uint32_t)bytes_get_count(in, 1);
  uint32_t *numbers = arena_new_array(arena, uint32_t, header.count);
  for (uint32_t i = 0; i < header.count; i++)
    numbers[i] = bytes_get_u32(in);
  header.numbers = numbers;
  return header;
}

/* ---- the events */

static void collect(PathPacking *p, const ReferFacts *facts) {
  for (uint32_t i = 0; i < facts->count; i++) {
    const ReferEvent *event = &facts->events[i];
    packed_path(p, event->place);
    packed_path(p, event->value);
    packed_name(p, event->callee);
    for (uint32_t k = 0; k < event->arg_count; k++)
      if (event->args[k].kind == MEANS_FUNCTION)
        packed_name(p, event->args[k].path);
      else
        packed_path(p, event->args[k].path);
  }
}

static void write_event(PathPacking *p, ByteWriter *out, const ReferEvent *event) {
  bytes_put_u8(out, (uint8_t)(event->kind | (event->by_pointer ? BY_POINTER : 0) |
                              (event->address ? IS_ADDRESS : 0) | event->ends << ENDS));
  bytes_put_u(out, event->instruction);
  bytes_put_u(out, event->after);
  bytes_put_u(out, packed_path(p, event->place));
  if (event->kind == REFER_STORE || event->kind == REFER_RETURN)
    bytes_put_u(out, packed_path(p, event->value));
  if (event->kind != REFER_CALL)
    return;
  bytes_put_u(out, packed_name(p, event->callee));
  bytes_put_u(out, event->arg_count);
  for (uint32_t k = 0; k < event->arg_count; k++) {
    const ReferArg *arg = &event->args[k];
    bytes_put_u(out, (uint64_t)arg->number << 3 | arg->kind);
    bytes_put_u(out, arg->kind == MEANS_FUNCTION ? packed_name(p, arg->path)
                                                 : packed_path(p, arg->path));
  }
}

void refer_facts_write(ByteWriter *out, const ReferFacts *facts, const PathTable *paths,
                       const TextPool *texts) {
  write_header(out, facts, paths, texts);
  PathPacking p = {.paths = paths};
  collect(&p, facts);
  path_packing_write(&p, out, texts);
  bytes_put_u(out, facts->count);
  for (uint32_t i = 0; i < facts->count; i++)
    write_event(&p, out, &facts->events[i]);
  path_packing_free(&p);
}

static ReferEvent read_event(PathUnpacking *u) {
  uint8_t head = bytes_get_u8(u->in);
  ReferEvent event = {.kind = head & (BY_POINTER - 1),
                      .by_pointer = head & BY_POINTER,
                      .address = head & IS_ADDRESS,
                      .ends = head >> ENDS};
  event.instruction = bytes_get_u32(u->in);
  event.after = bytes_get_u32(u->in);
  event.place = unpacked_path(u);
  if (event.kind == REFER_STORE || event.kind == REFER_RETURN)
    event.value = unpacked_path(u);
  if (event.kind != REFER_CALL)
    return event;
  event.callee = unpacked_name(u);
  event.arg_count = (uint32_t)bytes_get_count(u->in, 2);
  event.args = arena_new_array(u->arena, ReferArg, event.arg_count);
  for (uint32_t k = 0; k < event.arg_count; k++) {
    uint64_t both = bytes_get_u(u->in);
    ReferArg arg = {.kind = both & 7, .number = (uint16_t)(both >> 3)};
    arg.path = arg.kind == MEANS_FUNCTION ? unpacked_name(u) : unpacked_path(u);
    event.args[k] = arg;
  }
  return event;
}

ReferFacts refer_facts_read(Arena *arena, ByteReader *in, const ProgramFunction *function,
                            PathTable *paths, TextPool *texts) {
  PathUnpacking u = {.in = in, .arena = arena, .paths = paths};
  ReferFacts facts = {.function = function};
  path_unpacking_read(&u, texts);
  facts.count = (uint32_t)bytes_get_count(in, 4);
  facts.events = arena_new_array(arena, ReferEvent, facts.count);
  for (uint32_t i = 0; i < facts.count; i++)
    facts.events[i] = read_event(&u);
  return facts;
}
