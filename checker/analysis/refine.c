/* refine.c - when ways out differ in a lock, the branches that decide about it become part of the
 * key, and the function is analysed again. Conjunctions of guards (`if (a && b) lock()`) would be
 * lost where the ways that do not take the lock are joined. Few functions need it, so it costs
 * nothing. Control dependence: Ferrante, Ottenstein, Warren, "The program dependence graph" (1987).
 */
#include "analysis/engine.h"

#include "base/guard.h"

static bool post_dominates(const Engine *e, Index x, Index block) {
  for (uint32_t steps = 0; block != NO_BLOCK && steps <= e->f->block_count; steps++) {
    if (block == x)
      return true;
    Index next = e->cfg->post_dominator[block];
    if (next == block)
      return false;
    block = next;
  }
  return false;
}

static bool controls(const Engine *e, Index branch, Index x) {
  const Block *block = &e->f->blocks[branch];
  if (block->edge_count < 2 || (branch != x && post_dominates(e, x, branch)))
    return false;
  for (uint32_t i = 0; i < block->edge_count; i++)
    if (post_dominates(e, x, e->f->edges[block->edges + i].block))
      return true;
  return false;
}

static bool has_room(const Engine *e) {
  return e->pin_count + e->branch_pin_count + e->call_pin_count < PIN_LIMIT;
}

static bool is_pinned(const Engine *e, Index branch) {
  for (uint32_t i = 0; i < e->branch_pin_count; i++)
    if (e->branch_pins[i] == branch)
      return true;
  return false;
}

/* The branches that `block` depends on, and those that they depend on, nearest first. */
static void pin_controllers(Engine *e, Index block) {
  Index queue[PIN_LIMIT + 1] = {block};
  uint32_t head = 0, tail = 1;
  while (head < tail) {
    Index x = queue[head++];
    for (uint32_t i = e->cfg->order_count; i-- > 0;) {
      Index branch = e->cfg->order[i];
      if (!has_room(e))
        return;
      if (!controls(e, branch, x) || is_pinned(e, branch))
        continue;
      e->branch_pins[e->branch_pin_count++] = branch;
      queue[tail++] = branch;
    }
  }
}

/* Of a wrapper the branches are those of its callee: `void unlock(void) { unlock_if(lock); }`. Its
 * cases are told apart by more than one condition, and the ways without an effect are several. */
static void pin_case(Engine *e, uint32_t call) {
  enum { SIMPLE = 2 }; // one condition tells them apart
  const Summary *callee = e->f->instructions[call].kind == INST_CALL ? e->noted[call] : NULL;
  if (!callee || callee->case_count <= SIMPLE || (callee->flags & SUMMARY_MODEL) || !has_room(e) ||
      !guard_on("case-pins"))
    return;
  for (uint32_t i = 0; i < e->call_pin_count; i++)
    if (e->call_pins[i] == call)
      return;
  e->call_pins[e->call_pin_count++] = call;
}

void engine_pin_case(const Engine *e, State *state, uint32_t number) {
  for (uint32_t i = 0; i < e->call_pin_count; i++)
    if (e->call_pins[i] == e->here)
      state->pins[e->pin_count + e->branch_pin_count + i] = number + 1;
}

static bool differs(const Exit *exits, uint32_t count, const LockEntry *lock) {
  for (uint32_t i = 0; i < count; i++) {
    const LockEntry *other = state_lock((State *)exits[i].state, lock->place);
    LockState now = other ? (LockState)other->now : (LockState)lock->pre;
    if (now != (LockState)lock->now)
      return true;
  }
  return false;
}

enum { NOTED = 8 };

static void note(Engine *e, NotedLocks *noted, TermId place) {
  if (!noted->places) {
    noted->places = arena_new_array(e->arena, TermId, NOTED);
    noted->blocks = arena_new_array(e->arena, Index, NOTED);
  }
  for (uint32_t i = 0; i < noted->count; i++)
    if (noted->places[i] == place)
      return;
  if (noted->count == NOTED)
    return;
  noted->places[noted->count] = place;
  noted->blocks[noted->count++] = e->inst_blocks[e->here];
}

void engine_note_taken(Engine *e, TermId place) { note(e, &e->taken, place); }

void engine_note_given_up(Engine *e, TermId place) { note(e, &e->given_up, place); }

static bool tests_argument(const Engine *e, Index branch) {
  NodeId id = e->f->blocks[branch].value;
  while (e->f->nodes[id].kind == NODE_UNARY || e->f->nodes[id].kind == NODE_BINARY ||
         e->f->nodes[id].kind == NODE_CAST)
    id = e->f->nodes[id].a;
  return e->f->nodes[id].kind == NODE_VAR && e->f->nodes[id].a < e->f->parameter_count;
}

/* A lock that is taken and given back only when an argument says so (`if (!caller_has_lock)`): the
 * callers' argument decides whether they may hold it. */
static void pin_arguments(Engine *e, const Exit *exits, uint32_t count) {
  for (uint32_t t = 0; t < e->taken.count; t++) {
    bool everywhere = true;
    for (uint32_t i = 0; i < count; i++)
      everywhere &= state_lock((State *)exits[i].state, e->taken.places[t]) != NULL;
    for (uint32_t i = 0; i < e->cfg->order_count && !everywhere; i++) {
      Index branch = e->cfg->order[i];
      if (has_room(e) && !is_pinned(e, branch) && controls(e, branch, e->taken.blocks[t]) &&
          tests_argument(e, branch))
        e->branch_pins[e->branch_pin_count++] = branch;
    }
  }
}

static void pin_noted(Engine *e, const NotedLocks *noted, TermId place) {
  for (uint32_t i = 0; i < noted->count; i++)
    if (noted->places[i] == place)
      pin_controllers(e, noted->blocks[i]);
}

/* Locks that may be held more than once are told by counts, not by the cases of who took them. */
static bool is_counted(const LockEntry *lock) {
  return (lock->flags & (LOCK_READ | LOCK_RECURSIVE | LOCK_COUNTING | LOCK_CIRCLE)) &&
         guard_on("told-by-counts");
}

bool engine_refine(Engine *e, const Exit *exits, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t k = 0; k < exits[i].state->lock_count; k++) {
      const LockEntry *lock = &exits[i].state->locks[k];
      if (lock_is_identity(lock) || lock->now == LOCK_MAYBE || !differs(exits, count, lock))
        continue;
      // Whoever gives a lock back that he has not taken may have been joined with who did not have
      // to; and whoever takes one for good, with who gives his caller's up and takes it again
      if (lock->pre == LOCK_HELD)
        pin_noted(e, &e->taken, lock->place);
      else if (guard_on("given-up"))
        pin_noted(e, &e->given_up, lock->place);
      pin_controllers(e, e->inst_blocks[lock->since]);
      if (!is_counted(lock))
        pin_case(e, lock->since);
    }
  pin_arguments(e, exits, count);
  return e->branch_pin_count + e->call_pin_count > 0;
}
