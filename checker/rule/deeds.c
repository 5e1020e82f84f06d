/* deeds.c - rows of what functions do that no automaton follows (analysis/deed.c): on_deeds puts
 * together what only the whole program tells. */
#include <string.h>

#include "rule/pass.h"

/* ---- one function */

static bool is_hold(const DeedRow *row) {
  return row->did == DID_HOLD_AT_POINT || row->did == DID_HOLD_GUARDED;
}

static bool same_row(const DeedRow *a, const DeedRow *b) {
  if (a->did == DID_END_TWICE && b->did == DID_END_TWICE) // one slip is told once
    return !strcmp(a->class_key, b->class_key);
  bool same_site = a->instruction == b->instruction || is_hold(a) || a->did == DID_REACH_POINT ||
                   a->did == DID_CALL_SHIELDED || a->did == DID_CALL_BARE || a->did == DID_RISK;
  return same_site && a->did == b->did && a->since == b->since && a->guarded == b->guarded &&
         !strcmp(a->class_key, b->class_key) && !strcmp(a->object, b->object) &&
         (is_hold(a) || !strcmp(a->other, b->other));
}

static void add(Pass *pass, DeedRow row) {
  const Engine *e = pass->engine;
  row.function = e->function;
  row.doubtful |= e->coarse;
  row.class_key = row.class_key ? row.class_key : "";
  row.object = row.object ? row.object : "";
  row.other = row.other ? row.other : "";
  if (row.did != DID_END_TWICE)
    row.finding = NO_FINDING;
  for (size_t i = pass->before.deeds; i < pass->deeds.count; i++)
    if (same_row(&pass->deeds.at[i], &row))
      return;
  row.object = arena_text(pass->arena, row.object); // a local's name goes with the code
  array_push(&pass->deeds, row);
}

static void add_about(Pass *pass, Did did, const Deed *deed) {
  add(pass, (DeedRow){.did = did,
                      .class_key = lock_class(pass, deed->place),
                      .object = lock_name(pass, deed->place),
                      .other = called_function(pass, deed->instruction),
                      .instruction = deed->instruction,
                      .since = deed->origin.since,
                      .returned = (deed->origin.flags & ORIGIN_RETURNED) != 0,
                      .doubtful = (deed->origin.flags & ORIGIN_SHARED) != 0});
}

static void remember_key(Pass *pass, const Deed *deed) {
  add(pass, (DeedRow){.did = DID_CREATE_KEY,
                      .class_key = lock_class(pass, deed->place),
                      .object = lock_name(pass, deed->place),
                      .instruction = deed->instruction,
                      .guarded = (deed->effect->flags & KEY_DESTRUCTOR) != 0});
}

/* Only what was kept: rows of every free() would be many. */
static void remember_free(Pass *pass, const Deed *deed) {
  Deed of_key = *deed;
  of_key.place = deed->origin.key;
  if (deed->origin.kind == ORIGIN_FETCHED)
    add_about(pass, DID_FREE_KEPT, &of_key);
}

static void remember_effect(Pass *pass, const Deed *deed) {
  switch ((Action)deed->effect->action) {
  case ACTION_CANCEL:
    add_about(pass, DID_CANCEL, deed);
    break;
  case ACTION_OPEN:
    remember_key(pass, deed);
    break;
  case ACTION_KEEP:
    if (deed->origin.kind == ORIGIN_NEW)
      add_about(pass, DID_KEEP, deed);
    break;
  case ACTION_CLOSE:
    if (deed->effect->resource == RESOURCE_KEY)
      add_about(pass, DID_DELETE_KEY, deed);
    else
      remember_free(pass, deed);
    break;
  default:
    break;
  }
}

static const char *callee_name(const Pass *pass, uint32_t instruction) {
  const Function *f = pass->engine->f;
  const Node *callee = &f->nodes[f->instructions[instruction].a];
  return callee->kind == NODE_FUNCTION ? f->symbols[callee->a].name : "a call";
}

/* A semaphore that was waited for is nobody's to give back. */
static void remember_held(Pass *pass, Did did, const Deed *deed) {
  for (uint32_t i = 0; i < deed->state->lock_count; i++) {
    const LockEntry *lock = &deed->state->locks[i];
    if (lock->resource == RESOURCE_LOCK && lock->now == LOCK_HELD &&
        lock->acquired != NO_INSTRUCTION && !(lock->flags & LOCK_COUNTING))
      add(pass, (DeedRow){.did = did,
                          .class_key = lock_class(pass, lock->place),
                          .object = lock_name_at(pass, lock),
                          .other = called_function(pass, deed->instruction),
                          .instruction = deed->instruction,
                          .since = lock->acquired});
  }
}

/* What the thread was given leads to the lock. */
static bool leads_to_lock(const Engine *e, const LockEntry *thread, TermId lock) {
  TermId given = thread->other;
  while (given && term_at(e->terms, given)->kind == TERM_CAST)
    given = term_at(e->terms, given)->a;
  if (given && term_at(e->terms, given)->kind == TERM_ADDRESS)
    given = term_at(e->terms, given)->a;
  return given && engine_contains(e, lock, given);
}

static void remember_destroyed(Pass *pass, const Deed *deed) {
  const char *class_key = lock_class(pass, deed->place);
  for (uint32_t i = 0; i < deed->state->lock_count && *class_key; i++) {
    const LockEntry *thread = &deed->state->locks[i];
    if (thread->resource == RESOURCE_THREAD && thread->now == LOCK_HELD &&
        thread->acquired != NO_INSTRUCTION)
      add(pass, (DeedRow){.did = DID_DESTROY,
                          .class_key = class_key,
                          .object = lock_name(pass, deed->place),
                          .instruction = deed->instruction,
                          .since = thread->acquired,
                          .guarded = leads_to_lock(pass->engine, thread, deed->place)});
  }
}

void remember_deed(Pass *pass, const Deed *deed) {
  const char *callee = called_function(pass, deed->instruction);
  switch (deed->kind) {
  case DEED_EFFECT:
    remember_effect(pass, deed);
    break;
  case DEED_POINT:
    remember_held(pass, DID_HOLD_AT_POINT, deed);
    if (is_direct(pass, deed->instruction))
      add(pass, (DeedRow){.did = DID_REACH_POINT, .instruction = deed->instruction});
    break;
  case DEED_WAIT:
  case DEED_SIGNAL:
    remember_condition(pass, deed);
    break;
  case DEED_GUARDED_POINT:
    remember_held(pass, DID_HOLD_GUARDED, deed);
    break;
  case DEED_SHIELDED:
  case DEED_BARE:
    if (callee)
      add(pass, (DeedRow){.did = deed->kind == DEED_BARE ? DID_CALL_BARE : DID_CALL_SHIELDED,
                          .other = callee,
                          .instruction = deed->instruction});
    break;
  case DEED_DESTROYED:
    remember_destroyed(pass, deed);
    break;
  case DEED_ANY_PLACE:
    add(pass, (DeedRow){.did = DID_RISK,
                        .object = callee_name(pass, deed->instruction),
                        .instruction = deed->instruction,
                        .since = deed->since});
    break;
  }
}

/* What is not set to be joinable may be detached. */
void remember_attributes(Pass *pass, const Transition *transition) {
  const LockEntry *after = &transition->after;
  TermId attributes = term_at(pass->engine->terms, after->place)->a;
  const char *class_key = lock_class(pass, attributes);
  if (*class_key)
    add(pass, (DeedRow){.did = after->now == LOCK_RELEASED ? DID_SET_JOINABLE : DID_SET_DETACHED,
                        .class_key = class_key,
                        .object = lock_name(pass, attributes),
                        .instruction = transition->instruction});
}

void defer_end_by_callees(Pass *pass, Finding *finding, const Transition *transition) {
  const char *class_key = lock_class(pass, transition->before.place);
  if (*class_key)
    add(pass, (DeedRow){.did = DID_END_TWICE,
                        .class_key = class_key,
                        .object = lock_name(pass, transition->before.place),
                        .instruction = transition->instruction,
                        .since = transition->before.since,
                        .finding = keep_back(pass, finding)});
}

/* ---- kept with what was judged of a function */

void deed_row_write(const Pass *pass, ByteWriter *out, const DeedRow *row) {
  bytes_put_u8(out, (uint8_t)row->did);
  bytes_put_text(out, row->class_key);
  bytes_put_text(out, row->object);
  bytes_put_text(out, row->other);
  bytes_put_u(out, row->instruction);
  bytes_put_u(out, row->since);
  bytes_put_u8(out, (uint8_t)(row->guarded | row->doubtful << 1 | row->returned << 2));
  kept_back_write(pass, out, row->finding);
}

DeedRow deed_row_read(const Pass *pass, const ProgramFunction *function, ByteReader *in) {
  DeedRow row = {.function = function, .did = (Did)bytes_get_u8(in)};
  row.class_key = bytes_get_text(in, pass->arena);
  row.object = bytes_get_text(in, pass->arena);
  row.other = bytes_get_text(in, pass->arena);
  row.instruction = bytes_get_u32(in);
  row.since = bytes_get_u32(in);
  uint8_t bits = bytes_get_u8(in);
  row.guarded = bits & 1;
  row.doubtful = bits & 2;
  row.returned = bits & 4;
  row.finding = kept_back_read(pass, in);
  return row;
}

/* ---- what the rules ask */

Confidence confidence_in(const DeedRow *row, Confidence confidence) {
  return row->doubtful && confidence > CONFIDENCE_POSSIBLE ? CONFIDENCE_POSSIBLE : confidence;
}

bool same_thing(const Thing *a, const Thing *b) {
  if (*a->class_key || *b->class_key)
    return !strcmp(a->class_key, b->class_key);
  size_t length = strcspn(a->name, "["); // elements of an array are one thing
  return a->function == b->function && length == strcspn(b->name, "[") &&
         !strncmp(a->name, b->name, length);
}

static Thing thing_of(const DeedRow *row) {
  return (Thing){row->function, row->class_key, row->object};
}

bool same_object(const DeedRow *a, const DeedRow *b) {
  Thing one = thing_of(a), other = thing_of(b);
  return same_thing(&one, &other);
}

/* Unsound: a caller's handle has no name here. */
bool is_about_thread(const DeedRow *row, const ThreadRow *thread) {
  Thing one = thing_of(row), other = handle_thing(thread);
  return same_thing(&one, &other);
}

bool is_cancelled(const Pass *pass, const ThreadRow *thread) {
  for (size_t i = 0; i < pass->deeds.count; i++) {
    const DeedRow *row = &pass->deeds.at[i];
    if (row->did == DID_CANCEL && !strcmp(row->class_key, thread->class_key) &&
        (*row->class_key || row->function == thread->function))
      return true;
  }
  return false;
}

static bool has_deed(const Pass *pass, Did did, const char *class_key) {
  for (size_t i = 0; i < pass->deeds.count; i++)
    if (pass->deeds.at[i].did == did && !strcmp(pass->deeds.at[i].class_key, class_key))
      return true;
  return false;
}

bool is_detached_by_attributes(Pass *pass, const ThreadRow *row) {
  if (!*row->attributes)
    return false;
  if (has_deed(pass, DID_SET_DETACHED, row->attributes))
    return true;
  Finding *finding = deferred(pass, row->finding);
  if (!has_deed(pass, DID_SET_JOINABLE, row->attributes) &&
      finding->confidence > CONFIDENCE_POSSIBLE)
    finding->confidence = CONFIDENCE_POSSIBLE;
  return false;
}

/* Is `callee` only called by `caller` where a cancellation does no harm? */
static bool is_shielded(const Pass *pass, const ProgramFunction *caller, const char *callee) {
  bool shielded = false;
  for (size_t i = 0; i < pass->deeds.count; i++) {
    const DeedRow *row = &pass->deeds.at[i];
    if (row->function != caller || strcmp(row->other, callee) != 0)
      continue;
    if (row->did == DID_CALL_BARE)
      return false;
    shielded |= row->did == DID_CALL_SHIELDED;
  }
  return shielded;
}

/* Where nothing is shielded nobody has to look for it. */
static bool *find_shielding(Pass *pass) {
  bool *shielding = arena_new_array(pass->arena, bool, pass->program->function_count);
  for (size_t i = 0; i < pass->deeds.count; i++)
    if (pass->deeds.at[i].did == DID_CALL_SHIELDED)
      shielding[pass->deeds.at[i].function->id] = true;
  return shielding;
}

typedef struct {
  Pass *pass;
  const bool *shielding;
  Reached *at; // by function id
  uint32_t *ids, count;
} Search;

static void reach(Search *s, Targets targets, uint32_t from) {
  const Program *program = s->pass->program;
  for (uint32_t i = 0; i < targets.count; i++) {
    uint32_t id = targets.ids[i];
    if (s->at[id].rank != NOT_REACHED ||
        (from != NOT_REACHED && s->shielding && s->shielding[from] &&
         is_shielded(s->pass, &program->functions[from], program->functions[id].declared.key)))
      continue;
    s->at[id] = (Reached){.rank = s->count, .from = from};
    if (from != NOT_REACHED) {
      s->at[id].calls = s->at[from].calls + 1;
      s->at[id].by_pointer = s->at[from].by_pointer;
    }
    s->ids[s->count++] = id;
  }
}

static void follow(Search *s, bool pointers) {
  const Program *program = s->pass->program;
  for (uint32_t at = 0; at < s->count; at++) {
    const ProgramFunction *function = &program->functions[s->ids[at]];
    const FunctionLinks *links = function->declared.links;
    for (uint32_t i = 0; i < links->call_count; i++)
      reach(s, program_resolve(program, function, links->call_symbols[i]), function->id);
    uint32_t before = s->count;
    for (uint32_t i = 0; pointers && i < links->slot_count; i++)
      reach(s, program_slot_targets(program, links->slot_symbols[i]), function->id);
    for (; before < s->count; before++)
      s->at[s->ids[before]].by_pointer = true;
  }
}

static const Reached *reached(Pass *pass, const ProgramFunction *caller, const char *key,
                              const bool *shielding) {
  const Program *program = pass->program;
  TextId symbol = *key ? text_find(program->symbols, key) : 0;
  if (!symbol)
    return NULL;
  Search s = {.pass = pass, .shielding = shielding};
  s.at = arena_new_array(pass->arena, Reached, program->function_count);
  s.ids = arena_new_array(pass->arena, uint32_t, program->function_count);
  for (uint32_t i = 0; i < program->function_count; i++)
    s.at[i].rank = NOT_REACHED;
  reach(&s, program_resolve(program, caller, symbol), NOT_REACHED);
  follow(&s, false);
  follow(&s, true);
  return s.at;
}

const Reached *reached_bare(Pass *pass, const ProgramFunction *caller, const char *key) {
  return reached(pass, caller, key, find_shielding(pass));
}

const Reached *reached_from(Pass *pass, const ProgramFunction *caller, const char *key) {
  return reached(pass, caller, key, NULL);
}

void note_way(Pass *pass, Finding *finding, const Reached *reached, const DeedRow *row) {
  const char *way = NULL;
  uint32_t from = reached[row->function->id].from;
  for (; from != NOT_REACHED; from = reached[from].from)
    way = arena_printf(pass->arena, "'%s'%s%s", pass->program->functions[from].declared.name,
                       way ? ", " : "", way ? way : "");
  if (way)
    note_evidence(pass, finding, "'%s' is reached through %s", row->function->declared.name, way);
}

/* ---- what callees end twice */

static bool is_end_of(Pass *pass, const DeedRow *row, const char *class_key) {
  return row->did == DID_END_TWICE && !strcmp(row->class_key, class_key) &&
         !strcmp(deferred(pass, row->finding)->rule, pass->rule->id);
}

/* Of functions that call each other in a circle, the first by name stands for all. */
static bool is_above(const ProgramFunction *caller, const ProgramFunction *function) {
  return caller->component != function->component
             ? caller->component > function->component
             : strcmp(caller->declared.key, function->declared.key) > 0;
}

/* Marks those that call it, directly or not. */
static void mark_callers(const Program *program, uint32_t id, bool *above) {
  Arena *scratch = arena_new();
  bool *seen = arena_new_array(scratch, bool, program->function_count);
  uint32_t *stack = arena_new_array(scratch, uint32_t, program->function_count);
  uint32_t depth = 0;
  seen[id] = true;
  for (stack[depth++] = id; depth;) {
    const ProgramFunction *function = &program->functions[stack[--depth]];
    for (uint32_t i = 0; i < function->caller_count; i++) {
      uint32_t caller = function->callers[i];
      if (seen[caller])
        continue;
      seen[caller] = true;
      above[caller] |= is_above(&program->functions[caller], &program->functions[id]);
      stack[depth++] = caller;
    }
  }
  arena_free(scratch);
}

static void show_of_class(Pass *pass, const DeedRow *rows, uint32_t count, const char *class_key) {
  Arena *scratch = arena_new();
  bool *above = arena_new_array(scratch, bool, pass->program->function_count);
  for (uint32_t i = 0; i < count; i++)
    if (is_end_of(pass, &rows[i], class_key))
      mark_callers(pass->program, rows[i].function->id, above);
  for (uint32_t i = 0; i < count; i++)
    if (is_end_of(pass, &rows[i], class_key) && !above[rows[i].function->id])
      show(pass, rows[i].finding);
  arena_free(scratch);
}

void show_innermost_ends(Pass *pass, const DeedRow *rows, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    bool is_first = is_end_of(pass, &rows[i], rows[i].class_key);
    for (uint32_t k = 0; k < i && is_first; k++)
      is_first = !is_end_of(pass, &rows[k], rows[i].class_key);
    if (is_first)
      show_of_class(pass, rows, count, rows[i].class_key);
  }
}
