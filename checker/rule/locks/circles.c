/* circles.c - circles in the orders of locks, and whether threads can really meet in one:
 * nothing that two of them hold (a gate), no try, not readers only, and a thread for each that may
 * run beside the others. */
#include <string.h>

#include "base/guard.h"
#include "base/hash_map.h"
#include "rule/pass.h"
#include "wait/beside.h"
#include "wait/domains.h"

enum {
  CIRCLES = 2000,
  CHOICES = 4000,
  HUB_CALLERS = 64,
  SURE_CALLS = 6, // of all ways of a circle together
  FAR_CALLS = 16, // likewise: hardly any program goes all of them
  GUESSES = 1,    // likewise, of calls that may mean others just as well
};

typedef struct {
  uint32_t first, count; // into orders
} Pair;

typedef struct {
  Pass *pass;
  LockOrders orders;
  Pair *pairs; // by from_number and to_number
  Domains *domains;
  TextId handles[DOMAINS]; // of threads of which there is one at a time
  bool *on_way;            // per class
  uint32_t way[CIRCLE_LENGTH + 1], length, wanted;
  uint32_t domain_of[CIRCLE_LENGTH];
  const LockOrder *chosen[CIRCLE_LENGTH];
  uint32_t choices; // left to be tried
  HashMap places;   // is_at()
  ARRAY(LockCircle) found;
} Search;

typedef enum { FAILS_BY_TRY, FAILS_BY_READ, FAILS_BY_GATE, FAILS_BY_THREAD, FAILS_NOT } Failure;

static const Pair *pair_at(const Search *s, uint32_t from, uint32_t to) {
  return &s->pairs[from * s->orders.classes + to];
}

/* ---- one choice of orders */

static bool holds(const LockOrder *order, TextId class_symbol, uint8_t flags) {
  if (order->from == class_symbol)
    return !(order->from_flags & flags & LOCK_READ);
  for (uint32_t i = 0; i < order->gate_count; i++)
    if (order->gates[i].class_symbol == class_symbol)
      return !(order->gates[i].flags & flags & LOCK_READ);
  return false;
}

/* A lock that both hold: they cannot be there at the same time. Imprecise: locks of one class are
 * taken for one. */
static bool exclude_each_other(const LockOrder *a, const LockOrder *b) {
  if (holds(b, a->from, a->from_flags))
    return true;
  for (uint32_t i = 0; i < a->gate_count; i++)
    if (holds(b, a->gates[i].class_symbol, a->gates[i].flags))
      return true;
  return false;
}

static Failure check_orders(const Search *s) {
  for (uint32_t i = 0; i < s->length && guard_on("order-tries"); i++)
    if (s->chosen[i]->to_flags & LOCK_TRY)
      return FAILS_BY_TRY;
  for (uint32_t i = 0; i < s->length && guard_on("order-readers"); i++)
    if (s->chosen[i]->to_flags & s->chosen[(i + 1) % s->length]->from_flags & LOCK_READ)
      return FAILS_BY_READ;
  for (uint32_t i = 0; i < s->length && guard_on("order-gates"); i++)
    for (uint32_t k = i + 1; k < s->length; k++)
      if (exclude_each_other(s->chosen[i], s->chosen[k]))
        return FAILS_BY_GATE;
  return FAILS_NOT;
}

/* ---- threads */

/* Code is loaded for it, so each place is asked about once. `handle` 0: are there threads beside?
 */
static bool is_at(Search *s, const LockOrder *order, TextId handle) {
  uint32_t function = order->held->function->id, instruction = order->held->instruction;
  uint32_t place[] = {function, instruction, handle};
  Hash key = hash_bytes(place, sizeof place);
  uint32_t known = hash_map_get(&s->places, key);
  if (known == MAP_ABSENT) {
    Multiplicities *all = multiplicities(s->pass);
    Waits *w = waits(s->pass);
    known = handle ? runs_after_join(w, all, function, instruction, handle)
                   : runs_beside_threads(w, all, function, instruction);
    hash_map_put(&s->places, key, known);
  }
  return known;
}

static bool runs_in(Search *s, const LockOrder *order, uint32_t domain) {
  const ProgramFunction *function = order->held->function;
  if (!(s->domains->of[function->id] >> domain & 1))
    return false;
  return s->domains->at[domain].kind != DOMAIN_MAIN || !guard_on("order-phases") ||
         is_at(s, order, 0);
}

/* No field, and nothing that a pointer leads to; or a field of the one variable whose type has no
 * name but that. */
bool is_one_lock(const Pass *pass, TextId class_symbol) {
  const char *key = text_of(pass->program->symbols, class_symbol), *hash = strchr(key, '#');
  const char *open = strchr(key, '(');
  if (*key == '*')
    return false;
  if (open && hash)
    return !memchr(open, ' ', (size_t)(hash - open)) && !memchr(open, '.', (size_t)(hash - open));
  return !(hash && strchr(hash, '.'));
}

static bool runs_entry(Pass *pass, const ThreadRow *row, uint32_t entry) {
  Targets targets = thread_entries(pass, row);
  for (uint32_t i = 0; i < targets.count; i++)
    if (targets.ids[i] == entry)
      return true;
  return false;
}

static const WaitRow *spawn_of(Pass *pass, const ThreadRow *created) {
  uint32_t count;
  const WaitRow *rows = waits_rows(waits(pass), created->function->id, &count);
  for (uint32_t i = 0; i < count; i++)
    if (rows[i].kind == WAIT_SPAWN && rows[i].instruction == created->instruction)
      return &rows[i];
  return NULL;
}

static bool is_joined(Pass *pass, TextId handle) {
  uint32_t count;
  const WaitItem *items = waits_items(waits(pass), &count);
  for (uint32_t i = 0; i < count; i++)
    if (items[i].kind == WAIT_JOIN && items[i].symbol == handle)
      return true;
  return false;
}

/* What the handle of a thread is kept in when there is one at a time: a global that no other handle
 * is put into before somebody joins it; 0: else. */
static TextId one_handle(Pass *pass, uint32_t entry) {
  TextId handle = 0;
  for (size_t i = 0; i < pass->threads.count; i++) {
    const ThreadRow *row = &pass->threads.at[i];
    if (row->action != THREAD_CREATED || row->finding != NO_FINDING ||
        !runs_entry(pass, row, entry))
      continue;
    const WaitRow *spawn = spawn_of(pass, row);
    if (!spawn && *row->through)
      continue; // a callee creates it, and knows the handle
    if (!spawn || (spawn->flags & WAIT_ELEMENT) || (handle && handle != spawn->symbol))
      return 0;
    handle = spawn->symbol;
  }
  return handle && is_one_lock(pass, handle) && is_joined(pass, handle) ? handle : 0;
}

static void find_handles(Search *s) {
  for (uint32_t i = 0; i < s->domains->count; i++) {
    Domain *domain = &s->domains->at[i];
    if (domain->kind != DOMAIN_THREAD || i == DOMAINS - 1)
      continue;
    s->handles[i] = one_handle(s->pass, domain->function);
    if (s->handles[i] && guard_on("order-one-thread"))
      domain->is_many = false;
  }
}

/* The one thread is joined before the other comes to its place. */
static bool is_over(Search *s, uint32_t i, uint32_t k) {
  TextId handle = s->handles[s->domain_of[k]];
  return handle && s->domain_of[i] != s->domain_of[k] && guard_on("order-joins") &&
         is_at(s, s->chosen[i], handle);
}

/* A thread for each order from the i-th on, all of which may run at the same time. */
static bool choose_threads(Search *s, uint32_t i) {
  if (i == s->length)
    return true;
  for (uint32_t domain = 0; domain < s->domains->count; domain++) {
    bool meets = true;
    for (uint32_t k = 0; k < i && meets; k++)
      meets = domains_meet(s->domains, s->domain_of[k], domain);
    s->domain_of[i] = domain;
    meets = meets && runs_in(s, s->chosen[i], domain);
    for (uint32_t k = 0; k < i && meets; k++)
      meets = !is_over(s, i, k) && !is_over(s, k, i);
    if (meets && choose_threads(s, i + 1))
      return true;
  }
  return false;
}

static const char *thread_words(const Search *s, uint32_t domain) {
  const Domain *d = &s->domains->at[domain];
  const char *name = s->pass->program->functions[d->function].declared.name;
  switch (d->kind) {
  case DOMAIN_MAIN:
    return "the thread of main";
  case DOMAIN_THREAD:
    return arena_printf(s->pass->arena, d->is_many ? "threads that run '%s'" : "the thread of '%s'",
                        name);
  default:
    return "whoever calls it";
  }
}

/* ---- a circle */

/* Everybody calls it, so what it does deep inside hangs on more than can be seen. */
static bool has_hub(const Pass *pass, const LockOrder *order) {
  for (uint32_t i = 1; i < order->call_count; i++)
    if (pass->program->functions[order->calls[i]].caller_count >= HUB_CALLERS)
      return true;
  return false;
}

/* What a pointer in an object leads to is a lock of any object of that kind. */
static bool is_pointed(const Pass *pass, TextId class_symbol) {
  const char *key = text_of(pass->program->symbols, class_symbol), *hash = strchr(key, '#');
  return *key == '*' && hash && strchr(hash, '.');
}

/* The lock that the i-th order holds is the very one that the order before it takes. */
static bool is_one_object(const Search *s, uint32_t i) {
  TextId object = s->chosen[i]->from_object;
  return object && object == s->chosen[(i + s->length - 1) % s->length]->to_object;
}

static Confidence confidence_of(const Search *s) {
  uint32_t globals = 0, calls = 0, guesses = 0;
  bool in_doubt = false;
  for (uint32_t i = 0; i < s->length; i++) {
    const LockOrder *order = s->chosen[i];
    globals += is_one_lock(s->pass, order->from) || is_one_object(s, i);
    calls += order->call_count - 1;
    guesses += order->guesses;
    in_doubt |= order->by_pointer || (order->from_flags & HELD_FROM_ROUND) ||
                has_hub(s->pass, order) || is_pointed(s->pass, order->from);
    if (s->domains->at[s->domain_of[i]].kind == DOMAIN_OUTSIDE)
      in_doubt |= !s->domains->is_library || !s->domains->has_threads;
  }
  // locks of objects may be those of different ones; with one of them that is less likely
  in_doubt |= !globals || (s->length > 2 && globals < s->length) || calls > SURE_CALLS;
  if ((guesses > GUESSES && guard_on("order-guesses")) || calls > FAR_CALLS)
    return CONFIDENCE_INFO;
  return in_doubt ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY;
}

static bool has_class(const LockCircle *circle, TextId class_symbol) {
  for (uint32_t i = 0; i < circle->count; i++)
    if (circle->edges[i].order->from == class_symbol)
      return true;
  return false;
}

/* A smaller circle among the same locks is told already, or one that takes the same lock last where
 * this one does, and goes back from the same place: one cause is told once. */
static bool is_told(const Search *s) {
  for (size_t n = 0; n < s->found.count; n++) {
    const LockCircle *other = &s->found.at[n];
    uint32_t classes = 0, places = 0;
    for (uint32_t i = 0; i < s->length; i++) {
      classes += has_class(other, s->chosen[i]->from);
      for (uint32_t k = 0; k < other->count; k++)
        places += other->edges[k].order->to == s->chosen[i]->to &&
                  other->edges[k].order->taken == s->chosen[i]->taken;
    }
    if (classes == other->count || places == s->length)
      return true;
  }
  return false;
}

static void add_circle(Search *s) {
  if (is_told(s)) {
    s->pass->lock_counts.told++;
    return;
  }
  LockCircle circle = {.count = s->length, .confidence = confidence_of(s)};
  uint32_t first = 0;
  for (uint32_t i = 1; i < s->length; i++)
    if (s->chosen[i]->call_count < s->chosen[first]->call_count)
      first = i;
  for (uint32_t i = 0; i < s->length; i++) {
    uint32_t at = (first + i) % s->length;
    circle.edges[i] = (CircleEdge){s->chosen[at], thread_words(s, s->domain_of[at])};
  }
  array_push(&s->found, circle);
}

/* Goes through the choices of an order for each edge from the i-th on. The reason that the one
 * failed that came farthest. */
static Failure choose_orders(Search *s, uint32_t i) {
  if (i == s->length) {
    if (!s->choices)
      return FAILS_BY_TRY;
    s->choices--;
    Failure failure = check_orders(s);
    if (failure == FAILS_NOT && !choose_threads(s, 0))
      failure = FAILS_BY_THREAD;
    return failure;
  }
  Failure best = FAILS_BY_TRY;
  const Pair *pair = pair_at(s, s->way[i], s->way[i + 1]);
  for (uint32_t k = 0; k < pair->count && best != FAILS_NOT; k++) {
    s->chosen[i] = &s->orders.at[pair->first + k];
    Failure failure = choose_orders(s, i + 1);
    best = failure > best ? failure : best;
  }
  return best;
}

/* A lock that nobody gives back is not what it seems to be. */
static bool is_released(const Pass *pass, TextId class_symbol) {
  if (*text_of(pass->program->symbols, class_symbol) == '*')
    return true; // the rows of releases do not know those
  for (size_t i = 0; i < pass->releases.count; i++)
    if (pass->releases.at[i].class_symbol == class_symbol)
      return true;
  return false;
}

static bool are_released(const Search *s) {
  for (uint32_t i = 0; i < s->length; i++)
    if (!is_released(s->pass, s->orders.at[pair_at(s, s->way[i], s->way[i + 1])->first].from))
      return false;
  return true;
}

static void judge_circle(Search *s) {
  LockCounts *counts = &s->pass->lock_counts;
  counts->circles++;
  if (!are_released(s)) {
    counts->unreleased++;
    return;
  }
  s->choices = CHOICES;
  s->way[s->length] = s->way[0];
  switch (choose_orders(s, 0)) {
  case FAILS_BY_TRY:
    counts->tries++;
    break;
  case FAILS_BY_READ:
    counts->reads++;
    break;
  case FAILS_BY_GATE:
    counts->gates++;
    break;
  case FAILS_BY_THREAD:
    counts->threads++;
    break;
  case FAILS_NOT:
    add_circle(s);
  }
}

/* Elementary circles from a class through higher ones, each once. */
static void extend(Search *s) {
  uint32_t last = s->way[s->length - 1];
  for (uint32_t next = s->way[0]; next < s->orders.classes; next++) {
    if (!pair_at(s, last, next)->count || s->pass->lock_counts.circles >= CIRCLES)
      continue;
    if (next == s->way[0]) {
      if (s->length == s->wanted)
        judge_circle(s);
      continue;
    }
    if (s->on_way[next] || s->length == s->wanted)
      continue;
    s->on_way[next] = true;
    s->way[s->length++] = next;
    extend(s);
    s->length--;
    s->on_way[next] = false;
  }
}

static void find_pairs(Search *s) {
  for (uint32_t i = 0; i < s->orders.count; i++) {
    const LockOrder *order = &s->orders.at[i];
    Pair *pair = &s->pairs[order->from_number * s->orders.classes + order->to_number];
    if (!pair->count)
      pair->first = i;
    pair->count++;
  }
}

static LockOrders find_circles(Pass *pass) {
  Search s = {.pass = pass, .orders = lock_orders(waits(pass), pass->arena, true)};
  pass->lock_counts = (LockCounts){.classes = s.orders.classes,
                                   .pairs = s.orders.pairs,
                                   .orders = s.orders.count,
                                   .given_up = s.orders.given_up};
  if (!s.orders.count)
    return s.orders;
  s.domains = domains_new(pass->arena, pass->program, multiplicities(pass));
  s.pairs = arena_new_array(pass->arena, Pair, (size_t)s.orders.classes * s.orders.classes);
  s.on_way = arena_new_array(pass->arena, bool, s.orders.classes);
  find_handles(&s);
  find_pairs(&s);
  for (s.wanted = 2; s.wanted <= CIRCLE_LENGTH; s.wanted++)
    for (uint32_t i = 0; i < s.orders.classes; i++) {
      s.way[0] = i;
      s.length = 1;
      s.on_way[i] = true;
      extend(&s);
      s.on_way[i] = false;
    }
  pass->circles = arena_copy(pass->arena, s.found.at, sizeof *s.found.at * s.found.count);
  pass->circle_count = (uint32_t)s.found.count;
  array_free(&s.found);
  hash_map_free(&s.places);
  return s.orders;
}

void tell_circles(Pass *pass) {
  LockOrders orders = find_circles(pass);
  pass->rule->on_circles(pass, pass->circles, pass->circle_count);
  if (pass->rule->on_order_against)
    tell_orders_against(pass, &orders);
  if (pass->rule->on_lock_waits)
    tell_lock_waits(pass);
  if (pass->rule->on_lock_pairs)
    tell_pairs(pass);
}

/* ---- what the rule asks */

const char *class_in_words(Pass *pass, TextId class_symbol) {
  const char *key = text_of(pass->program->symbols, class_symbol);
  key += *key == '*';
  const char *colon = strrchr(key, ':'), *space = strrchr(key, ' ');
  const char *name = colon ? colon + 1 : key;
  if (space && space + 1 > name)
    name = space + 1;
  name += *name == '(';
  const char *hash = strchr(name, '#');
  if (!hash)
    return name;
  const char *dot = strchr(hash, '.');
  int length = (int)(hash - name);
  length -= length && name[length - 1] == ')'; // a record without a name of its own
  return arena_printf(pass->arena, "%.*s%s", length, name, dot ? dot : "");
}

Position taken_at(const LockOrder *order) {
  return position_of(order->taken->function, order->taken->instruction, false);
}

static const ProgramFunction *function_at(const Pass *pass, uint32_t id) {
  return &pass->program->functions[id];
}

/* The call in the i-th function that makes the next one run. */
static uint32_t call_in(Pass *pass, const LockOrder *order, uint32_t i) {
  if (i == 0)
    return order->held->instruction;
  return call_between(pass, order->calls[i], order->calls[i + 1]);
}

void note_order(Pass *pass, Finding *finding, const CircleEdge *edge) {
  const LockOrder *order = edge->order;
  const char *from = class_in_words(pass, order->from), *to = class_in_words(pass, order->to);
  note_there(pass, finding, STEP_EVENT, position_of(order->held->function, order->acquired, false),
             "%s%s'%s' takes '%s'", edge->thread, *edge->thread ? ": " : "",
             order->held->function->declared.name, from);
  for (uint32_t i = 0; i + 1 < order->call_count; i++) {
    uint32_t call = call_in(pass, order, i);
    if (call != NO_INSTRUCTION)
      note_there(pass, finding, STEP_EVENT,
                 position_of(function_at(pass, order->calls[i]), call, false), "calls '%s'",
                 function_at(pass, order->calls[i + 1])->declared.name);
  }
  bool again = order->taken->kind == WAIT_CONDITION;
  note_there(pass, finding, STEP_EVENT, taken_at(order), "%s '%s' while it holds '%s'",
             again ? "after the wait takes" : "takes", to, from);
}

void note_gates(Pass *pass, Finding *finding, const LockCircle *circle) {
  const char *threads = circle->edges[0].thread;
  for (uint32_t i = 1; i < circle->count; i++)
    if (strcmp(circle->edges[i].thread, circle->edges[i - 1].thread))
      threads = arena_printf(pass->arena, "%s and %s", threads, circle->edges[i].thread);
  note_evidence(pass, finding, "run at the same time: %s", threads);
  note_evidence(pass, finding, "looked for: a lock that is held on all ways; a try; readers only");
}
