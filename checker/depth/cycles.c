/* cycles.c - see cycles.h: what the functions of a component hand on, then without the calls that
 * are bounded by themselves the simple cycles, shortest first. */
#include <string.h>

#include "depth/cycles_internal.h"
#include "link/components.h"

/* ---- what is called at a site */

static Targets targets_of(const Search *s, const ProgramFunction *caller, uint32_t instruction,
                          bool *by_pointer) {
  TextId symbol = called_symbol(caller, instruction, by_pointer);
  if (!symbol || models_find(s->program->models, symbol))
    return (Targets){0};
  return *by_pointer ? program_slot_targets(s->program, symbol)
                     : program_resolve(s->program, caller, symbol);
}

static bool stays_inside(const void *context, const ProgramFunction *caller, uint32_t instruction) {
  const Search *s = context;
  bool by_pointer;
  Targets targets = targets_of(s, caller, instruction, &by_pointer);
  for (uint32_t i = 0; i < targets.count; i++)
    if (s->number[targets.ids[i]])
      return true;
  return false;
}

static void add_edges(Search *s, uint32_t member) {
  const ProgramFunction *caller = &s->program->functions[s->ids[member]];
  Facts *facts = s->facts[member];
  for (uint32_t i = 0; i < facts->site_count; i++) {
    bool by_pointer;
    Targets targets = targets_of(s, caller, facts->sites[i].instruction, &by_pointer);
    for (uint32_t k = 0; k < targets.count; k++) {
      if (!s->number[targets.ids[k]])
        continue;
      CallEdge edge = {member, s->number[targets.ids[k]] - 1, i,
                       by_pointer || targets.open || targets.count > 1};
      s->edges = arena_grow(s->arena, s->edges, sizeof edge, s->edge_count, &s->edge_room,
                            s->edge_count + 1u);
      s->edges[s->edge_count++] = edge;
    }
  }
}

/* By a count in memory, as far as can be told without what callees do. */
static bool is_counted(const Facts *facts) {
  for (uint32_t i = 0; i < facts->site_count; i++)
    if (facts->sites[i].bounded && !facts->sites[i].stack_asked)
      return true;
  return false;
}

static Facts *read_member(Search *s, const ProgramFunction *function) {
  Wanted wanted = {stays_inside, s, NULL};
  Facts *facts = facts_new(s->arena, NULL, s->program, function, wanted);
  bool is_settled = !is_counted(facts) || !helpers_count(s->helpers, function);
  return is_settled ? facts : facts_new(s->arena, s->helpers, s->program, function, wanted);
}

static void read_members(Search *s) {
  Arena *code = arena_new();
  s->facts = arena_new_array(s->arena, Facts *, s->count);
  s->starts = arena_new_array(s->arena, uint32_t, s->count + 1u);
  for (uint32_t i = 0; i < s->count; i++) {
    ProgramFunction *function = &s->program->functions[s->ids[i]];
    program_load(s->program, function, code);
    s->facts[i] = read_member(s, function);
    s->starts[i] = s->edge_count;
    add_edges(s, i);
    s->part->too_large += s->facts[i]->too_large;
    program_unload(function);
    arena_reset(code);
  }
  s->starts[s->count] = s->edge_count;
  arena_free(code);
}

static bool passes(const Cycle *cycle, uint32_t function) {
  for (uint32_t i = 0; i < cycle->count; i++)
    if (cycle->calls[i].function == function)
      return true;
  return false;
}

/* Once more with what callees count and test, for the members of cycles that nothing bounds so
 * far: that is where it is worth its time. */
static void read_again(Search *s) {
  Arena *code = arena_new();
  for (uint32_t i = 0; i < s->count; i++) {
    ProgramFunction *function = &s->program->functions[s->ids[i]];
    bool is_found = false;
    for (uint32_t k = 0; k < s->found_count && !is_found; k++)
      is_found = passes(&s->found[k].cycle, s->ids[i]);
    if (!is_found)
      continue;
    program_load(s->program, function, code);
    s->facts[i] =
        facts_new(s->arena, s->helpers, s->program, function, (Wanted){stays_inside, s, NULL});
    program_unload(function);
    arena_reset(code);
  }
  arena_free(code);
}

/* ---- calls that no cycle can go through for ever */

/* Counters that somebody on the cycles sets to a number: who counts there is asked on each way. */
static Resets find_resets(const Search *s) {
  enum { RESETS = 256 };
  Resets resets = {.symbols = arena_new_array(s->arena, TextId, RESETS)};
  for (uint32_t i = 0; i < s->count; i++)
    for (uint32_t k = 0; k < s->facts[i]->site_count; k++)
      site_add_resets(s->facts[i], &s->facts[i]->sites[k], &resets, RESETS);
  return resets;
}

static void cut_edges(Search *s) {
  Resets resets = find_resets(s);
  s->cut = arena_new_array(s->arena, bool, s->edge_count);
  for (uint32_t i = 0; i < s->edge_count; i++) {
    const Facts *facts = s->facts[s->edges[i].from];
    const Site *site = &facts->sites[s->edges[i].site];
    uint32_t flags = facts->function->declared.flags;
    bool unknown = flags & (FUNCTION_TAINTED | FUNCTION_INCOMPLETE | FUNCTION_INITIALISER);
    bool bounded = site->bounded && site_is_bounded(facts, site, &resets);
    s->part->bounded[site->stack_asked ? DEPTH_STACK : DEPTH_LIMIT] += bounded;
    s->cut[i] = bounded || site->dies || unknown || facts->too_large || facts->function->has_model;
  }
  levels_find(s, &resets);
}

/* The components of what is left. */
static void part_members(Search *s) {
  uint32_t *starts = arena_new_array(s->arena, uint32_t, s->count + 1u);
  uint32_t *targets = arena_new_array(s->arena, uint32_t, s->edge_count);
  uint32_t used = 0;
  for (uint32_t i = 0; i < s->count; i++) {
    starts[i] = used;
    for (uint32_t k = s->starts[i]; k < s->starts[i + 1]; k++)
      if (!s->cut[k])
        targets[used++] = s->edges[k].to;
  }
  starts[s->count] = used;
  Components components = components_find(s->arena, s->count, starts, targets);
  s->parts = components.component;
}

/* ---- one cycle: of all ways to choose its calls, the one that is bounded least */

static bool is_endless(const Search *s, const Way *way, const uint32_t *edges) {
  for (uint32_t i = 0; i < way->count; i++) {
    const Facts *facts = s->facts[way->members[i]];
    if (facts->ends_without || s->edges[edges[i]].by_pointer)
      return false;
    for (uint32_t k = s->starts[way->members[i]]; k < s->starts[way->members[i] + 1]; k++)
      if (s->edges[k].to != way->members[(i + 1) % way->count])
        return false; // what else it calls may end
  }
  return true;
}

static void add_cycle(Search *s, const Way *way, const uint32_t *edges, Verdict verdict) {
  Found found = {
      .cycle = {.calls = arena_new_array(s->arena, CycleCall, way->count),
                .count = way->count,
                .kind = verdict.kind,
                .measure = "",
                .field = verdict.field ? text_of(s->program->symbols, verdict.field) : "",
                .text = verdict.text,
                .tail = true,
                .endless = is_endless(s, way, edges)},
      .mover = verdict.token == NO_TOKEN ? NO_MEMBER : way->members[verdict.turn],
      .token = verdict.token};
  for (uint32_t i = 0; i < way->count; i++) {
    const CallEdge *edge = &s->edges[edges[i]];
    const Site *site = &s->facts[way->members[i]]->sites[edge->site];
    found.cycle.calls[i] = (CycleCall){s->ids[way->members[i]], site->instruction};
    found.cycle.by_pointer |= edge->by_pointer;
    found.cycle.tail &= site->tail;
    if (site->buffer && (!found.cycle.buffer || site->buffer < found.cycle.buffer))
      found.cycle.buffer = site->buffer;
    found.cycle.beyond_paths |= (s->facts[way->members[i]]->input & INPUT_BEYOND_PATHS) != 0;
  }
  s->found = arena_grow(s->arena, s->found, sizeof found, s->found_count, &s->found_room,
                        s->found_count + 1u);
  s->found[s->found_count++] = found;
}

static uint32_t edge_after(const Search *s, uint32_t from, uint32_t to, uint32_t k) {
  for (; k < s->starts[from + 1]; k++)
    if (!s->cut[k] && s->edges[k].to == to)
      return k;
  return NOWHERE;
}

static uint32_t first_edge(const Search *s, uint32_t from, uint32_t to) {
  return edge_after(s, from, to, s->starts[from]);
}

static uint32_t next_edge(const Search *s, const Way *way, uint32_t i, uint32_t after) {
  return edge_after(s, way->members[i], way->members[(i + 1) % way->count], after);
}

/* The next choice of calls, like the next number: false after the last one. */
static bool advance(const Search *s, const Way *way, uint32_t *edges) {
  for (uint32_t i = way->count; i-- > 0;) {
    uint32_t next = next_edge(s, way, i, edges[i] + 1);
    if (next != NOWHERE) {
      edges[i] = next;
      return true;
    }
    edges[i] = next_edge(s, way, i, s->starts[way->members[i]]);
  }
  return false;
}

static bool says_more(const Search *s, const Way *way, const uint32_t *edges, DepthKind kind,
                      const uint32_t *best, DepthKind best_kind) {
  if (is_bounded(kind) != is_bounded(best_kind))
    return !is_bounded(kind);
  bool tail = s->facts[way->members[0]]->sites[s->edges[edges[0]].site].tail,
       best_tail = s->facts[way->members[0]]->sites[s->edges[best[0]].site].tail;
  if (tail != best_tail)
    return !tail;
  return kind < best_kind;
}

static void judge_cycle(Search *s, const Way *way) {
  uint32_t edges[LENGTH_LIMIT], best[LENGTH_LIMIT];
  Turn turns[LENGTH_LIMIT];
  Verdict worst = {0};
  bool any = false;
  for (uint32_t i = 0; i < way->count; i++)
    edges[i] = next_edge(s, way, i, s->starts[way->members[i]]);
  for (uint32_t n = 0; n < COMBINATIONS; n++) {
    for (uint32_t i = 0; i < way->count; i++)
      turns[i] = (Turn){s->facts[way->members[i]],
                        &s->facts[way->members[i]]->sites[s->edges[edges[i]].site]};
    Verdict verdict = bound_of(s->program, s->beginnings, turns, way->count);
    if (!is_bounded(verdict.kind) && s->seconds)
      seconds_turn(s->seconds, turns, way->count, &verdict.kind);
    if (!any || says_more(s, way, edges, verdict.kind, best, worst.kind)) {
      worst = verdict;
      memcpy(best, edges, sizeof best);
    }
    any = true;
    if (!advance(s, way, edges))
      break;
  }
  if (!is_bounded(worst.kind)) {
    add_cycle(s, way, best, worst);
    return;
  }
  s->part->bounded[worst.kind]++;
  if (worst.kind == DEPTH_LIMIT && worst.levels)
    levels_add(s, way, best, worst.levels);
}

/* ---- simple cycles: from their smallest member, of one length after the other */

typedef struct {
  Search *s;
  Way way;
  bool *on_way; // per member
  uint32_t length;
} Walk;

static void walk(Walk *w, uint32_t at) {
  Search *s = w->s;
  uint32_t start = w->way.members[0];
  if (++s->steps > STEP_LIMIT || s->found_count >= CYCLE_LIMIT) {
    s->too_many = true;
    return;
  }
  for (uint32_t k = s->starts[at]; k < s->starts[at + 1]; k++) {
    uint32_t to = s->edges[k].to;
    if (to < start || s->parts[to] != s->parts[start] || k != first_edge(s, at, to))
      continue;
    if (to == start && w->way.count == w->length)
      judge_cycle(s, &w->way);
    if (w->on_way[to] || w->way.count >= w->length)
      continue;
    w->on_way[to] = true;
    w->way.members[w->way.count++] = to;
    walk(w, to);
    w->way.count--;
    w->on_way[to] = false;
  }
}

static void find_cycles(Search *s) {
  Walk w = {.s = s, .on_way = arena_new_array(s->arena, bool, s->count)};
  for (w.length = 1; w.length <= LENGTH_LIMIT; w.length++) {
    s->steps = 0;
    for (uint32_t i = 0; i < s->count; i++) {
      w.way = (Way){.members = {i}, .count = 1};
      w.on_way[i] = true;
      walk(&w, i);
      w.on_way[i] = false;
    }
  }
}

/* ---- which of them are told */

/* The function that most of the cycles go through: a limit there bounds them all. */
static uint32_t hub(const Search *s, const bool *told, const Cycle *cycle) {
  uint32_t best = cycle->calls[0].function, most = 0;
  for (uint32_t i = 0; i < cycle->count; i++) {
    uint32_t through = 0, function = cycle->calls[i].function;
    for (uint32_t k = 0; k < s->found_count; k++)
      through += !told[k] && passes(&s->found[k].cycle, function);
    if (through > most) {
      most = through;
      best = function;
    }
  }
  return best;
}

static void turn_to(Arena *arena, Cycle *cycle, uint32_t function) {
  CycleCall *turned = arena_new_array(arena, CycleCall, cycle->count);
  uint32_t first = 0;
  while (cycle->calls[first].function != function)
    first++;
  for (uint32_t i = 0; i < cycle->count; i++)
    turned[i] = cycle->calls[(first + i) % cycle->count];
  cycle->calls = turned;
}

static void add_other(Cycle *cycle, CycleCall call) {
  const CycleCall *last = &cycle->calls[cycle->count - 1];
  bool known = last->function == call.function && last->instruction == call.instruction;
  for (uint32_t i = 0; i < cycle->other_count && !known; i++)
    known = cycle->others[i].function == call.function &&
            cycle->others[i].instruction == call.instruction;
  if (!known)
    cycle->others[cycle->other_count++] = call;
}

/* Takes the calls along that close the other cycles through its first function. */
static void take_others(Search *s, bool *told, uint32_t chosen, Found *best) {
  Cycle *cycle = &best->cycle;
  uint32_t first = cycle->calls[0].function;
  cycle->others = arena_new_array(s->results, CycleCall, s->found_count);
  for (uint32_t k = chosen + 1; k < s->found_count; k++) {
    Found other = s->found[k];
    if (told[k] || !passes(&other.cycle, first))
      continue;
    told[k] = true;
    turn_to(s->arena, &other.cycle, first);
    add_other(cycle, other.cycle.calls[other.cycle.count - 1]);
    if (other.cycle.kind < cycle->kind && !other.cycle.by_pointer) { // it says more of the depth
      cycle->kind = other.cycle.kind;
      cycle->text = other.cycle.text;
      cycle->field = other.cycle.field;
      best->mover = other.mover;
      best->token = other.token;
    }
  }
}

static void choose_cycles(Search *s) {
  bool *told = arena_new_array(s->arena, bool, s->found_count);
  s->part->cycles = arena_new_array(s->results, Cycle, s->found_count);
  for (uint32_t i = 0; i < s->found_count; i++) { // shortest first
    if (told[i])
      continue;
    told[i] = true;
    Found best = s->found[i];
    turn_to(s->results, &best.cycle, hub(s, told, &best.cycle));
    take_others(s, told, i, &best);
    if (best.mover != NO_MEMBER)
      best.cycle.measure = token_name(s->results, s->program, s->facts[best.mover], best.token);
    best.cycle.field = arena_text(s->results, best.cycle.field);
    s->part->cycles[s->part->count++] = best.cycle;
  }
}

/* ---- the program */

static void look_for_cycles(Search *s) {
  memset(s->part->bounded, 0, sizeof s->part->bounded);
  s->found_count = s->limited_count = 0;
  s->too_many = false;
  cut_edges(s);
  part_members(s);
  find_cycles(s);
}

static bool asks_stack_on_cycle(const Facts *facts) {
  bool asks = facts->stack_asked;
  for (uint32_t i = 0; i < facts->site_count; i++)
    asks |= facts->sites[i].stack_asked;
  return asks;
}

static void search(Search *s) {
  read_members(s);
  look_for_cycles(s);
  if (s->found_count) {
    read_again(s);
    s->seconds = seconds_new(s->arena, s->program, s->helpers, s->beginnings,
                             (Wanted){stays_inside, s, NULL});
    look_for_cycles(s);
  }
  choose_cycles(s);
  s->part->limited = arena_new_array(s->results, Cycle, s->limited_count);
  s->part->limited_count = s->limited_count;
  for (uint32_t i = 0; i < s->limited_count; i++) {
    Cycle *cycle = &s->part->limited[i];
    *cycle = s->limited[i];
    cycle->calls = arena_copy(s->results, cycle->calls, sizeof *cycle->calls * cycle->count);
  }
  s->part->askers = arena_new_array(s->results, uint32_t, s->count);
  for (uint32_t i = 0; i < s->count; i++)
    if (asks_stack_on_cycle(s->facts[i]))
      s->part->askers[s->part->asker_count++] = s->ids[i];
  s->part->too_many = s->too_many;
}

PartResult cycles_of(const CycleSearch *input, uint32_t *ids, uint32_t count) {
  PartResult part = {0};
  Search s = {.arena = input->component,
              .program = input->program,
              .helpers = input->helpers,
              .beginnings = input->beginnings,
              .part = &part,
              .results = input->results,
              .ids = ids,
              .number = input->number,
              .count = count};
  for (uint32_t i = 0; i < count; i++)
    s.number[ids[i]] = i + 1;
  search(&s);
  for (uint32_t i = 0; i < count; i++)
    s.number[ids[i]] = 0;
  part.asked = beginnings_asked(s.beginnings, &part.asked_count);
  return part;
}
