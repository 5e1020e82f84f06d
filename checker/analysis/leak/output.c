/* output.c - which of what is opened nobody but an output parameter gets (output.c): followed
 * without regard to order, `*out` being one of the places that may hold it. */
#include "analysis/leak/leak.h"

#include <string.h>

enum { ROUNDS = 4 };

static uint32_t kept_elsewhere(Flow *flow) {
  Engine *e = flow->e;
  const Function *f = e->f;
  Target *targets = arena_new_array(e->arena, Target, f->local_count);
  for (Index i = 0; i < f->local_count; i++)
    targets[i] = flow->holders.targets ? flow->holders.targets[i] : (Target){.local = NO_BLOCK};
  for (Index i = 0; i < f->parameter_count; i++)
    if (e->outputs & fate_bit(i))
      targets[i].local = i; // its own slot: of the pointer itself nothing is followed
  Holders h = {.e = e, .adds = true, .pointers = flow->holders.pointers, .targets = targets};
  h.masks = arena_new_array(e->arena, uint32_t, flow->slot_count);
  uint32_t kept = 0;
  for (int round = 0; round < ROUNDS; round++)
    for (uint32_t i = 0; i < f->instruction_count; i++) {
      Happened happened = holders_step(&h, &f->instructions[i], NULL, FATES_POSSIBLE);
      uint32_t opened = 0;
      for (uint32_t n = 0; n < flow->site_count; n++) {
        const Site *site = &flow->sites[n];
        if (site->instruction != i)
          continue;
        opened |= 1u << n;
        h.masks[site->local == NO_BLOCK ? e->temp_slots[f->instructions[i].result] : site->local] |=
            1u << n;
      }
      kept |= happened.kept & ~opened; // which is given the address of where it leaves it
    }
  return kept;
}

void leak_note_outputs(Flow *flow) {
  Engine *e = flow->e;
  if (!e->outputs)
    return;
  uint32_t kept = kept_elsewhere(flow);
  e->alone = arena_new_array(e->arena, bool, e->f->instruction_count);
  for (uint32_t n = 0; n < flow->site_count; n++)
    e->alone[flow->sites[n].instruction] = true;
  for (uint32_t n = 0; n < flow->site_count; n++)
    if (kept >> n & 1)
      e->alone[flow->sites[n].instruction] = false;
}
