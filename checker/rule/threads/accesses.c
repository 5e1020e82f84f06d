/* accesses.c - what a function reads and writes of memory that others may know, and the locks that
 * are held there in all states that the engine found: as it is remembered of each function. Where
 * a lock is held in some of the states only, it is held "maybe". */
#include <string.h>

#include "base/guard.h"
#include "rule/pass.h"

/* Of the function at hand. */
struct HeldAt {
  uint32_t *numbers; // per instruction: of the set, plus 1; 0: no state came by
  ARRAY(HeldSet) sets;
  ARRAY(TextId) required; // on entry
  ARRAY(TextId) renewed;  // made or ended by the function: nobody else uses what they guard
};

/* Of two locks of one class the one that is held counts. */
static uint8_t better(uint8_t a, uint8_t b) {
  if ((a | b) & HELD_NO_MORE)
    return a & HELD_NO_MORE ? b : a;
  return a & b;
}

static int in_order(const TextPool *texts, TextId a, TextId b) {
  return a == b ? 0 : strcmp(text_of(texts, a), text_of(texts, b));
}

static void add_held(const TextPool *texts, Held *set, uint32_t *count, Held held) {
  uint32_t at = *count;
  for (uint32_t i = 0; i < *count; i++)
    if (set[i].lock == held.lock) {
      set[i].how = better(set[i].how, held.how);
      return;
    }
  for (; at && in_order(texts, set[at - 1].lock, held.lock) > 0; at--)
    set[at] = set[at - 1];
  set[at] = held;
  (*count)++;
}

static HeldSet held_in(const Engine *e, Arena *arena, const State *state) {
  TextPool *texts = e->program->symbols;
  Held *held = arena_new_array(arena, Held, state->lock_count);
  uint32_t count = 0;
  for (uint32_t i = 0; i < state->lock_count; i++) {
    const LockEntry *lock = &state->locks[i];
    bool is_given_up = lock->now == LOCK_RELEASED && lock->pre == LOCK_HELD;
    if (lock->resource != RESOURCE_LOCK || lock->flags & LOCK_COUNTING ||
        (lock->now == LOCK_RELEASED && !is_given_up))
      continue;
    uint8_t how = is_given_up               ? HELD_NO_MORE
                  : lock->now == LOCK_MAYBE ? HELD_MAYBE
                  : lock->flags & LOCK_READ ? HELD_READ
                                            : 0;
    add_held(texts, held, &count, (Held){wait_class(texts, e->terms, lock->place), how});
  }
  return (HeldSet){held, count};
}

static bool same_set(const HeldSet *a, const HeldSet *b) {
  bool same = a->count == b->count;
  for (uint32_t i = 0; i < a->count && same; i++)
    same = a->at[i].how == b->at[i].how && a->at[i].lock == b->at[i].lock;
  return same;
}

static uint32_t number_of(struct HeldAt *all, HeldSet set) {
  for (uint32_t i = 0; i < all->sets.count; i++)
    if (same_set(&all->sets.at[i], &set))
      return i;
  array_push(&all->sets, set);
  return (uint32_t)all->sets.count - 1;
}

/* What one of them lacks is held maybe. */
static HeldSet both(const Engine *e, const HeldSet *a, const HeldSet *b) {
  Held *held = arena_new_array(e->arena, Held, a->count + b->count);
  uint32_t count = 0, i = 0, k = 0;
  while (i < a->count || k < b->count) {
    int order = i == a->count   ? 1
                : k == b->count ? -1
                                : in_order(e->program->symbols, a->at[i].lock, b->at[k].lock);
    Held each = order <= 0 ? a->at[i] : b->at[k];
    bool differs = order || (each.how ^ b->at[k].how) & HELD_NO_MORE;
    each.how = differs ? HELD_MAYBE : each.how | b->at[k].how;
    i += order <= 0;
    k += order >= 0;
    held[count++] = each;
  }
  return (HeldSet){held, count};
}

void note_held(Observer *observer, Engine *e, const State *state) {
  Pass *pass = observer->context;
  struct HeldAt *all = pass->held_at;
  pass->engine = e;
  if (!all->numbers) {
    all->numbers = arena_new_array(e->arena, uint32_t, e->f->instruction_count);
    all->sets.count = 0;
    array_push(&all->sets, (HeldSet){0});
  }
  HeldSet set = held_in(e, e->arena, state);
  uint32_t *number = &all->numbers[e->here];
  if (*number && !same_set(&all->sets.at[*number - 1], &set))
    set = both(e, &all->sets.at[*number - 1], &set);
  *number = number_of(all, set) + 1;
}

/* A lock that it gives back without having taken it is held from the beginning, should that be no
 * mistake. */
void note_required(Pass *pass, const Exit *exits, uint32_t count) {
  const Engine *e = pass->engine;
  struct HeldAt *all = pass->held_at;
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < exits[i].state->lock_count; k++) {
      const LockEntry *lock = &exits[i].state->locks[k];
      if (lock->resource == RESOURCE_LOCK && lock->pre == LOCK_HELD && lock->now != LOCK_MAYBE &&
          !(lock->flags & (LOCK_COUNTING | LOCK_VAGUE)))
        array_push(&all->required, wait_class(e->program->symbols, e->terms, lock->place));
    }
}

static bool knows(const HeldSet *set, TextId lock) {
  for (uint32_t i = 0; i < set->count; i++)
    if (set->at[i].lock == lock)
      return true;
  return false;
}

void note_renewed(Pass *pass, const EffectSeen *seen) {
  struct HeldAt *all = pass->held_at;
  if ((seen->effect->action == ACTION_INIT || seen->effect->action == ACTION_DESTROY) &&
      seen->effect->resource == RESOURCE_LOCK)
    array_push(&all->renewed, wait_class(pass->program->symbols, pass->engine->terms, seen->place));
}

/* To all sets that say nothing of it. */
static void add_everywhere(const Engine *e, struct HeldAt *all, Held held) {
  for (size_t i = 0; i < all->sets.count; i++) {
    HeldSet *set = &all->sets.at[i];
    Held *more = arena_new_array(e->arena, Held, set->count + 1u);
    if (knows(set, held.lock))
      continue;
    if (set->count)
      memcpy(more, set->at, sizeof *more * set->count);
    add_held(e->program->symbols, more, &set->count, held);
    set->at = more;
  }
}

static void make_sets(const Engine *e, struct HeldAt *all) {
  if (!all->numbers) {
    all->numbers = arena_new_array(e->arena, uint32_t, e->f->instruction_count);
    all->sets.count = 0;
    array_push(&all->sets, (HeldSet){0});
    for (uint32_t i = 0; i < e->f->instruction_count; i++)
      all->numbers[i] = 1;
  }
  for (size_t i = 0; i < all->required.count; i++)
    add_everywhere(e, all, (Held){all->required.at[i], HELD_MAYBE});
  for (size_t i = 0; i < all->renewed.count && guard_on("race-renewed"); i++)
    add_everywhere(e, all, (Held){all->renewed.at[i], HELD_MAYBE});
}

void held_begin(Pass *pass) {
  if (!pass->held_at)
    pass->held_at = arena_new_one(pass->arena, struct HeldAt);
  pass->held_at->numbers = NULL;
  pass->held_at->required.count = 0;
  pass->held_at->renewed.count = 0;
}

void held_free(Pass *pass) {
  if (!pass->held_at)
    return;
  array_free(&pass->held_at->sets);
  array_free(&pass->held_at->required);
  array_free(&pass->held_at->renewed);
}

/* ---- calls */

/* A name that says so: what may be given back, by who has the last reference, is not. */
static bool ends_object(const Summary *summary, const char *name) {
  static const char *const words[] = {"free",    "destroy", "delete", "dispose", "cleanup",
                                      "release", "finish",  "close",  "fini",    "kill"};
  if (summary->flags & SUMMARY_MODEL)
    return true;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (has_word(name, words[i]))
      return true;
  return false;
}

static CallTraits traits_of(Engine *e, const Instruction *call) {
  CallTraits traits = {0};
  const Node *callee = &e->f->nodes[call->a];
  const Summary *summary =
      callee->kind == NODE_FUNCTION ? engine_summary(e, e->function->symbols[callee->a]) : NULL;
  if (!summary)
    return traits;
  traits.makes = (summary->flags & SUMMARY_NEW_MEMORY) != 0;
  for (uint32_t i = 0; i < summary->case_count; i++)
    for (uint32_t k = 0; k < summary->cases[i].effect_count; k++) {
      const Effect *effect = &summary->cases[i].effects[k];
      traits.spawns |= effect->action == ACTION_SPAWN;
      if (effect->action != ACTION_CLOSE || effect->resource != RESOURCE_MEMORY || !effect->place)
        continue;
      const Term *place = term_at(summary->terms, effect->place);
      if (place->kind == TERM_PARAM && place->a < 32)
        traits.frees |= 1u << place->a;
    }
  if (traits.frees && !ends_object(summary, e->f->symbols[callee->a].name))
    traits.frees = 0;
  return traits;
}

/* ---- one function */

void remember_accesses(Pass *pass) {
  Engine *e = pass->engine;
  CallTraits *calls = arena_new_array(e->arena, CallTraits, e->f->instruction_count + 1u);
  for (uint32_t i = 0; i < e->f->instruction_count; i++)
    if (e->f->instructions[i].kind == INST_CALL)
      calls[i] = traits_of(e, &e->f->instructions[i]);
  AccessInput input = {.texts = pass->program->symbols, .calls = calls};
  struct HeldAt *all = pass->held_at;
  if (all->numbers || all->renewed.count) {
    make_sets(e, all);
    uint32_t *held = arena_new_array(e->arena, uint32_t, e->f->instruction_count + 1u);
    for (uint32_t i = 0; i < e->f->instruction_count; i++)
      held[i] = all->numbers[i] ? all->numbers[i] - 1 : NEVER_HERE;
    input.held = held;
    input.sets = all->sets.at;
    input.set_count = (uint32_t)all->sets.count;
  }
  AccessFacts facts = accesses_of(e->arena, e->arena, e->function, e->cfg, &input);
  if (!facts.access_count && !facts.given_count && !facts.call_count)
    return;
  ByteWriter out = {0};
  access_facts_write(&out, &facts, pass->program->symbols);
  array_push(&pass->access_rows, (AccessRow){.function = e->function,
                                             .bytes = arena_copy(pass->arena, out.at, out.count),
                                             .count = out.count});
  bytes_free(&out);
}

void access_row_write(const Pass *pass, ByteWriter *out, const AccessRow *row) {
  (void)pass;
  bytes_put_u(out, row->count);
  bytes_put_raw(out, row->bytes, row->count);
}

AccessRow access_row_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  AccessRow row = {.function = function, .count = bytes_get_count(in, 1)};
  const void *bytes = bytes_get_raw(in, row.count);
  row.bytes = bytes ? arena_copy(pass->arena, bytes, row.count) : NULL;
  return row;
}
