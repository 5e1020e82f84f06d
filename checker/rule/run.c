/* run.c - lets the rules judge: per function while the analysis goes bottom-up, then once for the
 * program. Whether a rule is on never changes what the others see (DESIGN, "Rule interface"). */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/guard.h"
#include "rule/locks/blocking.h"
#include "rule/pass.h"

enum { PARTITIONS = 64 };

/* ---- findings that are kept back, and names */

uint32_t keep_back(Pass *pass, Finding *finding) {
  for (size_t i = 0; i < pass->findings.count; i++)
    if (pass->findings.at[i] == finding)
      pass->findings.at[i] = NULL;
  array_push(&pass->kept_back, finding);
  return (uint32_t)pass->kept_back.count - 1;
}

void show(Pass *pass, uint32_t finding) {
  array_push(&pass->findings, pass->kept_back.at[finding]);
}

Finding *deferred(Pass *pass, uint32_t finding) { return pass->kept_back.at[finding]; }

bool may_be_recursive(const Pass *pass, TermId place) {
  TextId class_symbol = engine_class_symbol(engine_class(pass->engine, place));
  return engine_kind(pass->engine, class_symbol) != KIND_PLAIN;
}

bool has_word(const char *name, const char *word) {
  size_t length = strlen(word);
  for (const char *at = strstr(name, word); at; at = strstr(at + 1, word)) {
    bool starts = at == name || !islower((unsigned char)at[-1]);
    if (starts && !islower((unsigned char)at[length]))
      return true;
  }
  // camelCase: the word with a capital begins a new one
  char capital[32];
  snprintf(capital, sizeof capital, "%c%s", toupper((unsigned char)*word), word + 1);
  const char *at = strstr(name, capital);
  return at && !islower((unsigned char)at[length]);
}

bool is_signal(const Pass *pass, const LockEntry *lock) {
  return !strcmp(text_of(pass->program->symbols, lock->kind), "semaphore");
}

/* ---- replay */

typedef struct {
  Pass *pass;
  const LockEntry *lock;
} Sought;

static bool still_held(Engine *e, const State *after, const void *context) {
  const Sought *sought = context;
  uint32_t class_key = engine_class(e, sought->lock->place);
  bool caller_held = sought->lock->pre == LOCK_HELD;
  for (uint32_t i = 0; i < after->lock_count; i++) {
    const LockEntry *lock = &after->locks[i];
    bool same = lock->place == sought->lock->place || engine_class(e, lock->place) == class_key ||
                (lock->flags & LOCK_FAMILY);
    if (same && lock->now == LOCK_HELD)
      return true;
    if (same && caller_held)
      return false;
  }
  return caller_held;
}

bool is_feasible(Pass *pass, const Exit *exit, const LockEntry *lock) {
  if (exit->kind == EXIT_THREAD)
    return true; // Imprecise: replay runs to the end of a block, the thread ends before it
  if (pass->engine->analysis->without & WITHOUT_REPLAY)
    return true;
  Sought sought = {pass, lock};
  Path path;
  return replay(pass->engine, exit->witness, (Goal){still_held, &sought}, &path);
}

/* ---- one function */

static bool has_sound_code(const Engine *e) {
  return !(e->f->flags & (FUNCTION_TAINTED | FUNCTION_INITIALISER)) && !e->function->has_model;
}

/* Does the function say that what it does to locks is not to be judged? */
static bool is_exempt(const Engine *e, Resource resource) {
  return resource == RESOURCE_LOCK && engine_is_unchecked(e);
}

static bool is_judged(const Engine *e) { return has_sound_code(e) && !e->degraded; }

/* Reported, and not kept back for the link step, since there were `before` findings. */
static bool has_reported(const Pass *pass, size_t before) {
  for (size_t i = before; i < pass->findings.count; i++)
    if (pass->findings.at[i])
      return true;
  return false;
}

static void note_release(Pass *pass, const Engine *e, const Transition *transition) {
  Release release = {.function = e->function,
                     .class_symbol =
                         engine_class_symbol(engine_class(e, transition->before.place))};
  if (!release.class_symbol)
    return;
  for (size_t i = pass->releases.count; i-- > 0 && pass->releases.at[i].function == e->function;)
    if (pass->releases.at[i].class_symbol == release.class_symbol)
      return;
  array_push(&pass->releases, release);
}

static void on_transition(Observer *observer, Engine *e, const Transition *transition) {
  Pass *pass = observer->context;
  Resource resource = transition->before.resource;
  if (transition->kind == TRANSITION_RELEASE && resource == RESOURCE_LOCK)
    note_release(pass, e, transition);
  pass->engine = e;
  if (transition->kind == TRANSITION_SET)
    remember_attributes(pass, transition);
  if (resource == RESOURCE_THREAD)
    remember_thread(pass, transition);
  if (!is_judged(e) || is_exempt(e, resource))
    return;
  size_t before = pass->findings.count;
  uint8_t flags = transition->before.flags | (transition->effect ? transition->effect->flags : 0);
  pass->in_circle = resource == RESOURCE_LOCK && flags & LOCK_CIRCLE;
  for (size_t i = 0; i < rule_count; i++) {
    pass->rule = all_rules[i];
    if (pass->rule->on_transition && pass->rule->resource == resource)
      pass->rule->on_transition(pass, transition);
  }
  pass->in_circle = false;
  if (has_reported(pass, before) && transition->kind == TRANSITION_DOUBLE &&
      resource == RESOURCE_LOCK)
    array_push(&pass->told, transition->before.acquired);
}

static void on_call(Observer *observer, Engine *e, const CallSeen *call) {
  Pass *pass = observer->context;
  pass->engine = e;
  if (has_sound_code(e))
    remember_call(pass, call);
}

static void on_effect(Observer *observer, Engine *e, const EffectSeen *effect) {
  Pass *pass = observer->context;
  pass->engine = e;
  if (has_sound_code(e))
    remember_wait(pass, effect);
  note_renewed(pass, effect);
}

static void on_deed(Observer *observer, Engine *e, const Deed *deed) {
  Pass *pass = observer->context;
  pass->engine = e;
  if (is_judged(e))
    remember_deed(pass, deed);
}

static bool is_same_place(const Finding *a, const Finding *b) {
  return a->at.index == b->at.index && a->at.terminator == b->at.terminator &&
         !strcmp(a->at.function, b->at.function) && !strcmp(a->rule, b->rule) &&
         !strcmp(a->object, b->object);
}

/* Where a loop moves on from lock to lock, the first and the later ones leak in one place. */
static void drop_repeated(Pass *pass, size_t before) {
  for (size_t i = before; i < pass->findings.count; i++)
    for (size_t k = 0; k < i && pass->findings.at[i]; k++)
      if (pass->findings.at[k] && is_same_place(pass->findings.at[i], pass->findings.at[k]))
        pass->findings.at[i] = NULL;
}

/* One cause is told once: one acquire that was reported, by whatever rule, is not reported under
 * the other names that its lock has by then. */
static bool is_told(const Pass *pass, uint32_t acquired) {
  for (size_t i = 0; i < pass->told.count && acquired != NO_INSTRUCTION; i++)
    if (pass->told.at[i] == acquired)
      return true;
  return false;
}

static void judge_partition(Pass *pass, const Partition *partition, const Exit *exits,
                            uint32_t exit_count) {
  Engine *e = pass->engine;
  const LockEntry *lock = &partition->lock;
  size_t before = pass->findings.count;
  if (is_exempt(e, lock->resource))
    return;
  e->observed = partition->held ? partition->held->state : partition->released->state;
  pass->in_circle = lock->resource == RESOURCE_LOCK && lock->flags & LOCK_CIRCLE;
  for (size_t k = 0; k < rule_count && !is_told(pass, lock->acquired); k++) {
    pass->rule = all_rules[k];
    if (pass->rule->on_exits && pass->rule->resource == lock->resource)
      pass->rule->on_exits(pass, partition);
  }
  pass->in_circle = false;
  bool reported = has_reported(pass, before);
  drop_repeated(pass, before);
  if (reported)
    array_push(&pass->told, lock->acquired);
  if (reported || partition->contradictory || is_told(pass, lock->acquired))
    mend_exits(e, exits, exit_count, partition);
}

/* What a thread may still use is worse than that nobody joins it, so it is told first. True when a
 * way out contradicts another. */
static bool judge_exits(Pass *pass, const Partition *partitions, uint32_t found, const Exit *exits,
                        uint32_t exit_count) {
  bool mixed = false;
  for (uint32_t i = 0; i < found; i++)
    if (partitions[i].lock.resource == RESOURCE_FRAME)
      judge_partition(pass, &partitions[i], exits, exit_count);
  for (uint32_t i = 0; i < found; i++) {
    if (partitions[i].lock.resource != RESOURCE_FRAME)
      judge_partition(pass, &partitions[i], exits, exit_count);
    mixed |= partitions[i].pattern == EXITS_MIXED && partitions[i].lock.resource == RESOURCE_LOCK;
  }
  return mixed;
}

static void on_code(Observer *observer, Engine *e) {
  Pass *pass = observer->context;
  pass->engine = e;
  forget_waits(pass);
  remember_frame(pass);
  remember_sizes(pass);
  PathTable *paths = paths_new(pass->program->symbols);
  Values *values = values_new(e->arena, pass->program, e->function, e->cfg, paths);
  remember_containers(pass, values);
  remember_references(pass, values);
  paths_free(paths);
  held_begin(pass);
}

static void on_done(Observer *observer, Engine *e) {
  Pass *pass = observer->context;
  pass->engine = e;
  if (is_judged(e) && !engine_is_unchecked(e))
    remember_accesses(pass);
}

static void on_rounds(Observer *observer, Engine *e, const Exit *rounds, uint32_t count) {
  Pass *pass = observer->context;
  if (!is_judged(e))
    return;
  pass->engine = e;
  Partition *partitions = arena_new_array(e->arena, Partition, PARTITIONS);
  uint32_t found = partition_rounds(pass, rounds, count, partitions, PARTITIONS);
  judge_exits(pass, partitions, found, NULL, 0);
}

static void on_exits(Observer *observer, Engine *e, const Exit *exits, uint32_t count) {
  Pass *pass = observer->context;
  if (!is_judged(e))
    return;
  pass->engine = e;
  remember_insides(pass, exits, count);
  note_required(pass, exits, count);
  Partition *partitions = arena_new_array(e->arena, Partition, PARTITIONS);
  uint32_t found = partition_exits(pass, exits, count, partitions, PARTITIONS);
  bool mixed = judge_exits(pass, partitions, found, exits, count);
  pass->told.count = 0;
  if (mixed)
    array_push(&pass->mixed, (MixedFunction){e->function->declared.key, e->locks_itself});
}

static void on_leak(Observer *observer, Engine *e, const Leak *leak) {
  Pass *pass = observer->context;
  pass->engine = e;
  if (is_judged(e))
    judge_leak(pass, leak);
}

/* ---- the whole run */

static const StackOptions usual_stack = {
    .platform = "glibc", .main_bytes = 8 << 20, .thread_bytes = 8 << 20};

static const Recursions *find_recursions(Pass *pass, const RuleOptions *options) {
  uint8_t *traits = arena_new_array(pass->arena, uint8_t, pass->program->function_count);
  for (size_t i = 0; i < pass->frames.count; i++)
    traits[pass->frames.at[i].function->id] = pass->frames.at[i].traits;
  DepthInput input = {traits, options->recursions, options->recursion_bytes};
  return recursions_find(pass->arena, pass->program, &input);
}

/* What is asked for besides findings. */
static void answer(Pass *pass, const RuleOptions *options, RuleRun *run) {
  if (options->lives)
    run->lives = thread_lives(pass, &run->life_count);
  if (options->chains)
    run->chains = stack_chains(pass, &run->chain_count);
  if (options->cycles)
    run->cycles = call_cycles(pass, pass->recursions);
  if (options->content_deeds)
    run->content_deeds = content_deeds(pass, &run->content_deed_count);
  run->guards = told_guards(pass, &run->guard_count);
  if (options->contents)
    run->contents = told_contents(pass, &run->content_count);
  if (options->frames)
    run->frames = all_frames(pass);
  if (options->lock_graph)
    run->lock_graph = lock_graph(pass);
  if (options->waits)
    run->waits = all_waits(pass);
  if (options->needs)
    run->needs = all_needs(pass);
}

static void tell_blocking(Pass *pass) {
  BlockingList list = {0};
  find_blocking(pass, &list);
  pass->rule->on_blocking(pass, list.at, (uint32_t)list.count);
  array_free(&list);
}

/* What only the whole program tells. */
static void judge_program(Pass *pass) {
  for (size_t i = 0; i < rule_count; i++) {
    pass->rule = all_rules[i];
    if (pass->rule->on_program)
      pass->rule->on_program(pass, pass->rows.at, (uint32_t)pass->rows.count);
    if (pass->rule->on_threads)
      pass->rule->on_threads(pass, pass->threads.at, (uint32_t)pass->threads.count);
    if (pass->rule->on_deeds)
      pass->rule->on_deeds(pass, pass->deeds.at, (uint32_t)pass->deeds.count);
    if (pass->rule->on_conditions)
      pass->rule->on_conditions(pass, pass->conditions.at, (uint32_t)pass->conditions.count);
    if (pass->rule->on_leaks)
      pass->rule->on_leaks(pass, pass->leaks.at, (uint32_t)pass->leaks.count);
    if (pass->rule->on_blocking)
      tell_blocking(pass);
    if (pass->rule->on_stack)
      pass->rule->on_stack(pass, pass->growths.at, (uint32_t)pass->growths.count);
    if (pass->rule->on_cycles)
      pass->rule->on_cycles(pass, pass->recursions);
    if (pass->rule->on_circles)
      tell_circles(pass);
    tell_containers(pass);
    if (pass->rule->on_references)
      pass->rule->on_references(pass, &pass->references);
  }
  judge_races(pass);
}

RuleRun rules_run(Arena *arena, Program *program, const RuleOptions *options) {
  Pass pass = {.arena = arena,
               .program = program,
               .enabled = options->enabled,
               .stack = options->stack ? options->stack : &usual_stack,
               .wants_guards = options->guards,
               .missing = options->missing,
               .missing_count = options->missing_count};
  Observer observer = {.context = &pass,
                       .on_code = on_code,
                       .on_access = note_held,
                       .on_done = on_done,
                       .on_transition = on_transition,
                       .on_deed = on_deed,
                       .on_call = on_call,
                       .on_effect = on_effect,
                       .on_exits = on_exits,
                       .on_rounds = on_rounds,
                       .on_leak = on_leak,
                       .write = judgement_write,
                       .read = judgement_read};
  Analysis analysis = {.program = program,
                       .without = options->without,
                       .run = arena,
                       .observer = &observer,
                       .memory = options->memory,
                       .is_whole = !options->missing_count};
  analysis_run(&analysis);
  pass.engine = NULL;
  pass.recursions = find_recursions(&pass, options);
  find_containers(&pass);
  find_references(&pass);
  judge_program(&pass);
  RuleRun run = {.degraded = analysis.degraded,
                 .recursions = pass.recursions,
                 .locks = pass.lock_counts,
                 .lock_functions = analysis.lock_functions,
                 .analysed = analysis.analysed,
                 .direct_lock_functions = analysis.direct_lock_functions,
                 .mixed =
                     arena_copy(arena, pass.mixed.at, sizeof *pass.mixed.at * pass.mixed.count),
                 .mixed_count = (uint32_t)pass.mixed.count};
  collect_findings(&pass, &run);
  answer(&pass, options, &run);
  hash_map_free(&pass.by_position);
  array_free(&pass.findings);
  array_free(&pass.kept_back);
  array_free(&pass.told);
#define ROWS_FREED(Type, type, list, least) array_free(&pass.list);
  ROW_LISTS(ROWS_FREED)
#undef ROWS_FREED
  array_free(&pass.bare_calls);
  waits_free(pass.waits);
  chains_free(&pass);
  containers_free(&pass);
  held_free(&pass);
  references_free(&pass);
  if (pass.multiplicities)
    multiplicities_free(pass.multiplicities);
  return run;
}
