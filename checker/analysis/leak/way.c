/* way.c - stage two of the search for leaks: the ways from a call that opens something to
 * where it may be lost, executed one by one and without joins, nearest first. The first that is
 * feasible is told. Unsound: after STEPS blocks nothing is found. */
#include "analysis/leak/way.h"

#include <string.h>

#include "base/guard.h"

enum { STEPS = 150, VISITS = 2, SUCCESSORS = 64, REPLAYS = 4, AFTERWARDS = 4 };

bool leak_may_be_open(Engine *e, State *state, TextId kind, TermId value) {
  enum { LAST_STANDARD_STREAM = 2 };
  int64_t low, high;
  engine_range(e, state, value, &low, &high);
  if (!strcmp(text_of(e->program->symbols, kind), "fd"))
    return high > LAST_STANDARD_STREAM;
  return engine_decide(e, state, value) != NO && (low != -1 || high != -1); // MAP_FAILED
}

/* Any number at all. */
static bool says_nothing(const Case *k) { return k->low <= INT32_MIN && k->high >= INT32_MAX; }

/* `if (result == AT_END)`: one of many results, and more than that there are none like these. */
static bool is_one_of_many(const Case *k, int64_t low, int64_t high) {
  enum { MANY = 4 };
  return low == high && low && (says_nothing(k) || k->high - k->low >= MANY);
}

/* `if (len < 0)`: other outcomes give such results, and of those with which it opens nothing is
 * known. Unsound: they may be the same. */
static bool is_of_others(const Site *site, const Case *opens, Engine *e, State *state,
                         TermId result) {
  int64_t low, high;
  engine_range(e, state, result, &low, &high);
  if (!says_nothing(opens) && !is_one_of_many(opens, low, high))
    return false;
  if ((low <= INT32_MIN && high >= INT32_MAX) || !guard_on("vague-result"))
    return false;
  for (uint32_t i = 0; i < site->summary->case_count; i++) {
    const Case *k = &site->summary->cases[i];
    bool bounded = k->low > INT32_MIN && k->high < INT32_MAX;
    if (bounded && !case_opens(k, site->place) && k->low <= high && k->high >= low)
      return true;
  }
  return false;
}

/* Is what the call opened there, for all that is known here? */
static bool is_open(const Search *s, const Way *way, State *state) {
  Engine *e = s->flow->e;
  const Site *site = &s->flow->sites[s->site];
  bool possible = false;
  for (uint32_t i = 0; i < site->summary->case_count && !possible; i++) {
    const Case *k = &site->summary->cases[i];
    possible = case_opens(k, site->place) &&
               owner_is_possible(e, state, site->summary, k, way->result) &&
               !(way->result && is_of_others(site, k, e, state, way->result));
  }
  return possible && (!way->value || leak_may_be_open(e, state, site->kind, way->value));
}

/* ---- distances */

static uint32_t *find_distances(const Search *s) {
  const Flow *flow = s->flow;
  const Cfg *cfg = flow->e->cfg;
  uint32_t count = flow->e->f->block_count, bit = 1u << s->site;
  uint32_t *distance = arena_new_array(flow->e->arena, uint32_t, count);
  Index *queue = arena_new_array(flow->e->arena, Index, count);
  uint32_t head = 0, tail = 0;
  const Site *site = &flow->sites[s->site];
  Index first = flow->e->inst_blocks[site->instruction];
  for (Index b = 0; b < count; b++) {
    distance[b] = site->leaks[b] ? 0 : NO_BLOCK;
    if (site->leaks[b])
      queue[tail++] = b;
  }
  while (head < tail) {
    Index block = queue[head++];
    for (uint32_t i = 0; i < cfg->predecessor_counts[block]; i++) {
      Index before = cfg->predecessors[block][i];
      bool open = before == first || (flow->in[before].masks && (flow->in[before].open & bit));
      if (distance[before] != NO_BLOCK || !open)
        continue;
      distance[before] = distance[block] + 1;
      queue[tail++] = before;
    }
  }
  return distance;
}

/* ---- one way */

/* The value may get another name on an edge; a variable that holds it knows. */
static void follow_name(const Search *s, Way *way, const State *before) {
  uint32_t bit = 1u << s->site;
  for (uint32_t slot = 0; slot < s->flow->e->f->local_count && way->value; slot++)
    if ((way->holding.masks[slot] & bit) && state_value(before, slot) == way->value &&
        state_value(way->state, slot)) {
      way->value = state_value(way->state, slot);
      return;
    }
}

/* ---- the whole way, from the entry */

typedef struct {
  const Search *search;
  Index holder; // variable that holds the value at the end; NO_BLOCK: none
} Sought;

static bool still_open(Engine *e, const State *after, const void *context) {
  const Sought *sought = context;
  TermId value = sought->holder == NO_BLOCK ? 0 : state_value(after, sought->holder);
  const Search *s = sought->search;
  return !value || leak_may_be_open(e, (State *)after, s->flow->sites[s->site].kind, value);
}

/* What led to the call was joined: together with the way from there it may be impossible. */
static bool is_feasible(Search *s, const Way *way, const Holding *at_end) {
  Sought sought = {s, NO_BLOCK};
  for (Index local = 0; local < s->flow->e->f->local_count && sought.holder == NO_BLOCK; local++)
    if (at_end->masks[local] >> s->site & 1)
      sought.holder = local;
  Path path;
  s->replays++;
  return replay(s->flow->e, way->state, (Goal){still_open, &sought}, &path);
}

static void tell(const Search *s, const Way *way, uint32_t instruction, const char *name) {
  Engine *e = s->flow->e;
  const Site *site = &s->flow->sites[s->site];
  Leak leak = {.opened = site->instruction,
               .kind = site->kind,
               .resource = site->resource,
               .name = name,
               .block = way->state->block,
               .lost = instruction,
               .is_inside = way->holding.object != 0,
               .last = way->state,
               .closed = site->closed,
               .kept = site->kept,
               .mistaken = site->mistaken,
               .refused = way->refused,
               .is_returned = site->returned || site->is_handed,
               .is_used = site->is_used,
               .is_made = !(site->summary->flags & SUMMARY_MODEL),
               .is_shown = site->is_shown,
               .is_doubtful = way->is_doubtful || way_is_kept_in_loops(s) ||
                              (way->is_again && way_is_choice(s)),
               .events = s->flow->events,
               .which = 1u << s->site};
  e->observer->on_leak(e->observer, e, &leak);
}

/* Whoever ends the process when it could not be made larger loses nothing. */
static bool may_return(Engine *e, const State *after, int depth) {
  const Block *block = &e->f->blocks[after->block];
  if (block->terminator == TERM_RETURN || !depth)
    return true;
  for (uint32_t edge = 0; edge < block->edge_count; edge++) {
    State *out[STATES_PER_BLOCK];
    const State *next = engine_take_edge(e, after, after->block, edge);
    uint32_t count = next ? engine_run_block(e, next, out) : 0;
    for (uint32_t i = 0; i < count; i++)
      if (may_return(e, out[i], depth - 1))
        return true;
  }
  return false;
}

typedef enum { GONE, GOES_ON, TOLD } Outcome;

static Outcome lose(Search *s, Way *way, State *after, uint32_t instruction, const char *name) {
  if (!is_open(s, way, after) || !may_return(s->flow->e, after, AFTERWARDS) ||
      !is_feasible(s, way, &way->holding))
    return GONE;
  tell(s, way, instruction, name);
  return TOLD;
}

/* A call that keeps it in other outcomes has not, on this way. Nobody who does not ask for the
 * outcome counts on that. */
static void note_refused(const Search *s, Way *way, State *after, uint32_t instruction,
                         uint32_t may_keep) {
  const Engine *e = s->flow->e;
  const Instruction *inst = &e->f->instructions[instruction];
  if (!(may_keep >> s->site & 1))
    return;
  way->refused = instruction;
  bool is_asked = inst->result && e->used_temps[inst->result];
  way->is_doubtful |=
      (!is_asked && guard_on("outcome-ignored")) || way_is_refused_for_null(s, after, instruction);
}

/* The instructions of the block, whose end is `after`. */
static Outcome walk(Search *s, Way *way, State *after) {
  Flow *flow = s->flow;
  Engine *e = flow->e;
  const Site *site = &flow->sites[s->site];
  const Block *b = &e->f->blocks[way->state->block];
  uint32_t bit = 1u << s->site, first = way->is_first ? site->instruction : b->first;
  if (way->is_first && !after->is_opened)
    return GONE;
  leak_enter_block(flow, way->holding.masks);
  for (uint32_t i = first; i < b->first + b->count; i++) {
    const char *name = holder_name(s->flow, s->site, &way->holding);
    if (inside_stored(flow, s->site, &way->holding, i, after))
      continue;
    bool asks =
        e->f->instructions[i].kind == INST_CALL && !(way->is_first && i == site->instruction);
    flow->holders.masks = way->holding.masks;
    uint32_t may_keep = asks ? holders_may_keep(&flow->holders, &e->f->instructions[i]) : 0;
    FlowEvents events = leak_step(flow, &way->holding, i, after);
    if (way->is_first && i == site->instruction) {
      way->result = leak_result(flow, s->site, after);
      way->value = site->local == NO_BLOCK ? way->result : 0;
      way->is_doubtful |= way_may_give_none(s, after);
    }
    way->is_again |= !way->is_first && i == site->instruction;
    if ((events.closed | events.kept) & bit)
      return GONE;
    note_refused(s, way, after, i, may_keep);
    if (way->is_doubtful && !s->takes_doubtful)
      return GONE;
    if (way->holding.object) {
      way->holding.open |= bit;
      Inside inside = inside_step(flow, s->site, &way->holding, i, after);
      if (inside == INSIDE_LOST)
        return lose(s, way, after, i, inside_name(e, way->holding.place));
      if (inside == INSIDE_GONE)
        return GONE;
    } else if (events.lost & bit) {
      return lose(s, way, after, i, name);
    }
  }
  if (!is_open(s, way, after) || (way->holding.object && b->terminator == TERM_RETURN))
    return GONE; // it is part of something that is returned, or lost
  if (b->terminator != TERM_RETURN)
    return GOES_ON;
  if (b->value && (holders_carried(&flow->holders, b->value) & bit))
    return GONE;
  if (!is_feasible(s, way, &way->holding))
    return GONE;
  tell(s, way, NO_INSTRUCTION, holder_name(s->flow, s->site, &way->holding));
  return TOLD;
}

typedef struct {
  Way *at[SUCCESSORS];
  uint32_t count;
} Ways;

/* In the order of distance; of equal ones the first found comes first. */
static void add_way(const Search *s, Ways *ways, Way *way) {
  if (ways->count == SUCCESSORS)
    return;
  uint32_t i = ways->count++;
  for (; i > 0 && s->distance[ways->at[i - 1]->state->block] > s->distance[way->state->block]; i--)
    ways->at[i] = ways->at[i - 1];
  ways->at[i] = way;
}

static Way *copy_way(const Search *s, const Way *way) {
  Engine *e = s->flow->e;
  Way *copy = arena_copy(e->arena, way, sizeof *way);
  copy->holding.masks =
      arena_copy(e->arena, way->holding.masks, sizeof *way->holding.masks * s->flow->slot_count);
  return copy;
}

/* The ways on from the end of a block. */
static void go_on(Search *s, const Way *way, State *after, Ways *ways) {
  Engine *e = s->flow->e;
  Index block = way->state->block;
  const Block *b = &e->f->blocks[block];
  s->flow->holders.masks = way->holding.masks;
  e->followed = way->value;
  bool branches = b->terminator == TERM_BRANCH;
  Decision blank = branches ? leak_asks_blank(s->flow, s->site, way->value, after,
                                              engine_value(e, after, b->value))
                            : UNKNOWN;
  bool asks = branches && leak_asks_outcome(s->flow, s->site, way->result, after);
  if (asks && !s->cared_for)
    s->cared_for = leak_cared_for(s->flow, s->site);
  for (uint32_t edge = 0; edge < b->edge_count; edge++) {
    Index next = e->f->edges[b->edges + edge].block;
    if (s->distance[next] == NO_BLOCK || s->visits[next] >= VISITS ||
        (leak_refuted(s->flow, block, edge) >> s->site & 1) ||
        leak_is_spared(s->flow, s->site, block, edge) || blank == (edge ? YES : NO))
      continue;
    State *state = engine_take_edge(e, after, block, edge);
    if (!state)
      continue;
    Way *on = copy_way(s, way);
    on->is_first = false;
    on->is_doubtful |=
        (asks && !s->cared_for[next]) ||
        (branches &&
         (way_skips_loop(s, way->state, next) || way_is_set_with(s, way, block, edge) ||
          way_may_be_borrowed(s, way, block, edge) || leak_asks_other_way(e, after, state, block) ||
          leak_asks_again(e, after, block, edge)));
    on->state = state_copy(e->arena, state);
    on->state->parents[0] = way->state;
    on->state->parent_count = 1;
    follow_name(s, on, after);
    if ((!on->is_doubtful || s->takes_doubtful) && is_open(s, on, on->state))
      add_way(s, ways, on);
  }
}

/* True when it was told. */
static bool search(Search *s, Way *way) {
  Engine *e = s->flow->e;
  if (s->steps++ >= STEPS || s->replays >= REPLAYS)
    return false;
  State *out[STATES_PER_BLOCK];
  Ways ways = {.count = 0};
  e->followed = way->value;
  uint32_t count = engine_run_block(e, way->state, out);
  for (uint32_t i = 0; i < count; i++) {
    Way *end = copy_way(s, way);
    Outcome outcome = walk(s, end, out[i]);
    if (outcome == TOLD)
      return true;
    if (outcome == GOES_ON)
      go_on(s, end, out[i], &ways);
  }
  arena_reset(e->transit);
  s->visits[way->state->block]++;
  bool told = false;
  for (uint32_t i = 0; i < ways.count && !told; i++)
    told = search(s, ways.at[i]);
  s->visits[way->state->block]--;
  return told;
}

static bool is_lost_somewhere(const Engine *e, const Site *site) {
  for (Index b = 0; b < e->f->block_count; b++)
    if (site->leaks[b])
      return true;
  return false;
}

/* From each of the states in front of the call. */
static bool search_from(Search *s, State *first) {
  bool told = false;
  s->steps = s->replays = 0;
  for (State *state = first; state && !told; state = state->next) {
    Way *way = arena_new_one(s->flow->e->arena, Way);
    way->is_first = true;
    way->refused = NO_INSTRUCTION;
    way->state = state;
    way->holding.masks = arena_new_array(s->flow->e->arena, uint32_t, s->flow->slot_count);
    told = search(s, way);
  }
  return told;
}

void leak_follow(Flow *flow, uint32_t number) {
  Engine *e = flow->e;
  const Site *site = &flow->sites[number];
  if (!is_lost_somewhere(e, site))
    return;
  Search s = {.flow = flow, .site = number};
  flow->followed = 1u << number;
  s.distance = find_distances(&s);
  s.visits = arena_new_array(e->arena, uint8_t, e->f->block_count);
  Observer *observer = e->observer;
  const State *observed = e->observed;
  uint32_t here = e->here;
  Index block = e->inst_blocks[site->instruction];
  e->follows_ways = true;
  e->opening = site->instruction;
  e->opening_place = site->place;
  if (!search_from(&s, e->blocks[block])) {
    s.takes_doubtful = true;
    search_from(&s, e->blocks[block]);
  }
  e->follows_ways = false;
  e->followed = 0;
  arena_reset(e->transit);
  e->observer = observer;
  e->observed = observed;
  e->here = here;
}
