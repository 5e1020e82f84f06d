/* trace.c - see trace.h */
#include "analysis/trace.h"

#include <string.h>

void trace_reset(Trace *trace, Arena *arena) { *trace = (Trace){.arena = arena}; }

void trace_ask(Trace *trace, QueryKind kind, TextId symbol) {
  for (uint32_t i = 0; i < trace->count; i++)
    if (trace->queries[i].symbol == symbol && trace->queries[i].kind == kind)
      return;
  trace->queries = arena_grow(trace->arena, trace->queries, sizeof *trace->queries, trace->count,
                              &trace->room, trace->count + 1u);
  trace->queries[trace->count++] = (Query){kind, symbol};
}

static Hash call_answer(const Analysis *analysis, const ProgramFunction *caller, TextId symbol) {
  Callee callee = analysis_callee(analysis, caller, symbol);
  Hash hash = {callee.targets.open, callee.targets.count};
  if (callee.model)
    return hash_pair(hash, callee.model->hash);
  for (uint32_t i = 0; i < callee.targets.count; i++) {
    const ProgramFunction *target = &analysis->program->functions[callee.targets.ids[i]];
    if (analysis_is_known(caller, target))
      hash = hash_pair(hash, target->summary_hash);
  }
  return hash;
}

static Hash constant_answer(const Analysis *analysis, const ProgramFunction *caller,
                            TextId symbol) {
  int64_t value = 0;
  bool known = constants_find(analysis->constants, caller, symbol, &value);
  return known ? (Hash){(uint64_t)value, 3} : (Hash){0, 2};
}

static Hash answer(const Analysis *analysis, const ProgramFunction *caller, const Query *query) {
  switch (query->kind) {
  case QUERY_CALL:
    return call_answer(analysis, caller, query->symbol);
  case QUERY_CONSTANT:
    return constant_answer(analysis, caller, query->symbol);
  default:
    return (Hash){kinds_of(analysis->kinds, query->symbol), 1};
  }
}

Hash trace_answers(const Analysis *analysis, const ProgramFunction *caller, const Trace *trace) {
  Hash hash = {caller->recursive, 0};
  const Summary *declared = models_declared(analysis->program->models, caller->key);
  if (declared)
    hash = hash_pair(hash, declared->hash);
  for (uint32_t i = 0; i < trace->count; i++)
    hash = hash_pair(hash, answer(analysis, caller, &trace->queries[i]));
  return hash;
}

/* ---- bytes */

/* Names of the links by number: calls, then slots. 0: not among them. */
static uint32_t link_number(const FunctionLinks *links, const char *key) {
  for (uint32_t i = 0; i < links->call_count; i++)
    if (!strcmp(links->calls[i], key))
      return i + 1;
  for (uint32_t i = 0; i < links->slot_count; i++)
    if (!strcmp(links->slots[i], key))
      return links->call_count + i + 1;
  return 0;
}

static const char *link_of_number(const FunctionLinks *links, uint32_t number) {
  if (number <= links->call_count)
    return links->calls[number - 1];
  number -= links->call_count;
  return number <= links->slot_count ? links->slots[number - 1] : NULL;
}

void trace_write(ByteWriter *out, const Trace *trace, const ProgramFunction *function,
                 const TextPool *symbols) {
  bytes_put_u(out, trace->count);
  for (uint32_t i = 0; i < trace->count; i++) {
    const char *key = text_of(symbols, trace->queries[i].symbol);
    uint32_t number = link_number(function->declared.links, key);
    bytes_put_u(out, (uint64_t)number * QUERIES + trace->queries[i].kind);
    if (!number)
      bytes_put_text(out, key);
  }
}

Trace trace_read(Arena *arena, ByteReader *in, const ProgramFunction *function, TextPool *symbols) {
  Trace trace = {.arena = arena};
  trace.count = (uint32_t)bytes_get_count(in, 1);
  trace.queries = arena_new_array(arena, Query, trace.count);
  for (uint32_t i = 0; i < trace.count && !in->failed; i++) {
    uint32_t head = bytes_get_u32(in);
    uint32_t number = head / QUERIES;
    const char *key =
        number ? link_of_number(function->declared.links, number) : bytes_get_text(in, arena);
    if (!key)
      in->failed = true;
    else
      trace.queries[i] = (Query){(QueryKind)(head % QUERIES), text_intern(symbols, key)};
  }
  return trace;
}
