/* sharing.c - see sharing.h. */
#include "race/sharing.h"

#include "base/guard.h"
#include "base/hash_map.h"
#include "base/message.h"

struct Sharing {
  Arena *arena;
  const Program *program;
  const AccessBytes *bytes;
  const AccessFacts **facts; // by function id
  HashMap kinds;             // ParameterKind, by function and parameter
};

Sharing *sharing_new(Arena *arena, const Program *program, const AccessBytes *bytes) {
  Sharing *sharing = arena_new_one(arena, Sharing);
  *sharing =
      (Sharing){.arena = arena,
                .program = program,
                .bytes = bytes,
                .facts = arena_new_array(arena, const AccessFacts *, program->function_count)};
  return sharing;
}

void sharing_free(Sharing *sharing) { hash_map_free(&sharing->kinds); }

const AccessFacts *sharing_facts(Sharing *sharing, uint32_t id) {
  if (sharing->facts[id])
    return sharing->facts[id];
  const ProgramFunction *function = &sharing->program->functions[id];
  AccessFacts *facts = arena_new_one(sharing->arena, AccessFacts);
  facts->function = function;
  if (sharing->bytes[id].bytes) {
    ByteReader in = bytes_reader(sharing->bytes[id].bytes, sharing->bytes[id].count);
    *facts = access_facts_read(sharing->arena, &in, function, sharing->program->symbols);
    if (in.failed)
      bug("what is stored of accesses in '%s' cannot be read", function->declared.key);
  }
  return sharing->facts[id] = facts;
}

/* ---- parameters */

const Given *given_to(const AccessFacts *facts, uint64_t callee, uint32_t argument) {
  for (uint32_t i = 0; i < facts->given_count; i++)
    if (facts->given[i].callee == callee && facts->given[i].argument == argument &&
        facts->given[i].kind < GIVEN_SAME)
      return &facts->given[i];
  return NULL;
}

ParameterKind given_to_threads(Sharing *sharing, uint32_t spawner, uint32_t entry) {
  const AccessFacts *facts = sharing_facts(sharing, spawner);
  uint64_t key = name_hash(sharing->program->functions[entry].declared.key);
  for (uint32_t i = 0; i < facts->given_count; i++)
    if (facts->given[i].callee == key && facts->given[i].kind >= GIVEN_SAME)
      return facts->given[i].kind == GIVEN_COMMON && guard_on("race-common") ? PARAMETER_COMMON
                                                                             : PARAMETER_SHARED;
  return PARAMETER_THREAD;
}

static ParameterKind kind_by_callers(Sharing *sharing, const uint8_t *entries, uint32_t id,
                                     uint32_t parameter) {
  const ProgramFunction *function = &sharing->program->functions[id];
  bool entry = entries[id] && !parameter;
  ParameterKind kind = entry ? (ParameterKind)entries[id] : PARAMETER_OWN;
  if ((!function->caller_count && !entry) || (function->address_taken && !entries[id]))
    return PARAMETER_SHARED;
  uint64_t key = name_hash(function->declared.key);
  for (uint32_t i = 0; i < function->caller_count && kind != PARAMETER_SHARED; i++) {
    uint32_t caller = function->callers[i];
    const Given *given = given_to(sharing_facts(sharing, caller), key, parameter);
    ParameterKind by_caller = !given ? PARAMETER_SHARED
                              : given->kind == GIVEN_OWN
                                  ? PARAMETER_OWN
                                  : parameter_kind(sharing, entries, caller, given->parameter);
    kind = by_caller > kind ? by_caller : kind;
  }
  return kind;
}

ParameterKind parameter_kind(Sharing *sharing, const uint8_t *entries, uint32_t function,
                             uint32_t parameter) {
  uint32_t what[] = {function, parameter};
  Hash key = hash_bytes(what, sizeof what);
  if (!guard_on("race-given-own"))
    return PARAMETER_SHARED;
  uint32_t known = hash_map_get(&sharing->kinds, key);
  if (known != MAP_ABSENT)
    return (ParameterKind)known;
  hash_map_put(&sharing->kinds, key, PARAMETER_OWN); // of a circle: what comes from outside
  ParameterKind kind = kind_by_callers(sharing, entries, function, parameter);
  hash_map_put(&sharing->kinds, key, kind);
  return kind;
}
