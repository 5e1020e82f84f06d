/* recursions.c - see depth.h: the results of all components, as far as they are not known from an
 * earlier run, and what is asked of the whole program. */
#include "depth/cycles.h"
#include "depth/feeding.h"

typedef struct {
  Recursions *result;
  Recall *recall;
  size_t room, limited_room, asker_room;
} Collection;

static PartResult find_part(const CycleSearch *search, Collection *all, uint32_t *ids,
                            uint32_t count) {
  PartResult part;
  Hash key = recall_key(all->recall, ids, count);
  if (!recall_find(all->recall, key, ids, count, &part))
    part = cycles_of(search, ids, count);
  recall_keep(all->recall, key, ids, count, &part);
  return part;
}

/* It hangs on more than the results of one component do, so it is asked in every run. */
static void ask_for_lists(Program *program, Recursions *result) {
  for (uint32_t i = 0; i < result->count; i++) {
    Cycle *cycle = &result->cycles[i];
    const ProgramFunction *walker = &program->functions[cycle->calls[0].function];
    if (cycle->kind == DEPTH_LIST && *cycle->field)
      cycle->fed = list_is_fed(program, walker, cycle->field);
  }
}

static void collect(Arena *arena, Collection *all, const PartResult *part) {
  Recursions *result = all->result;
  for (size_t i = 0; i <= DEPTH_UNKNOWN; i++)
    result->bounded[i] += part->bounded[i];
  result->too_many += part->too_many;
  result->too_large += part->too_large;
  for (uint32_t i = 0; i < part->asker_count; i++) {
    result->askers = arena_grow(arena, result->askers, sizeof *result->askers, result->asker_count,
                                &all->asker_room, result->asker_count + 1u);
    result->askers[result->asker_count++] = part->askers[i];
  }
  for (uint32_t i = 0; i < part->limited_count; i++) {
    result->limited =
        arena_grow(arena, result->limited, sizeof *result->limited, result->limited_count,
                   &all->limited_room, result->limited_count + 1u);
    result->limited[result->limited_count++] = part->limited[i];
  }
  for (uint32_t i = 0; i < part->count; i++) {
    result->cycles = arena_grow(arena, result->cycles, sizeof *result->cycles, result->count,
                                &all->room, result->count + 1u);
    result->cycles[result->count++] = part->cycles[i];
  }
}

Recursions *recursions_find(Arena *arena, Program *program, const DepthInput *input) {
  Arena *scratch = arena_new(), *component = arena_new();
  CycleSearch search = {.component = component,
                        .results = arena,
                        .program = program,
                        .helpers = helpers_new(scratch, program, input->traits),
                        .beginnings = beginnings_new(scratch, program),
                        .number = arena_new_array(scratch, uint32_t, program->function_count)};
  Collection all = {.result = arena_new_one(arena, Recursions),
                    .recall = recall_new(arena, program, input->past, input->past_count)};
  for (uint32_t c = 0; c < program->component_count; c++) {
    uint32_t first = program->component_starts[c], end = program->component_starts[c + 1];
    if (!program->functions[program->order[first]].recursive)
      continue;
    arena_reset(component);
    PartResult part = find_part(&search, &all, program->order + first, end - first);
    all.result->functions += end - first;
    collect(arena, &all, &part);
  }
  ask_for_lists(program, all.result);
  all.result->bytes = recall_bytes(all.recall, &all.result->byte_count);
  recall_free(all.recall);
  arena_free(component);
  arena_free(scratch);
  return all.result;
}
